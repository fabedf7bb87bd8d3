"""Scripts predict the rows of a new file as `gradstep predict` does."""

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from gradstep.data.experiment import make_experiment
from gradstep.data.model_file import write_model
from gradstep.data.new_rows import read_new_rows
from gradstep.data.prediction import write_predictions
from gradstep.data.script.new_rows import COMMENT
from gradstep.data.script.plan import ScriptPlan
from gradstep.data.script.write_script import WRITERS, plan_experiment, write_data_file
from gradstep.data.trained_model import make_model
from tests.data.script_cases import Tables, make_plan
from tests.data.test_predict import CARS, HOUSES, HOUSES_BY_COMMA, TABLES

GAPS = CARS + ",red,2,900\n1200,NA,3,800\n"
PRICES = 'cost;place\n"€ 1.234,50";7\n' + "".join(f'"€ {1 + n % 5}.{500 + n},25";{n % 7}\n' for n in range(1, 40))
SIGNS = "".join(f"{n % 5}  {n % 3} {'xo'[n % 2]}\n" for n in range(40))
POINTS = "a,b,kind\n" + "".join(f"{n / 7},{(n * n) % 11},{'xy'[n % 2]}\n" for n in range(40))
WINDOWS = "Fläche;Ort\n" + "".join(f"{n % 7},5;{('Köln', 'Bonn')[n % 2]}\n" for n in range(40))
PLACES = "cost;kind\n" + "".join(f"{1 + n % 5}_{500 + n}.25;{'xy'[n % 2]}\n" for n in range(40))
SIGNED = "gain,kind\n" + "".join(f"{'<' * (n % 2)}{n % 9}.5{'>' * (n % 2)},{'xy'[n % 2]}\n" for n in range(40))
TIMES = "when,kind\n" + "".join(f"2024-03-{1 + n % 28:02}T0{n % 9}:15:00Z,{'xy'[n % 2]}\n" for n in range(40))

ALL: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    **TABLES,
    "numbers alone": (POINTS, {}, {}),
    "minmax": (POINTS, {"scale": "minmax", "features": ["x1", "x2^2", "x1*x2", "sin x2"]}, {}),
    "means for missing values": (GAPS, {"missing": "mean"}, {}),
    "missing as a category": (GAPS, {"missing": "own-category"}, {}),
    "days": (HOUSES, {"dates": "number"}, {}),
    "parts of dates": (HOUSES, {"dates": "parts"}, {}),
    "a date that is missing": (HOUSES + "50,90,,950\n", {"dates": "number", "missing": "mean"}, {}),
    "decimal commas": (HOUSES_BY_COMMA, {"dates": "number"}, {}),
    "thousands and a currency": (PRICES, {"target": "place", "task": "regression"}, {}),
    "no names, and spaces between": (SIGNS, {}, {}),
    "Windows-1252": (WINDOWS, {}, {}),
    "UTF-16": (WINDOWS, {}, {}),
    "narrow spaces between thousands": (PLACES.replace("_", "\u202f"), {}, {}),
    "apostrophes between thousands": (PLACES.replace("_", "\u2019"), {}, {}),
    "losses in parentheses": (SIGNED.replace("<", "(").replace(">", ")"), {}, {}),
    "typeset minus signs": (SIGNED.replace("<", "\u2212").replace(">", ""), {}, {}),
    "times in UTC": (TIMES, {"dates": "number"}, {}),
}
ENCODINGS = {"Windows-1252": "cp1252", "UTF-16": "utf-16"}


def write_plan(name: str, folder: Path) -> tuple[ScriptPlan, Path]:
    """The plan of a trained run of this table, and the path of the table; the data of the script are written."""
    text, data, network = ALL[name]
    table = folder / "table.csv"
    table.write_text(text, encoding=ENCODINGS.get(name, "utf-8"))
    tables: Tables = {"data": {"path": str(table), **data}, "network": network, "training": {"max_steps": 20}}
    plan = replace(make_plan(tables), data_file=folder / "data.npz")
    plan.data_file.write_bytes(write_data_file(plan))
    return plan, table


def run_script(library: str, plan: ScriptPlan, *files: Path) -> tuple[list[str], dict[str, Any]]:
    """What the script prints of the files, and its variables."""
    printed: list[str] = []

    def note(*words: object, sep: str = " ") -> None:
        printed.append(sep.join(map(str, words)))

    variables: dict[str, Any] = {"__name__": "__main__", "print": note}
    try:
        with patch.object(sys, "argv", ["script.py", *map(str, files)]):
            exec(compile(WRITERS[library](plan), "script.py", "exec"), variables)
    finally:
        variables["data"].close()
    return printed, variables


def assert_predicted(plan: ScriptPlan, table: Path, printed: list[str], rtol: float) -> None:
    """The last lines that a script printed are the predictions of its run for the rows of the table."""
    model = make_model(plan.run.checkpoint(1.0))
    options = model.experiment.data.file_options
    text = write_predictions(model, read_new_rows(table, model.preprocessing.encoder, options))
    _, *expected = csv.reader(io.StringIO(text))
    rows = [*csv.reader(printed[-len(expected) :], quoting=csv.QUOTE_NONE)]
    numbers = slice(1 if plan.run.dataset.class_names else 0, None)
    for row, right in zip(rows, expected, strict=True):
        count = len(right[numbers])
        name = ",".join(row[:-count])
        assert name == ",".join(right[:-count])
        values = [float(value) for value in row[-count:]]
        np.testing.assert_allclose(values, [float(value) for value in right[numbers]], rtol=rtol, atol=rtol)


@pytest.mark.parametrize("name", ALL)
def test_the_numpy_script_predicts_new_rows_as_gradstep_does(name: str, tmp_path: Path) -> None:
    plan, table = write_plan(name, tmp_path)
    printed, _ = run_script("numpy", plan, table)
    assert_predicted(plan, table, printed, 1e-9 if plan.run.network.dtype == np.float64 else 1e-5)


def test_the_script_of_a_plain_file_asks_for_nothing_more(tmp_path: Path) -> None:
    plan, _ = write_plan("numbers alone", tmp_path)
    script = WRITERS["numpy"](plan)
    assert ".replace(" not in script and 'encoding="utf-8-sig"' in script


def test_scikit_learn_says_that_it_leaves_the_weights_of_a_model_out(tmp_path: Path) -> None:
    plan, table = write_plan("numbers alone", tmp_path)
    model = tmp_path / "model.safetensors"
    model.write_bytes(write_model(make_model(plan.run.checkpoint(1.0))))
    begun = make_plan({"data": {"path": str(table)}, "network": {"start": str(model)}, "training": {"max_steps": 20}})
    assert "weights of a model file" not in WRITERS["sklearn"](plan)
    assert "weights of a model file" in " ".join(WRITERS["sklearn"](begun).split())
    assert "weights of a model file" not in WRITERS["numpy"](begun) + WRITERS["pytorch"](begun)


def test_a_point_in_a_column_of_decimal_commas_is_not_read_as_a_decimal_point(tmp_path: Path) -> None:
    plan, table = write_plan("Windows-1252", tmp_path)
    table.write_text("Fläche;Ort\n1.005;Köln\n", encoding="cp1252")
    with pytest.raises(ValueError, match=r"1\(\.\)005"):
        run_script("numpy", plan, table)


def test_a_word_that_was_not_there_is_refused(tmp_path: Path) -> None:
    plan, table = write_plan("a number in its unit", tmp_path)
    table.write_text("weight,colour,doors\n1000,green,2\n")
    with pytest.raises(ValueError, match="green"):
        run_script("numpy", plan, table)


@pytest.mark.parametrize("data", ["moons", "digits"])
def test_what_comes_from_no_table_is_not_read_from_one(data: str) -> None:
    plan = plan_experiment(make_experiment({"data": {"name": data}}))
    assert all(COMMENT not in write(plan) for write in (WRITERS["numpy"], WRITERS["pytorch"]))
