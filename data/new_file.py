"""Writes a file under a name that is free."""

from itertools import chain, count
from pathlib import Path

from gradstep.data.atomic_write import WriteError


def write_new_file(path: Path, content: bytes) -> Path:
    """Write `content` to a new file and return its path: `path`, or with -2, -3, … after its name if there is one.

    Nothing that exists is written over, or followed if it is a link. Raises WriteError, and leaves no part of a file.
    """
    for free in chain([path], (path.with_stem(f"{path.stem}-{number}") for number in count(2))):
        try:
            _write_exclusively(free, content)
        except FileExistsError:
            continue
        except OSError as error:
            raise WriteError(free, error) from None
        return free
    raise AssertionError  # count does not end


def _write_exclusively(path: Path, content: bytes) -> None:
    file = path.open("xb")
    try:
        with file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise
