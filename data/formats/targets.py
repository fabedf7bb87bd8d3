"""The target of a data set: a class for each row, or numbers."""

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats, Indices

TASKS = ("auto", "classification", "regression")
LARGEST_WHOLE = 2**53
"""Up to here a float tells every whole number from the next."""

MOST_CLASSES = 20
"""More different whole numbers than this are a quantity, not classes."""


ROWS_OF_A_CLASS = 5
"""Rows, on average, for which numbers that come again are classes."""


class TargetFields(TypedDict):
    """The fields of a `Dataset` that hold its target."""

    task: Literal["classification", "regression"]
    labels: Indices | None
    class_names: tuple[str, ...]
    targets: Floats | None


def make_target(values: NDArray[Any], task: str, where: str) -> TargetFields:
    """Return the target fields for one value a row (rows,), as `task` says.

    With "auto", words are classes, and so are whole numbers with few different values; other numbers are a regression.
    Raises GradstepError, which begins with `where`.
    """
    words = values.dtype.kind not in "biuf"
    if words and task == "regression":
        raise GradstepError(f'{where}: these are words, and data.task = "regression" needs numbers')
    if not words and not np.isfinite(values).all():
        row = int(np.flatnonzero(~np.isfinite(values))[0]) + 1
        raise GradstepError(f"{where}, row {row}: {values[row - 1]} is not a finite number")
    if words or task == "classification" or (task == "auto" and _has_few_whole_numbers(values)):
        return make_class_target(values, where)
    return make_number_target(values[:, None])


def make_class_target(values: NDArray[Any] | Sequence[int | str], where: str) -> TargetFields:
    """Return the target fields for one class a row; classes are numbered in sorted order.

    Raises GradstepError if all rows have the same class.
    """
    labels, class_names = _number_classes(values, where)
    return {"task": "classification", "labels": labels, "class_names": class_names, "targets": None}


def make_number_target(values: NDArray[Any]) -> TargetFields:
    """Return the target fields for numbers (rows, outputs)."""
    return {"task": "regression", "labels": None, "class_names": (), "targets": values.astype(np.float64)}


def _number_classes(values: NDArray[Any] | Sequence[int | str], where: str) -> tuple[Indices, tuple[str, ...]]:
    """Return the index of each row's class (rows,), and the names of the classes."""
    classes, labels = np.unique(np.asarray(values), return_inverse=True)
    if classes.dtype.kind == "f" and (classes % 1 == 0).all() and (np.abs(classes) <= LARGEST_WHOLE).all():
        classes = classes.astype(np.int64)
    if len(classes) < 2:
        raise GradstepError(f"{where}: every row has the same class, {classes[0]}; at least two classes are needed")
    return labels.astype(np.intp), tuple(str(name) for name in classes)


def _has_few_whole_numbers(values: NDArray[Any]) -> bool:
    """Whether numbers name classes: whole ones, few, that come again.

    If most of them do not come again, or lie far apart, they are a quantity: line numbers and prices are no classes.
    """
    if values.dtype.kind == "b":
        return True
    different = np.unique(values)
    if not (values % 1 == 0).all() or not len(different) <= min(MOST_CLASSES, len(values) - 1):
        return len(different) == 1 and bool((values % 1 == 0).all())
    # codes begin near 0 and leave out few numbers; others need many rows each to be no quantity
    are_codes = different[0] <= 1 and different[-1] - different[0] < 2 * len(different)
    return len(different) <= 2 or bool(are_codes) or ROWS_OF_A_CLASS * len(different) <= len(values)
