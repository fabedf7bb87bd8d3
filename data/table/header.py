"""Finds out from the whole table whether its first row names the columns."""

from collections.abc import Sequence

import numpy as np

from gradstep.data.table.missing import is_missing, is_missing_number
from gradstep.data.table.number_style import split_number
from gradstep.data.table.raw_column import RawColumn, parse_plain

LOOKED_AT = 200
"""Cells of a column that are looked at."""

FEWEST_COUNTED = 3
"""Columns that a row of 0, 1, 2 … must have to be taken for names."""

FEWEST_BELOW_UNITS = 3
"""Rows that a table needs for its first one to be taken for one of units."""


def is_header(first: Sequence[str], columns: Sequence[RawColumn]) -> bool:
    """Whether the first row, which is the first of `columns` as well, names them.

    - A word above a column of numbers is a name, and so is a row of 0, 1, 2 … above other numbers.
    - A word that stands again below it in the same column is a value.
    - Without either, a row without a number names the columns.
    """
    if len(columns[0]) < 2:
        return not any(parse_plain(cell) is not None for cell in first)
    names = values = 0
    for column in columns:
        if len(column.text_rows) == 0 or column.text_rows[0] != 0:
            continue
        cell, others = column.texts[0], column.texts[1:]
        if is_missing_number(cell):
            continue
        if split_number(cell) is None and _has_numbers(others[:LOOKED_AT], len(column) - 1 - len(others)):
            names += 1
        elif cell in others and not is_missing(cell):
            values += 1
    if names or values:
        return names >= values
    if _counts_columns(first, columns):
        return True
    return not any(parse_plain(cell) is not None for cell in first)


def _has_numbers(texts: Sequence[str], plain: int) -> bool:
    """Whether a column of so many plain numbers, and these other cells, holds nothing but numbers."""
    written = [text for text in texts if not is_missing_number(text)]
    return bool(plain or written) and all(split_number(text) is not None for text in written)


def _counts_columns(first: Sequence[str], columns: Sequence[RawColumn]) -> bool:
    """Whether the first row is 0, 1, 2 …, or 1, 2, 3 …, maybe behind an empty cell, and no other row is."""
    counted = [cell for cell in first if cell]
    # two numbers alone can be a row like the others
    if len(first) < FEWEST_COUNTED or len(counted) < len(first) - 1 or not first[-1]:
        return False
    if counted not in ([str(number) for number in range(start, start + len(counted))] for start in (0, 1)):
        return False
    rows = np.array([column.numbers[1:50] for column in columns[len(first) - len(counted) :]])
    # rows that go on counting are no rows below names
    return not (np.diff(rows, axis=0) == 1).all(axis=0).any()


def is_units_row(columns: Sequence[RawColumn]) -> bool:
    """Whether the first row below the names holds units: a word in each column that holds numbers below it."""
    above_numbers = 0
    for column in columns:
        rows = column.text_rows
        if len(rows) == len(column):
            continue
        if len(rows) == 0 or rows[0] != 0 or is_missing_number(column.texts[0]):
            return False
        if not all(map(is_missing_number, column.texts[1:])):
            return False
        above_numbers += 1
    return above_numbers > 0 and len(columns[0]) > FEWEST_BELOW_UNITS
