"""Writes a file so that a crash leaves either the old one or the new one whole."""

import os
from pathlib import Path

from gradstep.core.errors import GradstepError


class CannotBeWritten(GradstepError):
    """A file cannot be written; `reason` is the system's word for why."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.reason = error.strerror or str(error)
        super().__init__(f"{path} cannot be written: {self.reason}")


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` beside `path`, bring it to the disk and rename it; raises CannotBeWritten."""
    try:
        if path.exists() and not path.is_file():
            # a terminal or a pipe has no other version to swap in
            path.write_bytes(content)
            return
        beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            _write_through(beside, content)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise CannotBeWritten(path, error) from None


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # the rename is an entry of the folder, and survives a power cut once the folder is on the disk
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
