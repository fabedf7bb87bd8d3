"""Shows on standard error how much of a large file has been read."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class ReportProgress(Protocol):
    """Takes how many bytes are done."""

    def __call__(self, done: int) -> None:
        """Report that this many bytes are done."""


@contextmanager
def show_progress(what: str, whole: int) -> Iterator[ReportProgress]:
    """Yield a function that writes `reading WHAT 40%`, for so many bytes in `whole`; the line is erased at the end.

    Nothing is written where standard error is not a terminal.
    """
    drawn = False

    def report(done: int) -> None:
        nonlocal drawn
        print(f"\rreading {what} {done / whole:.0%}", end="", file=sys.stderr, flush=True)
        drawn = True

    watched = sys.stderr is not None and sys.stderr.isatty()
    try:
        yield report if watched else _silent
    finally:
        if drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _silent(done: int) -> None:
    pass
