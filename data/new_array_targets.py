"""Compares the targets of an NPZ file with new rows with what a trained network learnt."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradstep.data.formats.npz_file import is_one_hot
from gradstep.data.formats.npz_inputs import NpzRows
from gradstep.data.new_targets import NewTargets, compare_classes, say_where
from gradstep.data.table.columns import TargetColumn
from gradstep.data.table.encoder import MOST_NAMES, list_some
from gradstep.data.toml_value import quote_value

Numbers = NDArray[Any]


def read_array_targets(found: NpzRows, target: TargetColumn, outputs: int) -> tuple[NewTargets | None, tuple[str, ...]]:
    """Return the targets of these rows, or None with the reason why they are not scored; no reason without targets.

    `outputs` is how many numbers of a row are learnt in a regression.
    """
    if found.y_name is None:
        return None, ()
    if found.y is None:
        return None, (f"not scored: {found.trouble}",)
    y = found.y[:, 0] if found.y.ndim == 2 and found.y.shape[1] == 1 else found.y
    if y.ndim not in (1, 2) or len(y) != len(found.inputs):
        shapes = f"{found.y_name} has the shape {y.shape}, and {found.x_name} has {len(found.inputs)} rows"
        return None, (f"not scored: {shapes}",)
    read = _read_classes(found, y, target) if target.kind == "class" else _read_numbers(found.y_name, y, outputs)
    return (None, (f"not scored: {read}",)) if isinstance(read, str) else (read, read.notes)


def _read_classes(found: NpzRows, y: Numbers, target: TargetColumn) -> NewTargets | str:
    """Return the index of the class of each row, or why there is none."""
    assert found.y_name is not None
    columns = y.shape[1] if y.ndim == 2 else 0
    if columns and not is_one_hot(y):
        return f"{found.y_name} has the shape {y.shape}, and one class for each row was learnt"
    values = y.argmax(axis=1) if columns else y
    words = _name_classes(values, found, target.classes, columns)
    if words is None:
        classes = list_some([quote_value(name) for name in target.classes], MOST_NAMES)
        return f"{found.y_name} has numbers, and {classes} were learnt; an array target_names says what each is called"
    return compare_classes(target, found.y_name, found.y_name, words, np.arange(len(y)) + 1, "row")


def _name_classes(values: Numbers, found: NpzRows, classes: Sequence[str], columns: int) -> list[str] | None:
    """Return the class of each row as a word; None if nothing says which class each number is."""
    if values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8", "replace")
    words = [str(value) for value in values.tolist()]
    if values.dtype.kind not in "iuf" or all(map(_is_number, classes)):
        return words
    # classes are numbered from 0 in the order of their names, those of a one-hot array in that of its columns
    names = found.class_names or (tuple(classes) if columns == len(classes) else ())
    if not names:
        return None
    numbered = {float(number): name for number, name in enumerate(names)}
    return [numbered.get(float(value), word) for value, word in zip(values.tolist(), words, strict=True)]


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True


def _read_numbers(name: str, y: Numbers, outputs: int) -> NewTargets | str:
    """Return the numbers (rows, outputs) of a regression, or why there are none."""
    if y.dtype.kind not in "biuf":
        return f"{name} holds no numbers, and numbers were learnt"
    values = y.reshape(len(y), -1).astype(np.float64)
    if values.shape[1] != outputs:
        learnt = "1 was learnt" if outputs == 1 else f"{outputs} were learnt"
        return f"{name} has {values.shape[1]} numbers in a row, and {learnt}"
    wrong = ~np.isfinite(values).all(axis=1)
    values[wrong] = np.nan
    where = say_where(np.flatnonzero(wrong) + 1, "row")
    notes = (f"{name}: {where} no finite number as a target, and no part in the scores",) if wrong.any() else ()
    return NewTargets(name, values, np.zeros(len(y), bool), notes)
