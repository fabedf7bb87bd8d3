"""The colours with a meaning: blue is positive and orange is negative, everywhere.

They are chosen for true colour on a dark background. `gradstep.tui.drawing.colour_fallback` converts them for other
terminals.
"""

from functools import cache

from rich.color import Color
from rich.style import Style

POSITIVE = (86, 156, 255)
NEGATIVE = (255, 158, 66)
RIGHT = (110, 200, 130)
WRONG = (240, 110, 110)
TRAINING = (80, 205, 215)
TEST = (232, 130, 222)
"""The two parts of the data, on the loss plot and in its header."""

BESIDE = (200, 180, 95)
"""A saved run beside the one that trains."""

CLASSES = (
    RIGHT, (190, 140, 230), (225, 205, 110), (90, 205, 205), (235, 140, 175),
    (165, 175, 190), (190, 150, 110), (150, 190, 90), (220, 220, 220), (240, 110, 110),
)  # fmt: skip
"""The colours of three classes and more, without those of positive and negative.

Beyond ten they repeat, and the letters of the classes differ."""

GROUND = (40, 42, 48)
TEXT = (212, 212, 212)
QUIET = (128, 134, 144)

LEVELS = 4
"""Levels of colour on each side of 0. With few levels a small change of a value redraws nothing."""

RGB = tuple[int, int, int]


def mix(low: RGB, high: RGB, share: float) -> RGB:
    """Return the colour between low (share 0) and high (share 1)."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return red, green, blue


@cache
def make_style(foreground: RGB | None = None, background: RGB | None = None, bold: bool = False) -> Style:
    """Return a style, which is made once for each combination."""
    return Style(
        color=Color.from_rgb(*foreground) if foreground else None,
        bgcolor=Color.from_rgb(*background) if background else None,
        bold=bold,
    )


def signed_level(value: float, largest: float) -> int:
    """Return the level of a value, from −LEVELS for −largest to LEVELS for largest; 0 for NaN."""
    if not largest > 0 or value != value:
        return 0
    return round(max(-1.0, min(1.0, value / largest)) * LEVELS)


@cache
def signed_colour(level: int) -> RGB:
    """Return the colour of a level: orange below 0, blue above, dark at 0."""
    return mix(GROUND, POSITIVE if level > 0 else NEGATIVE, abs(level) / LEVELS)


PLAIN = make_style(TEXT)
FAINT = make_style((72, 76, 84))
DIM = make_style(QUIET)
MARKED = make_style((18, 18, 18), (240, 240, 240), bold=True)
STRONG = make_style((240, 240, 240), bold=True)
BLUE = make_style(POSITIVE)
ORANGE = make_style(NEGATIVE)
GOOD = make_style(RIGHT)
BAD = make_style(WRONG)
CAUTION = make_style((225, 205, 110))


def signed_style(value: float) -> Style:
    """Return the style of a number below 0, or of any other."""
    return ORANGE if value < 0 else BLUE
