"""Small braille plots of functions: curves over one axis, with a mark on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.strip import Strip

from gradstep.tui.drawing.axis import draw_horizontal_axis, find_share, label_rows
from gradstep.tui.drawing.braille import BrailleCanvas
from gradstep.tui.drawing.palette import DIM, FAINT, PLAIN
from gradstep.tui.drawing.strips import Piece, make_line

LABEL = 8
"""Cells of the labels at the y axis, with a blank."""

LEAST_WIDTH, LEAST_HEIGHT = 16, 3
"""Columns and rows of the smallest plot."""

SMALLEST, LARGEST = 1e-300, 5e307
"""The smallest span of the plot, and the largest value on it. Beyond them a float overflows."""

JUMP = 0.5
"""A rise between two columns of more than this share of the height is a jump, and is not drawn as a line."""

Values = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class PlottedFunction:
    """A function to plot.

    `values` (positions,) are its values at the positions of `sample_positions`. A dotted curve can be told from the
    others without colours. `mark` is the value at the marked position, if any, and `sign` the character drawn there.
    """

    values: Values
    style: Style
    dotted: bool = False
    mark: float | None = None
    sign: str = "●"


def sample_positions(low: float, high: float, width: int) -> Values:
    """Return the positions at which to compute a function that is drawn on `width` cells, two a cell."""
    return np.linspace(low, high, 2 * max(1, width - LABEL))


def draw_functions(
    curves: Sequence[PlottedFunction], ends: tuple[float, float], at: float | None, width: int, height: int
) -> list[Strip]:
    """Draw curves computed at `sample_positions` from the first of the ends to the second, with a line at `at`.

    Returns nothing if there is no room.
    """
    rows, columns = height - 1, width - LABEL
    if rows < LEAST_HEIGHT or columns < LEAST_WIDTH:
        return []
    finite = np.concatenate([curve.values[np.isfinite(curve.values)] for curve in curves])
    low, high = _find_limits(finite)
    cells = PlotCells(columns, rows, low, high)
    low_x, high_x = ends
    cells.draw_horizontal_line(0.0)
    if low_x < 0 < high_x:
        cells.draw_vertical_line(find_column(0.0, ends, columns), "┆", FAINT)
    if at is not None:
        cells.draw_vertical_line(find_column(at, ends, columns), "┊", DIM)
    for curve in curves:
        cells.draw(curve)
    for curve in curves:
        if at is not None and curve.mark is not None:
            cells.mark(find_column(at, ends, columns), curve.mark, curve.sign, curve.style)
    labels = label_rows(low, high, rows, LABEL - 1)
    strips = [make_line((labels.get(row, "").rjust(LABEL - 1) + " ", DIM), *cells.row(row)) for row in range(rows)]
    return [*strips, make_line((" " * LABEL + draw_horizontal_axis(low_x, high_x, columns), DIM))]


def _find_limits(values: Values) -> tuple[float, float]:
    """Return the lowest and the highest of the values and 0; the two always differ."""
    within = np.clip(values, -LARGEST, LARGEST)
    low, high = (min(0.0, float(within.min())), max(0.0, float(within.max()))) if len(values) else (0.0, 1.0)
    return low, high if high > low + SMALLEST else low + 1.0


def find_column(x: float, ends: tuple[float, float], columns: int) -> int:
    """Return the column of x on an axis with these ends; the nearest one beyond them."""
    low, high = ends
    share = min(1.0, max(0.0, find_share(low, high, x)))
    return min(columns - 1, int(share * columns))


class PlotCells:
    """The cells of a plot, each with its character and style."""

    def __init__(self, columns: int, rows: int, low: float, high: float) -> None:
        self._columns, self._rows, self._low, self._high = columns, rows, low, high
        self._canvas = BrailleCanvas(columns, rows)
        self._signs: list[list[Piece]] = [[(" ", PLAIN)] * columns for _ in range(rows)]

    def _find_dot_row(self, value: float) -> int:
        """Return the row of dots of a value, counted from the top."""
        share = find_share(self._low, self._high, value)
        return round((1 - min(1.0, max(0.0, share))) * (4 * self._rows - 1))

    def draw_horizontal_line(self, value: float) -> None:
        row = self._find_dot_row(value) // 4
        self._signs[row] = [("┄", FAINT)] * self._columns

    def draw_vertical_line(self, column: int, sign: str, style: Style) -> None:
        for row in range(self._rows):
            self._signs[row][column] = (sign, style)

    def draw(self, curve: PlottedFunction) -> None:
        before: int | None = None
        for x, value in enumerate(curve.values):
            if not np.isfinite(value):
                before = None
                continue
            y = self._find_dot_row(float(value))
            jumps = before is None or abs(y - before) > JUMP * 4 * self._rows
            # the segment begins next to the dot before it, so that a steep rise is an unbroken line
            start = y if jumps or before is None else before + (y > before) - (y < before)
            if not curve.dotted or x % 4 < 2:
                self._set_segment(x, start, y, curve.style)
            before = y

    def _set_segment(self, x: int, first: int, last: int, style: Style) -> None:
        self._canvas.set_segment(x, first, last)
        column = x // 2
        for row in range(min(first, last) // 4, max(first, last) // 4 + 1):
            self._signs[row][column] = (self._canvas.character(column, row), style)

    def mark(self, column: int, value: float, sign: str, style: Style) -> None:
        if np.isfinite(value):
            self._signs[self._find_dot_row(value) // 4][column] = (sign, style)

    def row(self, row: int) -> list[Piece]:
        """Return the characters of a row, neighbours of one style joined."""
        runs = groupby(self._signs[row], key=lambda piece: piece[1])
        return [("".join(sign for sign, _ in run), style) for style, run in runs]
