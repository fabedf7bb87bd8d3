"""Reads whole files, and turns what can go wrong into errors for the user."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gradstep.core.errors import GradstepError


def read_bytes(path: Path) -> bytes:
    """Return the content of a file; raises GradstepError with the path and the reason."""
    with reading_errors(path):
        return path.read_bytes()


@contextmanager
def reading_errors(path: Path) -> Iterator[None]:
    """Turn the errors of reading `path`, plain or gzipped, into a GradstepError with the path and the reason."""
    try:
        yield
    except GradstepError:
        raise
    except FileNotFoundError:
        raise GradstepError(f"{path}: no such file") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise GradstepError(f"{path} cannot be read: the compressed file is damaged or cut short") from None
    except OSError as error:
        raise GradstepError(f"{path} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        # the path itself is not allowed, for example with a null character
        raise GradstepError(f"{path} cannot be read: {error}") from None


def decode_text(content: bytes, path: Path) -> str:
    """Decode UTF-8, without the byte order mark that some editors write; `path` is for the error."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"byte {error.start} is {content[error.start]:#04x}"
        raise GradstepError(f"{path}, line {line}: this is not UTF-8 text: {byte}; save the file as UTF-8") from None
