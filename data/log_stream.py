"""Where the rows of a log are written: a file, or a pipe, a device, an open file."""

import os
import select
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from errno import EAGAIN, ENXIO
from pathlib import Path
from typing import Protocol

from gradstep.core.errors import GradstepError
from gradstep.data.history_rows import HistoryRow

SECONDS_AT_THE_END = 2.0
"""How long the end of a run waits for a reader of the log that is behind."""

STANDARD = {"stdin": 0, "stdout": 1, "stderr": 2}


class LogTarget(Protocol):
    """What a log is written to. Its methods raise OSError."""

    def is_lost(self) -> bool:
        """Whether what was written is gone, and has to be written again."""
        ...

    def write(self, rows: Sequence[HistoryRow], seconds: float, ended: bool) -> None:
        """Append the rows, which were measured after so many seconds."""
        ...

    def close(self) -> None:
        """Close what is open."""
        ...


class LogFile:
    """A file that is opened anew for each few rows, so that it may be moved away or removed meanwhile."""

    def __init__(self, path: Path, head: str, write_row: Callable[[HistoryRow], str]) -> None:
        # the folder in which the program was started is not that of a later moment
        self._path, self._head, self._write_row = path.absolute(), head, write_row

    def begin(self) -> None:
        """Make the file, which must not exist, with its first line."""
        with self._path.open("xb") as file:
            file.write(self._head.encode())

    def cut(self, size: int) -> None:
        """Cut the file to so many bytes."""
        if os.path.getsize(self._path) > size:
            os.truncate(self._path, size)

    def is_lost(self) -> bool:
        return not os.path.exists(self._path) and os.path.isdir(self._path.parent)

    def write(self, rows: Sequence[HistoryRow], seconds: float, ended: bool) -> None:
        if not rows and os.path.exists(self._path):
            return
        text = _write_rows(rows, seconds, self._write_row)
        with open(self._path, "ab", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            try:
                _write_all(file.fileno(), ((self._head if size == 0 else "") + text).encode())
            except OSError:
                # no part of a row may stay on a full disk
                with suppress(OSError):
                    file.truncate(size)
                raise

    def close(self) -> None:
        pass


class LogStream:
    """A pipe, a device or an open file. A pipe whose reader is behind is never waited for, except at the end."""

    def __init__(self, path: Path, head: str, write_row: Callable[[HistoryRow], str], on_screen: bool) -> None:
        """Open it; raises OSError, and GradstepError for the terminal that the screen is drawn on."""
        self._descriptor = _open_stream(path)
        if on_screen and os.isatty(self._descriptor):
            self.close()
            raise GradstepError(f"--log {path}: is the terminal that the screen is drawn on; --plain prints lines")
        self._write_row, self._pending = write_row, head.encode()

    def is_lost(self) -> bool:
        return False

    def write(self, rows: Sequence[HistoryRow], seconds: float, ended: bool) -> None:
        self._flush(ended)
        if self._pending:
            raise TimeoutError(EAGAIN, "its reader is behind")
        self._pending = _write_rows(rows, seconds, self._write_row).encode()
        self._flush(ended)

    def _flush(self, ended: bool) -> None:
        """Write as much as the reader takes; at the end wait for it a little."""
        try:
            while self._pending:
                try:
                    self._pending = self._pending[os.write(self._descriptor, self._pending) :]
                except BlockingIOError:
                    if not ended or not select.select([], [self._descriptor], [], SECONDS_AT_THE_END)[1]:
                        return
        except OSError:
            self._pending = b""
            raise

    def close(self) -> None:
        if self._descriptor >= 0:
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = -1


def _write_rows(rows: Sequence[HistoryRow], seconds: float, write_row: Callable[[HistoryRow], str]) -> str:
    return "".join(write_row(replace(row, seconds=round(seconds, 3))) for row in rows)


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _open_stream(path: Path) -> int:
    """Open a pipe or a device so that it is not waited for, and an open file so that its position is shared."""
    if (number := _find_number(path)) is not None and not stat.S_ISFIFO(os.fstat(number).st_mode):
        return os.dup(number)
    try:
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        if error.errno == ENXIO:
            raise OSError(ENXIO, "nobody reads it") from None
        raise


def _find_number(path: Path) -> int | None:
    """Return the number of an open file of this process, such as 1 for /dev/stdout; None for any other."""
    if path.parent == Path("/dev") and path.name in STANDARD:
        return STANDARD[path.name]
    own = os.path.realpath(path.parent) == f"/proc/{os.getpid()}/fd"
    return int(path.name) if own and path.name.isdecimal() else None
