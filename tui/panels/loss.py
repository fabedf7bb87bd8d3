"""Loss: the training and the test curve, drawn by plotext, and the learning rates they were made with."""

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.text import Text
from textual.strip import Strip

from core.history import Curve
from core.snapshot import Snapshot
from tui.colours import BLUE, DIM, NEGATIVE, ORANGE, PLAIN, POSITIVE, QUIET, RGB, mixed
from tui.figures import counted, figure, short
from tui.look import Look
from tui.panels.panel import Panel, Piece, line
from tui.view import View

BAND = mixed((18, 18, 18), POSITIVE, 0.45)
BEHIND = mixed((18, 18, 18), QUIET, 0.7)
COLOURS = {"rates": QUIET, "other": BEHIND, "band": BAND, "training": POSITIVE, "test": NEGATIVE}
COLOURED = {"rates": "┊", "other": "braille", "band": "braille", "training": "braille", "test": "braille"}
BARE = {"rates": "┊", "other": ".", "training": "braille", "test": "o"}
"""What the curves are drawn with; without colours each with signs of its own, and no band."""

MIN_SPAN = 0.2
"""Decades, or units, that the y axis shows at least: noise around a constant must not look like drama."""

SMALLEST, LARGEST = 1e-300, 1e300
"""Losses beyond are not drawn: sums and limits of them leave the range of a float."""

Points = tuple[NDArray[np.float64], NDArray[np.float64]]


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


def smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over a tenth of the curve's last stretch around each point, so that the trend shows through the noise."""
    window = max(1, min(9, len(values) // 8)) | 1
    padded = np.pad(values, window // 2, mode="edge")
    smooth: NDArray[np.float64] = np.convolve(padded, np.full(window, 1 / window), mode="valid")
    return smooth


def _log10(points: Points) -> Points:
    x, y = points
    positive = y > SMALLEST
    return x[positive], np.log10(y[positive])


def axis_limits(low: float, high: float, logarithmic: bool) -> tuple[float, float]:
    """Limits that stay still while the values move a little."""
    grain = 0.25 if logarithmic else _grain(high - min(low, 0.0))
    low = math.floor(low / grain) * grain if logarithmic else min(0.0, math.floor(low / grain) * grain)
    high = math.ceil(high / grain) * grain
    return low, max(high, low + MIN_SPAN) if logarithmic else max(high, low + grain)


def _grain(span: float) -> float:
    return float(10 ** math.floor(math.log10(span))) / 2 if span > SMALLEST else 1.0


def nice_end(step: int) -> int:
    """The end of the x axis: 20, 30, 40, 60, 80, 100, 150, ..., a plot that stands still while the curve grows."""
    decade = 10
    while True:
        for factor in (2, 3, 4, 6, 8, 10, 15):
            if factor * decade >= step:
                return factor * decade
        decade *= 10


@cache
def _plotext() -> Any:
    """plotext, imported when the first plot is needed: that takes a quarter of a second."""
    import plotext

    plotext.terminal.limit(False, False)
    return plotext


@cache
def _theme(colours: tuple[RGB, ...]) -> str:
    """A plotext theme that gives the curves these colours, in the order in which they are drawn."""
    name = f"gradstep {colours}"
    _plotext().add_theme(name, canvas="default", text=QUIET, sequence=list(colours))
    return name


def draw_plot(
    curves: dict[str, Points],
    size: tuple[int, int],
    x_limits: tuple[float, float],
    y_limits: tuple[float, float],
    marks: list[int],
    logarithmic: bool,
    markers: dict[str, str],
    colours: dict[str, RGB] = COLOURS,
) -> str:
    """Draw the curves with their markers, and dotted lines at the steps in `marks`; call it from the UI's thread only.

    No two colours may be the same: plotext would take one that it has used as given, and shift the others.
    Everything handed to plotext is finite: a NaN would end the process.
    """
    heights = np.linspace(*y_limits, size[1])
    rates = (np.repeat(np.array(marks, dtype=np.float64), len(heights)), np.tile(heights, len(marks)))
    finite = {name: (x[np.isfinite(y)], y[np.isfinite(y)]) for name, (x, y) in {"rates": rates, **curves}.items()}
    finite = {name: points for name, points in finite.items() if len(points[0])}
    plot = _plotext().figure
    plot.clear()
    plot.plot_size(*size)
    plot.theme(_theme(tuple(colours[name] for name in finite)))
    for name, (x, y) in finite.items():
        signal = plot.signal(x.tolist(), y.tolist(), marker=markers[name])
        plot.draw(signal if name == "rates" else signal.lines())
    positions, labels = _y_ticks(*y_limits, rows=size[1] - 3, logarithmic=logarithmic)
    plot.ruler("y").lim(*y_limits).ticks(positions, labels)
    ends = [x_limits[0], (x_limits[0] + x_limits[1]) / 2, x_limits[1]]
    plot.ruler("x").lim(*x_limits).ticks(ends, [counted(int(end)) for end in ends])
    return str(plot.build().string())


def _y_ticks(low: float, high: float, rows: int, logarithmic: bool) -> tuple[list[float], list[str]]:
    count = max(2, min(6, rows // 2))
    if logarithmic:
        values = _round_values(10**low, 10**high, count)
        positions = [math.log10(value) for value in values]
    else:
        values = positions = [low + (high - low) * place / (count - 1) for place in range(count)]
    labels = [f"{value:.3g}" for value in values]
    return positions, [label.rjust(max(map(len, labels))) for label in labels]


def _round_values(low: float, high: float, count: int) -> list[float]:
    """At most `count` of 1, 2, 5, 10, 20, ... in the range, or of the powers of ten alone where those are too many."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for digits in ((1, 2, 5), (1, 3), (1,)):
        values = [float(f"{digit}e{exponent}") for exponent in exponents for digit in digits]
        values = [value for value in values if low <= value <= high]
        if len(values) <= count:
            return values
    return values[:: -(-len(values) // count)]


def strip_of(ansi: str) -> Strip:
    """One line of what plotext has drawn."""
    text = Text.from_ansi(ansi)
    return Strip([Segment(s.text, s.style) for s in text.render(_console()) if s.text])


@cache
def _console() -> Any:
    from rich.console import Console

    return Console(color_system="truecolor", force_terminal=True)
