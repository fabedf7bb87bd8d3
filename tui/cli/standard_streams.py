"""Standard input, output and error, which whoever starts the program may have closed."""

import io
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from fcntl import F_GETFL, fcntl
from typing import TextIO

MIN_WIDTH = 40
"""Columns of a line that is wrapped."""

LONGEST_WORD = 320
"""Characters of a word in an error message: longer than any name of a file."""


def prepare_streams() -> None:
    """Make the standard streams ready for text of any kind.

    A stream that is closed becomes one that goes nowhere. Otherwise the next file that is opened would take its
    descriptor, and get what is meant for the stream. So does an input that can only be written to, as after
    `0>/dev/tty`, and an output that can only be read.
    """
    for descriptor, useless in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        try:
            if fcntl(descriptor, F_GETFL) & os.O_ACCMODE == useless:
                os.close(descriptor)
                os.open(os.devnull, os.O_RDWR)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free descriptor, which is this one
    sys.stdout = sys.stdout or _open_nowhere()
    sys.stderr = sys.stderr or _open_nowhere()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a character outside the encoding must not end a run


def is_interactive() -> bool:
    """Whether standard input, output and error are all a terminal that can draw."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


def print_error(message: str) -> None:
    """Print an error in one line on standard error, if that can be written."""
    print_report([message])


def print_report(lines: Sequence[str]) -> None:
    """Print an error on standard error, if that can be written, with further lines below it."""
    first, *others = map(_write_line, lines)
    written = [f"gradstep: {first}", *others]
    with suppress(OSError):
        print("\n".join(wrap_lines(written, sys.stderr) if others else written), file=sys.stderr, flush=True)


def wrap_lines(lines: Sequence[str], stream: TextIO) -> list[str]:
    """Wrap lines between words where they are printed on a terminal."""
    if stream is None or not stream.isatty():
        return list(lines)
    width = shutil.get_terminal_size().columns
    return [part for line in lines for part in _wrap(line, width) or [line]]


def _wrap(line: str, width: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(
        line, max(width, MIN_WIDTH), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _write_line(text: str) -> str:
    # one line, whatever a path holds
    words = re.sub(r"\s", " ", text).split(" ")
    return " ".join(word if len(word) <= LONGEST_WORD else f"{word[: LONGEST_WORD - 1]}…" for word in words)


def _open_nowhere() -> io.TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")
