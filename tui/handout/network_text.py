"""The drawing of a network as lines of text: every unit with its weights, and a bus between the columns."""

from collections.abc import Sequence

from gradstep.tui.drawing.cells import count_cells
from gradstep.tui.handout.network_drawing import Column, NetworkDrawing

WIDEST = 120
"""Cells of the widest drawing: a wider one has its columns one below the other."""

BRANCHES = {
    # to the left, to the right, up, down
    (True, True, True, True): "─┼─",
    (True, True, True, False): "─┴─",
    (True, True, False, True): "─┬─",
    (True, True, False, False): "───",
    (True, False, True, True): "─┤ ",
    (True, False, True, False): "─┘ ",
    (True, False, False, True): "─┐ ",
    (False, True, True, True): " ├─",
    (False, True, True, False): " └─",
    (False, True, False, True): " ┌─",
    (False, False, True, True): " │ ",
}
"""A line of the bus, by where it leads."""


def draw_text(drawing: NetworkDrawing) -> tuple[str, ...]:
    """Return the lines, the first with the titles. Every unit to the left of a bus leads to every unit to its right."""
    columns = [_write_column(drawing, index) for index in range(len(drawing.columns))]
    titles = [column.title for column in drawing.columns]
    widths = [max(map(count_cells, [title, *texts])) for title, texts in zip(titles, columns, strict=True)]
    if sum(widths) + 3 * len(widths) > WIDEST:
        return tuple(line for title, texts in zip(titles, columns, strict=True) for line in (f"{title}:", *texts))
    tallest = max(len(column.slots) for column in drawing.columns)
    rows = [_find_rows(column, tallest) for column in drawing.columns]
    lines = ["    ".join(_fill(title, " ", width) for title, width in zip(titles, widths, strict=True))]
    for row in range(2 * tallest - 1):
        line = ""
        for index, texts in enumerate(columns):
            is_unit, is_last = row in rows[index], index + 1 == len(columns)
            line += _draw_bus(row, rows[index - 1], rows[index]) if index else ""
            text = texts[rows[index].index(row)] + " " if is_unit else ""
            line += _fill(text, "─" if is_unit and not is_last else " ", widths[index] + 1)
        lines.append(line)
    return tuple(line.rstrip() for line in lines)


def _fill(text: str, filling: str, width: int) -> str:
    return text + filling * (width - count_cells(text))


def _find_rows(column: Column, tallest: int) -> list[int]:
    """Return the line of each slot; the columns have the same middle."""
    count = len(column.slots)
    return [tallest - count + 2 * slot for slot in range(count)]


def _write_column(drawing: NetworkDrawing, index: int) -> list[str]:
    column = drawing.columns[index]
    texts = []
    for slot, unit in enumerate(column.slots):
        if unit is None:
            texts.append(f"\u22ee {column.left_out} more")
            continue
        weights = [edge.text for edge in drawing.edges[index - 1] if edge.target == slot] if index else []
        written = f"w = {', '.join(weights)}" if any(weights) else ""
        texts.append("  ".join(part for part in (f"({unit.symbol})", written, unit.below, unit.beside) if part))
    return texts


def _draw_bus(row: int, before: Sequence[int], after: Sequence[int]) -> str:
    """Draw the three cells of the bus in a line."""
    top, bottom = min(*before, *after), max(*before, *after)
    if not top <= row <= bottom:
        return "   "
    return BRANCHES[row in before, row in after, row > top, row < bottom]
