"""Reads rows that a trained network is to predict from an NPZ file: inputs, and targets where they are there."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from numpy.typing import NDArray

from gradstep.core.errors import GradstepError
from gradstep.data.dataset import RawInputs
from gradstep.data.formats.file_content import open_file
from gradstep.data.formats.npz_archive import list_arrays, open_archive, read_array
from gradstep.data.formats.npz_file import list_words, read_inputs
from gradstep.data.formats.npz_names import CLASS_NAMES, FEATURE_NAMES, INPUTS, TARGETS, find_first

PATTERNS = ("{}", "{}_test", "test_{}", "{}_train", "train_{}")
"""How an array of inputs is named, the most likely first: new rows are rather those of a test part."""


@dataclass(frozen=True, eq=False)
class NpzRows:
    """The array `x_name` of inputs (rows, features), and that of the targets beside it, as it is; None without one.

    `class_names` are those that the file holds for classes that are numbered. `others` are the names of the arrays that
    are not read, and `trouble` says why the targets could not be read.
    """

    x_name: str
    inputs: RawInputs
    y_name: str | None
    y: NDArray[Any] | None
    class_names: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    trouble: str = ""


def read_npz_rows(path: Path, transposed: bool = False) -> NpzRows:
    """Return the inputs of the file, and the targets that go by the same kind of name.

    `transposed` images are turned over their diagonal. Raises GradstepError with the file, the array and where in it
    for inputs that cannot be read.
    """
    with open_file(path) as file, open_archive(path, file) as archive:
        held = list_arrays(archive)
        name, y_name = _find_names(path, held)
        inputs = read_inputs(path, name, read_array(path, archive, name), transposed).inputs
        about = {each: find_first({name.lower(): name for name in held}, each) for each in (CLASS_NAMES, FEATURE_NAMES)}
        others = tuple(each for each in held if each not in (name, y_name, *about.values()))
        try:
            y = None if y_name is None else read_array(path, archive, y_name)
            words = _read_class_names(path, archive, None if y is None else about[CLASS_NAMES])
        except GradstepError as error:
            return NpzRows(name, inputs, y_name, None, (), others, str(error).removeprefix(f"{path}, "))
    return NpzRows(name, inputs, y_name, y, words, others)


def _read_class_names(path: Path, archive: ZipFile, name: str | None) -> tuple[str, ...]:
    return () if name is None else tuple(list_words(read_array(path, archive, name)))


def _find_names(path: Path, held: Collection[str]) -> tuple[str, str | None]:
    """Return which array holds inputs, one of the usual name or the only one, and which the targets beside it."""
    by_name = {name.lower(): name for name in held}
    for pattern, stem in product(PATTERNS, INPUTS):
        if pattern.format(stem) in by_name:
            targets = (pattern.format(each) for each in TARGETS)
            return by_name[pattern.format(stem)], next((by_name[each] for each in targets if each in by_name), None)
    if len(held) == 1:
        return next(iter(held)), None
    raise GradstepError(f"{path} has no array x: the arrays there are {', '.join(held) or 'none'}")
