"""The plot of a valley: the loss over one axis, with its tangent, and marks where the network is and will be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.style import Style
from textual.strip import Strip

from gradstep.tui.drawing.axis import draw_horizontal_axis, label_rows
from gradstep.tui.drawing.function_plot import (
    LABEL,
    LEAST_HEIGHT,
    LEAST_WIDTH,
    PlotCells,
    PlottedFunction,
    Values,
    find_column,
)
from gradstep.tui.drawing.palette import DIM, FAINT
from gradstep.tui.drawing.strips import make_line

NOW, LANDING, LOWEST = "●", "◆", "○"
"""The signs of the plot: where the network is, where the step lands, the lowest point."""

MARGIN = 0.06
"""The share of the height that is left free above and below."""

MOST_ABOVE = 4.0
"""The plot reaches at most so many depths of the valley above the present loss; what is higher is cut off."""

VISIBLE = 0.25
"""At least this share of the curve is drawn, also where the network is at the lowest point, and nothing is below it."""

ABOVE = "↑"
"""The sign of a mark that lies above the plot."""


@dataclass(frozen=True, slots=True)
class ValleyMark:
    """A sign at a point of the plot."""

    x: float
    loss: float
    sign: str
    style: Style


@dataclass(frozen=True, slots=True, eq=False)
class ValleyCurve:
    """A curve through the computed points: losses (points,) at increasing positions (points,)."""

    positions: Values
    losses: Values
    style: Style
    dotted: bool = False

    def sample(self, at: Values) -> Values:
        """Return the height of the line that joins the points, at these positions; NaN outside them."""
        found: Values = np.interp(at, self.positions, self.losses, left=np.nan, right=np.nan)
        return found


def find_loss_limits(losses: Values, now: float, landing: float, uphill: bool = False) -> tuple[float, float]:
    """Return the lowest and the highest loss to draw: those of the curve, as far as the valley stays legible.

    The present loss and, unless it is much higher, the landing are inside. A wall of the valley that rises to many
    times its depth is cut off. Where the step begins `uphill`, the landing is inside too: what counts is its height.
    """
    finite = losses[np.isfinite(losses)]
    low = min(now, float(finite.min(initial=now)), landing if np.isfinite(landing) else now)
    height = landing - now if uphill and np.isfinite(landing) else 0.0
    depth = max(now - low, height, 1e-9 * abs(now), 1e-300)
    highest = max(now, float(finite.max(initial=now)))
    at_least = landing if np.isfinite(landing) and landing <= now + 4 * MOST_ABOVE * depth else now
    visible = float(np.quantile(finite, VISIBLE)) if len(finite) else now
    high = max(at_least, min(highest, max(now + MOST_ABOVE * depth, visible)))
    margin = MARGIN * max(high - low, depth)
    return low - margin, high + margin


def draw_valley(
    curves: Sequence[ValleyCurve],
    marks: Sequence[ValleyMark],
    ends: tuple[float, float],
    limits: tuple[float, float],
    width: int,
    height: int,
) -> list[Strip]:
    """Draw the curves between these ends of the axis and limits of the loss, the first curve on top, then the marks.

    Parts of a curve outside the limits are left out; a mark above them becomes an arrow at the edge. Returns nothing if
    there is no room.
    """
    rows, columns = height - 1, width - LABEL
    if rows < LEAST_HEIGHT or columns < LEAST_WIDTH:
        return []
    low, high = limits
    cells = PlotCells(columns, rows, low, high)
    if ends[0] < 0 < ends[1]:
        cells.draw_vertical_line(find_column(0.0, ends, columns), "┆", FAINT)
    at = np.linspace(*ends, 2 * columns)
    for curve in reversed(curves):
        losses = curve.sample(at)
        losses[(losses > high) | (losses < low)] = np.nan
        cells.draw(PlottedFunction(losses, curve.style, curve.dotted))
    for mark in marks:
        sign = ABOVE if not mark.loss <= high else mark.sign
        loss = high if not np.isfinite(mark.loss) else mark.loss
        cells.mark(find_column(mark.x, ends, columns), loss, sign, mark.style)
    labels = label_rows(low, high, rows, LABEL - 1)
    strips = [make_line((labels.get(row, "").rjust(LABEL - 1) + " ", DIM), *cells.row(row)) for row in range(rows)]
    return [*strips, make_line((" " * LABEL + draw_horizontal_axis(*ends, columns), DIM))]
