"""Finds the arrays of an NPZ file by the names that people and programs give them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NoReturn

from gradstep.core.errors import GradstepError

INPUTS = ("x", "data", "images", "features", "inputs", "arr_0")
TARGETS = ("y", "target", "targets", "labels", "label", "arr_1")
FEATURE_NAMES = ("feature_names", "columns", "column_names", "feature_name")
CLASS_NAMES = ("target_names", "class_names", "classes", "label_names")
PATTERNS = {"{}": "", "{}_train": "{}_test", "train_{}": "test_{}"}
"""How an array of the training part is named, and that of the test part beside it."""


@dataclass(frozen=True, slots=True)
class NpzNames:
    """The names of the arrays of a file: inputs, targets, those of its test part, and the names of columns and classes.

    Each is None if it is not there.
    """

    x: str
    y: str
    test_x: str | None
    test_y: str | None
    feature_names: str | None
    class_names: str | None

    @property
    def used(self) -> list[str]:
        """The names of the arrays that are there."""
        names = (self.x, self.y, self.test_x, self.test_y, self.feature_names, self.class_names)
        return [name for name in names if name is not None]


def find_names(path: object, held: Collection[str]) -> NpzNames:
    """Return which of the arrays are inputs and targets.

    Upper and lower case are alike. Of several pairs, that of the most usual names is taken. Raises GradstepError if
    there is none, and for a half of a test part.
    """
    by_name = {name.lower(): name for name in held}
    pairs = [
        (pattern, by_name[pattern.format(x)], by_name[pattern.format(y)])
        for pattern, x, y in product(PATTERNS, INPUTS, TARGETS)
        if pattern.format(x) in by_name and pattern.format(y) in by_name
    ]
    if not pairs:
        _refuse(path, held, by_name)
    pattern, x, y = pairs[0]
    test_pattern = PATTERNS[pattern]
    tests = [test_pattern and by_name.get(test_pattern.format(name)) for name in _find_stems(pattern, x, y)]
    if bool(tests[0]) != bool(tests[1]):
        raise GradstepError(f"{path} has {tests[0] or tests[1]} alone: a test part needs inputs and targets")
    return NpzNames(
        x,
        y,
        tests[0] or None,
        tests[1] or None,
        find_first(by_name, FEATURE_NAMES),
        find_first(by_name, CLASS_NAMES),
    )


def _find_stems(pattern: str, x: str, y: str) -> tuple[str, str]:
    inputs = next(name for name in INPUTS if pattern.format(name) == x.lower())
    return inputs, next(name for name in TARGETS if pattern.format(name) == y.lower())


def find_first(by_name: Mapping[str, str], names: Collection[str]) -> str | None:
    """Return the first array that has one of these names, by the names in lower case; None without one."""
    return next((by_name[name] for name in names if name in by_name), None)


def _refuse(path: object, held: Collection[str], by_name: Mapping[str, str]) -> NoReturn:
    """Raise for a file without a pair of inputs and targets."""
    there = ", ".join(held) or "none"
    has_x = any(pattern.format(name) in by_name for pattern in PATTERNS for name in INPUTS)
    has_y = any(pattern.format(name) in by_name for pattern in PATTERNS for name in TARGETS)
    what = "no arrays x and y" if has_x == has_y else "no array y" if has_x else "no array x"
    raise GradstepError(f"{path} has {what}: x and y are needed; the arrays there are {there}")
