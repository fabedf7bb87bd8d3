"""Opens and reads files, and turns what can go wrong into errors for the user."""

import gzip
import io
import os
import select
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from gradstep.core.errors import GradstepError

LARGEST_TEXT = 1 << 30
"""Bytes of text that are read of a file, or come out of a pipe."""

SECONDS_WITHOUT_CONTENT = 10.0
"""How long a pipe may send nothing."""

SECONDS_BETWEEN_LOOKS = 0.05
"""A pipe that nobody writes to yet cannot be waited for; it is looked at again and again."""

ALWAYS_UNPACKED = 1 << 26
MOST_TIMES_UNPACKED = 200
"""A compressed file may unpack to ALWAYS_UNPACKED bytes, or to so many times its size. Numbers never shrink so far."""

PORTION = 1 << 20
"""Bytes that are read or unpacked at once."""


@contextmanager
def open_file(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a file, or a pipe, whose content is read at once; raises GradstepError with the path and the reason."""
    with reading_errors(path), open(path, "rb", opener=_open_without_waiting) as file:
        mode = os.fstat(file.fileno()).st_mode
        if stat.S_ISREG(mode):
            yield file
        elif stat.S_ISFIFO(mode):
            yield io.BytesIO(_read_pipe(file.fileno(), path))
        else:
            raise GradstepError(f"{path} is a device; must be a file")


def read_bytes(path: Path, most: int = LARGEST_TEXT) -> bytes:
    """Return the content of a file of at most so many bytes; raises GradstepError with the path and the reason."""
    with open_file(path) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size > most:
            raise GradstepError(f"{path} is too large: {size:,} bytes, and {most:,} can be read")
        return file.read()


def unpack_gzip(content: bytes, path: Path) -> bytes:
    """Unpack the content of a gzipped file; raises GradstepError, early, if it unpacks to more than data do."""
    packed, unpacked = io.BytesIO(content), io.BytesIO()
    with reading_errors(path), gzip.open(packed) as file:
        while portion := file.read(PORTION):
            unpacked.write(portion)
            check_unpacked_size(path, unpacked.tell(), packed.tell())
            if unpacked.tell() > LARGEST_TEXT:
                raise GradstepError(f"{path} is too large: it unpacks to more than {LARGEST_TEXT:,} bytes")
    return unpacked.getvalue()


def check_unpacked_size(path: Path, unpacked: int, packed: int) -> None:
    """Raise GradstepError if `packed` bytes of a file unpack to more than data do."""
    if unpacked > max(ALWAYS_UNPACKED, MOST_TIMES_UNPACKED * packed):
        raise GradstepError(
            f"{path} is not read: it unpacks to more than {MOST_TIMES_UNPACKED} times its size, as no data do"
        )


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


def _open_without_waiting(path: str, flags: int) -> int:
    # a pipe that nobody writes to would keep the program waiting
    return os.open(path, flags | os.O_NONBLOCK)


def _read_pipe(descriptor: int, path: Path) -> bytes:
    """Read a pipe to its end; raises GradstepError if nothing comes for SECONDS_WITHOUT_CONTENT, or too much."""
    content = io.BytesIO()
    patient_until = monotonic() + SECONDS_WITHOUT_CONTENT
    while monotonic() < patient_until:
        select.select([descriptor], [], [], SECONDS_WITHOUT_CONTENT)
        try:
            portion = os.read(descriptor, PORTION)
        except BlockingIOError:
            continue
        if not portion and content.tell():
            return content.getvalue()
        if not portion:
            # nobody has written to it yet, or whoever did has written nothing
            select.select([], [], [], SECONDS_BETWEEN_LOOKS)
            continue
        content.write(portion)
        if content.tell() > LARGEST_TEXT:
            raise GradstepError(f"{path} is too large: more than {LARGEST_TEXT:,} bytes come out of it")
        patient_until = monotonic() + SECONDS_WITHOUT_CONTENT
    raise GradstepError(f"{path} is a pipe, and nothing came out of it for {SECONDS_WITHOUT_CONTENT:.0f} s")
