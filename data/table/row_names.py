"""Tells R's row names, a column without a name, from a line of names that does not fit the rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.data.table.layout import Layout
from gradstep.data.table.raw_column import RawColumn


def check_row_names(path: Path, line: int, layout: Layout, columns: Sequence[RawColumn]) -> None:
    """Check that the first of these columns, which has no name in this line, names the rows.

    Raises GradstepError if it does not: then nobody knows which name belongs to which column.
    """
    if not _are_row_names(columns, layout.delimiter):
        refuse_names(path, line, layout.width - 1, layout)


def refuse_names(path: Path, line: int, count: int, layout: Layout) -> NoReturn:
    """Raise GradstepError for a line of fewer names than there are values in each row."""
    advice = "each column needs a name"
    if layout.delimiter == ",":
        advice = "are there decimal commas? Decimal points, quotes around the numbers or semicolons between them help"
    raise GradstepError(f"{path}, line {line}: {count} names, but {layout.width} values in each row; {advice}")


def _are_row_names(columns: Sequence[RawColumn], delimiter: str) -> bool:
    """Whether each row has a value of its own in the first column: a word, or a number that can be no half of one."""
    names = columns[0]
    numbers = names.numbers[~np.isnan(names.numbers)]
    if len(set(names.texts)) < len(names.texts) or "" in names.texts or len(np.unique(numbers)) < len(numbers):
        return False
    # with a point anywhere in the file, commas are no decimal ones
    if not len(numbers) or delimiter != "," or any((column.numbers % 1 > 0).any() for column in columns):
        return True
    return bool(numbers[0] in (0, 1) and (np.diff(numbers) == 1).all())
