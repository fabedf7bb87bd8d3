"""Writes new files, and overwrites one that exists only if that is asked for."""

from itertools import chain, count
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import WriteError, is_stream, write_atomically


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


def write_output_file(path: Path, content: bytes, overwrite: bool) -> None:
    """Write `content` to the file that a user named; over one that exists only with `overwrite`, or into a stream.

    Raises GradstepError for a file that exists, and WriteError.
    """
    try:
        if overwrite or is_stream(path):
            write_atomically(path, content)
        else:
            _write_exclusively(path, content)
    except FileExistsError:
        raise GradstepError(f"{path} exists; --overwrite writes over it, or name another file") from None
    except (OSError, ValueError) as error:
        if isinstance(error, GradstepError):
            raise
        raise WriteError(path, error if isinstance(error, OSError) else OSError(str(error))) from None


def _write_exclusively(path: Path, content: bytes) -> None:
    file = path.open("xb")
    try:
        with file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise
