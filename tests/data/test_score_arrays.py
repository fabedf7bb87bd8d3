"""Scores on an NPZ file with targets: those of the screen for the same rows, bit for bit, or why there are none."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.core.network.arrays import Indices
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.new_rows import NewRows, read_new_rows
from gradstep.data.run import Run
from gradstep.data.score_rows import RowsScore, score_rows
from gradstep.data.trained_model import TrainedModel
from tests.data.test_predict import through_files

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(60, 4))
LABELS = np.arange(60) % 3
NAMES = np.array(["rose", "tulip", "lily"])
PRICES = X @ [1.0, 2.0, -1.0, 0.5] + 10

FILES: dict[str, dict[str, Any]] = {
    "numbered classes": {"x": X, "y": LABELS},
    "classes as floats": {"X": X, "Y": LABELS[:, None].astype(np.float32)},
    "words": {"data": X, "target": NAMES[LABELS]},
    "bytes": {"x": X, "y": NAMES[LABELS].astype("S")},
    "one-hot": {"x": X, "y": np.eye(3)[LABELS]},
    "numbered classes with names": {"x": X, "y": LABELS, "target_names": NAMES},
    "two classes": {"arr_0": X, "arr_1": LABELS > 0},
    "images": {"x_train": (X.reshape(60, 2, 2) * 20 + 128).astype(np.uint8), "y_train": LABELS},
    "a number": {"x": X, "y": PRICES},
    "two numbers": {"x": X, "y": np.column_stack([PRICES, X[:, 0] ** 2])},
}


def train(path: Path, arrays: dict[str, Any]) -> tuple[Run, TrainedModel]:
    np.savez(path, **arrays)
    run = assemble(make_experiment({"data": {"path": str(path), "stratify": False}}))
    run.trainer.run(lambda: False, until=40)
    return run, through_files(run, path.parent)


def take(arrays: dict[str, Any], rows: Indices) -> dict[str, Any]:
    return {name: array if len(array) != 60 else array[rows] for name, array in arrays.items()}


def score(model: TrainedModel, path: Path, arrays: dict[str, Any]) -> tuple[NewRows, RowsScore | None]:
    np.savez(path, **arrays)
    rows = read_new_rows(path, model.preprocessing.encoder, model.experiment.data.file_options)
    return rows, score_rows(model, rows)


@pytest.mark.parametrize("name", FILES)
def test_the_score_of_the_test_part_is_that_of_the_screen_bit_for_bit(name: str, tmp_path: Path) -> None:
    run, model = train(tmp_path / "learnt.npz", FILES[name])
    rows, found = score(model, tmp_path / "new.npz", take(FILES[name], run.split.test_rows))
    shown, count = run.trainer.evaluate().test, len(run.split.test_rows)
    assert shown is not None and not rows.notes
    assert found == RowsScore(count, count, shown.loss, shown.accuracy, run.measure_errors())


def test_a_test_part_is_scored_by_its_own_targets(tmp_path: Path) -> None:
    _, model = train(tmp_path / "learnt.npz", FILES["words"])
    both = {"x_train": X[:50], "y_train": NAMES[LABELS[:50]], "x_test": X[50:], "y_test": NAMES[LABELS[50:]]}
    rows, found = score(model, tmp_path / "new.npz", both)
    assert found == score(model, tmp_path / "alone.npz", {"x": X[50:], "y": NAMES[LABELS[50:]]})[1]
    assert found is not None and found.rows == 10 and rows.notes == ("not read: x_train, y_train",)


@pytest.mark.parametrize(
    ("learnt", "new", "words"),
    [
        ("words", {"y": LABELS}, 'y has numbers, and "lily", "rose", "tulip" were learnt; an array target_names says'),
        ("words", {"y": LABELS[:5]}, "y has the shape (5,), and x has 60 rows"),
        ("words", {"y": X}, "y has the shape (60, 4), and one class for each row was learnt"),
        ("words", {"y": np.array([{}] * 60)}, "y: holds objects instead of numbers"),
        ("a number", {"y": NAMES[LABELS]}, "y holds no numbers, and numbers were learnt"),
        ("a number", {"y": X}, "y has 4 numbers in a row, and 1 was learnt"),
    ],
)
def test_rows_that_cannot_be_scored_are_predicted_and_the_reason_is_told(
    learnt: str, new: dict[str, Any], words: str, tmp_path: Path
) -> None:
    _, model = train(tmp_path / "learnt.npz", FILES[learnt])
    rows, found = score(model, tmp_path / "new.npz", {"x": X, **new})
    assert found is None and len(rows.inputs) == 60
    assert rows.notes[0].startswith(f"not scored: {words}") and len(rows.notes) == 1


def test_rows_without_a_target_and_unknown_classes_are_told(tmp_path: Path) -> None:
    _, model = train(tmp_path / "words.npz", FILES["words"])
    rows, found = score(model, tmp_path / "new.npz", {"x": X[:4], "y": np.array(["rose", "fern", "", "lily"])})
    assert found is not None and (found.rows, found.loss_rows) == (3, 2)
    assert rows.notes == (
        "y: row 3 has no target, and no part in the scores",
        'y: row 2 has a class that was not there in training, such as "fern": counted as wrong',
    )
    _, model = train(tmp_path / "numbers.npz", FILES["a number"])
    rows, found = score(model, tmp_path / "new.npz", {"x": X[:3], "y": np.array([1.0, np.nan, np.inf])})
    assert found is not None and found.rows == 1
    assert rows.notes == (
        "y: 2 rows, the first in row 2, have no finite number as a target, and no part in the scores",
    )
    assert score(model, tmp_path / "new.npz", {"x": X[:3]})[1] is None


def test_a_network_that_learnt_a_table_of_numbers_is_scored_on_arrays(tmp_path: Path) -> None:
    (tmp_path / "kinds.csv").write_text("a,b,kind\n" + "".join(f"{n % 7},{n % 5},{'xy'[n % 2]}\n" for n in range(60)))
    run = assemble(make_experiment({"data": {"path": str(tmp_path / "kinds.csv")}}))
    run.trainer.run(lambda: False, until=20)
    arrays = {"x": run.dataset.points, "y": np.array(run.dataset.class_names)[run.dataset.labels]}
    _, found = score(through_files(run, tmp_path), tmp_path / "new.npz", arrays)
    assert found is not None and found.rows == 60 and found.loss is not None


def test_a_table_is_scored_for_a_network_that_learnt_numbers_of_an_npz_file(tmp_path: Path) -> None:
    _, model = train(tmp_path / "learnt.npz", FILES["a number"])
    lines = [",".join(map(repr, [*x, y])) for x, y in zip(X.tolist(), PRICES.tolist(), strict=True)]
    (tmp_path / "new.csv").write_text("\n".join(["x1,x2,x3,x4,y", *lines]) + "\n")
    rows = read_new_rows(tmp_path / "new.csv", model.preprocessing.encoder)
    assert score_rows(model, rows) == score(model, tmp_path / "new.npz", FILES["a number"])[1]
