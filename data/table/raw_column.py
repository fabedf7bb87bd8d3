"""One column of a table as it was read: numbers, and the text of every cell that is not a number."""

import re
import sys
from array import array
from collections.abc import Sequence
from math import isfinite, nan

import numpy as np

from gradstep.core.network.arrays import Floats, Indices

CODE = re.compile(r"\s*0[0-9]+\s*")
"""A whole number with a zero before it."""


class RawColumn:
    """The cells of one column, row by row.

    A cell that is a plain, finite number is kept as the number, and any other as its text without spaces around it.
    `has_leading_zeros` says that a number is written as 007 is.
    """

    __slots__ = ("_numbers", "_rows", "_texts", "has_leading_zeros")

    def __init__(self) -> None:
        self.has_leading_zeros = False
        self._numbers = array("d")
        self._rows: array[int] | None = None
        self._texts: list[str] = []

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def numbers(self) -> Floats:
        """The numbers (rows,); NaN where a cell holds another text."""
        return np.frombuffer(self._numbers, np.float64)

    @property
    def text_rows(self) -> Indices:
        """The indices of the rows whose cells are no plain numbers (texts,)."""
        return np.zeros(0, np.intp) if self._rows is None else np.array(self._rows, np.intp)

    @property
    def texts(self) -> Sequence[str]:
        """The cells that are no plain numbers, in the order of `text_rows`."""
        return self._texts

    def read_cell(self, row: int) -> str:
        """Return the cell in a row as text; a plain number may have been written otherwise."""
        index = int(np.searchsorted(self.text_rows, row))
        if index < len(self._texts) and self.text_rows[index] == row:
            return self._texts[index]
        return f"{self._numbers[row]:.15g}"

    def count_different(self) -> int:
        """Return the number of different cells."""
        numbers = self.numbers
        return len(np.unique(numbers[~np.isnan(numbers)])) + len(set(self._texts))

    def extend(self, cells: Sequence[str], plain: bool, points: bool = True) -> None:
        """Add cells; `plain` says that Python reads nothing as a number in them that is not one in a data file.

        Without `points`, a number with a point in it is kept as text.
        """
        if plain:
            try:
                numbers = list(map(float, cells))
            except ValueError:
                pass
            else:
                # a sum is finite only if every number is
                if isfinite(sum(numbers)):
                    self._numbers.extend(numbers)
                    return
        self._extend_by_cells(cells, points)

    def _extend_by_cells(self, cells: Sequence[str], points: bool) -> None:
        # most columns of words have few different ones
        values = {cell: parse_plain(cell) if points or "." not in cell else None for cell in set(cells)}
        # so that equal words of many rows are one object
        words = {cell: sys.intern(cell.strip()) for cell, value in values.items() if value is None}
        if self._rows is None:
            self._rows = array("q")
        first = len(self._numbers)
        self._numbers.extend(nan if value is None else value for value in map(values.__getitem__, cells))
        self._rows.extend(row for row, cell in enumerate(cells, start=first) if cell in words)
        self._texts.extend(words[cell] for cell in cells if cell in words)

    def look_for_leading_zeros(self, cells: Sequence[str]) -> None:
        """Look at cells that are added."""
        self.has_leading_zeros = self.has_leading_zeros or any(map(CODE.fullmatch, cells))

    def drop_first(self) -> None:
        """Remove the first row."""
        del self._numbers[0]
        if self._rows is None:
            return
        if self._rows and self._rows[0] == 0:
            del self._rows[0], self._texts[0]
        self._rows = array("q", (row - 1 for row in self._rows))


def parse_plain(cell: str) -> float | None:
    """Return a finite number that is written without any style; None for other text."""
    # Python reads 1_000 as a number, and letters of other scripts
    if "_" in cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if isfinite(value) else None
