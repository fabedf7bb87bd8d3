"""An image of grey values, drawn in shades or with characters of more and less ink."""

from functools import lru_cache

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.tui.drawing.palette import PLAIN, RGB, make_style
from gradstep.tui.terminal.capabilities import TerminalCapabilities

GREYS = 15
"""The number of steps from the darkest to the brightest shade."""

INK = {"braille": " ░▒▓█", "block": " ░▒▓█", "ascii": " .:-=+*#%@"}
"""Characters from empty to full, for terminals without shades."""


def draw_image(image: Floats, width: int, height: int, capabilities: TerminalCapabilities) -> list[Strip]:
    """Draw an image (height, width) of grey values on at most width × height cells.

    A pixel takes two cells, or a multiple of that, if it fits; else half a cell. Of an image that is still too large,
    every n-th pixel is drawn.
    """
    shares = (image - image.min()) / (float(image.max() - image.min()) or 1.0)
    rows, columns = shares.shape
    times = min(width // (2 * columns), height // rows)
    if times:
        return [strip for row in shares for strip in [_draw_pixels(row, 2 * times, capabilities)] * times]
    every = max(1, -(-columns // width), -(-rows // (2 * height)))
    shares = shares[::every, ::every]
    if len(shares) % 2:
        shares = np.vstack((shares, np.zeros_like(shares[:1])))
    upper, lower = shares[::2], shares[1::2]
    if capabilities.shaded and capabilities.glyphs != "ascii":
        return [_draw_half_blocks(*pair) for pair in zip(upper, lower, strict=True)]
    return [_draw_pixels(row, 1, capabilities) for row in (upper + lower) / 2]


def _draw_pixels(row: Floats, cells: int, capabilities: TerminalCapabilities) -> Strip:
    """Draw a row of pixels of `cells` cells each; brighter pixels have a brighter background, or more ink."""
    if capabilities.shaded:
        return Strip([_make_pixel(level, cells) for level in _find_levels(row)])
    ink = INK[capabilities.glyphs]
    signs = [ink[round(share * (len(ink) - 1))] for share in row.tolist()]
    return Strip([Segment("".join(sign * cells for sign in signs), PLAIN)])


def _draw_half_blocks(upper: Floats, lower: Floats) -> Strip:
    pairs = zip(_find_levels(upper), _find_levels(lower), strict=True)
    return Strip([Segment("▀", make_style(_make_grey(above), _make_grey(below))) for above, below in pairs])


def _find_levels(shares: Floats) -> list[int]:
    """Return the step of each share from the darkest to the brightest shade."""
    return [round(share * GREYS) for share in shares.tolist()]


@lru_cache
def _make_pixel(level: int, cells: int) -> Segment:
    return Segment(" " * cells, make_style(background=_make_grey(level)))


def _make_grey(level: int) -> RGB:
    grey = 24 + level * 15
    return grey, grey, grey
