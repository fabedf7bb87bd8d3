"""Scores on a file with targets: those of the screen for the same rows, bit for bit."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.new_rows import NewRows, read_new_rows
from gradstep.data.run import Run
from gradstep.data.score_rows import RowsScore, score_rows
from gradstep.data.trained_model import make_model
from tests.data.test_predict import CARS, KINDS, TABLES, through_files, trained

NUMBERED = KINDS.replace("rose", "1").replace("tulip", "2").replace('"lily, white"', "3")


def write_rows(path: Path, text: str, rows: list[int]) -> None:
    """Write these rows of a table."""
    header, *lines = csv.reader(io.StringIO(text))
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *(lines[row] for row in rows)])


@pytest.mark.parametrize(
    ("name", "weighted"),
    [
        (name, weighted)
        for name in TABLES
        for weighted in (False, True)
        if not (weighted and name.startswith("a number"))
    ],
)
def test_the_score_of_the_test_part_is_that_of_the_screen_bit_for_bit(
    name: str, weighted: bool, tmp_path: Path
) -> None:
    text, data, network = TABLES[name]
    (tmp_path / "data.csv").write_text(text)
    tables: dict[str, Any] = {"data": {"path": str(tmp_path / "data.csv"), **data}, "network": network}
    if weighted:
        tables["training"] = {"class_weights": [1, 3] if "two" in name else [1, 3, 3]}
    run = assemble(make_experiment(tables))
    run.trainer.run(lambda: False, until=40)
    model = through_files(run, tmp_path)
    write_rows(tmp_path / "held-out.csv", text, run.split.test_rows.tolist())
    rows = read_new_rows(tmp_path / "held-out.csv", model.preprocessing.encoder)
    shown = run.trainer.evaluate().test
    assert shown is not None
    assert score_rows(model, rows) == RowsScore(
        len(rows.inputs), len(rows.inputs), shown.loss, shown.accuracy, run.measure_errors()
    )


def score(run: Run, new: Path, text: str) -> tuple[NewRows, RowsScore | None]:
    """The rows of a file, and the score on them."""
    new.write_text(text)
    model = make_model(run.checkpoint(1.0))
    rows = read_new_rows(new, model.preprocessing.encoder, model.experiment.data.file_options)
    return rows, score_rows(model, rows)


def test_classes_that_were_not_there_are_wrong_and_missing_ones_count_nothing(tmp_path: Path) -> None:
    (tmp_path / "kinds.csv").write_text(KINDS)
    run = trained({"path": str(tmp_path / "kinds.csv")})
    known = "colour,KIND,size\nred,rose,0\nblue,tulip,0.2\n"
    _, alone = score(run, tmp_path / "new.csv", known)
    rows, found = score(run, tmp_path / "new.csv", known + "red,daisy,1\nred,,1\nred,?,2\n")
    assert alone is not None and found is not None and alone.accuracy is not None
    assert (found.rows, found.loss_rows) == (3, 2)
    assert (found.loss, found.accuracy) == (alone.loss, alone.accuracy * 2 / 3)
    assert rows.notes == (
        'column "KIND": 2 rows, the first in line 5, have no target, and no part in the scores',
        'column "KIND": line 4 has a class that was not there in training, such as "daisy": counted as wrong',
    )
    assert len(rows.inputs) == 5
    assert score(run, tmp_path / "new.csv", "colour,KIND,size\nred,daisy,1\n")[1] == RowsScore(1, 0, None, 0.0)
    for without in ("colour,size\nred,0\n", "colour,size,kind\nred,0,\n"):
        assert score(run, tmp_path / "new.csv", without)[1] is None


def test_classes_that_are_numbers_may_be_written_otherwise(tmp_path: Path) -> None:
    (tmp_path / "numbered.csv").write_text(NUMBERED)
    run = trained({"path": str(tmp_path / "numbered.csv")})
    whole = score(run, tmp_path / "new.csv", "size,colour,kind\n0,red,1\n0.2,blue,2\n")
    rows, found = score(run, tmp_path / "new.csv", "size,colour,kind\n0,red,1.0\n0.2,blue,2.00\n")
    assert found == whole[1] and found is not None and not rows.notes


def test_numbers_of_targets_are_read_in_the_form_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "cars.csv").write_text(CARS)
    run = trained({"path": str(tmp_path / "cars.csv")})
    plain = score(run, tmp_path / "new.csv", "weight,colour,doors,price\n1000,red,2,1500.25\n1100,blue,3,900.5\n")[1]
    other = "weight;colour;doors;price\n1000;red;2;1.500,25\n1100;blue;3;900,5\n1200;red;2;\n"
    rows, found = score(run, tmp_path / "new.csv", other)
    assert found is not None and found == plain and found.errors[0].r2 is not None and found.accuracy is None
    assert len(rows.notes) == 2 and rows.notes[0].startswith('column "price": "1.500,25" is read as 1500.25')
    rows, found = score(run, tmp_path / "new.csv", "weight,colour,doors,price\n1000,red,2,1500.25\n1100,blue,3,sold\n")
    assert found is not None and found.rows == 1
    assert rows.notes == (
        'column "price": line 3 has no number as a target, such as "sold", and no part in the scores',
    )


def test_balanced_class_weights_leave_the_loss_out(tmp_path: Path) -> None:
    (tmp_path / "kinds.csv").write_text(KINDS)
    tables = {"data": {"path": str(tmp_path / "kinds.csv")}, "training": {"class_weights": "balanced"}}
    _, found = score(assemble(make_experiment(tables)), tmp_path / "new.csv", KINDS)
    assert found is not None and found.loss is None and found.accuracy is not None and found.rows == 60
