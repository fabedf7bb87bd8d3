"""Loss curves, drawn with plotext."""

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.text import Text
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.tui.drawing.axis import format_ticks
from gradstep.tui.drawing.palette import NEGATIVE, POSITIVE, QUIET, RGB, mix
from gradstep.tui.numbers import format_count, typeset_minus
from gradstep.tui.round_numbers import choose_axis_grain, choose_round_ticks, choose_ticks

BAND = mix((18, 18, 18), POSITIVE, 0.45)


BEHIND = mix((18, 18, 18), QUIET, 0.7)


COLOURS = {"rates": QUIET, "other": BEHIND, "band": BAND, "training": POSITIVE, "test": NEGATIVE}


MARKERS = {"rates": "┊", "other": "braille", "band": "braille", "training": "braille", "test": "braille"}


MARKERS_WITHOUT_COLOURS = {"rates": "┊", "other": ".", "training": "braille", "test": "o"}
"""The markers of plotext for each curve. Without colours each curve has its own, and the band is left out."""


MIN_SPAN = 0.2
"""The least span of a logarithmic y axis, in decades, so that noise around a constant looks like noise."""


SMALLEST, LARGEST = 1e-300, 1e300
"""Losses outside are not drawn, because sums and limits of them leave the range of a float."""


XY = tuple[Floats, Floats]


def smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the moving average of the values, over an eighth of them and 9 at most."""
    window = max(1, min(9, len(values) // 8)) | 1
    padded = np.pad(values, window // 2, mode="edge")
    smooth: NDArray[np.float64] = np.convolve(padded, np.full(window, 1 / window), mode="valid")
    return smooth


def take_log10_of_losses(points: XY) -> XY:
    """Return the curve with the logarithms of its losses; points that have none, or are too small, are left out."""
    x, y = points
    positive = y > SMALLEST
    return x[positive], np.log10(y[positive])


def choose_axis_limits(low: float, high: float, logarithmic: bool) -> tuple[float, float]:
    """Return limits of the y axis that stay still while the values move a little."""
    grain = 0.25 if logarithmic else choose_axis_grain(high - min(low, 0.0))
    low = math.floor(low / grain) * grain if logarithmic else min(0.0, math.floor(low / grain) * grain)
    high = math.ceil(high / grain) * grain
    return low, max(high, low + MIN_SPAN) if logarithmic else max(high, low + grain)


@cache
def _import_plotext() -> Any:
    """Import plotext when the first plot is needed, because that takes a quarter of a second."""
    import plotext

    plotext.terminal.limit(False, False)
    return plotext


@cache
def _register_theme(colours: tuple[RGB, ...]) -> str:
    """Register a plotext theme with these colours, in the order in which the curves are drawn, and return its name."""
    name = f"gradstep {colours}"
    _import_plotext().add_theme(name, canvas="default", text=QUIET, sequence=list(colours))
    return name


def draw_loss_plot(
    curves: dict[str, XY],
    size: tuple[int, int],
    x_limits: tuple[float, float],
    y_limits: tuple[float, float],
    marks: list[int],
    logarithmic: bool,
    markers: dict[str, str],
    colours: dict[str, RGB] = COLOURS,
) -> str:
    """Draw the curves with their markers, and dotted lines at the steps in `marks`; return the text with ANSI colours.

    `size` is (columns, lines). plotext has one figure for the process, so only the UI's thread may call this. No two
    colours may be the same, because plotext skips a colour that it has used, and shifts the others. Values that are not
    finite are left out, because a NaN given to plotext ends the process.
    """
    heights = np.linspace(*y_limits, size[1])
    rates = (np.repeat(np.array(marks, dtype=np.float64), len(heights)), np.tile(heights, len(marks)))
    finite = {name: (x[np.isfinite(y)], y[np.isfinite(y)]) for name, (x, y) in {"rates": rates, **curves}.items()}
    finite = {name: points for name, points in finite.items() if len(points[0])}
    plot = _import_plotext().figure
    plot.clear()
    plot.plot_size(*size)
    plot.theme(_register_theme(tuple(colours[name] for name in finite)))
    for name, (x, y) in finite.items():
        signal = plot.signal(x.tolist(), y.tolist(), marker=markers[name])
        plot.draw(signal if name == "rates" else signal.lines())
    positions, labels = _choose_y_ticks(*y_limits, rows=size[1] - 3, logarithmic=logarithmic)
    plot.ruler("y").lim(*y_limits).ticks(positions, labels)
    ends = [x_limits[0], (x_limits[0] + x_limits[1]) / 2, x_limits[1]]
    plot.ruler("x").lim(*x_limits).ticks(ends, [format_count(int(end)) for end in ends])
    return str(plot.build().string())


def _choose_y_ticks(low: float, high: float, rows: int, logarithmic: bool) -> tuple[list[float], list[str]]:
    count = max(2, min(6, rows // 2))
    ends = (10**low, 10**high) if logarithmic else (low, high)
    values = choose_ticks(*ends, count) if logarithmic else []
    if len(values) < 2:
        values = choose_round_ticks(*ends, count)
        labels = format_ticks(values)
    else:
        labels = [typeset_minus(f"{value:g}") for value in values]
    positions = [math.log10(value) for value in values] if logarithmic else values
    return positions, [label.rjust(max(map(len, labels))) for label in labels]


def strip_from_ansi(ansi: str) -> Strip:
    """Convert one line of ANSI text to a strip."""
    text = Text.from_ansi(ansi)
    return Strip([Segment(s.text, s.style) for s in text.render(_make_console()) if s.text])


@cache
def _make_console() -> Any:
    from rich.console import Console

    return Console(color_system="truecolor", force_terminal=True)
