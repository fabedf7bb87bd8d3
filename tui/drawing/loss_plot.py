"""Loss curves, drawn with plotext in a frame of axes."""

import re
import sys
from collections.abc import Container, Iterator
from functools import cache, lru_cache
from types import ModuleType
from typing import Any

import numpy as np
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from gradstep.tui.drawing.loss_axis import choose_x_ticks, choose_y_ticks, write_x_labels
from gradstep.tui.drawing.loss_curves import XY
from gradstep.tui.drawing.palette import BESIDE, QUIET, RGB, TEST, TEXT, TRAINING, mix
from gradstep.tui.terminal.capabilities import TerminalCapabilities

GROUND = (18, 18, 18)
COLOURS = {
    "rates": QUIET,
    "cursor": TEXT,
    "other": mix(GROUND, QUIET, 0.7),
    "beside": BESIDE,
    "band": mix(GROUND, TRAINING, 0.45),
    "training": TRAINING,
    "test": TEST,
    "lowest": TEST,
    "peak": TEXT,
}

MARKERS = {
    "rates": "┊",
    "cursor": "│",
    "other": "braille",
    "beside": "braille",
    "band": "braille",
    "training": "braille",
    "test": "braille",
    "lowest": "◆",
    "peak": "▲",
}

MARKERS_WITHOUT_COLOURS = {name: marker for name, marker in MARKERS.items() if name != "band"} | {
    "other": ".",
    "beside": "~",
    "test": "o",
}
"""The markers of plotext for each curve. Without colours each curve has its own, and the band is left out."""

MARKERS_IN_ASCII = MARKERS | {"test": "o", "beside": "~"}
"""The markers where braille is replaced by ASCII characters, in which two lines of dots look much the same."""

BELOW = ("rates", "cursor", "other", "beside", "band")
"""What is drawn only in cells that no other curve passes through."""

POINTS = ("rates", "cursor", "above")
"""The curves that are drawn as points, and not joined by lines."""

LEAST_HEIGHT = 3
"""Lines of the smallest plot: two rows of curves, and the labels of the x axis."""

PLOTEXT_MANUAL = "plotext._doc.doc"

RESET = "\x1b[0m"
CODES_AND_TEXT = re.compile("((?:\x1b\\[[0-9;]*m)*)([^\x1b]*)")

Cell = tuple[str, str]
"""The codes of a cell's colours, and its character."""


def find_markers(capabilities: TerminalCapabilities) -> dict[str, str]:
    """Return the markers of the curves that a terminal with these capabilities shows."""
    if capabilities.colours == "none":
        return MARKERS_WITHOUT_COLOURS
    return MARKERS_IN_ASCII if capabilities.glyphs == "ascii" else MARKERS


def find_style_name(name: str, known: Container[str]) -> str:
    """Return the name that a curve's colour and marker are listed under: "test" for "test 2"."""
    return name if name in known else name.rsplit(" ", 1)[0]


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

    `size` is (columns, lines), of which there are at least LEAST_HEIGHT. plotext has one figure for the process, so
    only the UI's thread may call this. Values that are not finite are left out, because a NaN given to plotext ends the
    process.
    """
    width, height = size
    rows = max(2, height - 2)
    ticks = dict(choose_y_ticks(*y_limits, rows=rows, logarithmic=logarithmic))
    margin = max(map(len, ticks.values())) + 1
    columns = width - margin
    curves = {"rates": make_columns(marks, y_limits, rows), **curves}
    layers = (
        _draw_layer({name: xy for name, xy in curves.items() if (name in BELOW) == below}, *rest)
        for below in (True, False)
        for rest in [((columns, rows), x_limits, y_limits, markers, colours)]
    )
    grey = f"\x1b[38;2;{';'.join(map(str, QUIET))}m"
    lines = [
        grey + ticks.get(row, "").rjust(margin - 1) + ("┤" if row in ticks else "│") + _write_cells(cells)
        for row, cells in enumerate(_overlay(*layers))
    ]
    x_ticks = choose_x_ticks(*x_limits, columns, margin)
    if height > rows + 1:
        lines.append(grey + " " * (margin - 1) + "└" + "─" * columns)
    return "\n".join([*lines, grey + write_x_labels(x_ticks, columns, margin)])


def make_columns(steps: list[int], y_limits: tuple[float, float], rows: int) -> XY:
    """Return points at these steps in every row of the plot."""
    heights = np.linspace(*y_limits, rows)
    return np.repeat(np.array(steps, dtype=np.float64), rows), np.tile(heights, len(steps))


def _draw_layer(
    curves: dict[str, XY],
    size: tuple[int, int],
    x_limits: tuple[float, float],
    y_limits: tuple[float, float],
    markers: dict[str, str],
    colours: dict[str, RGB],
) -> list[list[Cell]]:
    """Draw the curves on a canvas without axes; return its rows of cells."""
    finite = {name: (x[np.isfinite(y)], y[np.isfinite(y)]) for name, (x, y) in curves.items()}
    finite = {name: points for name, points in finite.items() if len(points[0])}
    if not finite:
        return [[("", " ")] * size[0]] * size[1]
    plot = import_plotext().figure
    plot.clear()
    plot.plot_size(*size)
    plot.axes(False)
    plot.theme(_register_theme(_make_distinct([colours[find_style_name(name, colours)] for name in finite])))
    for name, (x, y) in finite.items():
        signal = plot.signal(x.tolist(), y.tolist(), marker=markers[find_style_name(name, markers)])
        plot.draw(signal if find_style_name(name, POINTS) in POINTS else signal.lines())
    plot.ruler("y").lim(*y_limits).ticks([], [])
    plot.ruler("x").lim(*x_limits).ticks([], [])
    return [_read_cells(row) for row in str(plot.build().string()).split("\n")[: size[1]]]


def _make_distinct(colours: list[RGB]) -> tuple[RGB, ...]:
    """Vary equal colours a little, because plotext skips a colour that it has used, and shifts the others."""
    found: list[RGB] = []
    for red, green, blue in colours:
        near = ((red - n % 4, green - n // 4 % 4, blue - n // 16) for n in range(1024))
        found.append(next(colour for colour in near if colour not in found))
    return tuple(found)


def _read_cells(row: str) -> list[Cell]:
    return [(codes, character) for codes, text in _split_by_codes(row) for character in text]


def _split_by_codes(row: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a row of ANSI text, each with the codes in force there: those since the last reset."""
    codes = ""
    for own, text in CODES_AND_TEXT.findall(row):
        codes = (codes + own).rpartition(RESET)[2]
        yield codes, text


def _overlay(below: list[list[Cell]], above: list[list[Cell]]) -> list[list[Cell]]:
    """Return the cells of `above`, and where they are blank those of `below`."""
    return [
        [under if over[1] in " ⠀" else over for under, over in zip(*rows, strict=True)]
        for rows in zip(below, above, strict=True)
    ]


def _write_cells(cells: list[Cell]) -> str:
    text, codes = "", None
    for own, character in cells:
        text += character if own == codes else f"{RESET}{own}{character}"
        codes = own
    return text


@cache
def import_plotext() -> Any:
    """Import plotext without its manual, which takes four fifths of the time to load; `--plain` does without both."""
    manual = ModuleType(PLOTEXT_MANUAL)
    vars(manual)["docs"] = None
    sys.modules[PLOTEXT_MANUAL] = manual
    try:
        import plotext
    except ImportError:
        # another version of plotext may need more of its manual
        del sys.modules[PLOTEXT_MANUAL]
        import plotext

    plotext.terminal.limit(False, False)
    return plotext


@cache
def _register_theme(colours: tuple[RGB, ...]) -> str:
    """Register a plotext theme with these colours, in the order in which the curves are drawn, and return its name."""
    name = f"gradstep {colours}"
    import_plotext().add_theme(name, canvas="default", text=QUIET, sequence=list(colours))
    return name


def strip_from_ansi(ansi: str) -> Strip:
    """Convert one line of ANSI text to a strip."""
    return Strip([Segment(text, _read_style(codes)) for codes, text in _split_by_codes(ansi) if text])


@lru_cache(1024)
def _read_style(codes: str) -> Style:
    """Return the style of these codes. rich takes long to read them, and each stands on many lines."""
    (segment, *_) = Text.from_ansi(f"{codes}x").render(_make_console())
    return segment.style or Style.null()


@cache
def _make_console() -> Any:
    from rich.console import Console

    return Console(color_system="truecolor", force_terminal=True)
