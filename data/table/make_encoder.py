"""Makes the encoder of a table: what each of its columns becomes."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.file_options import FileOptions
from gradstep.data.table.column_kind import ColumnKind
from gradstep.data.table.columns import MISSING, InputColumn
from gradstep.data.table.dates import DATE_PARTS, count_days, parse_date, read_date_part
from gradstep.data.table.judge_table import JudgedTable
from gradstep.data.table.missing import is_missing, is_missing_number
from gradstep.data.table.raw_table import RawTable

LARGE = 1e290
"""Numbers of which a sum may be larger than a float."""


def make_input_columns(
    table: RawTable, judged: JudgedTable, words: Mapping[int, Sequence[str]], options: FileOptions
) -> tuple[InputColumn, ...]:
    """Return how each input column is read; `words` are the cells of the columns that hold words or dates."""
    columns = []
    for index in judged.chosen.inputs:
        kind, name = judged.kinds[index], table.names[index]
        fills = bool(len(kind.missing)) and options.missing in ("mean", "own-category")
        marks = fills and options.missing == "own-category"
        if kind.kind == "number":
            fill = _find_mean(table, index, kind, judged) if fills else None
            columns.append(InputColumn(name, style=kind.style, fill=fill, marks_missing=marks))
        elif kind.kind == "date":
            cells = [words[index][row] for row in judged.rows.tolist()]
            columns.append(_make_date(name, kind, cells, options, fills, marks))
        else:
            cells = [words[index][row] for row in judged.rows.tolist()]
            columns.append(_make_category(name, cells, fills, marks))
    return tuple(columns)


def _find_mean(table: RawTable, index: int, kind: ColumnKind, judged: JudgedTable) -> float:
    column = table.columns[index]
    numbers = column.numbers.copy()
    for row, text in zip(column.text_rows, column.texts, strict=True):
        value = kind.style.parse(text)
        if value is not None and not is_missing_number(text):
            numbers[row] = value
    known = numbers[judged.rows]
    return find_mean(known[~np.isnan(known)])


def find_mean(numbers: Floats) -> float:
    """Return the mean of numbers whose sum may be larger than a float."""
    return float((numbers / len(numbers)).sum() if np.abs(numbers).max() > LARGE else numbers.mean())


def _make_category(name: str, cells: Sequence[str], fills: bool, marks: bool) -> InputColumn:
    counts = Counter(cell for cell in cells if not is_missing(cell))
    words = sorted({*counts, MISSING} if marks else counts)
    fill = (MISSING if marks else counts.most_common(1)[0][0]) if fills else None
    return InputColumn(name, "category", categories=tuple(words), fill=fill)


def _make_date(
    name: str, kind: ColumnKind, cells: Sequence[str], options: FileOptions, fills: bool, marks: bool
) -> InputColumn:
    written = kind.date_formats[0]
    dates = [date for cell in set(cells) if (date := parse_date(cell, written)) is not None]
    # what is the same in all dates says nothing
    parts = (
        tuple(part for part in DATE_PARTS if len({read_date_part(date, part) for date in dates}) > 1)
        if options.dates == "parts"
        else ()
    )
    fill = None
    if fills:
        known = [count_days(date) for cell in cells if (date := parse_date(cell, written)) is not None]
        fill = float(np.mean(known))
    return InputColumn(name, "date", date_format=written, date_parts=parts, fill=fill, marks_missing=marks)
