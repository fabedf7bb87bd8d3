"""Converts the dark palette for terminals that need other colours: a light palette, the 16 ANSI colours, or none.

Panels and the style sheet use the dark palette only. The functions here convert any colour by its lightness, chroma and
hue (CIE L*a*b*), so that mixed colours and Textual's own need no list.
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

from gradstep.tui.drawing.palette import NEGATIVE, POSITIVE, RIGHT, TEST, TRAINING, WRONG
from gradstep.tui.terminal.capabilities import OTHER_BACKGROUND, Background, TerminalCapabilities

STYLES_KEPT = 4096
"""How many converted styles a cache holds."""

DARK, LIGHT = (0, 6, 16, 56, 75, 100), (100, 98, 92, 44, 38, 18)
"""Lightness (0 to 100) on the dark background, and the lightness with about the same contrast on the light one."""

CHROMA_FACTOR = 1.15
"""Factor for the chroma of a colour on the light background, where it would look washed out."""

GREY = 14
"""Colours with less chroma than this count as grey."""

STANDS_OUT, FAINT = 45, 60
"""Two limits of lightness.

A background from STANDS_OUT on stands out from the terminal's own. A foreground below it can hardly be seen, and one
below FAINT is faint.
"""

CONVERTED = Style(encircle=False)
"""Marks a converted style. The lines of a screen behind a dialog pass the filter twice, and must change once."""


class StyleFilter(LineFilter):
    """Replaces every style of a line by the result of a rule."""

    def __init__(self, rule: Callable[[Style], Style]) -> None:
        super().__init__()
        self._convert = lru_cache(STYLES_KEPT)(rule)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with their styles converted."""
        convert = self._convert
        return [Segment(text, style and convert(style), control) for text, style, control in segments]


def make_colour_filters(capabilities: TerminalCapabilities) -> list[LineFilter]:
    """Return the filters for these capabilities; none if the dark palette can be shown as it is."""
    if capabilities.colours == "none":
        return [StyleFilter(remove_colours)]
    if capabilities.colours == "16":
        return [StyleFilter(partial(adapt_to_sixteen_colours, names=SIXTEEN[capabilities.background]))]
    return [StyleFilter(adapt_to_light)] if capabilities.background == "light" else []


def make_conversion(background: Background) -> LineFilter:
    """Return the filter that makes lines for this background of lines for the other one."""
    return StyleFilter(partial(convert_to_background, background=background))


def adapt_to_light(style: Style) -> Style:
    """Invert the lightness of a style and keep its hue: what is faint on dark is faint on light."""
    if style.encircle is False:
        return style
    return convert_to_background(style, "light") + CONVERTED


def convert_to_background(style: Style, background: Background) -> Style:
    """Return the style that shows on this background what `style` shows on the other one."""
    colours = (_convert_colour(style.color, background), _convert_colour(style.bgcolor, background))
    return style + Style.from_color(*colours)


def _convert_colour(colour: RichColor | None, background: Background) -> RichColor | None:
    """Invert the lightness of a colour; give one of the 16 colours its counterpart."""
    if colour is None or colour.triplet is not None:
        return _invert_lightness(colour, background)
    return RichColor.parse(COUNTERPARTS[background].get(colour.name, colour.name))


@lru_cache(STYLES_KEPT)
def _invert_lightness(colour: RichColor | None, background: Background) -> RichColor | None:
    if colour is None:
        return None
    lab = _convert_to_lab(colour)
    lightness = np.interp(lab.L, DARK, LIGHT) if background == "light" else np.interp(lab.L, LIGHT[::-1], DARK[::-1])
    # a greater chroma would turn a bluish grey into cyan among 256 colours
    factor = 0.0 if _compute_chroma(lab) < GREY else CHROMA_FACTOR if background == "light" else 1 / CHROMA_FACTOR
    return lab_to_rgb(Lab(float(lightness), factor * lab.a, factor * lab.b)).clamped.rich_color


def _convert_to_lab(colour: RichColor) -> Lab:
    return rgb_to_lab(Color.from_rich_color(colour))


def _compute_hue(lab: Lab) -> float:
    return atan2(lab.b, lab.a)


def _compute_chroma(lab: Lab) -> float:
    return hypot(lab.a, lab.b)


HUES = {
    name: _compute_hue(rgb_to_lab(Color(*colour)))
    for name, colour in {
        "positive": POSITIVE,
        "negative": NEGATIVE,
        "right": RIGHT,
        "wrong": WRONG,
        "training": TRAINING,
        "test": TEST,
    }.items()
}
SIXTEEN: dict[Background, dict[str, tuple[str, str]]] = {
    "dark": {
        "positive": ("bright_blue", "blue"),
        "negative": ("bright_yellow", "yellow"),
        "right": ("bright_green", "green"),
        "wrong": ("bright_red", "red"),
        "training": ("bright_cyan", "cyan"),
        "test": ("bright_magenta", "magenta"),
    },
    "light": {
        "positive": ("blue", "bright_blue"),
        "negative": ("red", "bright_red"),
        "right": ("green", "bright_green"),
        "wrong": ("red", "bright_red"),
        "training": ("cyan", "bright_cyan"),
        "test": ("magenta", "bright_magenta"),
    },
}
"""The ANSI colours for the hues with a meaning, full and faint. Yellow cannot be seen on white."""

COUNTERPARTS: dict[Background, dict[str, str]] = {
    background: {
        theirs: ours
        # the first meaning of a colour comes last here, and stays
        for name in reversed(SIXTEEN[background])
        for theirs, ours in zip(SIXTEEN[other][name], SIXTEEN[background][name], strict=True)
    }
    for other, background in OTHER_BACKGROUND.items()
}
"""For each background, its ANSI colours by those of the other background with the same meaning."""


def adapt_to_sixteen_colours(style: Style, names: dict[str, tuple[str, str]]) -> Style:
    """Use the nearest of the hues with a meaning, full or faint, on the terminal's own background.

    A background that stands out is shown by reversing the text.
    """
    if style.encircle is False:
        return _replace_colour(style, dim=True)
    shown, reverse = _find_visible_colour(style)
    if shown is None or shown.triplet is None:
        return _replace_colour(style, reverse=reverse)
    lab = _convert_to_lab(shown)
    if _compute_chroma(lab) >= GREY:
        return _replace_colour(style, _find_nearest_names(lab, names)[lab.L < FAINT], reverse)
    if reverse:
        return _replace_colour(style, reverse=True)
    # text is dim and not bright black, which is the background in some colour schemes
    return _replace_colour(style, "bright_black" if lab.L < STANDS_OUT else None, dim=STANDS_OUT <= lab.L < FAINT)


def remove_colours(style: Style) -> Style:
    """Keep bold, underline and reverse, and remove the colours."""
    return _replace_colour(style, reverse=_find_visible_colour(style)[1])


def _find_nearest_names(lab: Lab, names: dict[str, tuple[str, str]]) -> tuple[str, str]:
    hue = _compute_hue(lab)
    return names[min(HUES, key=lambda name: abs((HUES[name] - hue + pi) % (2 * pi) - pi))]


def _find_visible_colour(style: Style) -> tuple[RichColor | None, bool]:
    """Return the colour that carries the meaning, and whether it is a background, to be shown by reversing."""
    back_colour = style.color if style.reverse else style.bgcolor
    if style.reverse or (
        back_colour is not None and back_colour.triplet is not None and _stands_out(_convert_to_lab(back_colour))
    ):
        return back_colour, True
    return style.color, False


def _stands_out(lab: Lab) -> bool:
    return lab.L >= STANDS_OUT or _compute_chroma(lab) >= GREY


def _replace_colour(style: Style, colour: str | None = None, reverse: bool = False, dim: bool = False) -> Style:
    """Return the style with this colour; bold, underline and the click action stay."""
    return Style(
        color=colour,
        bold=style.bold,
        underline=style.underline,
        reverse=reverse or None,
        dim=dim or None,
        encircle=False,
        meta=style.meta or None,
    )
