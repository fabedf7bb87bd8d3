"""Reading an NPZ file."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.file_options import FileOptions
from gradstep.data.formats.npz_file import read_npz
from tests.data.files import images, write_npz

X = np.arange(8.0).reshape(4, 2)
ONE_HOT = np.eye(3, dtype=int)[[0, 2, 1, 2]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "flowers.npz"


def test_rows_and_words(file: Path) -> None:
    data = read_npz(write_npz(file, x=X, y=["rose", "tulip"] * 2))
    assert np.array_equal(data.inputs, X)
    assert (data.name, data.class_names, data.feature_names) == ("flowers", ("rose", "tulip"), ("x1", "x2"))


@pytest.mark.parametrize(
    ("y", "task", "found"),
    [
        ([0, 1, 2, 1], "auto", "classification"),
        ([0.0, 1.0, 2.0, 1.0], "auto", "classification"),
        ([0.5, 1, 2, 1], "auto", "regression"),
        ([0, 1, 2, 1], "regression", "regression"),
        ([[0], [1], [2], [1]], "auto", "classification"),
        ([[0, 1], [2, 3], [4, 5], [6, 7]], "auto", "regression"),
        ([True, False, True, False], "auto", "classification"),
        (ONE_HOT, "auto", "classification"),
        (ONE_HOT.astype(float), "classification", "classification"),
        (ONE_HOT, "regression", "regression"),
        (ONE_HOT + ONE_HOT[::-1], "auto", "regression"),
    ],
)
def test_the_task_is_found_or_given(file: Path, y: object, task: str, found: str) -> None:
    assert read_npz(write_npz(file, x=X, y=y), FileOptions(task=task)).task == found


def test_a_file_without_usable_arrays_is_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.npy", "hi")
        archive.writestr("y.npy", "hi")
    with pytest.raises(GradstepError, match="x: is no numpy array"):
        read_npz(file)


def test_one_hot_classes_have_the_numbers_of_their_columns(file: Path) -> None:
    data = read_npz(write_npz(file, x=X, y=ONE_HOT))
    assert data.labels is not None
    assert (data.class_names, data.labels.tolist()) == (("0", "1", "2"), [0, 2, 1, 2])


def test_images_keep_their_shape_and_their_bytes(file: Path) -> None:
    pixels = images(4)
    data = read_npz(write_npz(file, x=pixels, y=[0, 1, 0, 1]))
    assert (data.image_shape, data.auto_scale, data.inputs.dtype) == ((4, 3), "minmax", np.uint8)
    assert np.array_equal(data.inputs, pixels.reshape(4, 12))


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((2, 2, 2, 2)), [0, 1], r"x: has the shape \(2, 2, 2, 2\); must be"),
        (np.zeros((0, 2)), [], r"x: has the shape \(0, 2\)"),
        (X, np.zeros((4, 2, 2)), r"y: has the shape \(4, 2, 2\); must be \(rows,\)"),
        ([["a", "b"]] * 4, [0, 1, 0, 1], "x: holds no numbers"),
        (X, [0.5, np.inf, 0.5, 0.5], "y, row 2: inf is not a finite number"),
        (X, [7] * 4, "y: every row has the same class, 7"),
    ],
)
def test_arrays_that_do_not_make_rows_are_refused(file: Path, x: object, y: object, message: str) -> None:
    with pytest.raises(GradstepError, match=message):
        read_npz(write_npz(file, x=x, y=y))


def test_several_numbers_a_row_are_no_classes(file: Path) -> None:
    with pytest.raises(GradstepError, match=r"y: has the shape \(4, 2\); a class for each row has the shape \(4,\)"):
        read_npz(write_npz(file, x=X, y=X), FileOptions(task="classification"))
