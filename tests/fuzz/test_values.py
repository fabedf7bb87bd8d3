"""Whatever value a field has, and whatever text a file: an experiment, a data set, or an error in words.

Hypothesis makes them, and shrinks what fails; `--hypothesis-seed N` repeats.
"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradstep.core.errors import GradstepError
from gradstep.data.command_line import write_command_line
from gradstep.data.experiment import Experiment, make_experiment, parse_toml, to_toml
from gradstep.data.file_options import FileOptions
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.validation_message import find_tables
from gradstep.tui.screens.experiment.fields import FIELDS, FormField, parse_typed

LONGEST = 1500
"""Characters of a message: all activations are listed in it, and the longest value of the strategies."""

NUMBERS = st.integers() | st.integers(10**4299, 10**4320) | st.floats()
WORDS = st.text(max_size=30) | st.sampled_from(["relu", "full", "auto", "digits", "\udcff", "none", "nan", "9" * 5000])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=8,
)
TABLES = find_tables(Experiment)
FIELD_NAMES = st.sampled_from([(table, field) for table, model in TABLES.items() for field in model.model_fields])


def assert_short(error: GradstepError) -> None:
    assert 0 < len(str(error)) <= LONGEST
    str(error).encode()


@given(st.lists(st.tuples(FIELD_NAMES, VALUES), min_size=1, max_size=3))
def test_an_experiment_of_any_values_is_one_or_is_refused(chosen: list[tuple[tuple[str, str], Any]]) -> None:
    given_tables: dict[str, dict[str, Any]] = {}
    for (table, field), value in chosen:
        given_tables.setdefault(table, {})[field] = value
    try:
        experiment = make_experiment(given_tables)
    except GradstepError as error:
        assert_short(error)
    else:
        assert make_experiment(parse_toml(to_toml(experiment), "again")) == experiment
        write_command_line(experiment)


@given(st.dictionaries(st.sampled_from([*TABLES, "other"]), VALUES))
def test_tables_of_any_values_are_refused(tables: Any) -> None:
    try:
        make_experiment(tables)
    except GradstepError as error:
        assert_short(error)


@given(
    st.sampled_from(FIELDS), WORDS | NUMBERS.map(lambda number: f"{number:#x}" if type(number) is int else str(number))
)
def test_any_text_typed_in_a_field_is_a_value_or_is_refused(field: FormField, text: str) -> None:
    try:
        parse_typed(make_experiment({}), field, text)
    except GradstepError as error:
        assert_short(error)


@given(
    text=st.text() | st.text("0123456789.,;\t\n\r\"'-+eEnaN ", max_size=200),
    decimal=st.sampled_from(("auto", ".", ",")),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.filterwarnings("error")
def test_any_text_is_data_or_is_refused(tmp_path: Path, text: str, decimal: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8", newline="", errors="surrogateescape")
    try:
        read_csv(path, FileOptions(decimal=decimal))
    except GradstepError as error:
        assert_short(error)
