"""Whatever value a field has, and whatever text a file: an experiment, a data set, or an error in words.

Hypothesis makes them, and shrinks what fails; `--hypothesis-seed N` repeats.
"""

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradstep.core.errors import GradstepError
from gradstep.data.command_line import write_command_line
from gradstep.data.experiment import Experiment, make_experiment, to_toml
from gradstep.data.file_options import FileOptions
from gradstep.data.formats.csv_file import read_csv
from gradstep.data.parse_toml import parse_toml
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.problems import TableError
from gradstep.data.validation_message import find_tables
from gradstep.tui.screens.experiment.fields import FIELDS, FormField, parse_typed
from tests.fuzz.tables import choose_options, with_cure, write_table

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


@pytest.mark.filterwarnings("error")
def test_any_table_is_learnt_or_is_refused_with_advice_that_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    learnt = 0
    for seed in range(300):
        random = Random(seed)
        path.write_bytes(write_table(random))
        options = choose_options(random)
        try:
            data = read_csv(path, options)
        except TableError as error:
            if not error.cure:
                continue
            options = with_cure(options, error.cure)
            data = read_csv(path, options)
        except GradstepError as error:
            assert str(error), seed
            continue
        learnt += 1
        assert data.lines is not None and data.inputs.shape == (len(data.lines), len(data.feature_names)), seed
        assert np.isfinite(data.inputs).all(), seed
        encoder = data.encoder
        assert isinstance(encoder, TableEncoder) and TableEncoder.from_json(encoder.to_json()) == encoder, seed
        table = encoder.read_table(path, options.delimiter, options.header)
        if "left out" not in data.decided[0] and len(set(table.names)) == len(table.names):
            assert np.array_equal(encoder.encode(table), data.inputs), seed
    assert learnt > 60


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
