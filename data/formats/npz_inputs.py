"""Reads inputs alone from an NPZ file: rows that a trained network is to predict."""

from collections.abc import Collection
from itertools import product
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.dataset import RawInputs
from gradstep.data.formats.file_content import open_file
from gradstep.data.formats.npz_archive import list_arrays, open_archive, read_array
from gradstep.data.formats.npz_file import read_inputs
from gradstep.data.formats.npz_names import INPUTS

PATTERNS = ("{}", "{}_test", "test_{}", "{}_train", "train_{}")
"""How an array of inputs is named, the most likely first: new rows are rather those of a test part."""


def read_npz_inputs(path: Path, transposed: bool = False) -> tuple[str, RawInputs]:
    """Return the name of the array of inputs, and its rows (rows, features).

    `transposed` images are turned over their diagonal. Raises GradstepError with the file, the array and where in it.
    """
    with open_file(path) as file, open_archive(path, file) as archive:
        name = _find_name(path, list_arrays(archive))
        x = read_array(path, archive, name)
    return name, read_inputs(path, name, x, transposed).inputs


def _find_name(path: Path, held: Collection[str]) -> str:
    """Return which array holds inputs: one of the usual name, or the only one."""
    by_name = {name.lower(): name for name in held}
    for pattern, stem in product(PATTERNS, INPUTS):
        if pattern.format(stem) in by_name:
            return by_name[pattern.format(stem)]
    if len(held) == 1:
        return next(iter(held))
    raise GradstepError(f"{path} has no array x: the arrays there are {', '.join(held) or 'none'}")
