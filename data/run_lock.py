"""A lock on the folder of a saved run: it says that a program has the run open, and ends with that program."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from time import sleep

from gradstep.core.errors import GradstepError

LOCK_NAME = ".lock"
LONGEST_NUMBER = 20
"""More bytes than the number of a process has."""

ATTEMPTS = 3
SECONDS_BETWEEN_ATTEMPTS = 0.01
"""A program that lists the runs, or tidies them up, holds a lock for a moment: it does not have the run open."""


class RunIsOpen(GradstepError):
    """Another program has the run open."""

    def __init__(self, folder: Path, process: str) -> None:
        by = f" by process {process}" if process else ""
        super().__init__(f"the run {folder.name} is open in another gradstep{by}: quit that one first")


class RunLock:
    """The lock of a folder, held until `release`, or until the process ends, however it does.

    A file system without locks locks nothing.
    """

    def __init__(self, folder: Path) -> None:
        """Lock the folder; raises RunIsOpen, and OSError if its lock file cannot be written."""
        self._descriptor: int | None = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(self._descriptor)
        except BlockingIOError:
            process = _read_process(self._descriptor)
            self.release()
            raise RunIsOpen(folder, process) from None
        except OSError:
            return
        # a full disk keeps no number, but the lock holds
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let others open the run."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __del__(self) -> None:
        # the run of a session that was replaced may be opened again
        if hasattr(self, "_descriptor"):
            self.release()


def find_process(folder: Path) -> str | None:
    """Return the number of the process that has the run in this folder open; empty if it is unknown, None for none."""
    try:
        descriptor = os.open(folder / LOCK_NAME, os.O_RDONLY)
    except OSError:
        return None
    try:
        _lock(descriptor, fcntl.LOCK_SH)
    except BlockingIOError:
        return _read_process(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
    return None


def _lock(descriptor: int, kind: int = fcntl.LOCK_EX) -> None:
    """Lock an open file; raises BlockingIOError if another program keeps it locked."""
    for attempt in range(ATTEMPTS):
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if attempt == ATTEMPTS - 1:
                raise
        sleep(SECONDS_BETWEEN_ATTEMPTS)


def _read_process(descriptor: int) -> str:
    process = os.read(descriptor, LONGEST_NUMBER).decode(errors="replace").strip()
    return process if process.isdecimal() else ""
