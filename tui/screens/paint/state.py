"""What the painting screen draws: the points, the cursor, and the run that learns them."""

from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.painted_points import PaintedPoints, Point
from gradstep.tui.drawing.decision_map import find_pixels
from gradstep.tui.session.view import View

Cell = tuple[int, int]
"""A column and a line of the map, counted from its upper left corner."""

OF_A_LINE = 0.5
"""Pixels from the upper edge of a line to a point painted there. A line has two; the point is the upper one."""


MOST_UNDONE = 100
"""Changes that can be undone, at most."""


@dataclass(frozen=True, slots=True)
class PaintView:
    """The state of the painting.

    `low` and `high` (2,) are the corners of the plane, `cursor` is a point of it. `label` is the class that a click
    paints, and `held` the indices of the points that are picked up. `learner` is the newest view of the run that learns
    the points; None where they are of fewer than two classes, or not yet learnt. `note` is what the last key did, or
    why it did nothing. `past` holds the points before each change that can be undone, the last change at the end.
    """

    points: PaintedPoints
    low: Floats
    high: Floats
    cursor: Point
    label: int = 0
    held: tuple[int, ...] = ()
    learner: View | None = None
    note: str = ""
    past: tuple[PaintedPoints, ...] = ()

    def with_points(self, points: PaintedPoints, note: str) -> "PaintView":
        """Return the view after a change to these points; equal points are no change."""
        past = self.past if points == self.points else (*self.past[-MOST_UNDONE + 1 :], self.points)
        return replace(self, points=points, held=(), note=note, past=past)

    def undone(self, note: str) -> "PaintView":
        """Return the view with the points before the last change."""
        return replace(self, points=self.past[-1], held=(), note=note, past=self.past[:-1])

    def find_cell(self, point: Point, side: int) -> Cell:
        """Return the cell of a point on a map of `side` columns and side / 2 lines."""
        x, y = find_pixels(self._find_shares(np.array([point])), side)
        return int(x[0]), int(y[0]) // 2

    def find_point(self, cell: Cell, side: int) -> Point:
        """Return the point in the middle of a cell's upper half."""
        column, line = cell
        shares = np.array([(column + 0.5) / side, 1 - (2 * line + OF_A_LINE) / side])
        x1, x2 = self.low + shares * (self.high - self.low)
        return float(x1), float(x2)

    def find_points_in(self, cell: Cell, side: int) -> tuple[int, ...]:
        """Return the indices of the points in a cell."""
        if not self.points.points:
            return ()
        x, y = find_pixels(self._find_shares(np.array(self.points.points)), side)
        return tuple(np.flatnonzero((x == cell[0]) & (y // 2 == cell[1])).tolist())

    def _find_shares(self, points: Floats) -> Floats:
        shares: Floats = (points - self.low) / (self.high - self.low)
        return shares
