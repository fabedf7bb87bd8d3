"""A grid of tones, drawn as half blocks, or as textures where the terminal has no shades."""

from collections.abc import Sequence

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from gradstep.tui.drawing.map_palette import Tones
from gradstep.tui.drawing.palette import DIM, RGB, make_style
from gradstep.tui.terminal.capabilities import TerminalCapabilities

Marks = dict[tuple[int, int], Segment]
"""Characters over the grid, by (line, cell)."""


def resample(tones: Tones, rows: int, columns: int) -> Tones:
    """Resize the tones to so many rows and columns, each cell with the tone nearest to it."""
    down, across = (
        (np.arange(new) * 2 + 1) * old // (2 * new) for new, old in zip((rows, columns), tones.shape, strict=True)
    )
    return tones[np.ix_(down, across)]


def draw_pixel_grid(
    tones: Tones, colours: Sequence[RGB], textures: str, capabilities: TerminalCapabilities, marks: Marks | None = None
) -> list[Strip]:
    """Draw the tones (rows, columns), two rows on a line, and the marks over them.

    `colours` and `textures` are indexed by tone. With ASCII only a cell has one colour, and without shades one texture,
    that of its upper half.
    """
    marks = marks or {}
    return [
        _draw_line(
            upper.tolist(),
            lower.tolist(),
            colours,
            textures,
            capabilities,
            {x: mark for (y, x), mark in marks.items() if y == row},
        )
        for row, (upper, lower) in enumerate(zip(tones[::2], tones[1::2], strict=True))
    ]


def _draw_line(
    upper: list[int],
    lower: list[int],
    colours: Sequence[RGB],
    textures: str,
    capabilities: TerminalCapabilities,
    marks: dict[int, Segment],
) -> Strip:
    segments: list[Segment] = []
    width, x = len(upper), 0
    while x < width:
        if x in marks:
            segments.append(_add_background(marks[x], colours[upper[x]], capabilities))
            x += 1
            continue
        end = x + 1
        while end < width and end not in marks and (upper[end], lower[end]) == (upper[x], lower[x]):
            end += 1
        if not capabilities.shaded:
            segments.append(Segment(textures[upper[x]] * (end - x), DIM))
        elif capabilities.glyphs == "ascii":
            segments.append(Segment(" " * (end - x), make_style(background=colours[upper[x]])))
        else:
            segments.append(Segment("▀" * (end - x), make_style(colours[upper[x]], colours[lower[x]])))
        x = end
    return Strip(segments)


def _add_background(mark: Segment, colour: RGB, capabilities: TerminalCapabilities) -> Segment:
    """Give the mark the background of its tone, unless it has its own."""
    if capabilities.shaded and mark.style is not None and mark.style.bgcolor is None:
        return Segment(mark.text, mark.style + make_style(background=colour))
    return mark
