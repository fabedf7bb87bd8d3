"""The capabilities of a terminal, detected from the environment or chosen by options."""

import re
from dataclasses import replace

import pytest
from rich.console import Console

from gradstep.tui.app import GradstepApp
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import TerminalCapabilities, detect_capabilities
from tests.tui.driving import assembled, panels, text, until

COLOUR = re.compile(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\b[349]\d\b|\b10\d\b")
PLENTY = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}


@pytest.mark.parametrize("colorterm", [None, "truecolor", "24bit", "yes"])
@pytest.mark.parametrize("term", ["xterm-256color", "xterm-kitty", "xterm", "linux", "vt100", "screen", "rxvt-16color"])
def test_the_number_of_colours_is_the_one_that_rich_detects(term: str, colorterm: str | None) -> None:
    environment = {"TERM": term} | ({"COLORTERM": colorterm} if colorterm else {})
    rich = Console(force_terminal=True, _environ=environment).color_system
    assert detect_capabilities(environment, "utf-8").colours == {"standard": "16"}.get(rich or "none", rich)


@pytest.mark.parametrize("environment", [{"NO_COLOR": ""}, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_color_and_a_dumb_terminal_mean_no_colours(environment: dict[str, str]) -> None:
    assert detect_capabilities(PLENTY | environment, "utf-8").colours == "none"


@pytest.mark.parametrize("encoding", ["ascii", "ANSI_X3.4-1968", "latin-1", "cp437", None])
def test_the_glyphs_are_ascii_unless_the_encoding_is_utf_8(encoding: str | None) -> None:
    assert detect_capabilities(PLENTY | {"TERM": "linux"}, encoding).glyphs == "ascii"


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "utf8", "UTF_8"])
def test_the_glyphs_are_braille_in_utf_8(encoding: str) -> None:
    assert detect_capabilities(PLENTY, encoding).glyphs == "braille"


def test_the_glyphs_are_blocks_on_the_linux_console() -> None:
    assert detect_capabilities({"TERM": "linux"}, "utf-8").glyphs == "block"


@pytest.mark.parametrize(
    ("colorfgbg", "background"),
    [("0;15", "light"), ("0;7", "light"), ("0;default;15", "light"), ("15;0", "dark"), ("7;8", "dark"), ("", "dark")],
)
def test_the_background_is_the_last_number_of_colorfgbg(colorfgbg: str, background: str) -> None:
    assert detect_capabilities(PLENTY | {"COLORFGBG": colorfgbg}, "utf-8").background == background


def test_options_override_the_environment() -> None:
    environment = {"NO_COLOR": "1", "TERM": "linux", "COLORFGBG": "0;15"}
    assert detect_capabilities(environment, "ascii", "truecolor", "braille", "dark") == TerminalCapabilities()


async def render_screen(
    capabilities: TerminalCapabilities, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> str:
    """Return the text that the terminal is sent for a whole screen."""
    for name in ("NO_COLOR", "COLORTERM", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    app = GradstepApp(TrainingSession(assembled("digits"), None, paused=True), capabilities=capabilities)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: bool(panels(pilot)) and all(text(panel).strip() for panel in panels(pilot)), pilot)
        return app.screen._compositor.render_update(full=True).render_segments(app.console)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "xterm"}, PLENTY], ids=str)
@pytest.mark.parametrize(
    ("capabilities", "kind"),
    [
        (TerminalCapabilities("16"), r"3\d|4\d|9\d|10\d"),
        (TerminalCapabilities("16", background="light"), r"3\d|4\d|9\d|10\d"),
        (TerminalCapabilities("truecolor"), r"[34]8;2;\d+;\d+;\d+"),
        (TerminalCapabilities("truecolor", background="light"), r"[34]8;2;\d+;\d+;\d+"),
    ],
    ids=str,
)
async def test_only_colours_of_the_capabilities_are_sent(
    capabilities: TerminalCapabilities, kind: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    colours = await collect_colours(capabilities, environment, monkeypatch)
    assert colours
    assert all(re.fullmatch(kind, colour) for colour in colours), colours


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, PLENTY], ids=str)
async def test_without_colours_no_colour_is_sent(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert await collect_colours(TerminalCapabilities("none"), environment, monkeypatch) == set()


async def collect_colours(
    capabilities: TerminalCapabilities, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> set[str]:
    """Return every colour that the screen sets, as the parameters of its escape sequence."""
    sequences = re.findall(r"\x1b\[([\d;]*)m", await render_screen(capabilities, environment, monkeypatch))
    return {
        colour
        for codes in sequences
        for colour in re.findall(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\b[349]\d\b|10\d", codes)
    }


@pytest.mark.parametrize("colours", ["truecolor", "256", "16", "none"])
def test_the_app_uses_the_colour_system_of_its_capabilities(colours: str) -> None:
    capabilities = replace(TerminalCapabilities(), colours=colours)
    app = GradstepApp(TrainingSession(assembled(), None, paused=True), capabilities=capabilities)
    assert app.console.color_system == {"16": "standard", "none": None}.get(colours, colours)
