"""Tells a person who waits at a terminal how far the reading of a large file is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class ReportProgress(Protocol):
    """Called with how much of the whole is done."""

    def __call__(self, done: int) -> None: ...


@contextmanager
def reading_progress(what: str, whole: int) -> Iterator[ReportProgress]:
    """Yield what draws `reading WHAT 40 %` on standard error; the line is gone when all is done.

    Nothing is drawn where standard error is no terminal.
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
