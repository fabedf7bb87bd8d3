"""Reads a table of text: its rows as columns of numbers and words, before anything is decided about them."""

import csv
import re
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np

from gradstep.core.errors import GradstepError, make_printable
from gradstep.core.network.arrays import Indices
from gradstep.data.formats.reading_progress import ReportProgress, show_progress
from gradstep.data.table.delimiter import split_lines
from gradstep.data.table.header import is_header, is_units_row
from gradstep.data.table.layout import COMMENT, Layout, read_layout
from gradstep.data.table.raw_column import RawColumn, parse_plain
from gradstep.data.table.row_names import check_row_names, refuse_names
from gradstep.data.table.text import find_encoding, iterate_lines, read_table_content
from gradstep.data.toml_value import quote_value

CELLS_AT_ONCE = 1 << 17
"""Values that are kept as text at the same time."""

LEADING_ZERO = re.compile(r",0[0-9]")

MOST_RAGGED = 5
"""Rows with a wrong number of values that are remembered with their lines."""


@dataclass(eq=False)
class RawTable:
    """A table of text.

    - `names` has a name for each column, from the first line or made up.
    - `columns` has their cells.
    - `lines` is the line in the file that each row ends on, from 1.
    - `header_line` is the line of the names; 0 if no line names the columns.
    - `ragged` has the line and the number of values of the first rows that are left out because they have another
      number of values, `ragged_count` the number of such rows.
    """

    path: Path
    content: bytes
    encoding: str
    layout: Layout
    names: list[str]
    columns: list[RawColumn]
    lines: Indices
    header_line: int
    ragged: list[tuple[int, int]] = field(default_factory=list)
    ragged_count: int = 0

    def read_words(self, indices: Collection[int]) -> dict[int, list[str]]:
        """Return the cells of some columns as they are written, without spaces around them.

        The file is read again if a column has numbers, whose text is not kept.
        """
        again = [index for index in indices if len(self.columns[index].texts) < len(self.columns[index])]
        words = {index: list(self.columns[index].texts) for index in indices if index not in again}
        if not again:
            return words
        wanted: dict[int, list[str]] = {index: [] for index in again}
        first = self.lines[0] if len(self.lines) else 0
        last = int(self.lines[-1]) if len(self.lines) else None
        lines = islice(iterate_lines(self.content, self.encoding, lambda done: None), last)
        skipped = sum(1 for _ in islice(lines, self.layout.skipped))
        for line, row in _split_rows(self.path, lines, self.layout, skipped, _Ragged()):
            if line >= first:
                for index, cells in wanted.items():
                    cells.append(row[index].strip())
        return words | wanted

    def drop_first_row(self) -> None:
        """Remove the first row, which is no row of data."""
        for column in self.columns:
            column.drop_first()
        self.lines = self.lines[1:]


class _Ragged:
    """The rows with a wrong number of values."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[tuple[int, int]] = []

    def add(self, line: int, width: int) -> None:
        self.count += 1
        if len(self.first) < MOST_RAGGED:
            self.first.append((line, width))


def read_raw_table(
    path: Path,
    delimiter: str | None = None,
    header: str = "auto",
    points: bool = True,
    expected_names: Collection[str] = (),
    content: bytes | None = None,
    last_line: int | None = None,
) -> RawTable:
    """Read a text file, plain or gzipped, as a table.

    `delimiter` is found if it is None, and so is, with "auto", whether the first line names the columns: it does if it
    has all of `expected_names`, in whatever case. Without `points`, numbers with a point in them are kept as text.
    `content` is that of the file, if it was read before: a pipe can be read once. Lines after `last_line` are as if
    they were not there. Raises GradstepError, with the line, for what is no table.
    """
    content = read_table_content(path) if content is None else content
    encoding = find_encoding(content, path)
    with show_progress(path.name, len(content)) as report:
        return _read(path, content, encoding, delimiter, header, points, expected_names, report, last_line)


def _read(
    path: Path,
    content: bytes,
    encoding: str,
    delimiter: str | None,
    header: str,
    points: bool,
    expected_names: Collection[str],
    report: ReportProgress,
    last_line: int | None,
) -> RawTable:
    layout, lines = read_layout(islice(iterate_lines(content, encoding, report), last_line), delimiter)
    if layout.names_halved and header != "no":
        refuse_names(path, layout.skipped + 1, layout.names_halved, layout)
    ragged = _Ragged()
    rows = _split_rows(path, lines, layout, layout.skipped, ragged)
    top = next(rows, None)
    if top is None:
        raise GradstepError(f"{path} holds no rows: it is empty")
    columns = [RawColumn() for _ in top[1]]
    line_numbers = array("q", [top[0]])
    _add_rows(columns, [top[1]], points)
    for portion in _take_portions(rows, len(columns)):
        line_numbers.extend(line for line, _ in portion)
        _add_rows(columns, [row for _, row in portion], points, are_data=True)
    table = RawTable(
        path=path,
        content=content,
        encoding=encoding,
        layout=layout,
        names=[],
        columns=columns,
        lines=np.array(line_numbers, np.intp),
        header_line=0,
        ragged=ragged.first,
        ragged_count=ragged.count,
    )
    first = [cell.strip() for cell in top[1]]
    _name_columns(table, first, header == "yes" or (header == "auto" and _has_header(first, columns, expected_names)))
    if layout.names_short and table.header_line:
        check_row_names(path, table.header_line, layout, columns)
    _drop_empty_columns(table, first if table.header_line else [""] * len(first))
    if header == "no":
        return table
    if not table.header_line and (found := _find_names_in_comments(layout)):
        table.header_line, names = found
        table.names = _complete_names(names)
    if table.header_line and is_units_row(columns):
        units = ", ".join(column.texts[0] for column in columns if len(column.text_rows) and column.text_rows[0] == 0)
        layout.left_out.append(f"line {table.lines[0]} names units: {quote_value(units)}")
        table.drop_first_row()
    return table


def _take_portions(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[list[tuple[int, list[str]]]]:
    """Yield the rows in portions of about CELLS_AT_ONCE values."""
    while portion := list(islice(rows, max(1, CELLS_AT_ONCE // width))):
        yield portion


def _add_rows(
    columns: Sequence[RawColumn], rows: Sequence[Sequence[str]], points: bool, are_data: bool = False
) -> None:
    """Add rows to the columns; if they `are_data`, and no names, leading zeros are looked for."""
    text = ",".join(map(",".join, rows))
    plain = "_" not in text and (points or "." not in text)
    # most tables have none, and all values at once are looked through faster
    has_leading_zeros = are_data and LEADING_ZERO.search(f",{text}") is not None
    for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
        column.extend(cells, plain, points)
        if has_leading_zeros:
            column.look_for_leading_zeros(cells)


def _has_header(first: Sequence[str], columns: Sequence[RawColumn], expected_names: Collection[str]) -> bool:
    if expected_names and {name.casefold() for name in expected_names} <= {name.casefold() for name in first}:
        return True
    return is_header(first, columns)


def _name_columns(table: RawTable, first: Sequence[str], header: bool) -> None:
    """Name the columns after the first row, which is then no row of the table, or by their numbers."""
    if header:
        table.header_line = int(table.lines[0])
        table.drop_first_row()
        if not len(table.lines) and not table.ragged_count:
            raise GradstepError(f"{table.path} holds no rows: a header and at least one row below it are needed")
    # a header can be a comment for numpy
    names = [first[0].lstrip(COMMENT).strip() or first[0], *first[1:]]
    table.names = _complete_names(names if header else [""] * len(first))


def _drop_empty_columns(table: RawTable, names: Sequence[str]) -> None:
    """Remove the last columns while they have neither a name nor a value, as spreadsheets leave them."""
    count = len(names)
    while count > 1 and not names[count - 1] and _is_empty(table.columns[count - 1]):
        count -= 1
    del table.names[count:], table.columns[count:]


def _is_empty(column: RawColumn) -> bool:
    return len(column.texts) == len(column) and not any(column.texts)


def _complete_names(names: Sequence[str]) -> list[str]:
    """Return names that can be printed; an empty one becomes "column N"."""
    return [make_printable(name) or f"column {number}" for number, name in enumerate(names, start=1)]


def _find_names_in_comments(layout: Layout) -> tuple[int, list[str]] | None:
    """Return the line and the names where the last comment before the table names its columns."""
    if not layout.comments:
        return None
    text = layout.comments[-1].lstrip(COMMENT).strip()
    names = [cell.strip() for cell in next(iter(split_lines([text], layout.delimiter, layout.quote)), [])]
    if len(names) != layout.width or not all(names) or any(parse_plain(name) is not None for name in names):
        return None
    return len(layout.comments), names


def _split_rows(
    path: Path, lines: Iterator[str], layout: Layout, skipped: int, ragged: _Ragged
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the number of the line that it ends on."""
    # an empty line at the end is a row without values, unless a quote is still open
    reader = split_lines(chain(lines, [""]), layout.delimiter, layout.quote)
    width, is_short = layout.width, layout.names_short
    row: list[str] = []
    try:
        for row in reader:
            if row and len(row) == width and row[0] and not row[0].isspace():
                yield reader.line_num + skipped, row
            elif any(map(str.strip, row)):
                fitted = ["", *row] if is_short else layout.fit(row)
                if fitted is not None:
                    yield reader.line_num + skipped, fitted
                else:
                    ragged.add(reader.line_num + skipped, len(row))
            is_short = False
    except csv.Error as error:
        # csv tells a quote that is never closed in a long file from the length of the value alone
        why = f"{error}; a quote may be opened above and never closed" if "field limit" in str(error) else error
        raise GradstepError(f"{path}, line {reader.line_num + skipped}: {why}") from None
    if row:
        opened = reader.line_num - 1 + skipped - _count_further_lines(row[-1])
        raise GradstepError(f"{path}: the quote opened in line {opened} is never closed")


def _count_further_lines(cell: str) -> int:
    """Return how many lines a value goes on for behind its first; the end of its last line begins no other."""
    ends = cell.count("\n") or cell.count("\r")
    return ends - cell.endswith(("\n", "\r"))
