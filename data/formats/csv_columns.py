"""Reads the rows of a CSV file into columns of numbers and columns of words."""

import csv
import sys
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from math import isfinite, nan
from pathlib import Path
from typing import NoReturn

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.data.formats.csv_text import guess_delimiter, is_header, is_missing, parse_number, parse_numbers
from gradstep.data.toml_value import quote_value

SAMPLE = 50
"""Lines from which the delimiter is guessed."""


class CsvColumns:
    """The columns of a CSV file. A column holds numbers if it has one in the first row, and words otherwise.

    - `names` has the names of all columns.
    - `numeric` has the indices of the columns of numbers, and `numbers` (rows, numeric columns) their values.
    - `words` has the other columns by their index.
    """

    def __init__(
        self, path: Path, lines: Iterator[str], skipped: int, decimal: str, most_rows: int | None = None
    ) -> None:
        """Read `lines`, which follow `skipped` others in the file; with `most_rows` only so many rows of them.

        Raises GradstepError with the file, the line and the column.
        """
        self._path, self._decimal = path, decimal
        sample = list(islice(lines, SAMPLE))
        rows = self._split_rows(chain(sample, lines), guess_delimiter(sample, decimal), skipped)
        first = list(islice(rows, 2))
        if not first:
            raise GradstepError(f"{path} holds no rows: it is empty")
        top = first[0][1]
        if header := is_header(top, first[-1][1], decimal):
            del first[0]
        if not first:
            raise GradstepError(f"{path} holds no rows: a header and at least one row below it are needed")
        # some programs end each line with a delimiter, so the last column has neither a name nor a value
        self._ends_with_delimiter = header and not top[-1] and not first[0][1][-1]
        if self._ends_with_delimiter:
            top = top[:-1]
        self.names = [cell if header and cell else f"column {index}" for index, cell in enumerate(top, start=1)]
        self.numeric = [
            index for index, cell in enumerate(first[0][1][: len(top)]) if parse_number(cell, decimal) is not None
        ]
        self.words: dict[int, list[str]] = {index: [] for index in sorted({*range(len(self.names))} - {*self.numeric})}
        self.numbers = self._read_numbers(islice(chain(first, rows), most_rows))

    def _split_rows(self, lines: Iterator[str], delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are not empty, each with the number of the line that it ends on."""
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            for row in reader:
                cells = list(map(str.strip, row))
                if any(cells):
                    yield reader.line_num + skipped, cells
        except csv.Error as error:
            raise GradstepError(f"{self._path}, line {reader.line_num + skipped}: {error}") from None

    def _read_numbers(self, rows: Iterator[tuple[int, list[str]]]) -> Floats:
        """Read all rows: returns the numbers (rows, numeric columns), and fills `words`."""
        values, lines = array("d"), array("q")
        for line, cells in rows:
            if self._ends_with_delimiter and not cells[-1]:
                del cells[-1]
            if len(cells) != len(self.names):
                raise GradstepError(
                    f"{self._path}, line {line}: {len(cells)} values, but the first line has {len(self.names)}"
                )
            values.extend(self._parse_row(line, cells))
            for index, column in self.words.items():
                # so that equal words of many rows are one object
                column.append(sys.intern(cells[index]))
            lines.append(line)
        for index, column in self.words.items():
            self._check_words(lines, index, column)
        return np.frombuffer(values, np.float64).reshape(len(lines), len(self.numeric))

    def _parse_row(self, line: int, cells: Sequence[str]) -> list[float]:
        """Return the numbers of a row. Raises GradstepError for a missing value in any column, and for a word."""
        try:
            numbers = parse_numbers([cells[index] for index in self.numeric], self._decimal)
        except ValueError:
            numbers = [nan]
        # a sum is finite only if every number is: so most rows need no look at each number
        if not isfinite(sum(numbers)) or any(is_missing(cells[index]) for index in self.words):
            self._check_row(line, cells)
        return numbers

    def _check_row(self, line: int, cells: Sequence[str]) -> None:
        """Raise for the first missing value, or else for the first number that is not finite, if there is one."""
        for index, cell in enumerate(cells):
            if is_missing(cell):
                self._refuse(line, index, "the value is missing; fill it in, or leave the row out")
        for index in self.numeric:
            value = parse_number(cells[index], self._decimal)
            if value is None or not isfinite(value):
                self._refuse_word(line, index, cells[index])

    def _check_words(self, lines: Sequence[int], index: int, column: Sequence[str]) -> None:
        """Raise for a number with the other decimal mark, and for a column with numbers below its first word."""
        for line, word in zip(lines, column, strict=True):
            if self._suggest_decimal(word):
                self._refuse_word(line, index, word)
            if parse_number(word, self._decimal) is not None:
                self._refuse(
                    lines[0], index, f"{quote_value(column[0])} is not a finite number, but {word} below it is one"
                )

    def _refuse_word(self, line: int, index: int, cell: str) -> NoReturn:
        self._refuse(line, index, f"{quote_value(cell)} is not a finite number{self._suggest_decimal(cell)}")

    def _suggest_decimal(self, cell: str) -> str:
        """Return what to do if the cell is a number with the other decimal mark; "" if it is not."""
        other = "," if self._decimal == "." else "."
        if parse_number(cell, self._decimal) is not None or parse_number(cell, other) is None:
            return ""
        return f"; with data.decimal = {quote_value(other)} it would be"

    def _refuse(self, line: int, index: int, what: str) -> NoReturn:
        raise GradstepError(f"{self._path}, line {line}, column {quote_value(self.names[index])}: {what}")
