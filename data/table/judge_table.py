"""Judges all columns of a table, and which of its rows can be learnt."""

from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.network.arrays import Indices
from gradstep.data.file_options import FileOptions
from gradstep.data.table.choose_columns import ChosenColumns
from gradstep.data.table.column_kind import NO_ROWS, ColumnKind, judge_column
from gradstep.data.table.raw_table import RawTable

MOST_DATES, ROWS_OF_A_DATE = 20, 5
"""At most so many different dates, with so many rows each on average, can be categories."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedTable:
    """What the chosen columns hold, and the rows that are learnt.

    `kinds` are by the index of the column. `rows` are the indices of the rows that are left. `wrong` has the rows that
    are left out because a cell of a column of numbers or dates is not one, by the index of the column. `few_dates` are
    the indices of columns whose dates are categories.
    """

    chosen: ChosenColumns
    kinds: dict[int, ColumnKind]
    rows: Indices
    wrong: dict[int, Indices]
    few_dates: frozenset[int] = frozenset()

    @property
    def columns_of_words(self) -> list[int]:
        """The indices of the columns whose cells are needed as they are written."""
        return [
            index
            for index, kind in self.kinds.items()
            if kind.kind in ("category", "date") or (kind.kind == "text" and index == self.chosen.target)
        ]


def judge_table(table: RawTable, chosen: ChosenColumns, options: FileOptions, usual: str = ".") -> JudgedTable:
    """Judge the columns that are inputs and target; `usual` is the decimal mark where both would do."""
    indices = sorted({*chosen.inputs, chosen.target})
    kinds = {
        index: judge_column(table.columns[index], options.decimal, index in chosen.words, usual) for index in indices
    }
    few = {
        index for index, kind in kinds.items() if options.dates == "refuse" and _has_few_dates(kind, len(table.lines))
    }
    kinds |= {index: replace(kinds[index], kind="category", date_formats=(), wrong=NO_ROWS) for index in few}
    wrong = {}
    if options.missing == "drop":
        wrong = {index: kind.wrong for index, kind in kinds.items() if kind.is_mixed and kind.is_mostly_right}
        kinds |= {index: _count_as_missing(kinds[index]) for index in wrong}
    return JudgedTable(chosen, kinds, _choose_rows(len(table.lines), kinds, chosen, options), wrong, frozenset(few))


def _has_few_dates(kind: ColumnKind, rows: int) -> bool:
    """Whether dates come again so often that each can be a category, such as the months of one year."""
    return kind.kind == "date" and kind.different <= MOST_DATES and kind.different * ROWS_OF_A_DATE <= rows


def _count_as_missing(kind: ColumnKind) -> ColumnKind:
    """Return the column with its wrong cells counted as missing."""
    return replace(kind, missing=np.union1d(kind.missing, kind.wrong), wrong=NO_ROWS)


def _choose_rows(count: int, kinds: dict[int, ColumnKind], chosen: ChosenColumns, options: FileOptions) -> Indices:
    """Return the rows that are learnt: without a target, nothing can be learnt of a row."""
    kept = np.ones(count, bool)
    if options.missing != "refuse":
        kept[kinds[chosen.target].missing] = False
    if options.missing == "drop":
        for kind in kinds.values():
            kept[kind.missing] = False
    return np.flatnonzero(kept)
