"""The drawing of a network as SVG inside an HTML page: black on white, weights below 0 dashed."""

from collections.abc import Iterator, Sequence
from html import escape

from gradstep.tui.drawing.cells import count_cells
from gradstep.tui.handout.network_drawing import Column, Edge, NetworkDrawing

ACROSS, DOWN, RADIUS = 230, 86, 23
"""The distances of columns and of units, and the radius of a unit, in pixels."""

LEAST_SIDE, TOP, BOTTOM = 90, 30, 22
"""The room for what stands at the borders, in pixels; at the sides it grows with the names."""

LETTER = 8.6
"""The width of a letter, in pixels."""

HALO = 'paint-order="stroke" stroke="#fff" stroke-width="5"'
"""Keeps lines away from a text."""

THINNEST, THICKEST = 0.6, 2.4


def draw_svg(drawing: NetworkDrawing) -> str:
    """Return the element; it needs no style sheet."""
    tallest = max(len(column.slots) for column in drawing.columns)
    left, right = _find_side(drawing.columns[0]), _find_side(drawing.columns[-1])
    height = TOP + (tallest - 1) * DOWN + 2 * RADIUS + BOTTOM
    width = left + (len(drawing.columns) - 1) * ACROSS + right
    parts: list[str] = []
    for x, edges in enumerate(drawing.edges):
        parts += _draw_edges(drawing, x, edges, tallest)
    for x, column in enumerate(drawing.columns):
        parts += _draw_column(column, x, len(drawing.columns) - 1, tallest)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
        f'viewBox="{-left:.0f} 0 {width:.0f} {height}" font-family="DejaVu Serif,Georgia,serif" font-size="14" '
        f'text-anchor="middle">\n{body}\n</svg>'
    )


def _find_side(column: Column) -> float:
    """Return the room beside the centres of the first or the last column."""
    longest = max(count_cells(unit.beside) for unit in column.units)
    return max(LEAST_SIDE, 2 * RADIUS + LETTER * longest)


def _draw_edges(drawing: NetworkDrawing, column: int, edges: Sequence[Edge], tallest: int) -> Iterator[str]:
    """Draw all lines first: no line may cross a weight that is written."""
    largest = max((abs(edge.weight) for each in drawing.edges for edge in each), default=0.0) or 1.0
    sizes = len(drawing.columns[column].slots), len(drawing.columns[column + 1].slots)
    ends = [(edge, *_find_ends(column, edge, sizes, tallest)) for edge in edges]
    yield from (_draw_line(edge, one, two, largest) for edge, one, two in ends)
    yield from (_write_weight(edge, one, two, sizes[1]) for edge, one, two in ends if edge.text)


def _find_centre(column: int, slot: int, slots: int, tallest: int) -> tuple[float, float]:
    return column * ACROSS, TOP + RADIUS + (slot + (tallest - slots) / 2) * DOWN


def _find_ends(
    column: int, edge: Edge, sizes: tuple[int, int], tallest: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    return (
        _find_centre(column, edge.source, sizes[0], tallest),
        _find_centre(column + 1, edge.target, sizes[1], tallest),
    )


def _draw_line(edge: Edge, one: tuple[float, float], two: tuple[float, float], largest: float) -> str:
    width = THINNEST + (THICKEST - THINNEST) * min(1.0, abs(edge.weight) / largest)
    dashes = ' stroke-dasharray="7 4"' if edge.weight < 0 else ""
    return (
        f'<line x1="{one[0]:g}" y1="{one[1]:g}" x2="{two[0]:g}" y2="{two[1]:g}" '
        f'stroke="#555" stroke-width="{width:.2f}"{dashes}/>'
    )


def _write_weight(edge: Edge, one: tuple[float, float], two: tuple[float, float], targets: int) -> str:
    """Write a weight on its line, so near to its source that no two weights meet."""
    share = 1 / (targets + 1)
    x, y = one[0] + share * (two[0] - one[0]), one[1] + share * (two[1] - one[1]) + 4.5
    # the line keeps away from both ends of the number, or else it looks like a minus
    half = 4.5 * len(edge.text) + 6
    return (
        f'<rect x="{x - half:.1f}" y="{y - 12:.1f}" width="{2 * half:.1f}" height="15" fill="#fff"/>'
        f'<text x="{x:.1f}" y="{y:.1f}">{escape(edge.text)}</text>'
    )


def _draw_column(column: Column, index: int, last: int, tallest: int) -> Iterator[str]:
    x, _ = _find_centre(index, 0, 1, 1)
    yield f'<text x="{x}" y="16" font-size="13">{escape(column.title)}</text>'
    for slot, unit in enumerate(column.slots):
        _, y = _find_centre(index, slot, len(column.slots), tallest)
        if unit is None:
            yield f'<text x="{x}" y="{y + 5:g}" font-size="13">\u22ee {column.left_out} more</text>'
            continue
        yield f'<circle cx="{x}" cy="{y:g}" r="{RADIUS}" fill="#fff" stroke="#000" stroke-width="1.3"/>'
        yield f'<text x="{x}" y="{y + 5:g}" font-style="italic" font-size="16">{escape(unit.symbol)}</text>'
        if unit.below:
            yield f'<text x="{x}" y="{y + RADIUS + 16:g}" font-size="13" {HALO}>{escape(unit.below)}</text>'
        if unit.beside and index in (0, last):
            away, anchor = (-RADIUS - 8, "end") if index == 0 else (RADIUS + 8, "start")
            yield f'<text x="{x + away}" y="{y + 5:g}" text-anchor="{anchor}">{escape(unit.beside)}</text>'
