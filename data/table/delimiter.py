"""Finds what separates the values of a line."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from gradstep.data.table.missing import is_missing_number
from gradstep.data.table.number_style import split_number

if TYPE_CHECKING:
    import _csv

SPACES = " "
"""The delimiter that stands for runs of spaces and tabs."""

DELIMITERS = (",", ";", "\t", "|", SPACES)
DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes", SPACES: "spaces"}
"""Each delimiter that is looked for, as it is told."""

DELIMITER_WORDS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "spaces": SPACES}
"""What can be written on a command line for a delimiter that a shell does not like."""

NO_DELIMITERS = '"\n\r\0'
"""Characters that cannot separate values."""

REGULAR = 0.9
"""The share of lines that must have the same number of values."""

MOST_CELLS = 20_000
"""Values of the sample that are looked at to see whether they are numbers."""


def split_lines(lines: Iterable[str], delimiter: str, quote: str = '"') -> "_csv.Reader":
    """Return csv's reader of these lines; spaces after a delimiter do not count."""
    if delimiter == SPACES:
        lines = map(_strip_spaces, lines)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote, skipinitialspace=True)


def _strip_spaces(line: str) -> str:
    """Return the line with its end, but without spaces around it, and with a space for each tab."""
    end = line[len(line.rstrip("\r\n")) :]
    return line.replace("\t", " ").strip() + end


def find_delimiter(sample: Sequence[str]) -> str:
    """Return the delimiter that splits these lines into the same number of values, more than one.

    Where several do, the one that leaves the most numbers, and then the most values. Where none does, the one that
    splits the most lines into the same number of values.
    """

    def rate(delimiter: str) -> tuple[int, float, bool, float]:
        rows = list(_try_to_split(sample, delimiter))
        widths = Counter(map(len, rows))
        width, lines = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if width < 2:
            return 0, 0.0, False, 0.0
        share = lines / len(rows)
        if share < REGULAR:
            return 0, share, delimiter != SPACES, width
        return (2 if share == 1 else 1), _count_numbers(rows, width), delimiter != SPACES, width

    return max(DELIMITERS, key=rate)


def _try_to_split(sample: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the rows that hold anything. An error of csv is raised again, with its line, when the table is read."""
    try:
        for row in split_lines(sample, delimiter):
            if any(map(str.strip, row)):
                yield row
    except csv.Error:
        return


def _count_numbers(rows: Sequence[Sequence[str]], width: int) -> float:
    """Return the share of values that are numbers. Each different text is looked at once."""
    cells = Counter(cell for row in rows[: max(1, MOST_CELLS // width)] for cell in row)
    given = {cell: times for cell, times in cells.items() if not is_missing_number(cell.strip())}
    numbers = sum(times for cell, times in given.items() if split_number(cell) is not None)
    return numbers / max(1, sum(given.values()))
