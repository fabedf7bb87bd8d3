"""Reads data sets from numpy's NPZ files: inputs, and the class or the numbers of each row."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError, make_printable
from gradstep.data.dataset import Dataset
from gradstep.data.file_options import DEFAULT_OPTIONS, FileOptions
from gradstep.data.formats.array_encoder import make_array_encoder
from gradstep.data.formats.array_shapes import GivenInputs, describe_shape, turn_images, unfold_inputs
from gradstep.data.formats.file_content import open_file
from gradstep.data.formats.npz_archive import list_arrays, open_archive, read_array
from gradstep.data.formats.npz_names import NpzNames, find_names
from gradstep.data.formats.targets import TargetFields, make_class_target, make_number_target, make_target
from gradstep.data.table.warnings import warn_of_rare_classes

Numbers = NDArray[Any]


def read_npz(path: Path, options: FileOptions = DEFAULT_OPTIONS) -> Dataset:
    """Read inputs and targets, under the names that numpy, Keras and scikit-learn give them.

    Inputs are (rows, features), (rows, height, width) or images with one channel more. Targets are (rows,) or, for
    several numbers, (rows, outputs). One-hot targets hold classes, named after their columns from 0. A test part of the
    file comes last, and `Dataset.test_rows` is the number of its rows. Pickled objects are not read. Raises
    GradstepError with the file, the array and where in it.
    """
    with open_file(path) as file, open_archive(path, file) as archive:
        held = list_arrays(archive)
        names = find_names(path, held)
        arrays = {name: read_array(path, archive, name) for name in names.used}
    if options.first is not None and names.test_x is None:
        arrays |= {name: arrays[name][: options.first.rows] for name in (names.x, names.y)}
    given = read_inputs(path, names.x, arrays[names.x], options.transposed)
    y = _read_targets(path, names.x, names.y, arrays)
    test_rows = 0
    if names.test_x is not None and names.test_y is not None:
        test = read_inputs(path, names.test_x, arrays[names.test_x], options.transposed)
        test_y = _read_targets(path, names.test_x, names.test_y, arrays)
        given, y, test_rows = (
            _join_inputs(path, names, given, test),
            _join_targets(path, names, y, test_y),
            len(test_y),
        )
    target = _make_target(path, names.y, y, options.task)
    if names.class_names is not None and target["labels"] is not None:
        target["class_names"] = _name_classes(target["class_names"], arrays[names.class_names])
    dataset = Dataset(
        name=make_printable(path.name.split(".")[0]),
        inputs=given.inputs,
        **target,
        feature_names=_name_features(given, None if names.feature_names is None else arrays[names.feature_names]),
        target_names=_name_targets(target),
        image_shape=given.image_shape,
        source=make_printable(str(path)),
        auto_scale="minmax" if given.is_image else "standard",
        test_rows=test_rows,
        decided=(_describe_file(names, arrays, list(held)), _describe_arrays(given, target)),
        warnings=(*given.warnings, *warn_of_rare_classes(target)),
    )
    return replace(dataset, encoder=make_array_encoder(dataset))


def read_inputs(path: Path, name: str, x: Numbers, transposed: bool) -> GivenInputs:
    """Return the rows of an array of inputs; raises GradstepError for what is no array of finite numbers."""
    if x.dtype.kind not in "biuf":
        raise GradstepError(f"{path}, {name}: holds no numbers, but {x.dtype}")
    given = unfold_inputs(x, f"{path}, {name}")
    _check_finite(path, name, given.inputs)
    if given.inputs.dtype != np.uint8:
        given = replace(given, inputs=given.inputs.astype(np.float64, copy=False))
    return turn_images(given, f"{path}, {name}") if transposed else given


def _read_targets(path: Path, x_name: str, name: str, arrays: dict[str, Numbers]) -> Numbers:
    """Return the targets of so many rows as there are inputs, (rows,) or (rows, outputs)."""
    y, rows = arrays[name], len(arrays[x_name])
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim not in (1, 2) or not y.size:
        raise GradstepError(f"{path}, {name}: has the shape {y.shape}; must be (rows,) or (rows, outputs)")
    if len(y) != rows:
        raise GradstepError(f"{path}: {x_name} has {rows} rows, but {name} has {len(y)}")
    return np.char.decode(y, "utf-8", "replace") if y.dtype.kind == "S" else y


def _join_inputs(path: Path, names: NpzNames, train: GivenInputs, test: GivenInputs) -> GivenInputs:
    """Return the inputs of both parts, those of the test part last."""
    if train.inputs.shape[1] != test.inputs.shape[1] or train.image_shape != test.image_shape:
        shapes = f"{describe_shape(train.shape)}, but those of {names.test_x} are {describe_shape(test.shape)}"
        raise GradstepError(f"{path}: the rows of {names.x} are {shapes}")
    return replace(train, inputs=np.concatenate([train.inputs, test.inputs]))


def _join_targets(path: Path, names: NpzNames, y: Numbers, test_y: Numbers) -> Numbers:
    if y.shape[1:] != test_y.shape[1:] or (y.dtype.kind in "biuf") != (test_y.dtype.kind in "biuf"):
        raise GradstepError(f"{path}: {names.test_y} is not like {names.y}: {test_y.dtype} beside {y.dtype}")
    return np.concatenate([y, test_y])


def _make_target(path: Path, name: str, y: Numbers, task: str) -> TargetFields:
    if y.ndim == 2 and task != "regression" and is_one_hot(y):
        return make_class_target(y.argmax(axis=1), f"{path}, {name}")
    return make_target(y, task, f"{path}, {name}") if y.ndim == 1 else _make_outputs(path, name, y, task)


def _name_classes(numbers: tuple[str, ...], names: Numbers) -> tuple[str, ...]:
    """Return the names of classes that are numbered from 0; the numbers where the names do not go with them."""
    words = list_words(names)
    if not all(number.isdecimal() and int(number) < len(words) for number in numbers):
        return numbers
    return tuple(words[int(number)] for number in numbers)


def _name_features(given: GivenInputs, names: Numbers | None) -> tuple[str, ...]:
    count = given.inputs.shape[1]
    words = [] if names is None else list_words(names)
    return tuple(words) if len(words) == count else tuple(f"x{number}" for number in range(1, count + 1))


def _name_targets(target: TargetFields) -> tuple[str, ...]:
    outputs = 1 if target["targets"] is None else target["targets"].shape[1]
    return ("y",) if outputs == 1 else tuple(f"y{number}" for number in range(1, outputs + 1))


def list_words(names: Numbers) -> list[str]:
    """Return the words of an array of names, so that they can be printed."""
    words = np.char.decode(names, "utf-8", "replace") if names.dtype.kind == "S" else names
    return [make_printable(str(word)) for word in words.reshape(-1).tolist()]


def _describe_file(names: NpzNames, arrays: dict[str, Numbers], held: Sequence[str]) -> str:
    """Say which arrays are read, and which are not."""
    used = [f"{name} {describe_shape(arrays[name].shape)}" for name in names.used]
    others = [name for name in held if name not in names.used]
    return f"arrays {', '.join(used)}" + (f"; not read: {', '.join(others)}" if others else "")


def _describe_arrays(given: GivenInputs, target: TargetFields) -> str:
    inputs = f"{given.inputs.shape[1]} numbers"
    if given.image_shape is not None:
        inputs = f"images of {given.image_shape[0]} × {given.image_shape[1]}"
    learnt = "a number" if target["labels"] is None else f"{len(target['class_names'])} classes"
    if target["targets"] is not None and target["targets"].shape[1] > 1:
        learnt = f"{target['targets'].shape[1]} numbers"
    return f"{inputs}; learns y, {learnt}"


def is_one_hot(y: Numbers) -> bool:
    """Whether each row has a single 1 and 0 elsewhere."""
    return y.dtype.kind in "biuf" and bool(((y == 0) | (y == 1)).all() and (y.sum(axis=1) == 1).all())


def _make_outputs(path: Path, name: str, y: Numbers, task: str) -> TargetFields:
    """Return the target fields for several numbers a row (rows, outputs)."""
    if task == "classification":
        raise GradstepError(f"{path}, {name}: has the shape {y.shape}; a class for each row has the shape ({len(y)},)")
    if y.dtype.kind not in "biuf":
        raise GradstepError(f"{path}, {name}: holds no numbers, but {y.dtype}")
    _check_finite(path, name, y)
    return make_number_target(y)


def _check_finite(path: Path, name: str, values: Numbers) -> None:
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        index = f"{name}, row {row + 1}, column {column + 1}"
        raise GradstepError(f"{path}, {index}: {values[row, column]} is not a finite number")
