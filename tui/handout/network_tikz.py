"""The drawing of a network for LaTeX, with TikZ: black on white, weights below 0 dashed."""

from collections.abc import Iterator

from gradstep.tui.handout.latex_text import escape_words, write_formula
from gradstep.tui.handout.network_drawing import Column, Edge, NetworkDrawing

ACROSS, DOWN = 4.4, 1.9
"""The distances of columns and of units, in centimetres."""

TITLE = 0.9
"""The distance of a column's title from its highest unit, in centimetres."""


def draw_tikz(drawing: NetworkDrawing) -> str:
    """Return the picture, in the middle of the line, and made smaller if it is wider than that."""
    tallest = max(len(column.slots) for column in drawing.columns)
    parts: list[str] = []
    for index, column in enumerate(drawing.columns):
        parts += _draw_column(column, index, len(drawing.columns) - 1, tallest)
    for index, edges in enumerate(drawing.edges):
        targets = len(drawing.columns[index + 1].slots)
        parts += [_draw_edge(edge, index) for edge in edges]
        parts += [_write_weight(edge, index, targets) for edge in edges if edge.text]
    for index, column in enumerate(drawing.columns):
        parts += _write_biases(column, index)
    body = "\n".join(f"  {part}" for part in parts)
    return (
        "\\sbox\\drawing{\\begin{tikzpicture}[unit/.style={circle,draw,minimum size=9mm,inner sep=0pt},"
        f"every node/.style={{font=\\small}}]\n{body}\n\\end{{tikzpicture}}}}\n"
        "\\begin{center}\\ifdim\\wd\\drawing>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox\\drawing}"
        "\\else\\usebox\\drawing\\fi\\end{center}"
    )


def _draw_column(column: Column, index: int, last: int, tallest: int) -> Iterator[str]:
    x = index * ACROSS
    yield f"\\node at ({x:.2f},{(tallest - 1) / 2 * DOWN + TITLE:.2f}) {{{escape_words(column.title)}}};"
    for slot, unit in enumerate(column.slots):
        y = ((len(column.slots) - 1) / 2 - slot) * DOWN
        if unit is None:
            yield f"\\node at ({x:.2f},{y:.2f}) {{\\(\\vdots\\) {column.left_out} more}};"
            continue
        name = f"u{index}-{slot}"
        yield f"\\node[unit] ({name}) at ({x:.2f},{y:.2f}) {{\\({write_formula(unit.symbol)}\\)}};"
        if unit.beside and index in (0, last):
            side, anchor = ("left", "west") if index == 0 else ("right", "east")
            yield f"\\node[{side}] at ({name}.{anchor}) {{{escape_words(unit.beside)}}};"


def _write_biases(column: Column, index: int) -> Iterator[str]:
    """Write them after the edges, which would cross them."""
    for slot, unit in enumerate(column.slots):
        if unit is not None and unit.below:
            below = f"\\({write_formula(unit.below)}\\)"
            yield f"\\node[below=1pt,fill=white,inner sep=.7pt] at (u{index}-{slot}.south) {{{below}}};"


def _draw_edge(edge: Edge, index: int) -> str:
    dashed = "[dashed]" if edge.weight < 0 else ""
    return f"\\draw{dashed} (u{index}-{edge.source}) -- (u{index + 1}-{edge.target});"


def _write_weight(edge: Edge, index: int, targets: int) -> str:
    """Write a weight on its line, so near to its source that no two weights meet."""
    share = 1 / (targets + 1)
    return (
        f"\\path (u{index}-{edge.source}.center) -- (u{index + 1}-{edge.target}.center) "
        f"node[pos={share:.2f},fill=white,inner xsep=4pt,inner ysep=.7pt] {{\\({write_formula(edge.text)}\\)}};"
    )
