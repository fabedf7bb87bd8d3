"""Turn the one dark palette into what the terminal can show: a light one, the terminal's own 16 colours, or none.

Panels and the style sheet know the dark palette alone. The rules here take any colour of it, mixed ones and Textual's
own as well, by its lightness and hue (CIE L*a*b*), so that no colour has to be listed.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from math import atan2, hypot, pi

import numpy as np
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color, Lab, lab_to_rgb, rgb_to_lab
from textual.filter import LineFilter

from gradstep.tui.drawing.palette import NEGATIVE, POSITIVE, RIGHT, WRONG
from gradstep.tui.terminal.capabilities import Background, TerminalCapabilities

STYLES_KEPT = 4096

DARK, LIGHT = (0, 6, 16, 56, 75, 100), (100, 98, 92, 44, 38, 18)
"""Lightness on the dark ground, and what becomes of it on the light one: text of the first reads as well on the second.
"""

DEEPER = 1.15
"""How much more vivid a colour is on light, where it would look washed out."""

GREY = 14
"""Colours less vivid than this count as grey."""

LOUD, FAINT = 45, 60
"""A background from the first on stands out from the ground; a foreground below it is hardly to be seen, and below the
second it is faint.
"""

SEEN = Style(encircle=False)
"""Marks what has been recoloured: behind a dialogue the lines of the screen below come by for a second time."""


class Recolour(LineFilter):
    """Gives every style of a line the style that the rule makes of it."""

    def __init__(self, rule: Callable[[Style], Style]) -> None:
        super().__init__()
        self._recoloured = lru_cache(STYLES_KEPT)(rule)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        recoloured = self._recoloured
        return [Segment(text, style and recoloured(style), control) for text, style, control in segments]


def colour_filters(capabilities: TerminalCapabilities) -> list[LineFilter]:
    """The filters for these capabilities; none where the dark palette can be shown as it is."""
    if capabilities.colours == "none":
        return [Recolour(to_no_colours)]
    if capabilities.colours == "16":
        return [Recolour(partial(to_sixteen_colours, names=SIXTEEN[capabilities.background]))]
    return [Recolour(to_light_ground)] if capabilities.background == "light" else []


def to_light_ground(style: Style) -> Style:
    """Lightness turned over, hue kept: what was faint on dark is faint on light."""
    if style.encircle is False:
        return style
    return style + Style.from_color(_invert_lightness(style.color), _invert_lightness(style.bgcolor)) + SEEN


@lru_cache(STYLES_KEPT)
def _invert_lightness(colour: RichColor | None) -> RichColor | None:
    if colour is None or colour.triplet is None:
        return colour
    lab = _lab(colour)
    # a grey with a tinge of blue would be cyan among 256 colours
    deeper = DEEPER if _vividness(lab) >= GREY else 0.0
    turned = Lab(float(np.interp(lab.L, DARK, LIGHT)), deeper * lab.a, deeper * lab.b)
    return lab_to_rgb(turned).clamped.rich_color


def _lab(colour: RichColor) -> Lab:
    return rgb_to_lab(Color.from_rich_color(colour))


def _hue(lab: Lab) -> float:
    return atan2(lab.b, lab.a)


def _vividness(lab: Lab) -> float:
    return hypot(lab.a, lab.b)


HUES = {
    name: _hue(rgb_to_lab(Color(*colour)))
    for name, colour in {"positive": POSITIVE, "negative": NEGATIVE, "right": RIGHT, "wrong": WRONG}.items()
}
SIXTEEN: dict[Background, dict[str, tuple[str, str]]] = {
    "dark": {
        "positive": ("bright_blue", "blue"),
        "negative": ("bright_yellow", "yellow"),
        "right": ("bright_green", "green"),
        "wrong": ("bright_red", "red"),
    },
    "light": {
        "positive": ("blue", "bright_blue"),
        "negative": ("red", "bright_red"),
        "right": ("green", "bright_green"),
        "wrong": ("red", "bright_red"),
    },
}
"""The terminal's own colours for the four hues that mean something, full and faint; no yellow is seen on white."""


def to_sixteen_colours(style: Style, names: dict[str, tuple[str, str]]) -> Style:
    """The nearest of four hues, full or faint, on the terminal's own ground; a loud background is reversed."""
    if style.encircle is False:
        return _with_colour(style, dim=True)
    shown, reverse = _visible_colour(style)
    if shown is None or shown.triplet is None:
        return _with_colour(style, reverse=reverse)
    lab = _lab(shown)
    if _vividness(lab) >= GREY:
        return _with_colour(style, _nearest_names(lab, names)[lab.L < FAINT], reverse)
    if reverse:
        return _with_colour(style, reverse=True)
    # dim and not bright black for what is to be read: in some schemes that is the ground
    return _with_colour(style, "bright_black" if lab.L < LOUD else None, dim=LOUD <= lab.L < FAINT)


def to_no_colours(style: Style) -> Style:
    """Bold, underlined and reversed alone."""
    return _with_colour(style, reverse=_visible_colour(style)[1])


def _nearest_names(lab: Lab, names: dict[str, tuple[str, str]]) -> tuple[str, str]:
    hue = _hue(lab)
    return names[min(HUES, key=lambda name: abs((HUES[name] - hue + pi) % (2 * pi) - pi))]


def _visible_colour(style: Style) -> tuple[RichColor | None, bool]:
    """The colour to be seen, and whether it is seen as the ground of a reversed text."""
    ground = style.color if style.reverse else style.bgcolor
    if style.reverse or (ground is not None and ground.triplet is not None and _is_loud(_lab(ground))):
        return ground, True
    return style.color, False


def _is_loud(lab: Lab) -> bool:
    return lab.L >= LOUD or _vividness(lab) >= GREY


def _with_colour(style: Style, colour: str | None = None, reverse: bool = False, dim: bool = False) -> Style:
    """The style's letters and what a click on it does, with this colour."""
    return Style(
        color=colour,
        bold=style.bold,
        underline=style.underline,
        reverse=reverse or None,
        dim=dim or None,
        encircle=False,
        meta=style.meta or None,
    )
