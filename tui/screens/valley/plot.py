"""The hill itself: the loss along the step, or along one parameter, with what is marked on it."""

import numpy as np
from textual.strip import Strip

from gradstep.core.observation.valley import StepLine
from gradstep.tui.drawing.palette import BLUE, DIM, GOOD, ORANGE, STRONG
from gradstep.tui.drawing.parameter_plot import draw_parameter
from gradstep.tui.drawing.plane_map import draw_legend, draw_plane
from gradstep.tui.drawing.strips import flow_pieces, wrap_text
from gradstep.tui.drawing.valley_plot import (
    ABOVE,
    LANDING,
    LOWEST,
    MARGIN,
    NOW,
    ValleyCurve,
    ValleyMark,
    draw_valley,
    find_loss_limits,
)
from gradstep.tui.numbers import format_count
from gradstep.tui.screens.valley.state import PartLine, ValleyView
from gradstep.tui.widgets.panel import Panel

OF_ALL = "▪"
"""The sign at the end of the curve of the training rows, which tells it from the tangent without colours."""

REACH = 1.0
"""The landing on the curve of the training rows may extend the plot by this share of its height."""

AXIS = "learning rate: how far the step goes"
COMPUTING = "computing the valley …"


class ValleyPlot(Panel[ValleyView], can_focus=False):
    """Draws the loss over the learning rate of the step, or over the value of a parameter."""

    BORDER_TITLE = "the valley"

    def lines(self, view: ValleyView, width: int, height: int) -> list[Strip]:
        if view.trouble:
            return wrap_text(view.trouble, width, ORANGE)
        if view.mode == "step" and view.line is not None:
            return draw_step(view, view.line, width, height)
        if view.mode == "parameter" and view.parameter_line is not None:
            landing = view.parameter_line.find_landing(view.rate)
            return draw_parameter(view.parameter_line, None, width, height, landing)
        if view.mode == "map" and view.plane is not None:
            legend = draw_legend(view.plane, width, self.capabilities)
            return [*legend, *draw_plane(view.plane, width, height - len(legend), self.capabilities)]
        return wrap_text(COMPUTING, width, DIM)


def draw_step(view: ValleyView, line: StepLine, width: int, height: int) -> list[Strip]:
    """Draw the loss along the step, with the legend above."""
    rates, rate_of_step = line.positions * line.step.learning_rate, line.step.learning_rate
    landing, part, lowest, batch = view.landing, view.part_line, line.lowest, len(line.step.x)
    assert landing is not None
    if part is not None and batch == part.total:
        part = None  # it is the same curve
    curves = [ValleyCurve(rates, line.losses, STRONG)]
    if part is not None:
        curves.append(ValleyCurve(part.positions * rate_of_step, part.losses, DIM, dotted=True))
    tangent = np.array(view.ends)
    curves.append(ValleyCurve(tangent, line.now + line.slope * tangent / rate_of_step, ORANGE, dotted=True))
    marks = [ValleyMark(lowest.at * rate_of_step, lowest.loss, LOWEST, GOOD)] if lowest.inside and line.searched else []
    marks.append(ValleyMark(view.rate, landing.loss, LANDING, ORANGE))
    marks.append(ValleyMark(0.0, line.now, NOW, BLUE))
    limits = find_loss_limits(line.losses, line.now, landing.loss, landing.kind == "uphill")
    if part is not None:
        limits = _include_part(limits, part, view.part_loss)
        for last in np.flatnonzero(part.losses <= limits[1])[-1:]:
            end = float(part.positions[last]) * rate_of_step
            marks.insert(0, ValleyMark(end, float(part.losses[last]), OF_ALL, DIM))
    above = not landing.loss <= limits[1]
    lowest_drawn = lowest.inside and line.searched
    head = min((_draw_legend(above, lowest_drawn, batch, part, brief, width) for brief in (False, True)), key=len)
    drawn = draw_valley(curves, marks, view.ends, limits, width, height - len(head) - 1)
    return [*head, *drawn, *(wrap_text(AXIS.rjust(width), width, DIM) if drawn else [])]


def _include_part(limits: tuple[float, float], part: PartLine, landing: float | None) -> tuple[float, float]:
    """Return limits that include the training part's loss now and, unless it is much higher, at the landing."""
    low, high = min(limits[0], part.now), max(limits[1], part.now)
    if landing is None or not landing <= high + REACH * (high - low):
        return low, high
    margin = MARGIN * (max(high, landing) - min(low, landing))
    return (landing - margin if landing < low else low), (landing + margin if landing > high else high)


def _draw_legend(above: bool, lowest: bool, batch: int, part: PartLine | None, brief: bool, width: int) -> list[Strip]:
    """Draw what the signs and curves of the line of a step are."""
    if above:
        lands = f"{ABOVE} above the plot" if brief else f"{ABOVE} it lands above the plot"
    else:
        lands = f"{LANDING} lands" if brief else f"{LANDING} the step lands"
    pieces = [(f"{NOW} now", BLUE), (f"  {lands}", ORANGE)]
    if lowest:
        pieces.append((f"  {LOWEST} lowest", GOOD))
    pieces.append(("  ━ loss of the batch" if batch > 1 else "  ━ loss of the example", STRONG))
    if part is not None:
        loss = "" if brief else "loss of "
        pieces.append((f"  {OF_ALL} {loss}{format_count(part.rows)} training rows", DIM))
    pieces.append(("  ┄ tangent", ORANGE))
    return flow_pieces(width, *pieces)
