"""The colours that carry meaning: blue is positive, orange is negative, everywhere.

This is the one palette, for truecolor on a dark ground; `gradstep.tui.drawing.colour_fallback` makes the others of it.
"""

from functools import cache

from rich.color import Color
from rich.style import Style

POSITIVE = (86, 156, 255)
NEGATIVE = (255, 158, 66)
RIGHT = (110, 200, 130)
WRONG = (240, 110, 110)
CLASSES = (
    POSITIVE, NEGATIVE, RIGHT, (190, 140, 230), (225, 205, 110), (90, 205, 205),
    (235, 140, 175), (165, 175, 190), (190, 150, 110), (150, 190, 90),
)  # fmt: skip
"""Of three classes and more; beyond ten they begin again, and their letters tell them apart."""

GROUND = (40, 42, 48)
TEXT = (212, 212, 212)
QUIET = (128, 134, 144)

LEVELS = 4
"""Few levels keep the screen calm, and short on a slow line: a small change is no change."""

RGB = tuple[int, int, int]


def mix(low: RGB, high: RGB, share: float) -> RGB:
    """The colour `share` (0 to 1) of the way from low to high."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return red, green, blue


@cache
def make_style(foreground: RGB | None = None, background: RGB | None = None, bold: bool = False) -> Style:
    """A style, made once for each combination."""
    return Style(
        color=Color.from_rgb(*foreground) if foreground else None,
        bgcolor=Color.from_rgb(*background) if background else None,
        bold=bold,
    )


def signed_level(value: float, largest: float) -> int:
    """Which of the 2·LEVELS + 1 steps from −largest to largest the value stands on."""
    if not largest > 0 or value != value:
        return 0
    return round(max(-1.0, min(1.0, value / largest)) * LEVELS)


def signed_colour(step: int) -> RGB:
    """The colour of a `signed_level`: orange below 0, blue above, dark at 0."""
    return mix(GROUND, POSITIVE if step > 0 else NEGATIVE, abs(step) / LEVELS)


PLAIN = make_style(TEXT)
FAINT = make_style((72, 76, 84))
DIM = make_style(QUIET)
MARKED = make_style((18, 18, 18), (240, 240, 240), bold=True)
STRONG = make_style((240, 240, 240), bold=True)
BLUE = make_style(POSITIVE)
ORANGE = make_style(NEGATIVE)
GOOD = make_style(RIGHT)
BAD = make_style(WRONG)
