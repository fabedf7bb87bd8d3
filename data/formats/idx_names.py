"""Finds MNIST's files in a folder, as they are downloaded from one place and another."""

import os
import re
from pathlib import Path

from gradstep.core.errors import GradstepError

PARTS = ("train", "t10k")
OTHER_NAMES = {"t10k": "t10k|test"}
"""The parts that have another name elsewhere, as a pattern."""


def find_idx_file(directory: Path, part: str, kind: str) -> Path:
    """Return the file of a part, plain or .gz; `kind` is images-idx3 or labels-idx1.

    It may stand in a folder of its name, and its name may begin with that of the data set. Raises GradstepError if
    there is none, or more than one.
    """
    what, number = kind.split("-")
    name = re.compile(
        rf"(?:.*[-_.])?(?:{OTHER_NAMES.get(part, part)})[-_]{what}[-_.]{number}[-_]ubyte(?:\.gz)?", re.IGNORECASE
    )
    found = [path for path in _list_files(directory) if name.fullmatch(path.name)]
    # one and the same file can be there as it was downloaded, and unpacked
    different = {path.name.lower().removesuffix(".gz").replace(".idx", "-idx"): path for path in sorted(found)[::-1]}
    if len(different) > 1:
        names = " and ".join(sorted(path.name for path in different.values())[:2])
        raise GradstepError(f"{directory} has more than one data set: {names}; each needs a folder of its own")
    for path in different.values():
        return path
    raise GradstepError(
        f"{directory} has no {part}-{kind}-ubyte, plain or .gz: a directory must hold MNIST's four files"
    )


def _list_files(directory: Path) -> list[Path]:
    """Return the files of a folder, and those in folders in it that have the name of such a file."""
    files = []
    for path in _list(directory):
        if os.path.isfile(path):
            files.append(path)
        elif "ubyte" in path.name.lower():
            files += [each for each in _list(path) if os.path.isfile(each)]
    return files


def _list(directory: Path) -> list[Path]:
    try:
        return [directory / name for name in os.listdir(directory)]
    except OSError:
        return []
