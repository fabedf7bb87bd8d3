"""Missing values are filled in by what the training part shows, and by nothing of the rows that test it."""

from pathlib import Path

import numpy as np
import pytest

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.new_rows import read_new_rows
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.data.table.dates import count_days, from_days
from gradstep.data.trained_model import make_model

EMPTY = ("", "", "", "a")
ROWS = [
    (f"{n * n % 23}", "xxyz"[n % 4], f"2020-{1 + n % 12:02}-{1 + n % 28:02}", "ab"[n % 2]) if n % 5 else EMPTY
    for n in range(60)
]


def filled(folder: Path, missing: str, **data: object) -> Run:
    """A run on the rows, of which some are missing."""
    file = folder / "gaps.csv"
    file.write_text("size,colour,sold,kind\n" + "".join(f"{','.join(row)}\n" for row in ROWS))
    options = {"dates": "number", "missing": missing, "test_fraction": 0.4} | data
    return assemble(make_experiment({"data": {"path": str(file), **options}}))


@pytest.mark.parametrize("missing", ["mean", "own-category"])
def test_the_mean_is_that_of_the_training_part(missing: str, tmp_path: Path) -> None:
    run = filled(tmp_path, missing)
    names, inputs = run.dataset.feature_names, run.dataset.inputs
    is_missing = np.array([not row[0] for row in ROWS])
    trained = np.zeros(len(ROWS), bool)
    trained[run.split.train_rows] = True
    assert (is_missing & trained).any() and (is_missing & ~trained).any()
    for name in ("size", "sold"):
        column = inputs[:, names.index(name)]
        mean = column[trained & ~is_missing].mean()
        expected = mean if name == "size" else count_days(from_days(mean))
        assert (column[is_missing] == expected).all() and mean != column[~is_missing].mean()
    words = inputs[is_missing][:, [names.index(f"colour={word}") for word in "xyz"]]
    assert (words == ([1, 0, 0] if missing == "mean" else 0)).all()
    assert np.array_equal(run.split.scaling.apply(inputs[run.split.test_rows]), run.split.test_x)


@pytest.mark.parametrize("dates", ["number", "parts"])
@pytest.mark.parametrize("missing", ["mean", "own-category"])
def test_new_rows_are_filled_as_the_data_of_the_run(missing: str, dates: str, tmp_path: Path) -> None:
    run = filled(tmp_path, missing, dates=dates)
    model = make_model(run.checkpoint(1.0))
    rows = read_new_rows(tmp_path / "gaps.csv", model.preprocessing.encoder)
    assert np.array_equal(rows.inputs, run.dataset.inputs)
    assert resume_run(run.checkpoint(1.0)).fingerprint == run.fingerprint


def test_the_most_frequent_word_is_that_of_the_training_part(tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    for seed in range(8):
        rows = [("", "a"), ("", "b"), *((("x", "y")[n % 2], "ab"[n % 3 % 2]) for n in range(30))]
        file.write_text("colour,kind\n" + "".join(f"{','.join(row)}\n" for row in rows))
        data = {"path": str(file), "missing": "mean", "test_fraction": 0.5, "seed": seed}
        run = assemble(make_experiment({"data": data}))
        known = [rows[row][0] for row in run.split.train_rows.tolist() if rows[row][0]]
        counts = [known.count(word) for word in "xy"]
        if counts[0] != counts[1]:
            assert run.dataset.inputs[0].tolist() == ([1, 0] if counts[0] > counts[1] else [0, 1])


def test_features_are_computed_of_what_is_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("a,b,kind\n" + "".join(f"{n % 7 if n % 4 else ''},{n % 5},{'xy'[n % 2]}\n" for n in range(40)))
    features = {"features": ["x1^2", "x2"], "missing": "mean", "test_fraction": 0.5}
    run = assemble(make_experiment({"data": {"path": str(file), **features}}))
    known = [row % 7 for row in run.split.train_rows.tolist() if row % 4]
    assert run.dataset.points[0].tolist() == [np.mean(known), 0]
    assert run.dataset.inputs[0].tolist() == [np.mean(known) ** 2, 0]
