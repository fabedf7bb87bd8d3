"""Tables of any style, any delimiter and any names are read as they were written."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gradstep.core.errors import GradstepError
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.name_list import read_names, write_names
from gradstep.data.table.columns import InputColumn, TargetColumn
from gradstep.data.table.dates import DATE_FORMATS, DATE_PARTS
from gradstep.data.table.delimiter import DELIMITERS, SPACES
from gradstep.data.table.encoder import ArrayEncoder, Encoder, TableEncoder, encoder_from_json
from gradstep.data.table.number_style import NumberStyle, find_style

BEFORE = ("", "$", "€", "US$", "CHF", "£ ")
AFTER = ("", "%", " %", " €", "kg", " km/h", "°C", " m²")


@st.composite
def number_styles(draw: st.DrawFn) -> tuple[NumberStyle, str, str]:
    """A style, and what is written before and after each number, maybe with spaces."""
    decimal = draw(st.sampled_from(".,"))
    thousands = draw(st.sampled_from(["", " ", "'", ",.".replace(decimal, "")]))
    before, after = draw(st.sampled_from([*((each, "") for each in BEFORE), *(("", each) for each in AFTER)]))
    return NumberStyle(decimal, thousands, before.strip(), after.strip()), before, after


def write_number(value: int, style: NumberStyle, before: str, after: str, space: str) -> str:
    """Write hundredths in a style."""
    whole, cents = divmod(abs(value), 100)
    digits = f"{whole:,}".replace(",", style.thousands.replace(" ", space)) + f"{style.decimal}{cents:02}"
    return f"{'-' if value < 0 else ''}{before}{digits}{after}{space if value % 2 else ''}"


@given(
    number_styles(),
    st.lists(st.integers(-(10**12), 10**12), max_size=20),
    st.integers(10**8, 10**12),
    st.sampled_from(" \u00a0\u202f"),
)
def test_numbers_are_read_as_they_were_written(
    styled: tuple[NumberStyle, str, str], values: list[int], large: int, space: str
) -> None:
    style, before, after = styled
    # one number shows what stands between thousands
    cells = [write_number(value, style, before, after, space) for value in (*values, large)]
    found = find_style(cells, "auto")
    assert found is not None and found.style == style and not found.other_decimal
    assert [style.parse(cell) for cell in cells] == [value / 100 for value in (*values, large)]


@given(st.lists(st.floats(-1e300, 1e300), min_size=1))
def test_plain_numbers_are_read_exactly(values: list[float]) -> None:
    for write in (repr, "{:.3e}".format, lambda value: f"{value:.17e}".replace("e", "D")):
        cells = [write(value) for value in values]
        found = find_style(cells, "auto")
        assert found is not None and found.style == NumberStyle()
        assert [found.style.parse(cell) for cell in cells] == [float(cell.replace("D", "e")) for cell in cells]


@given(st.text(max_size=12), st.sampled_from(("auto", ".", ",")))
def test_any_text_is_a_number_or_none(text: str, decimal: str) -> None:
    found = find_style([text], decimal)
    assert found is None or found.style.parse(text) is not None
    assert "_" not in text or found is None


words = st.text("abcdefghxyz", min_size=2, max_size=8)
numbers = st.integers(-9999, 9999).map(lambda value: value / 8)


@given(
    delimiter=st.sampled_from(DELIMITERS),
    names=st.lists(words.map(str.upper), min_size=2, max_size=6, unique=True),
    rows=st.integers(3, 12),
    header=st.booleans(),
    data=st.data(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_the_delimiter_and_the_header_are_found(
    tmp_path: Path, delimiter: str, names: list[str], rows: int, header: bool, data: st.DataObject
) -> None:
    columns = [data.draw(st.lists(numbers, min_size=rows, max_size=rows)) for _ in names[:-1]]
    kinds = data.draw(st.lists(st.sampled_from(["left", "right, or not", "up; or down"]), min_size=rows, max_size=rows))
    assume(len(set(kinds)) > 1)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL)
    if header:
        writer.writerow(names)
    # with runs of spaces between
    writer.writerows([*values, kind] for *values, kind in zip(*columns, kinds, strict=True))
    path = tmp_path / "a.csv"
    path.write_text(text.getvalue(), newline="")
    read = read_csv(path)
    assert read.feature_names == (tuple(names[:-1]) if header else tuple(f"column {n}" for n in range(1, len(names))))
    assert read.inputs.T.tolist() == columns
    assert read.labels is not None and [read.class_names[label] for label in read.labels] == kinds
    told = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "|", SPACES: "spaces"}[delimiter]
    assert f", {told}, " in read.decided[0]
    assert read.lines is not None and read.lines.tolist() == list(range(1 + header, rows + 1 + header))


texts = st.text(max_size=8)
finite = st.floats(allow_nan=False, allow_infinity=False)
any_style = st.builds(NumberStyle, st.sampled_from(".,"), st.sampled_from(["", ",", ".", " ", "'"]), texts, texts)
any_column = st.builds(
    InputColumn,
    texts,
    st.sampled_from(["number", "category", "date"]),
    any_style,
    st.lists(texts, max_size=3).map(tuple),
    st.sampled_from(DATE_FORMATS),
    st.lists(st.sampled_from(DATE_PARTS), max_size=2).map(tuple),
    st.none() | finite | texts,
    st.booleans(),
)
any_target = st.builds(TargetColumn, texts, st.sampled_from(["class", "number"]), st.lists(texts).map(tuple), any_style)
encoders = st.builds(
    TableEncoder, st.lists(any_column, max_size=4).map(tuple), any_target, st.lists(texts, max_size=3).map(tuple)
) | st.builds(
    ArrayEncoder,
    st.lists(texts, max_size=4).map(tuple),
    st.none() | st.tuples(st.integers(1, 99), st.integers(1, 99)),
    st.lists(texts, max_size=3).map(tuple),
)


@given(encoders)
def test_an_encoder_is_written_as_json_and_read_back(encoder: Encoder) -> None:
    assert encoder_from_json(json.loads(json.dumps(encoder.to_json()))) == encoder


damaged = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["columns", "target", "x"]), inner),
    max_leaves=6,
)


@given(damaged)
def test_a_damaged_encoder_is_refused(values: object) -> None:
    with pytest.raises(GradstepError, match="damaged"):
        encoder_from_json(values)


@given(st.lists(st.text(), min_size=1))
def test_names_are_one_word_of_a_command_line(names: list[str]) -> None:
    assert read_names(write_names(names)) == names
