"""The loss panel: the training and the test loss, drawn by plotext, and the changes of the learning rate."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.training.history import LossCurve
from gradstep.tui.drawing.loss_plot import (
    LARGEST,
    MARKERS,
    MARKERS_WITHOUT_COLOURS,
    XY,
    choose_axis_limits,
    draw_loss_plot,
    smooth,
    strip_from_ansi,
    take_log10_of_losses,
)
from gradstep.tui.drawing.palette import BLUE, DIM, ORANGE, PLAIN
from gradstep.tui.drawing.strips import Piece, make_line
from gradstep.tui.numbers import format_chosen, format_count, format_number
from gradstep.tui.round_numbers import choose_axis_end
from gradstep.tui.session.view import View
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from gradstep.tui.widgets.panel import Panel


class LossPanel(Panel[View]):
    """Draws both curves over the steps. The y axis is logarithmic or linear, at first logarithmic."""

    BORDER_TITLE = "2 Loss"

    def __init__(self) -> None:
        super().__init__(id="loss")
        self.logarithmic = True

    def toggle_axis(self) -> None:
        """Change the y axis from logarithmic to linear, or back."""
        self.logarithmic = not self.logarithmic
        self.redraw()

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        snapshot = view.snapshot
        strips = [_draw_headline(snapshot, width, self.capabilities)]
        changes = _draw_rate_changes(snapshot, width)
        room = height - 1 - len(changes)
        if not len(snapshot.loss_curve.step):
            return [*strips, make_line(("the curve begins with the first step", DIM))]
        return strips + self._plot(snapshot, view.other, width, room) + changes

    def _plot(self, snapshot: Snapshot, other: LossCurve | None, width: int, height: int) -> list[Strip]:
        if height < 4 or width < 20:
            return []
        markers = MARKERS_WITHOUT_COLOURS if self.capabilities.colours == "none" else MARKERS
        curves = {name: points for name, points in _make_curves(snapshot, width - 8).items() if name in markers}
        last = choose_axis_end(snapshot.step)
        if other is not None and len((behind := _keep_drawable_buckets(other)).step):
            curves = {"other": _average_columns(behind, width - 8), **curves}
            last = choose_axis_end(max(snapshot.step, int(behind.step[-1])))
        if self.logarithmic:
            curves = {name: take_log10_of_losses(points) for name, points in curves.items()}
        values = np.concatenate([y for _, y in curves.values()])
        if not len(values):
            return [make_line(("no loss fits this axis: y changes it", DIM))]
        low, high = choose_axis_limits(float(values.min()), float(values.max()), self.logarithmic)
        changes = [step for step, _ in snapshot.rate_changes[1:] if step <= last]
        try:
            text = draw_loss_plot(curves, (width, height), (0, last), (low, high), changes, self.logarithmic, markers)
        except ImportError:
            return [make_line(("no curve: plotext cannot be loaded", DIM))]
        return [strip_from_ansi(row) for row in text.split("\n")[:height]]


def _draw_headline(snapshot: Snapshot, width: int, capabilities: TerminalCapabilities) -> Strip:
    test_scores = snapshot.test_scores
    wide = width >= 50
    training, test = ("⠒", "o") if capabilities.colours == "none" else ("━", "━")
    pieces: list[Piece] = [
        (f"{training} ", BLUE),
        ("training" if wide else "train", DIM),
        (format_number(snapshot.batch_loss), PLAIN),
    ]
    if len(test_scores.step):
        pieces += [
            (f"  {test} " if wide else f" {test} ", ORANGE),
            ("test", DIM),
            (format_number(float(test_scores.loss[-1])), PLAIN),
        ]
        accuracy = float(test_scores.accuracy[-1])
        if not math.isnan(accuracy):
            room = width - make_line(*pieces).cell_length
            pieces += _draw_accuracy(f"{accuracy:.1%}", room, wide)
    return make_line(*pieces)


def _draw_accuracy(accuracy: str, room: int, wide: bool) -> list[Piece]:
    """The test accuracy under the longest name that fits; nothing where not even the mark ✓ fits."""
    names = ("  test accuracy ", "  ✓ ") if wide else (" ✓ ",)
    fitting = (name for name in names if len(name) + len(accuracy) <= room)
    name = next(fitting, None)
    return [] if name is None else [(name, DIM), (accuracy, PLAIN)]


def _draw_rate_changes(snapshot: Snapshot, width: int) -> list[Strip]:
    """The newest changes of the learning rate, as many as fit."""
    if len(snapshot.rate_changes) < 2:
        return []
    texts = [f"{format_chosen(rate)} at {format_count(step)}" for step, rate in snapshot.rate_changes[1:]]
    while len(texts) > 1 and len("  ".join(texts)) + 8 > width:
        texts.pop(0)
    return [make_line(("┊ rate ", DIM), ("  ".join(texts), PLAIN))]


def _make_curves(snapshot: Snapshot, columns: int) -> dict[str, XY]:
    """The curves by name: the band from the lowest to the highest training loss, its mean, and the test loss.

    Each has at most two points a column.
    """
    curve, test_scores = snapshot.loss_curve, snapshot.test_scores
    finite = np.flatnonzero(test_scores.loss < LARGEST)
    chosen = finite[np.unique(np.linspace(0, len(finite) - 1, min(len(finite), columns)).astype(int))]
    test = test_scores.step[chosen].astype(np.float64), test_scores.loss[chosen]
    curve = _keep_drawable_buckets(curve)
    if not len(curve.step):
        return {"test": test}
    starts = _find_column_starts(curve, columns)
    low, high = np.minimum.reduceat(curve.low, starts), np.maximum.reduceat(curve.high, starts)
    return {
        "band": (np.repeat(curve.step[starts].astype(np.float64), 2), np.column_stack((low, high)).ravel()),
        "training": _average_columns(curve, columns),
        "test": test,
    }


def _keep_drawable_buckets(curve: LossCurve) -> LossCurve:
    """Keep the buckets whose losses are small enough to be drawn."""
    kept = np.flatnonzero(curve.high < LARGEST)
    return replace(curve, step=curve.step[kept], low=curve.low[kept], mean=curve.mean[kept], high=curve.high[kept])


def _find_column_starts(curve: LossCurve, columns: int) -> NDArray[np.intp]:
    """The index of the first bucket of each column."""
    group = np.arange(len(curve.step)) * columns // max(columns, len(curve.step))
    return np.flatnonzero(np.diff(group, prepend=-1))


def _average_columns(curve: LossCurve, columns: int) -> XY:
    """The smoothed mean loss of each column."""
    starts = _find_column_starts(curve, columns)
    mean = np.add.reduceat(curve.mean, starts) / np.diff(np.append(starts, len(curve.step)))
    return curve.step[starts].astype(np.float64), smooth(mean)
