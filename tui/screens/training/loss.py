"""Loss: the training and the test curve, drawn by plotext, and the learning rates they were made with."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.training.history import Curve
from gradstep.tui.drawing.loss_plot import (
    BARE,
    COLOURED,
    LARGEST,
    Points,
    _log10,
    axis_limits,
    draw_plot,
    nice_end,
    smooth,
    strip_of,
)
from gradstep.tui.drawing.palette import BLUE, DIM, ORANGE, PLAIN
from gradstep.tui.drawing.strips import Piece, line
from gradstep.tui.numbers import counted, figure, short
from gradstep.tui.session.view import View
from gradstep.tui.terminal.capabilities import Look
from gradstep.tui.widgets.panel import Panel


class Loss(Panel[View]):
    """Both curves over the steps; the y axis is logarithmic until a person asks for a linear one."""

    BORDER_TITLE = "2 Loss"

    def __init__(self) -> None:
        super().__init__(id="loss")
        self.logarithmic = True

    def toggle_axis(self) -> None:
        """Logarithmic to linear, and back."""
        self.logarithmic = not self.logarithmic
        self.redraw()

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        snapshot = view.snapshot
        strips = [_headline(snapshot, width, self.look)]
        changes = _changes(snapshot, width)
        room = height - 1 - len(changes)
        if not len(snapshot.curve.step):
            return [*strips, line(("the curve begins with the first step", DIM))]
        return strips + self._plot(snapshot, view.other, width, room) + changes

    def _plot(self, snapshot: Snapshot, other: Curve | None, width: int, height: int) -> list[Strip]:
        if height < 4 or width < 20:
            return []
        markers = BARE if self.look.colours == "none" else COLOURED
        curves = {name: points for name, points in _curves(snapshot, width - 8).items() if name in markers}
        last = nice_end(snapshot.step)
        if other is not None and len((behind := _drawable(other)).step):
            curves = {"other": _thinned(behind, width - 8), **curves}
            last = nice_end(max(snapshot.step, int(behind.step[-1])))
        if self.logarithmic:
            curves = {name: _log10(points) for name, points in curves.items()}
        values = np.concatenate([y for _, y in curves.values()])
        if not len(values):
            return [line(("no loss fits this axis: y changes it", DIM))]
        low, high = axis_limits(float(values.min()), float(values.max()), self.logarithmic)
        changes = [step for step, _ in snapshot.rates[1:] if step <= last]
        try:
            text = draw_plot(curves, (width, height), (0, last), (low, high), changes, self.logarithmic, markers)
        except ImportError:
            return [line(("no curve: plotext cannot be loaded", DIM))]
        return [strip_of(row) for row in text.split("\n")[:height]]


def _headline(snapshot: Snapshot, width: int, look: Look) -> Strip:
    samples = snapshot.samples
    wide = width >= 50
    training, test = ("⠒", "o") if look.colours == "none" else ("━", "━")
    pieces: list[Piece] = [
        (f"{training} ", BLUE),
        ("training" if wide else "train", DIM),
        (figure(snapshot.batch_loss), PLAIN),
    ]
    if len(samples.step):
        pieces += [
            (f"  {test} " if wide else f" {test} ", ORANGE),
            ("test", DIM),
            (figure(float(samples.loss[-1])), PLAIN),
        ]
        accuracy = samples.accuracy[-1]
        right: list[Piece] = [("  test right " if wide else " ✓ ", DIM), (f"{accuracy:.1%}", PLAIN)]
        if not math.isnan(accuracy) and line(*pieces, *right).cell_length <= width:
            pieces += right
    return line(*pieces)


def _changes(snapshot: Snapshot, width: int) -> list[Strip]:
    """The newest changes of the learning rate, under the plot that marks them."""
    if len(snapshot.rates) < 2:
        return []
    texts = [f"{short(rate)} at {counted(step)}" for step, rate in snapshot.rates[1:]]
    while len(texts) > 1 and len("  ".join(texts)) + 8 > width:
        texts.pop(0)
    return [line(("┊ rate ", DIM), ("  ".join(texts), PLAIN))]


def _curves(snapshot: Snapshot, columns: int) -> dict[str, Points]:
    """Training band (lowest and highest of each column), its mean, and the test losses; few points a column."""
    curve, samples = snapshot.curve, snapshot.samples
    finite = np.flatnonzero(samples.loss < LARGEST)
    chosen = finite[np.unique(np.linspace(0, len(finite) - 1, min(len(finite), columns)).astype(int))]
    test = samples.step[chosen].astype(np.float64), samples.loss[chosen]
    curve = _drawable(curve)
    if not len(curve.step):
        return {"test": test}
    starts = _starts(curve, columns)
    low, high = np.minimum.reduceat(curve.low, starts), np.maximum.reduceat(curve.high, starts)
    return {
        "band": (np.repeat(curve.step[starts].astype(np.float64), 2), np.column_stack((low, high)).ravel()),
        "training": _thinned(curve, columns),
        "test": test,
    }


def _drawable(curve: Curve) -> Curve:
    """The buckets whose losses are numbers that can be drawn."""
    kept = np.flatnonzero(curve.high < LARGEST)
    return replace(curve, step=curve.step[kept], low=curve.low[kept], mean=curve.mean[kept], high=curve.high[kept])


def _starts(curve: Curve, columns: int) -> NDArray[np.intp]:
    """The first bucket of each column."""
    group = np.arange(len(curve.step)) * columns // max(columns, len(curve.step))
    return np.flatnonzero(np.diff(group, prepend=-1))


def _thinned(curve: Curve, columns: int) -> Points:
    """The mean loss of each column."""
    starts = _starts(curve, columns)
    mean = np.add.reduceat(curve.mean, starts) / np.diff(np.append(starts, len(curve.step)))
    return curve.step[starts].astype(np.float64), smooth(mean)
