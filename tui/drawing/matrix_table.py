"""Matrices as tables, folded around the chosen entry where they do not fit."""

from rich.style import Style
from textual.strip import Strip

from gradstep.core.ledger.micro_step import Axis, Focus, Matrix
from gradstep.tui.drawing.palette import DIM, MARKED, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, join_blocks, make_line
from gradstep.tui.numbers import format_number

CELL = 9
LABEL = 5
GAP = 2
"""Cells of an entry, of the narrowest label before a row, and between two tables."""


def draw_matrices(tables: list[tuple[Matrix, bool]], focus: Focus, width: int, height: int) -> list[Strip]:
    """Draw tables side by side on `height` lines; each comes with whether the micro-step writes it or only reads it.

    Of tables that do not fit side by side the first are left out: the last is what the micro-step makes.
    """
    if not tables or height < 3:
        return []
    while len(tables) > 1 and sum(_measure_narrowest(table) for table, _ in tables) > width:
        tables = tables[1:]
    widths = _choose_widths([table for table, _ in tables], width)
    blocks = [
        _draw_matrix(table, written, focus, room, height) for (table, written), room in zip(tables, widths, strict=True)
    ]
    return join_blocks(blocks, widths)


def _choose_widths(tables: list[Matrix], width: int) -> list[int]:
    """Choose the width of each table. If all do not fit, columns are folded first, and then titles are shortened."""
    narrow = list(map(_measure_narrowest, tables))
    titles = [len(table.name) + len(_format_shape(table)) + GAP for table in tables]
    titled = list(map(max, narrow, titles))
    whole = [low + CELL * (table.values.shape[1] - 1) for table, low in zip(tables, narrow, strict=True)]
    rooms = list(map(max, whole, titled))
    for least in (titled, narrow):
        while sum(rooms) > width and rooms != least:
            spare = [room - low for room, low in zip(rooms, least, strict=True)]
            widest = spare.index(max(spare))
            rooms[widest] -= min(CELL, spare[widest], sum(rooms) - width)
    return rooms


def _fit_title(table: Matrix, room: int) -> tuple[str, str]:
    """Return the name, shortened if necessary, and the shape."""
    name, shape = table.name, _format_shape(table)
    room -= len(shape)
    return name if len(name) <= room else name[: room - 1] + "…", shape


def _format_shape(table: Matrix) -> str:
    return "  " + " × ".join(map(str, table.values.shape))


def _measure_label(table: Matrix) -> int:
    """Return the cells of the label before a row; the last index is the longest. An entry begins with a blank."""
    return max(LABEL, len(format_axis_label(table.rows, table.values.shape[0] - 1, table)))


def _measure_narrowest(table: Matrix) -> int:
    """Return the cells of the table with one column and the gap after it."""
    return _measure_label(table) + CELL + GAP


def _draw_matrix(table: Matrix, written: bool, focus: Focus, width: int, height: int) -> list[Strip]:
    mark, label = table.marked(focus), _measure_label(table)
    row, column = mark if mark is not None else (table.rows.index(focus), table.columns.index(focus))
    folded = table.values.shape[0] > height - 2
    rows = choose_visible_range(table.values.shape[0], height - 3 if folded else height - 2, row)
    columns = choose_visible_range(table.values.shape[1], max(1, (width - label - GAP) // CELL), column)
    name, shape = _fit_title(table, width - GAP)
    strips = [make_line((name, STRONG if written else PLAIN), (shape, DIM))]
    header: list[Piece] = [(" " * label, DIM)]
    header += [(format_axis_label(table.columns, index, table).rjust(CELL), DIM) for index in columns]
    strips.append(make_line(*header, (_mark_hidden_columns(columns, table.values.shape[1]), DIM)))
    for index in rows:
        pieces: list[Piece] = [(format_axis_label(table.rows, index, table).ljust(label), DIM)]
        for at in columns:
            pieces += _draw_cell(float(table.values[index, at]), (index, at) == mark, PLAIN)
        strips.append(make_line(*pieces))
    if folded:
        strips.append(make_line((f"… {table.values.shape[0] - len(rows)} more rows", DIM)))
    return strips


def _draw_cell(value: float, marked: bool, style: Style) -> list[Piece]:
    text = format_number(value, 0)
    return [(" " * (CELL - len(text)), style), (text, MARKED if marked else style)]


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
