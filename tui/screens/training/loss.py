"""The loss panel: training and watched loss, drawn by plotext, and the changes of the learning rate."""

import numpy as np
from textual.strip import Strip

from gradstep.core.observation.snapshot import Snapshot
from gradstep.tui.drawing.loss_axis import choose_axis_limits
from gradstep.tui.drawing.loss_curves import (
    XY,
    Peak,
    choose_range,
    clip_heights,
    find_ends,
    find_heights,
    find_lowest,
    find_peak,
    make_other_curve,
    make_training_curves,
    make_watched_curves,
)
from gradstep.tui.drawing.loss_plot import (
    LEAST_HEIGHT,
    draw_loss_plot,
    find_markers,
    find_style_name,
    make_columns,
    strip_from_ansi,
)
from gradstep.tui.drawing.palette import DIM
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.round_numbers import choose_axis_end
from gradstep.tui.screens.training.loss_legend import (
    draw_headline,
    draw_legend,
    draw_rate_changes,
    draw_readings,
)
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel

LEAST_WIDTH = 20
HEIGHT_WITH_LEGEND = 8
"""Lines of the panel from which the legend has its own."""

MARGIN = 8
"""Cells of the longest label of the y axis, and of the axis."""


class LossPanel(Panel[View]):
    """Draws both curves over the steps. The y axis is logarithmic or linear, at first logarithmic.

    A cursor stands at a step whose values are read; None for no cursor.
    """

    BORDER_TITLE = "2 Loss"

    def __init__(self) -> None:
        super().__init__(id="loss")
        self.logarithmic = True
        self.cursor: int | None = None

    def toggle_axis(self) -> None:
        """Change the y axis from logarithmic to linear, or back."""
        self.logarithmic = not self.logarithmic
        self.redraw()

    def move_cursor(self, direction: int) -> None:
        """Move the cursor to the next (1) or previous (−1) column of the plot; from no cursor to the newest step."""
        steps = self._find_recorded_steps()
        if not len(steps):
            return
        if self.cursor is None:
            self.cursor = int(steps[-1])
        else:
            stride = max(1, -(-int(steps[-1]) // max(1, 2 * (self.content_size.width - MARGIN))))
            # the next recorded step that is at least half a cell away
            wanted = self.cursor + direction * stride
            index = np.searchsorted(steps, wanted, "left" if direction > 0 else "right") - (direction < 0)
            self.cursor = int(steps[min(max(int(index), 0), len(steps) - 1)])
        self.redraw()

    def move_cursor_to_end(self, direction: int) -> None:
        """Move the cursor to the first (−1) or the newest (1) step."""
        steps = self._find_recorded_steps()
        if len(steps):
            self.cursor = int(steps[0 if direction < 0 else -1])
            self.redraw()

    def remove_cursor(self) -> None:
        """Draw no cursor from the next drawing on; the panel is then hidden, or of another size."""
        self.cursor = None

    def _find_recorded_steps(self) -> np.ndarray:
        return np.empty(0, int) if self.view is None else self.view.snapshot.loss_curve.step

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        snapshot = view.snapshot
        if not len(snapshot.loss_curve.step):
            headline = draw_headline(snapshot, width, self.capabilities, with_step=False)
            forms = ["the curve begins with the first step", "no step yet"]
            return [headline, make_line((longest_fitting(forms, width), DIM))]
        cursor = None if self.cursor is None else min(self.cursor, int(snapshot.loss_curve.step[-1]))
        tall = height >= HEIGHT_WITH_LEGEND
        changes = draw_rate_changes(snapshot, width) if tall else []
        readings = [] if cursor is None else draw_readings(snapshot, cursor, width)
        room = height - 1 - (len(readings) or tall) - len(changes)
        plot, peak = self._plot(view, cursor, width, room)
        dated = view.phase == "training"
        legend = readings or (
            [draw_legend(snapshot, peak, width, dated, "" if view.beside is None else view.beside.name)] if tall else []
        )
        headline = draw_headline(snapshot, width, self.capabilities, with_step=bool(readings) or not tall)
        return [headline, *legend, *plot, *changes]

    def _plot(self, view: View, cursor: int | None, width: int, height: int) -> tuple[list[Strip], Peak | None]:
        """Draw the plot; return its lines, and the loss that its axis leaves out."""
        snapshot = view.snapshot
        if height < LEAST_HEIGHT or width < LEAST_WIDTH:
            return [], None
        markers = find_markers(self.capabilities)
        curves = self._make_curves(view, width - MARGIN)
        curves = {name: points for name, points in curves.items() if find_style_name(name, markers) in markers}
        if not curves:
            forms = ["no loss fits this axis: y changes it", "y changes the axis"]
            return [make_line((longest_fitting(forms, width), DIM))], None
        scores, newest = snapshot.watched_scores, max(snapshot.step, *(int(x[-1]) for x, _ in curves.values()))
        ends = find_ends(snapshot.loss_curve, scores, self.logarithmic)
        limits = choose_axis_limits(*choose_range(curves, ends, self.logarithmic), self.logarithmic)
        highest = float(10 ** limits[1]) if self.logarithmic else limits[1]
        peak = find_peak(snapshot.loss_curve, scores, highest)
        curves = clip_heights(curves | self._make_marks(snapshot, cursor, peak, limits), *limits)
        last = choose_axis_end(newest)
        changes = [step for step, _ in snapshot.rate_changes[1:] if step <= last]
        try:
            text = draw_loss_plot(curves, (width, height), (0, last), limits, changes, self.logarithmic, markers)
        except ImportError:
            forms = ["no curve: plotext cannot be loaded", "no plotext"]
            return [make_line((longest_fitting(forms, width), DIM))], None
        return [strip_from_ansi(row) for row in text.split("\n")[:height]], peak

    def _make_curves(self, view: View, columns: int) -> dict[str, XY]:
        snapshot, beside = view.snapshot, None if view.beside is None else view.beside.curve
        return {
            **make_other_curve("beside", beside, columns, self.logarithmic),
            **make_other_curve("other", view.other, columns, self.logarithmic),
            **make_training_curves(snapshot.loss_curve, columns, self.logarithmic),
            **make_watched_curves(snapshot.watched_scores, columns, self.logarithmic),
        }

    def _make_marks(
        self, snapshot: Snapshot, cursor: int | None, peak: Peak | None, limits: tuple[float, float]
    ) -> dict[str, XY]:
        """Return the marks of the cursor, of the lowest watched loss and of the loss above the axis."""
        marks: dict[str, XY] = {}
        if cursor is not None:
            marks["cursor"] = make_columns([cursor], limits, 2 * self.content_size.height)
        if (lowest := find_lowest(snapshot)) is not None:
            heights = find_heights(np.array([lowest.loss]), self.logarithmic)
            # a loss of 0 is below every logarithmic axis
            marks["lowest"] = np.array([float(lowest.step)]), np.nan_to_num(heights, nan=limits[0])
        if peak is not None:
            marks["peak"] = np.array([float(peak.step)]), np.array([limits[1]])
        return marks
