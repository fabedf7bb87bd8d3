"""A picture in grey values, as shades or as signs of more and less ink."""

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.tui.drawing.palette import PLAIN, RGB, make_style
from gradstep.tui.terminal.capabilities import TerminalCapabilities

GREYS = 15
INK = {"braille": " ░▒▓█", "block": " ░▒▓█", "ascii": " .:-=+*#%@"}
"""Signs from nothing to full, where colours have no shades."""


def draw_image(image: Floats, width: int, height: int, capabilities: TerminalCapabilities) -> list[Strip]:
    """Grey values: two cells a pixel, or a multiple of that, if they fit; else half a cell; else every n-th pixel."""
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
    """A row of pixels of so many cells each: the brighter, the brighter the ground, or the more ink."""
    if capabilities.shaded:
        return Strip([Segment(" " * cells, make_style(background=_grey(share))) for share in row])
    ink = INK[capabilities.glyphs]
    signs = [ink[round(share * (len(ink) - 1))] for share in row.tolist()]
    return Strip([Segment("".join(sign * cells for sign in signs), PLAIN)])


def _draw_half_blocks(upper: Floats, lower: Floats) -> Strip:
    pairs = zip(upper, lower, strict=True)
    return Strip([Segment("▀", make_style(_grey(above), _grey(below))) for above, below in pairs])


def _grey(share: float) -> RGB:
    grey = 24 + round(share * GREYS) * 15
    return grey, grey, grey
