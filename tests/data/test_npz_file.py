"""Reading an NPZ file."""

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.file_options import FileOptions
from gradstep.data.formats.data_file import read_data_file
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


PIXELS = images(6)
NAMES = {
    "Keras": {"x_train": PIXELS[:4], "y_train": [0, 1, 0, 1], "x_test": PIXELS[4:], "y_test": [1, 0]},
    "images and labels": {"train_images": PIXELS, "train_labels": [0, 1] * 3},
    "scikit-learn": {"data": X, "target": [0, 1, 0, 1], "feature_names": ["a", "b"], "target_names": ["no", "yes"]},
    "positional": {"arr_0": X, "arr_1": [0, 1, 0, 1]},
    "upper case": {"X": X, "Y": [0, 1, 0, 1]},
}


@pytest.mark.parametrize("kind", NAMES)
def test_arrays_are_found_under_usual_names(file: Path, kind: str) -> None:
    data = read_npz(write_npz(file, **NAMES[kind]))
    assert data.task == "classification" and len(data.inputs) == (4 if data.image_shape is None else 6)
    assert all(name in data.decided[0] for name in NAMES[kind])
    assert data.test_rows == (2 if kind == "Keras" else 0)
    if kind == "Keras":
        assert np.array_equal(data.inputs, PIXELS.reshape(6, -1)) and data.labels is not None
        assert data.labels.tolist() == [0, 1, 0, 1, 1, 0]
    if kind == "scikit-learn":
        assert (data.feature_names, data.class_names) == (("a", "b"), ("no", "yes"))


def test_arrays_that_are_not_read_are_told(file: Path) -> None:
    data = read_npz(write_npz(file, data=X, images=X, target=[0, 1, 0, 1], DESCR="a text"))
    assert data.decided[0] == "arrays data 4 × 2, target 4; not read: images, DESCR"


def test_half_a_test_part_is_refused(file: Path) -> None:
    with pytest.raises(GradstepError, match="has x_test alone: a test part needs inputs and targets"):
        read_npz(write_npz(file, x_train=X, y_train=[0, 1, 0, 1], x_test=X))
    with pytest.raises(GradstepError, match="the rows of x_train are 2, but those of x_test are 3"):
        read_npz(write_npz(file, x_train=X, y_train=[0, 1, 0, 1], x_test=np.ones((2, 3)), y_test=[0, 1]))


@pytest.mark.parametrize("shape", [(6, 4, 3), (6, 4, 3, 1), (6, 1, 4, 3)])
def test_an_axis_of_one_channel_is_taken(file: Path, shape: tuple[int, ...]) -> None:
    data = read_npz(write_npz(file, x=PIXELS.reshape(shape), y=[0, 1] * 3))
    assert data.image_shape == (4, 3) and np.array_equal(data.inputs, PIXELS.reshape(6, -1))
    turned = read_npz(file, FileOptions(transposed=True))
    assert turned.image_shape == (3, 4) and np.array_equal(turned.inputs[0].reshape(3, 4), PIXELS[0].T)


@pytest.mark.parametrize("shape", [(6, 5, 2, 3), (6, 3, 5, 2)])
def test_colours_are_learnt_and_told(file: Path, shape: tuple[int, ...]) -> None:
    data = read_npz(write_npz(file, x=np.arange(180, dtype=np.uint8).reshape(shape), y=[0, 1] * 3))
    assert data.inputs.shape == (6, 30) and data.image_shape is None and "in colours" in data.warnings[0]
    with pytest.raises(GradstepError, match="holds no grey images"):
        read_npz(file, FileOptions(transposed=True))


@pytest.mark.parametrize(
    ("y", "names"),
    [
        (np.array([b"yes", b"no", "für".encode(), b"no"]), ("für", "no", "yes")),
        (np.array([1, 2, 1, 2], ">i4"), ("1", "2")),
        (np.array([1e20, 3, 1e20, 3]), ("3.0", "1e+20")),
    ],
)
def test_classes_have_names_that_can_be_read(file: Path, y: np.ndarray, names: tuple[str, ...]) -> None:
    assert read_npz(write_npz(file, x=X.astype(">f8"), y=y)).class_names == names


def test_the_ending_may_be_in_upper_case(tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", x=X, y=[0, 1, 0, 1]).rename(tmp_path / "A.NPZ")
    assert read_data_file(tmp_path / "A.NPZ").class_names == ("0", "1")
    (tmp_path / "A.CSV.GZ").write_bytes(gzip.compress(b"a,y\n1,0.5\n2,1.5\n"))
    assert read_data_file(tmp_path / "A.CSV.GZ").feature_names == ("a",)
