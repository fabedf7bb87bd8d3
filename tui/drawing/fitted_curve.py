"""The output of a network with one input as a curve, with the data points."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.snapshot import Snapshot
from gradstep.data.input_grid import InputGrid
from gradstep.data.split import Split
from gradstep.tui.drawing.axis import draw_horizontal_axis, label_rows
from gradstep.tui.drawing.braille import BrailleCanvas
from gradstep.tui.drawing.palette import CAUTION, CLASSES, DIM, GOOD, MARKED, PLAIN, STRONG, TEST, TRAINING, make_style
from gradstep.tui.drawing.strips import Piece, make_line
from gradstep.tui.screen_keys import name_key

HEADROOM = 0.15
"""Room above and below the targets, as a share of their range."""

LONGEST_LABEL = 8
"""Cells of the longest number at the vertical axis."""

TRAINING_SIGN, TEST_SIGN, EXAMPLE, TARGET = "•", "x", "◉", "○"
TRAINING_STYLE, TEST_STYLE = make_style(TRAINING), make_style(TEST)

TARGETS_APART = 3
"""Columns between two signs of the target, so that the network's curve is seen between them where the two agree."""

APART, NEXT = 24, 5
"""Columns between two numbers on a curve, and from there to the number on the next curve."""

Indices = NDArray[np.intp]
Cells = list[list[Segment]]


@dataclass(frozen=True, slots=True, eq=False)
class DataPoints:
    """Data points, each array of shape (points,).

    `along` is the input in shares of the axis, and `height` the target in its own units. `output` is the index of the
    output that the target belongs to, and `held_out` whether the point is held out.
    """

    along: Floats
    height: Floats
    output: Indices
    held_out: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class NumberedCurve:
    """A curve to tell from others by its number: its values (points,), as the network puts them out."""

    values: Floats
    number: str
    style: Style


class FittedCurve:
    """Draws every output of a network over its one input, and in a regression the target as signs over it.

    In a classification the points of a class stand at 1, where its output should be highest.
    """

    def __init__(self, split: Split, grid: InputGrid) -> None:
        self._grid = grid
        rows, scaled_y = split.join_parts()
        self._unscale = split.target_scaling.undo
        y = self._unscale(scaled_y)
        self._held_out_name = split.held_out_name
        self._classes = y.shape[1] > 1 and split.dataset.task == "classification"
        which = y.argmax(axis=1)[:, None] if self._classes else np.tile(np.arange(y.shape[1]), (len(y), 1))
        times = which.shape[1]
        self._points = DataPoints(
            np.repeat(grid.normalize(split.dataset.points[rows].astype(np.float64))[:, 0], times),
            np.take_along_axis(y, which, axis=1).ravel(),
            which.ravel(),
            np.repeat(np.arange(len(rows)) >= len(split.train_rows), times),
        )
        low, high = float(y.min()), float(y.max())
        room = HEADROOM * (high - low) or 1.0
        self.low, self.high = low - room, high + room
        names = split.dataset.class_names
        self._is_regression = split.dataset.task == "regression"
        self._names = list(names) if self._classes else [f"{names[1]}?"] if names else []

    def draw(self, snapshot: Snapshot, raw: Floats, width: int, height: int) -> list[Strip]:
        """Draw the plot with its axes and legend, and mark the example with the unscaled input `raw` (1,).

        Returns nothing if the snapshot has no grid activations, or if there is no room.
        """
        if snapshot.grid_activations is None:
            return []
        outputs = self._unscale(snapshot.grid_activations[-1].astype(np.float64))

        def draw_curves(cells: Cells) -> None:
            for output in range(outputs.shape[1]):
                self._draw_curve(cells, outputs[:, output], self._choose_curve_style(output))
                self._draw_target(cells, output)
            self._mark_example(cells, snapshot, raw, len(cells[0]), len(cells))

        plot = self._draw_with_axes(draw_curves, width, height - 1)
        return [*plot, self._draw_legend(self._find_where(outputs), width)] if plot else []

    def draw_numbered(self, curves: Sequence[NumberedCurve], bare: bool, width: int, height: int) -> list[Strip]:
        """Draw several curves over the target, the last on top, then their numbers; as numbers only if `bare`."""

        def draw_curves(cells: Cells) -> None:
            self._draw_target(cells, 0)
            values = [self._unscale_first(curve.values) for curve in curves]
            for curve, heights in zip(() if bare else curves, values, strict=False):
                self._draw_curve(cells, heights, curve.style)
            for curve, heights in zip(curves, values, strict=True):
                self._draw_numbers(cells, heights, curve, 1 if bare else APART)

        return self._draw_with_axes(draw_curves, width, height)

    def _draw_with_axes(self, draw_curves: Callable[[Cells], None], width: int, height: int) -> list[Strip]:
        """Draw the points, the curves over them, and the axes; nothing if there is no room."""
        rows = height - 1
        beside = label_rows(self.low, self.high, rows, LONGEST_LABEL) if rows >= 2 else {}
        left = max(map(len, beside.values()), default=0) + 1
        columns = width - left
        if columns < 8 or rows < 2:
            return []
        plot = self._draw_points(columns, rows)
        draw_curves(plot)
        strips = [
            Strip([Segment(beside.get(row, "").rjust(left - 1) + " ", DIM), *cells]) for row, cells in enumerate(plot)
        ]
        axis = draw_horizontal_axis(float(self._grid.low[0]), float(self._grid.high[0]), columns)
        return [*strips, make_line((" " * left + axis, DIM))]

    def _unscale_first(self, values: Floats) -> Floats:
        """Convert values (points,) of the first output to the units of the data."""
        outputs = self._points.output.max() + 1
        converted: Floats = self._unscale(np.tile(values.astype(np.float64)[:, None], (1, outputs)))[:, 0]
        return converted

    def _draw_numbers(self, cells: Cells, values: Floats, curve: NumberedCurve, apart: int) -> None:
        """Write the number of a curve on it every so many columns; those of neighbouring numbers stand side by side."""
        rows, columns = len(cells), len(cells[0])
        at = np.linspace(0, len(values) - 1, columns).round().astype(np.intp)
        shares = np.nan_to_num((self.high - values[at]) / (self.high - self.low), nan=-1)
        for column in range(int(curve.number) * NEXT % apart, columns, apart):
            if 0 <= shares[column] < 1:
                cells[int(shares[column] * rows)][column] = Segment(curve.number, curve.style)

    def _draw_points(self, columns: int, rows: int) -> Cells:
        points = self._points
        x = np.clip((points.along * columns).astype(np.intp), 0, columns - 1)
        y = np.clip(((self.high - points.height) / (self.high - self.low) * rows).astype(np.intp), 0, rows - 1)
        cells = [[Segment(" ", PLAIN)] * columns for _ in range(rows)]
        for column, row, output, held_out in zip(
            x.tolist(), y.tolist(), points.output.tolist(), points.held_out.tolist(), strict=True
        ):
            cells[row][column] = Segment(
                TEST_SIGN if held_out else TRAINING_SIGN, self._choose_point_style(output, held_out)
            )
        return cells

    def _draw_curve(self, cells: Cells, values: Floats, curve: Style) -> None:
        """Draw the curve in braille, with neighbouring columns of dots joined; what is off the plot is clipped."""
        rows, columns = len(cells), len(cells[0])
        at = np.linspace(0, len(values) - 1, 2 * columns).round().astype(np.intp)
        dots = np.clip(
            np.nan_to_num((self.high - values[at]) / (self.high - self.low) * 4 * rows, nan=-1), -1, 4 * rows
        )
        canvas = BrailleCanvas(columns, rows)
        for x, (before, dot) in enumerate(pairwise((dots[0], *dots))):
            canvas.set_segment(x, int(before), int(dot))
        for row, column in np.argwhere(canvas.bits).tolist():
            cells[row][column] = Segment(canvas.character(column, row), curve)

    def _draw_target(self, cells: Cells, output: int) -> None:
        """Draw the target of an output as signs, each at the mean target around it, where there are data."""
        if not self._is_regression:
            return
        rows, columns = len(cells), len(cells[0])
        heights = self._mean_targets(output, columns)
        shares = (self.high - heights) / (self.high - self.low)
        for index in np.flatnonzero(np.isfinite(shares)).tolist():
            column = min(columns - 1, index * TARGETS_APART + TARGETS_APART // 2)
            cells[min(rows - 1, int(shares[index] * rows))][column] = Segment(TARGET, GOOD)

    def _mean_targets(self, output: int, columns: int) -> Floats:
        """The mean target of an output in each interval of TARGETS_APART columns, shape (intervals,).

        It is NaN in an interval without points: what the target is there nobody knows.
        """
        points = self._points
        chosen = points.output == output
        indices = np.clip((points.along[chosen] * columns).astype(np.intp), 0, columns - 1) // TARGETS_APART
        counts = np.bincount(indices)
        filled = counts > 0
        means = np.full(len(counts), np.nan)
        means[filled] = np.bincount(indices, points.height[chosen])[filled] / counts[filled]
        return means

    def _mark_example(self, cells: Cells, snapshot: Snapshot, raw: Floats, columns: int, rows: int) -> None:
        """Mark the chosen example at its target."""
        y = self._unscale(snapshot.example.y.astype(np.float64))
        target = float(y.max() if self._classes else y[0])
        column = int(self._grid.normalize(raw)[0] * columns)
        row = int((self.high - target) / (self.high - self.low) * rows)
        cells[min(row, rows - 1)][min(column, columns - 1)] = Segment(EXAMPLE, MARKED)

    def _choose_point_style(self, output: int, held_out: bool) -> Style:
        if self._classes:
            return self._choose_curve_style(output)
        return TEST_STYLE if held_out else TRAINING_STYLE

    def _choose_curve_style(self, output: int) -> Style:
        return make_style(CLASSES[output % len(CLASSES)], bold=True) if self._classes else STRONG

    def list_data_signs(self, gap: str) -> list[Piece]:
        """Return what the signs of the data mean, each with a gap before it."""
        pieces: list[Piece] = [(f"{gap}{TRAINING_SIGN} ", TRAINING_STYLE), ("training", DIM)]
        if self._points.held_out.any():
            pieces += [(f"{gap}{TEST_SIGN} ", TEST_STYLE), (self._held_out_name, DIM)]
        return [*pieces, (f"{gap}{TARGET} ", GOOD), ("target", DIM)] if self._is_regression else pieces

    def _find_where(self, outputs: Floats) -> str:
        """Say where the network is, for outputs (points, outputs), if nothing of it is on the plot; else nothing."""
        if np.isnan(outputs).all():
            return "NaN"
        visible = (outputs >= self.low) & (outputs <= self.high)
        return "" if visible.any() else "outside"

    def _draw_legend(self, where: str, width: int) -> Strip:
        """Draw what the signs mean, with `where` the network is, and the colour of each class."""
        named = (f"network ({where})", CAUTION) if where else ("network", DIM)
        network: list[Piece] = [("⣀⠤⠒ ", STRONG), named]
        names: list[Piece] = []
        for index, name in enumerate(self._names if self._classes else []):
            names += [("━ ", self._choose_curve_style(index)), (f"{name}  ", DIM)]
        mean: list[Piece] = [(": the mean of the points", DIM)] if self._is_regression else []
        example: list[Piece] = [("  ", DIM), (EXAMPLE, MARKED), (" this example", DIM)]
        data: list[Piece] = [*network, *self.list_data_signs("  ")]
        more: Piece = (f"  {name_key('sizes')}: 1 to 16 neurons", DIM)
        forms = [
            (*names, *data, *mean, *example, more),
            (*names, *data, *example, more),
            (*names, *data, *example),
            (*names, *data),
            data,
            (*network, *self.list_data_signs(" ")),
            *([(network[0], (where, CAUTION), *self.list_data_signs(" "))] if where else []),
            network,
        ]
        strips = (make_line(*form) for form in forms)
        return next((strip for strip in strips if strip.cell_length <= width), make_line())
