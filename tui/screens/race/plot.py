"""The losses of all lanes on one plot, with the number of each lane on its curve."""

import numpy as np
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.core.training.race import LaneStanding
from gradstep.core.training.race_verdict import JUMPS, LEAPT, PLOT_TOP
from gradstep.core.training.recent_loss import smooth_losses
from gradstep.tui.drawing.lane_colours import LANE_COLOURS
from gradstep.tui.drawing.loss_axis import choose_axis_limits
from gradstep.tui.drawing.loss_curves import SMALLEST, XY
from gradstep.tui.drawing.loss_plot import draw_loss_plot, strip_from_ansi
from gradstep.tui.drawing.palette import DIM, PLAIN
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.screens.race.contest_words import list_headlines
from gradstep.tui.screens.race.fits import draw_fits
from gradstep.tui.session.race_loop import RaceView
from gradstep.tui.widgets.panel import Panel

CLIPPED = "▲"
"""Drawn on the upper edge where the loss of a lane is above the plot."""

APART = 3
"""Columns between the numbers of two lanes, whose curves may overlap."""

LEAST_WIDTH, LEAST_HEIGHT = 20, 5


class RacePlot(Panel[RaceView], can_focus=False):
    """Draws the mean losses over the steps, or over the examples if batch sizes race.

    If network sizes race on data with one input, it draws the curves that the networks make of it instead.
    """

    BORDER_TITLE = "Loss"

    def lines(self, view: RaceView, width: int, height: int) -> list[Strip]:
        if view.fits is not None:
            return draw_fits(view, self.capabilities.colours == "none", width, height)
        strips = [_draw_headline(view, width)]
        height -= 1
        # the chosen lane is drawn last, on top of the others
        order = sorted(range(len(view.standings)), key=lambda index: index == view.chosen)
        curves = {str(index + 1): _keep_drawable_points(view.standings[index], view) for index in order}
        curves = {lane: points for lane, points in curves.items() if len(points[0])}
        clipped = {lane: _find_clipped_columns(view.standings[int(lane) - 1], view, width - 8) for lane in curves}
        if not curves or height < LEAST_HEIGHT or width < LEAST_WIDTH:
            return strips
        curves = {lane: _thin_out(points, width - 8) for lane, points in curves.items()}
        bare = self.capabilities.colours == "none"
        markers = {lane: lane if bare else "braille" for lane in curves}
        colours = {lane: LANE_COLOURS[int(lane) - 1] for lane in curves}
        values = np.concatenate([losses for _, losses in curves.values()])
        limits = choose_axis_limits(float(values.min()), float(values.max()), view.logarithmic)
        for lane, positions in clipped.items():
            curves[f"above {lane}"] = positions, np.full(len(positions), limits[1])
            markers[f"above {lane}"] = CLIPPED
            colours[f"above {lane}"] = colours[lane]
        if not bare:
            per_column = view.end / max(1, width - 8)
            for lane in clipped:
                label = f"label {lane}"
                curves[label] = _find_label_point(curves[lane], int(lane), per_column * APART, len(view.standings))
                markers[label] = lane
                colours[label] = colours[lane]
        try:
            text = draw_loss_plot(
                curves, (width, height), (0, view.end), limits, [], view.logarithmic, markers, colours
            )
        except ImportError:
            return [*strips, make_line(("no curve: plotext cannot be loaded", DIM))]
        return strips + [strip_from_ansi(row) for row in text.split("\n")[:height]]


def _draw_headline(view: RaceView, width: int) -> Strip:
    """The x axis, and what is the same for all lanes, in the longest form that fits."""
    left = any((standing.losses > PLOT_TOP * view.start_loss).any() for standing in view.standings)
    above = f" · {CLIPPED} above the plot" if left else ""
    forms = [form + above for form in list_headlines(view)]
    pieces: list[Piece] = [(longest_fitting(forms, width), PLAIN)]
    return make_line(*pieces)


def _keep_drawable_points(standing: LaneStanding, view: RaceView) -> XY:
    """The losses of a lane on this axis: at each point the recent loss, so that the line ends at that of the table.

    Leaps and jumps, which a verdict may name, stay as they are, and high losses are clamped to the top.
    """
    losses = np.minimum(standing.losses, PLOT_TOP * max(view.start_loss, SMALLEST))
    kept = losses > SMALLEST if view.logarithmic else np.full(len(losses), True)
    positions, losses = standing.positions[kept], losses[kept]
    if len(losses) and standing.is_smoothed:
        losses = _smooth(losses, view.start_loss)
    return positions, np.log10(losses) if view.logarithmic else losses


def _smooth(losses: Floats, start: float) -> Floats:
    """Return the recent losses, but the points themselves where they leap or jump."""
    jumps = np.abs(np.diff(losses, prepend=losses[0])) > JUMPS * start
    return np.where(jumps | (losses > LEAPT * start), losses, smooth_losses(losses))


def _thin_out(points: XY, columns: int) -> XY:
    """Keep the lowest and the highest point of each column, so that leaps stay visible."""
    x, y = points
    if len(x) <= 2 * columns:
        return points
    starts = np.linspace(0, len(x), columns, endpoint=False).astype(int)
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return np.repeat(x[starts], 2), np.column_stack((low, high)).ravel()


def _find_label_point(points: XY, lane: int, apart: float, lanes: int) -> XY:
    """The point for the number of a curve, near its end, with the numbers of the lanes kept apart.

    It is on the curve, or to the right of one that is too short for all numbers.
    """
    x, y = points
    if x[-1] - apart * lanes <= x[0]:
        return x[-1:] + apart * (lane - 1), y[-1:]
    index = min(int(np.searchsorted(x, x[-1] - apart * (lanes - lane))), len(x) - 1)
    return x[index : index + 1], y[index : index + 1]


def _find_clipped_columns(standing: LaneStanding, view: RaceView, columns: int) -> Floats:
    """Where the lane is above the plot: a position for each of the columns in which it is."""
    positions = standing.positions[standing.losses > PLOT_TOP * max(view.start_loss, SMALLEST)]
    _, first = np.unique((positions * columns / max(1, view.end)).astype(int), return_index=True)
    return positions[first]
