"""Finds out from the whole table whether its first row names the columns."""

from collections.abc import Sequence

import numpy as np

from gradstep.data.table.missing import is_missing, is_missing_number
from gradstep.data.table.number_style import split_number
from gradstep.data.table.raw_column import RawColumn, parse_plain

LOOKED_AT = 200
"""Cells of a column that are looked at."""

FEWEST_COUNTED = 3
"""Numbers 0, 1, 2 … that a row must have to be taken for names."""

YEARS = range(1800, 2201)

FEWEST_BELOW_UNITS = 3
"""Rows that a table needs for its first one to be taken for one of units."""


def is_header(first: Sequence[str], columns: Sequence[RawColumn]) -> bool:
    """Whether the first row, which is the first of `columns` as well, names them.

    - A word above a column of numbers is a name, and so are numbers that count columns or years above other numbers.
    - A word that stands again below it in the same column is a value; one or another can be so by chance.
    - Without either, a row without a number names the columns.
    - Words of which all stand again in the same rows, with nothing but numbers elsewhere in a column, are names that
      stand in the file several times, as where files were joined.
    """
    if len(columns[0]) < 2:
        return not any(parse_plain(cell) is not None for cell in first)
    if _stand_again(columns):
        return True
    names = values = unclear = 0
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
        else:
            unclear += 1
    if names or values > unclear:
        return names >= values
    return _counts_columns(first, columns) or not any(parse_plain(cell) is not None for cell in first)


def _stand_again(columns: Sequence[RawColumn]) -> bool:
    """Whether the first row is one of words, stands again as a whole, and has nothing but numbers below one of them."""
    if not all(len(column.text_rows) and column.text_rows[0] == 0 for column in columns):
        return False
    # most tables are done with here, without a look at each of their rows
    if not all(column.texts.count(column.texts[0]) > 1 for column in columns):
        return False
    again: set[tuple[int, ...]] = set()
    above_numbers = False
    for column in columns:
        name = column.texts[0]
        rows = [row for row, text in zip(column.text_rows.tolist(), column.texts, strict=True) if text == name]
        others = [text for text in column.texts if text != name]
        is_word = not is_missing_number(name) and split_number(name) is None
        above_numbers |= is_word and _has_numbers(others[:LOOKED_AT], len(column) - len(column.texts))
        again.add(tuple(rows))
    return above_numbers and len(again) == 1


def _has_numbers(texts: Sequence[str], plain: int) -> bool:
    """Whether a column of so many plain numbers, and these other cells, holds nothing but numbers."""
    written = [text for text in texts if not is_missing_number(text)]
    return bool(plain or written) and all(split_number(text) is not None for text in written)


def _counts_columns(first: Sequence[str], columns: Sequence[RawColumn]) -> bool:
    """Whether the numbers of the first row are 0, 1, 2 …, or 1, 2, 3 …, or years one after the other, and no other row.

    Only its first cell may be empty.
    """
    indices = [index for index, cell in enumerate(first) if parse_plain(cell) is not None]
    if not all(first[1:]) or not all(first[index].isdecimal() and len(first[index]) <= 4 for index in indices):
        return False
    counted = [int(first[index]) for index in indices]
    are_years = bool(counted) and counted[0] in YEARS
    # two numbers alone can be a row like the others
    if len(counted) < FEWEST_COUNTED - (are_years and len(counted) < len(first)):
        return False
    if not (are_years or counted[0] in (0, 1)) or len(set(np.diff(counted).tolist())) > 1 or counted[1] <= counted[0]:
        return False
    rows = np.array([columns[index].numbers[1:LOOKED_AT] for index in indices])
    # rows that go on counting are no rows below names
    return not (np.diff(rows, axis=0) == counted[1] - counted[0]).all(axis=0).any()


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
