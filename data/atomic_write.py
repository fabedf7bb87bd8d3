"""Writes a file such that a crash leaves either the old file or the new one, and never a part."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ELOOP, ENXIO
from pathlib import Path
from time import monotonic, sleep

from gradstep.core.errors import GradstepError

UNFINISHED = ".tmp"
"""The end of the name of a file that is being written; a killed program leaves it behind."""

MOST_LINKS = 40
"""As many as Linux follows."""


LONGEST_START = 200
"""Bytes of its name that the name of an unfinished file begins with."""

SECONDS_WITHOUT_READER = 10.0
"""How long a pipe may have nobody who reads it."""

SECONDS_BETWEEN_LOOKS = 0.05


class WriteError(GradstepError):
    """A file, of this `path`, cannot be written; `reason` is the system's message."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path, self.reason = path, error.strerror or str(error)
        super().__init__(f"{path} cannot be written: {self.reason}")


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to a file beside `path`, flush it to the disk and rename it to `path`. Raises WriteError.

    A link stays, and what it leads to is written. A pipe, a device or an open file such as /dev/stdout cannot be
    replaced by another file: `content` is written to its end.
    """
    with _write_errors(path):
        path = follow_links(path)
        if is_stream(path):
            _write_in_place(path, content)
        else:
            _replace(path, lambda temporary: temporary.write_bytes(content))


def write_atomically_with(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` write a file beside `path`, flush it to the disk and rename it to `path`. Raises WriteError.

    `write` is called with the path of that file. It raises OSError if the file cannot be written.
    """
    with _write_errors(path):
        _replace(follow_links(path), write)


def holds_anything(path: Path) -> bool:
    """Whether something is lost where a file is written: there is one, neither empty nor a pipe or a device."""
    path = follow_links(path)
    return not is_stream(path) and os.path.exists(path) and os.path.getsize(path) > 0


def try_to_write_beside(path: Path) -> None:
    """Make the unfinished file that `write_atomically` would begin with, and remove it. Raises OSError.

    What may be written is not found out from permissions alone: a system folder or a full disk takes no file either.
    """
    temporary = _name_unfinished(path)
    try:
        temporary.write_bytes(b"")
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WriteError(path, error) from None
    except ValueError as error:
        # the path itself is not allowed, for example with a null character
        raise WriteError(path, OSError(str(error))) from None


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    temporary = _name_unfinished(path)
    try:
        write(temporary)
        _flush_to_disk(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _name_unfinished(path: Path) -> Path:
    # the name itself may have as many bytes as a name can have
    name = os.fsdecode(os.fsencode(path.name)[:LONGEST_START])
    return path.with_name(f".{name}.{os.getpid()}{UNFINISHED}")


def follow_links(path: Path) -> Path:
    """Return what a link leads to, which need not exist; /dev/stdout and its like stay. Raises OSError for a circle."""
    for _ in range(MOST_LINKS):
        if not path.is_symlink() or is_stream(path):
            return path
        path = path.parent / path.readlink()
    raise OSError(ELOOP, os.strerror(ELOOP))


def is_stream(path: Path) -> bool:
    """Whether this is a pipe, a device, or an open file of a process such as /dev/stdout."""
    if os.path.exists(path) and not os.path.isfile(path):
        return True
    # only the open files of a process: /dev also holds folders with files of any kind, such as /dev/shm
    folder = os.path.realpath(path.parent)
    return folder == "/dev/fd" or folder.startswith("/proc/")


def _write_in_place(path: Path, content: bytes) -> None:
    """Write to a pipe or a device; raises OSError if nobody reads the pipe for SECONDS_WITHOUT_READER."""
    until = monotonic() + SECONDS_WITHOUT_READER
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK)
            break
        except OSError as error:
            if error.errno != ENXIO:
                raise
            if monotonic() > until:
                raise TimeoutError(ENXIO, f"nobody reads the pipe for {SECONDS_WITHOUT_READER:.0f} s") from None
        sleep(SECONDS_BETWEEN_LOOKS)
    os.set_blocking(descriptor, True)
    with open(descriptor, "wb") as file:
        file.write(content)


def _flush_to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # the rename is an entry of the folder: it survives a power cut once the folder itself is on the disk
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
