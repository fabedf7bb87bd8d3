"""Converted colours: text stays readable, and different colours stay different."""

import re
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.screen import ModalScreen

from gradstep.tui.app import GradstepApp
from gradstep.tui.drawing.colour_fallback import (
    SIXTEEN,
    adapt_to_light,
    adapt_to_sixteen_colours,
    make_colour_filters,
    remove_colours,
)
from gradstep.tui.drawing.palette import (
    BAD,
    BLUE,
    DIM,
    GOOD,
    LEVELS,
    MARKED,
    NEGATIVE,
    ORANGE,
    PLAIN,
    POSITIVE,
    STRONG,
    make_style,
    signed_colour,
)
from gradstep.tui.drawing.theme import DEFAULT_COLOURS
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import Background, TerminalCapabilities
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import assembled, until

GROUND = (18, 18, 18)
TEXTS = {"plain": PLAIN, "strong": STRONG, "dim": DIM, "blue": BLUE, "orange": ORANGE, "good": GOOD, "bad": BAD}
SHEET = Path("tui/gradstep.tcss")
"""Relative to the root of the repository, where the tests are run."""


def convert_colour(rich: RichColor | None) -> Color:
    return Color.from_rich_color(rich)


def compute_contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of the Web Content Accessibility Guidelines, from 1 to 21."""
    low, high = sorted(_compute_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _compute_luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def light(foreground: tuple[int, int, int]) -> Color:
    return convert_colour(adapt_to_light(make_style(foreground)).color)


@pytest.mark.parametrize("system", [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT])
@pytest.mark.parametrize("name", TEXTS)
def test_text_can_be_read_on_the_light_background(name: str, system: ColorSystem) -> None:
    shown = adapt_to_light(TEXTS[name] + make_style(background=GROUND))
    assert shown.color and shown.bgcolor
    text, background = (Color(*each.downgrade(system).get_truecolor()) for each in (shown.color, shown.bgcolor))
    assert compute_contrast(text, background) >= 4.5


def test_marked_text_can_be_read_on_its_light_background() -> None:
    marked = adapt_to_light(MARKED)
    assert compute_contrast(convert_colour(marked.color), convert_colour(marked.bgcolor)) >= 4.5


def test_the_light_background_is_nearly_white() -> None:
    assert min(light(GROUND).rgb) >= 240


@pytest.mark.parametrize("sign", [1, -1])
def test_the_levels_fade_towards_the_light_background(sign: int) -> None:
    contrasts = [compute_contrast(light(signed_colour(sign * step)), light(GROUND)) for step in range(LEVELS + 1)]
    assert contrasts == sorted(contrasts)
    assert len(set(contrasts)) == len(contrasts)


def test_blue_stays_blue_and_orange_stays_orange_on_light() -> None:
    blue, orange = light(POSITIVE), light(NEGATIVE)
    assert blue.b > blue.g > blue.r
    assert orange.r > orange.g > orange.b


def test_every_colour_of_the_style_sheet_is_inverted_on_light() -> None:
    codes = [*re.findall(r"#[0-9a-f]{6}", SHEET.read_text(encoding="utf-8")), *DEFAULT_COLOURS.values()]
    found = list(map(Color.parse, codes))
    dark = sorted(found, key=_compute_luminance)
    turned = [_compute_luminance(light(colour.rgb)) for colour in dark]
    assert turned[0] > 0.9
    assert turned[-1] < 0.1


@pytest.mark.parametrize("background", ["dark", "light"])
def test_with_sixteen_colours_positive_negative_right_and_wrong_have_their_own_colours(background: Background) -> None:
    names = SIXTEEN[background]
    colours = [adapt_to_sixteen_colours(each, names).color for each in (BLUE, ORANGE, GOOD, BAD)]
    assert [each and each.name for each in colours] == [
        names[key][0] for key in ("positive", "negative", "right", "wrong")
    ]
    assert colours[0] != colours[1]
    assert colours[2] != colours[3]


@pytest.mark.parametrize("background", ["dark", "light"])
@pytest.mark.parametrize("sign", [1, -1])
def test_with_sixteen_colours_a_small_level_is_fainter_than_a_large_one(sign: int, background: Background) -> None:
    names = SIXTEEN[background]
    small, large = (adapt_to_sixteen_colours(make_style(signed_colour(sign * step)), names) for step in (1, LEVELS))
    full, faint = names["positive" if sign > 0 else "negative"]
    assert small.color is not None
    assert large.color is not None
    assert (small.color.name, large.color.name) == (faint, full)


def test_with_sixteen_colours_text_has_the_terminals_foreground_and_background() -> None:
    shown = adapt_to_sixteen_colours(make_style((212, 212, 212), GROUND), SIXTEEN["dark"])
    assert (shown.color, shown.bgcolor) == (None, None)


@pytest.mark.parametrize("rule", [remove_colours, lambda style: adapt_to_sixteen_colours(style, SIXTEEN["dark"])])
def test_marked_text_is_reversed_and_bold(rule: object) -> None:
    assert callable(rule)
    marked, plain = rule(MARKED), rule(PLAIN)
    assert marked.reverse and marked.bold
    assert not plain.reverse


def test_without_colours_bold_is_kept_and_every_colour_removed() -> None:
    shown = remove_colours(make_style(NEGATIVE, GROUND, bold=True))
    assert (shown.color, shown.bgcolor, shown.bold) == (None, None, True)


@pytest.mark.parametrize(
    "capabilities", [TerminalCapabilities("none"), TerminalCapabilities("16"), TerminalCapabilities(background="light")]
)
def test_click_actions_are_kept(capabilities: TerminalCapabilities) -> None:
    (recolour,) = make_colour_filters(capabilities)
    clickable = PLAIN + Style(meta={"@click": "app.pause"})
    ((_, shown, _),) = recolour.apply([Segment("pause", clickable)], Color(*GROUND))
    assert shown is not None
    assert shown.meta == {"@click": "app.pause"}


@pytest.mark.parametrize("colours", ["truecolor", "256"])
def test_on_a_dark_background_nothing_is_changed(colours: str) -> None:
    assert make_colour_filters(TerminalCapabilities("truecolor" if colours == "truecolor" else "256")) == []


async def test_behind_a_dialog_no_colour_is_inverted_twice() -> None:
    app = GradstepApp(
        TrainingSession(assembled(), None, paused=True), capabilities=TerminalCapabilities(background="light")
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: len(app.screen_stack) > 1, pilot)
        await until(lambda: all(panel.view is not None for panel in app.screen.query(Panel) if panel.display), pilot)
        await pilot.press("question_mark")
        await until(lambda: isinstance(app.screen, ModalScreen), pilot)

        def find_text_styles() -> list[Style]:
            strip = app.read_screen()[0]
            return [each.style for each in strip if each.text.strip() and each.style is not None]

        await until(lambda: bool(find_text_styles()), pilot)
        for each in find_text_styles():
            assert _compute_luminance(convert_colour(each.color)) < _compute_luminance(convert_colour(each.bgcolor))
