"""What is to be learnt: a class for each row, or numbers."""

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError
from gradstep.data.dataset import Array, Indices

TASKS = ("auto", "classification", "regression")
# whole numbers of which more are different are a quantity, not a class
MOST_CLASSES = 20


class Target(TypedDict):
    """The fields of a data set that say what is learnt."""

    task: Literal["classification", "regression"]
    labels: Indices | None
    class_names: tuple[str, ...]
    targets: Array | None


def target_from(values: NDArray[Any], task: str, where: str) -> Target:
    """Make classes or numbers of one value a row (rows,), as `task` says.

    With "auto", words are classes, and so are few different whole numbers; other numbers are a quantity. Raises
    GradstepError, which begins with `where`.
    """
    words = values.dtype.kind not in "biuf"
    if words and task == "regression":
        raise GradstepError(f'{where}: these are words, and data.task = "regression" needs numbers')
    if not words and not np.isfinite(values).all():
        row = int(np.flatnonzero(~np.isfinite(values))[0]) + 1
        raise GradstepError(f"{where}, row {row}: {values[row - 1]} is not a finite number")
    if words or task == "classification" or (task == "auto" and _few_whole_numbers(values)):
        return class_target(values, where)
    return number_target(values[:, None])


def class_target(values: NDArray[Any] | Sequence[int | str], where: str) -> Target:
    """Classes to learn, one a row, numbered in their sorted order. Raises GradstepError if there is one only."""
    labels, class_names = _labels(values, where)
    return {"task": "classification", "labels": labels, "class_names": class_names, "targets": None}


def number_target(values: NDArray[Any]) -> Target:
    """Numbers to learn (rows, outputs)."""
    return {"task": "regression", "labels": None, "class_names": (), "targets": values.astype(np.float64)}


def _labels(values: NDArray[Any] | Sequence[int | str], where: str) -> tuple[Indices, tuple[str, ...]]:
    """The number of each row's class (rows,), and the names of the classes."""
    classes, labels = np.unique(np.asarray(values), return_inverse=True)
    if classes.dtype.kind == "f" and (classes % 1 == 0).all():
        classes = classes.astype(np.int64)
    if len(classes) < 2:
        raise GradstepError(f"{where}: every row has the same class, {classes[0]}; at least two classes are needed")
    return labels.astype(np.intp), tuple(str(name) for name in classes)


def _few_whole_numbers(values: NDArray[Any]) -> bool:
    return bool((values % 1 == 0).all()) and len(np.unique(values)) <= MOST_CLASSES
