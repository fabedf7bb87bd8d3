"""Matrices as tables: whole where they fit, else folded around the chosen entry."""

from dataclasses import dataclass, replace

from textual.strip import Strip

from gradstep.core.ledger.micro_step import Axis, Focus, Matrix
from gradstep.tui.drawing.cells import align_left, align_right, count_cells
from gradstep.tui.drawing.palette import DIM, MARKED, PLAIN, STRONG
from gradstep.tui.drawing.spelling import spell_out
from gradstep.tui.drawing.strips import Piece, join_blocks, make_line
from gradstep.tui.drawing.unit_labels import UnitLabels
from gradstep.tui.numbers import format_number

CELL = 9
LABEL, LONGEST_LABEL = 5, 10
GAP = 2
"""Cells of an entry, of the narrowest and the widest label before a row, and between two tables."""

SMALL = 64
"""The entries of a table up to which each column is as wide as its numbers."""

NO_LABELS = UnitLabels()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A matrix to draw, with the names of its inputs and outputs.

    It is `written` by the micro-step or only read. A `hidden` one has dashes, and ? at the entry in focus.
    """

    matrix: Matrix
    written: bool
    hidden: bool = False
    labels: UnitLabels = NO_LABELS

    @property
    def name(self) -> str:
        """The name, as it stands in the title."""
        return spell_out(self.matrix.name)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.matrix.values)

    @property
    def columns(self) -> int:
        """The number of columns."""
        return len(self.matrix.values[0])

    @property
    def shape(self) -> str:
        """The shape, as it stands in the title."""
        return f"  {self.rows} × {self.columns}"

    @property
    def is_small(self) -> bool:
        """Whether each column is as wide as its numbers."""
        return self.rows * self.columns <= SMALL

    def label_row(self, index: int) -> str:
        """Return the label of a row."""
        return self._label(self.matrix.rows, index)

    def label_column(self, index: int) -> str:
        """Return the label of a column."""
        return self._label(self.matrix.columns, index)

    def _label(self, axis: Axis, index: int) -> str:
        name = self.labels.of_neuron(axis.layer, index) if axis.counts == "neuron" else ""
        if axis.counts == "weight" and axis.layer == 1:
            name = self.labels.of_input(index)
        return name or format_axis_label(axis, index, self.matrix)

    def measure_label(self) -> int:
        """Return the cells of the label before a row; of numbered ones the last is the longest."""
        named = self.matrix.rows.counts == "neuron" and self.labels.of_neuron(self.matrix.rows.layer, 0)
        indices = range(self.rows) if named else (self.rows - 1,)
        least = 0 if self.is_small else LABEL
        return min(LONGEST_LABEL if named else CELL, max(least, *(count_cells(self.label_row(i)) for i in indices)))

    def measure_cells(self) -> list[int]:
        """Return the cells of each column: a blank and the longest text in it; CELL for those of a large table."""
        if not self.is_small:
            return [CELL] * self.columns
        labels = [min(CELL - 1, count_cells(self.label_column(index))) for index in range(self.columns)]
        columns = zip(labels, self.matrix.values.T.tolist(), strict=True)
        return [1 + max(label, *(len(format_number(value, 0)) for value in column)) for label, column in columns]

    def measure_cell(self) -> int:
        """Return the cells of the widest column."""
        return max(self.measure_cells())

    def measure_narrowest(self) -> int:
        """Return the cells of the table with one column and the gap after it."""
        return self.measure_label() + self.measure_cell() + GAP

    def measure_titled(self) -> int:
        """Return the cells of the table with one column and the whole title."""
        return max(self.measure_narrowest(), len(self.name) + len(self.shape) + GAP)

    def measure_whole(self) -> int:
        """Return the cells of the table with all columns and the whole title."""
        return max(self.measure_titled(), self.measure_label() + sum(self.measure_cells()) + GAP)


def draw_matrices(tables: list[Table], focus: Focus, width: int, height: int) -> list[Strip]:
    """Draw tables on `height` lines: side by side and one below the other if they are whole then, else side by side.

    Names give way to numbers where they take too much room. Of tables that do not fit side by side the first are left
    out: the last is what the micro-step makes.
    """
    if not tables or height < 3:
        return []
    bands = _arrange_whole(tables, width)
    if bands and _measure_bands(bands) <= height:
        return _draw_bands(bands, focus, height)
    if sum(table.measure_narrowest() for table in tables) > width:
        tables = [replace(table, labels=NO_LABELS) for table in tables]
    while len(tables) > 1 and sum(table.measure_narrowest() for table in tables) > width:
        tables = tables[1:]
    widths = _choose_widths(tables, width)
    return join_blocks(
        [_draw_table(table, focus, room, height) for table, room in zip(tables, widths, strict=True)], widths
    )


def count_whole_lines(tables: list[Table], width: int) -> int | None:
    """Return the lines on which all tables are whole, side by side where they fit; None if one is too wide."""
    bands = _arrange_whole(tables, width)
    return _measure_bands(bands) if bands else None


def _arrange_whole(tables: list[Table], width: int) -> list[list[Table]]:
    """Arrange whole tables in bands, each side by side; an empty list if one is too wide."""
    bands: list[list[Table]] = [[]]
    for table in tables:
        if sum(each.measure_whole() for each in (*bands[-1], table)) - GAP > width:
            bands.append([])
        bands[-1].append(table)
    wide = any(table.measure_whole() - GAP > width for table in tables)
    return [] if wide else bands


def _measure_bands(bands: list[list[Table]]) -> int:
    return sum(2 + max(table.rows for table in band) for band in bands)


def _draw_bands(bands: list[list[Table]], focus: Focus, height: int) -> list[Strip]:
    """Draw whole tables in bands, with a blank line between two bands if there is room."""
    gap = [Strip([])] * (_measure_bands(bands) + len(bands) - 1 <= height)
    strips: list[Strip] = []
    for band in bands:
        widths = [table.measure_whole() for table in band]
        blocks = [_draw_table(table, focus, room, 2 + table.rows) for table, room in zip(band, widths, strict=True)]
        strips += [*(gap if strips else []), *join_blocks(blocks, widths)]
    return strips


def _choose_widths(tables: list[Table], width: int) -> list[int]:
    """Choose the width of each table. If all do not fit, columns are folded first, and then titles are shortened."""
    narrow, titled = [table.measure_narrowest() for table in tables], [table.measure_titled() for table in tables]
    cells, rooms = [table.measure_cell() for table in tables], [table.measure_whole() for table in tables]
    for least in (titled, narrow):
        while sum(rooms) > width and rooms != least:
            spare = [room - low for room, low in zip(rooms, least, strict=True)]
            widest = spare.index(max(spare))
            rooms[widest] -= min(cells[widest], spare[widest], sum(rooms) - width)
    return rooms


def _fit_title(table: Table, room: int) -> tuple[str, str]:
    """Return the name, shortened if necessary, and the shape."""
    name = table.name
    room -= len(table.shape)
    return name if len(name) <= room else name[: room - 1] + "…", table.shape


def _draw_table(table: Table, focus: Focus, width: int, height: int) -> list[Strip]:
    matrix, mark, label, cell = table.matrix, table.matrix.marked(focus), table.measure_label(), table.measure_cell()
    row, column = mark if mark is not None else (matrix.rows.index(focus), matrix.columns.index(focus))
    folded = table.rows > height - 2
    rows = choose_visible_range(table.rows, height - 3 if folded else height - 2, row)
    cells = table.measure_cells()
    columns = range(table.columns)
    if label + sum(cells) + GAP > width:
        columns = choose_visible_range(table.columns, max(1, (width - label - GAP) // cell), column)
        cells = [cell] * table.columns
    name, shape = _fit_title(table, width - GAP)
    strips = [make_line((name, STRONG if table.written else PLAIN), (shape, DIM))]
    header: list[Piece] = [(" " * label, DIM)]
    header += [(" " + align_right(table.label_column(index), cells[index] - 1), DIM) for index in columns]
    strips.append(make_line(*header, (_mark_hidden_columns(columns, table.columns), DIM)))
    for index in rows:
        pieces: list[Piece] = [(align_left(table.label_row(index), label), DIM)]
        for at in columns:
            value = None if table.hidden else float(matrix.values[index, at])
            pieces += _draw_cell(value, (index, at) == mark, cells[at])
        strips.append(make_line(*pieces))
    if folded and len(strips) < height:
        strips.append(make_line((f"… {table.rows - len(rows)} more rows", DIM)))
    return strips


def _draw_cell(value: float | None, marked: bool, cell: int) -> list[Piece]:
    text = "?" if value is None and marked else format_number(value, 0)
    return [(" " * (cell - len(text)), PLAIN), (text, MARKED if marked else PLAIN)]


def _mark_hidden_columns(columns: range, count: int) -> str:
    return " …" if len(columns) < count else ""


def choose_visible_range(count: int, room: int, chosen: int) -> range:
    """Return the indices to show: all if they fit, else as many as fit, with the chosen one among them."""
    room = max(1, min(room, count))
    first = min(max(0, chosen - room // 2), count - room)
    return range(first, first + room)


def format_axis_label(axis: Axis, index: int, table: Matrix) -> str:
    """Return the label of a row or column."""
    if axis.counts == "only":
        return ""
    if axis.counts == "weight" and "|" in table.name and index == table.values.shape[1] - 1:
        return "b"
    return {"example": "ex", "neuron": "n", "weight": "in"}[axis.counts] + f" {index + 1}"
