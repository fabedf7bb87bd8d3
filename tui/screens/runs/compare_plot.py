"""The losses of saved runs on one plot, with the number of each run at the end of its curve."""

import numpy as np
from textual.strip import Strip

from gradstep.data.compared_run import ComparedRun
from gradstep.tui.drawing.lane_colours import LANE_COLOURS
from gradstep.tui.drawing.loss_axis import choose_axis_limits
from gradstep.tui.drawing.loss_curves import (
    XY,
    choose_range,
    clip_heights,
    make_training_curves,
    make_watched_curves,
)
from gradstep.tui.drawing.loss_plot import LEAST_HEIGHT, draw_loss_plot, strip_from_ansi
from gradstep.tui.drawing.palette import DIM, PLAIN
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.round_numbers import choose_axis_end
from gradstep.tui.screen_keys import name_key
from gradstep.tui.screens.runs.compare_state import CompareView
from gradstep.tui.widgets.panel import Panel

LEAST_WIDTH = 20
MARGIN = 8
"""Cells of the longest label of the y axis, and of the axis."""

NO_LOSS = f"no loss fits this axis: {name_key('compare_axis')} changes it"

APART = 3
"""Columns between the numbers of two curves, which may overlap."""


class ComparePlot(Panel[CompareView], can_focus=False):
    """Draws the loss of each run on its held-out part over its steps, or the smoothed mean loss of its batches."""

    BORDER_TITLE = "Loss"

    def lines(self, view: CompareView, width: int, height: int) -> list[Strip]:
        headline = make_line((longest_fitting(_list_headlines(view), width), PLAIN))
        if height - 1 < LEAST_HEIGHT or width < LEAST_WIDTH:
            return [headline][:height]
        columns = width - MARGIN
        curves = {
            name: points
            for index, run in enumerate(view.runs, 1)
            for name, points in _make_curves(index, run, view, columns).items()
        }
        if not curves:
            return [headline, make_line((longest_fitting([NO_LOSS], width), DIM))]
        ends = [height for _, y in curves.values() for height in (float(y[0]), float(y[-1]))]
        limits = choose_axis_limits(*choose_range(curves, ends, view.logarithmic), view.logarithmic)
        last = choose_axis_end(max(int(x[-1]) for x, _ in curves.values()))
        bare = self.capabilities.colours == "none"
        markers = {str(n): str(n) if bare else "braille" for n in range(1, len(view.runs) + 1)}
        colours = {str(n): LANE_COLOURS[n - 1] for n in range(1, len(view.runs) + 1)}
        if not bare:
            per_column = last / max(1, columns)
            for number in range(1, len(view.runs) + 1):
                if (point := _find_label_point(curves, number, per_column * APART)) is not None:
                    label = f"label {number}"
                    curves[label], markers[label], colours[label] = point, str(number), colours[str(number)]
        try:
            curves, size = clip_heights(curves, *limits), (width, height - 1)
            text = draw_loss_plot(curves, size, (0, last), limits, [], view.logarithmic, markers, colours)
        except ImportError:
            return [headline, make_line(("no curve: plotext cannot be loaded", DIM))]
        return [headline, *(strip_from_ansi(row) for row in text.split("\n")[: height - 1])]


def _list_headlines(view: CompareView) -> list[str]:
    what = "held-out loss" if view.watched else "training loss of the batches"
    more = f" · {' and '.join(view.losses)} are not to be compared" if len(view.losses) > 1 else ""
    return [f"{what} over the steps{more}", f"{what}{more}", what]


def _make_curves(number: int, run: ComparedRun, view: CompareView, columns: int) -> dict[str, XY]:
    """Return the curve of a run by its number; the stretches of one with gaps are called "1", "1 1", "1 2", …."""
    if view.watched:
        stretches = make_watched_curves(run.scores, columns, view.logarithmic)
        return {name.replace("test", str(number), 1): points for name, points in stretches.items()}
    curves = make_training_curves(run.curve, columns, view.logarithmic)
    return {str(number): curves["training"]} if curves else {}


def _find_label_point(curves: dict[str, XY], number: int, apart: float) -> XY | None:
    """Return the point for the number of a run near the end of its curve, apart from the others; None without one."""
    stretches = [points for name, points in curves.items() if name.split(" ")[0] == str(number)]
    if not stretches:
        return None
    x, y = stretches[-1]
    index = max(0, int(np.searchsorted(x, x[-1] - apart * (number - 1), "right")) - 1)
    return x[index : index + 1], y[index : index + 1]
