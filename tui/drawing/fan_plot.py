"""Fans of loss curves beside each other: from the lowest to the highest, between the quartiles, and the median."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.loss_fan import LossFan
from gradstep.tui.drawing.braille import BrailleCanvas
from gradstep.tui.drawing.cells import align_left
from gradstep.tui.drawing.loss_axis import choose_axis_limits, choose_x_ticks, choose_y_ticks, write_x_labels
from gradstep.tui.drawing.loss_curves import find_heights
from gradstep.tui.drawing.map_palette import Tones
from gradstep.tui.drawing.palette import DIM, GROUND, MARKED, PLAIN, RGB, TEXT, TRAINING, make_style, mix
from gradstep.tui.drawing.pixel_grid import Marks, draw_pixel_grid
from gradstep.tui.drawing.strips import Piece, join_blocks, make_line
from gradstep.tui.numbers import format_count
from gradstep.tui.terminal.capabilities import TerminalCapabilities

BANDS: tuple[RGB, ...] = (GROUND, mix(GROUND, TRAINING, 0.2), mix(GROUND, TRAINING, 0.42))
"""The colours outside a fan, in it, and between its quartiles."""

TEXTURES = " ░▒"
"""The same without shades."""

MEDIAN, OWN = make_style(TEXT, bold=True), make_style((255, 205, 70), bold=True)
MEDIAN_SIGN, OWN_SIGN, GUESS_SIGN, ABOVE = "━", "●", "┄", "▲"
"""The signs of the lines where they are not drawn as dots, of a constant guess, and of a fan that goes on above."""

LEAST_WIDTH, LEAST_HEIGHT = 8, 4
"""Columns and lines of the smallest fan, without its axis."""

HEADROOM = 3.0
"""The plot reaches at most so many times as high as the loss of a constant guess, if anything is below that."""


Characters = dict[tuple[int, int], str]
"""Characters of a line, by row and column."""


@dataclass(frozen=True, slots=True)
class NamedFan:
    """A fan, and what is written above it; the chosen one is marked."""

    name: str
    fan: LossFan
    is_chosen: bool = False


def draw_fans(
    fans: Sequence[NamedFan],
    end: int,
    guess: float,
    logarithmic: bool,
    size: tuple[int, int],
    capabilities: TerminalCapabilities,
) -> list[Strip]:
    """Draw fans beside each other, with one axis of losses; the steps of each go from 0 to `end`.

    A single fan has no name above it. Returns nothing if there is no room, or no point yet.
    """
    width, height = size
    limits = _find_limits([each.fan for each in fans], guess, logarithmic)
    rows = height - 1 - (len(fans) > 1)
    if limits is None or rows < LEAST_HEIGHT:
        return []
    ticks = dict(choose_y_ticks(*limits, rows=rows, logarithmic=logarithmic))
    margin = max(map(len, ticks.values())) + 1
    columns = (width - margin + 1) // len(fans) - 1
    if columns < LEAST_WIDTH:
        return []
    axis = [
        make_line((ticks.get(row, "").rjust(margin - 1) + ("┤" if row in ticks else "│"), DIM)) for row in range(rows)
    ]
    head = [Strip.blank(margin)] if len(fans) > 1 else []
    blocks = [[*head, *axis, Strip.blank(margin)]]
    for each in fans:
        name = [make_line(_name(each, columns))] if len(fans) > 1 else []
        x_labels = _write_steps(end, columns)
        plot = _draw_fan(each.fan, end, guess, limits, logarithmic, (columns, rows), capabilities)
        blocks.append([*name, *plot, make_line((x_labels, DIM))])
    return join_blocks(blocks, [margin, *[columns + 1] * (len(fans) - 1)])


def _write_steps(end: int, columns: int) -> str:
    """Return the steps below a fan; nothing where not both ends fit."""
    fits = len(format_count(end)) + 2 <= columns
    return write_x_labels(choose_x_ticks(0, end, columns, 0), columns, 0) if fits else ""


def _name(each: NamedFan, columns: int) -> Piece:
    return align_left(f"{'▸' if each.is_chosen else ' '}{each.name}", columns), MARKED if each.is_chosen else PLAIN


def _find_limits(fans: Sequence[LossFan], guess: float, logarithmic: bool) -> tuple[float, float] | None:
    """Return the ends of the axis of losses: all that is drawn, but not far above the loss of a constant guess."""
    losses = np.concatenate([fan.lines.ravel() for fan in fans] + [fan.own for fan in fans if fan.own is not None])
    heights = find_heights(losses, logarithmic)
    below = heights[losses <= HEADROOM * guess]
    for shown in (below[np.isfinite(below)], heights[np.isfinite(heights)]):
        if len(shown):
            return choose_axis_limits(float(shown.min()), float(shown.max()), logarithmic)
    return None


def _draw_fan(
    fan: LossFan,
    end: int,
    guess: float,
    limits: tuple[float, float],
    logarithmic: bool,
    size: tuple[int, int],
    capabilities: TerminalCapabilities,
) -> list[Strip]:
    columns, rows = size
    low, lower, _, upper, high = _sample(fan.steps, fan.lines, end, columns, logarithmic)
    own = None if fan.own is None else fan.own[None]
    tones = np.zeros((2 * rows, columns), np.intp)
    for tone, (top, bottom) in ((1, (high, low)), (2, (upper, lower))):
        ends = [_find_tone_rows(heights, limits, 2 * rows) for heights in (top, bottom)]
        at = np.arange(2 * rows)[:, None]
        tones[(at >= ends[0]) & (at <= ends[1])] = tone
    marks: Marks = {}
    guess_row = _find_row(float(find_heights(np.array([guess]), logarithmic)[0]), limits, rows)
    if guess_row is not None:
        marks |= {(guess_row, column): Segment(GUESS_SIGN, DIM) for column in range(columns)}
    marks |= {(0, column): Segment(ABOVE, PLAIN) for column in np.flatnonzero(high > limits[1]).tolist()}
    signs = capabilities.colours == "none" or capabilities.glyphs == "ascii"
    for losses, style, sign in ((fan.lines[2:3], MEDIAN, MEDIAN_SIGN), (own, OWN, OWN_SIGN)):
        if losses is not None:
            (heights,) = _sample(fan.steps, losses, end, columns * (1 if signs else 2), logarithmic)
            line = _mark_signs(heights, limits, rows, sign) if signs else _mark_line(heights, limits, rows)
            marks |= {cell: Segment(character, style) for cell, character in line.items()}
    if capabilities.shaded:
        marks = {cell: _add_band(mark, tones[2 * cell[0] : 2 * cell[0] + 2, cell[1]]) for cell, mark in marks.items()}
    return draw_pixel_grid(tones, BANDS, TEXTURES, capabilities, marks)


def _add_band(mark: Segment, tones: Tones) -> Segment:
    """Give a mark the background of the denser of the two tones behind it."""
    return Segment(mark.text, (mark.style or PLAIN) + make_style(background=BANDS[int(tones.max())]))


def _sample(steps: NDArray[np.intp], lines: Floats, end: int, columns: int, logarithmic: bool) -> Floats:
    """Return the heights of lines (lines, points) at so many places from step 0 to `end`; NaN before and after them."""
    at = (np.arange(columns) + 0.5) / columns * end
    if not len(steps):
        return np.full((len(lines), columns), np.nan)
    index = np.minimum(np.searchsorted(steps, at), len(steps) - 1)
    # an infinite loss has no height that could be drawn, but is above the plot
    losses = np.where(at > steps[-1] + end / columns, np.nan, lines[:, index])
    heights = np.asarray(find_heights(losses, logarithmic))
    return np.where(losses >= 1e300, np.inf, heights)


def _find_tone_rows(heights: Floats, limits: tuple[float, float], rows: int) -> Floats:
    """Return the row of tones of each height, from the top; NaN stays NaN, and what is off the plot is off the rows."""
    low, high = limits
    return np.where(heights == low, rows - 1, np.floor((high - heights) / (high - low) * rows))


def _mark_line(heights: Floats, limits: tuple[float, float], rows: int) -> Characters:
    """Return a line of dots through heights at every column of dots."""
    canvas, before = BrailleCanvas(len(heights) // 2, rows), None
    for x, height in enumerate(heights.tolist()):
        y = _find_row(height, limits, 4 * rows)
        if y is not None:
            canvas.set_segment(x, y if before is None else before + (y > before) - (y < before), y)
        before = y
    return {(row, column): canvas.character(column, row) for row, column in np.argwhere(canvas.bits).tolist()}


def _mark_signs(heights: Floats, limits: tuple[float, float], rows: int, sign: str) -> Characters:
    """Return a sign at each height, one for each column."""
    found = ((_find_row(height, limits, rows), column) for column, height in enumerate(heights.tolist()))
    return {(row, column): sign for row, column in found if row is not None}


def _find_row(height: float, limits: tuple[float, float], rows: int) -> int | None:
    """Return the row of a height, from the top; None outside the plot."""
    low, high = limits
    if not low <= height <= high:
        return None
    return min(rows - 1, int((high - height) / (high - low) * rows))


def list_signs(has_own: bool, own_name: str, capabilities: TerminalCapabilities) -> list[list[Piece]]:
    """Return the legend of the bands and lines that are always there: a sample of each, with its name."""
    signs = capabilities.colours == "none" or capabilities.glyphs == "ascii"

    def show(band: int) -> Piece:
        if capabilities.shaded:
            return "  ", make_style(background=BANDS[band])
        return TEXTURES[band] * 2, DIM

    items: list[list[Piece]] = [[show(1), (" all", PLAIN)], [show(2), (" half of them", PLAIN)]]
    items.append([(MEDIAN_SIGN * 2 if signs else "⣀⣀", MEDIAN), (" median", PLAIN)])
    if has_own:
        items.append([(OWN_SIGN * 2 if signs else "⣀⣀", OWN), (f" {own_name}", PLAIN)])
    return items
