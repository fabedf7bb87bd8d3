"""The missing values of a table, which are filled in by what the training part alone shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.table.columns import MISSING, InputColumn
from gradstep.data.table.dates import count_days, from_days, parse_date, read_date_part
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.judge_table import JudgedTable
from gradstep.data.table.make_encoder import find_mean


@dataclass(frozen=True, eq=False)
class Gap:
    """A column of which values are missing.

    `index` is its place among the columns of the encoder. `values` (rows,) are its numbers, its days since 1970 or the
    indices of its categories; NaN where one is missing.
    """

    index: int
    values: Floats


def find_gaps(
    judged: JudgedTable, encoder: TableEncoder, inputs: Floats, words: Mapping[int, Sequence[str]]
) -> tuple[Gap, ...]:
    """Return the columns in which something stands for missing values that other rows would change.

    `inputs` (rows, features) are those of the table, and `words` the cells of its columns of words and dates.
    """
    gaps, first = [], 0
    for number, (column, index) in enumerate(zip(encoder.columns, judged.chosen.inputs, strict=True)):
        part = inputs[:, first : first + len(column.feature_names)]
        first += len(column.feature_names)
        if column.fill in (None, MISSING):
            continue
        cells = [words[index][row] for row in judged.rows.tolist()] if column.kind == "date" else []
        values = _read_values(column, part, cells)
        values[np.isin(judged.rows, judged.kinds[index].missing)] = np.nan
        gaps.append(Gap(number, values))
    return tuple(gaps)


def _read_values(column: InputColumn, part: Floats, cells: Sequence[str]) -> Floats:
    """Return the values of all rows; those of missing ones mean nothing."""
    if column.kind == "number":
        return np.array(part[:, 0])
    if column.kind == "category":
        return np.array(part.argmax(axis=1), np.float64)
    dates = [parse_date(cell, column.date_format) for cell in cells]
    return np.array([np.nan if date is None else count_days(date) for date in dates])


def fill_gaps(encoder: TableEncoder, inputs: Floats, gaps: Sequence[Gap], rows: Indices) -> tuple[TableEncoder, Floats]:
    """Return the encoder and the inputs (rows, features) with the gaps filled by what these rows show.

    A column of which they show nothing stays filled as it is.
    """
    columns, filled = list(encoder.columns), inputs.copy()
    starts = np.cumsum([0, *(len(column.feature_names) for column in columns)])
    for gap in gaps:
        known = gap.values[rows]
        known = known[~np.isnan(known)]
        if len(known):
            column = replace(columns[gap.index], fill=_find_fill(columns[gap.index], known))
            part = filled[:, starts[gap.index] : starts[gap.index + 1]]
            stand_in = _encode_fill(column)
            part[np.isnan(gap.values), : len(stand_in)] = stand_in
            columns[gap.index] = column
    return replace(encoder, columns=tuple(columns)), filled


def _find_fill(column: InputColumn, known: Floats) -> float | str:
    """Return the mean of the values that are known (values,), or the most frequent category."""
    if column.kind == "category":
        return column.categories[int(np.bincount(known.astype(np.intp)).argmax())]
    return find_mean(known)


def _encode_fill(column: InputColumn) -> Sequence[float]:
    """Return the inputs of what stands for a missing value, without the one that marks it."""
    if column.kind == "category":
        return [float(word == column.fill) for word in column.categories]
    assert isinstance(column.fill, float)
    if column.kind == "number":
        return [column.fill]
    date = from_days(column.fill)
    return [read_date_part(date, part) for part in column.date_parts] or [count_days(date)]
