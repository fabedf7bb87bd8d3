"""Every TERM, encoding and NO_COLOR: the program uses only what the terminal can show."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.terminal.terminal import Terminal, assert_drawn_right

SHORT = ("train", "--data", "iris", "--max-epochs", "3", "--pace", "max")

SIXTEEN = ["linux", "vt100", "screen", "rxvt", "unknown-foo", "xterm"]
MORE = ["xterm-256color", "screen-256color", "tmux-256color"]
LINES_ONLY = ["dumb"]

COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")
TRUE_COLOUR, OF_256 = b"8;2;", b"8;5;"

LATIN_1 = "en_US.ISO-8859-1"


@pytest.fixture(scope="session")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A folder with a locale that is not UTF-8, if one can be made here."""
    folder = tmp_path_factory.mktemp("locales")
    if not shutil.which("localedef"):
        return None
    made = subprocess.run(["localedef", "-i", "en_US", "-f", "ISO-8859-1", str(folder / LATIN_1)], capture_output=True)
    return None if made.returncode else folder


def draw_and_quit(**variables: str | None) -> bytes:
    """Start the program, wait for all four panels, quit, and return the bytes that were sent."""
    with Terminal(*SHORT, **{"COLORTERM": None, **variables}) as terminal:
        terminal.until("finished")
        terminal.until_quiet()
        terminal.until_drawn()
        terminal.press("q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
        return bytes(terminal.sent)


@pytest.mark.parametrize("term", [*SIXTEEN, *MORE])
def test_the_colours_depend_on_term(term: str) -> None:
    sent = draw_and_quit(TERM=term)
    assert COLOUR.search(sent)
    assert TRUE_COLOUR not in sent
    assert (OF_256 in sent) == (term in MORE)


@pytest.mark.parametrize("term", [*SIXTEEN, *MORE])
def test_with_no_color_and_a_locale_that_is_not_utf_8_only_uncoloured_ascii_is_sent(
    term: str, locales: Path | None
) -> None:
    not_utf_8 = {"LC_ALL": LATIN_1, "LOCPATH": str(locales)} if locales else {"PYTHONIOENCODING": "iso-8859-1"}
    sent = draw_and_quit(TERM=term, NO_COLOR="", COLORTERM="truecolor", **not_utf_8)
    assert not COLOUR.search(sent)
    assert sent.isascii()
    assert rb"\u" not in sent


def test_with_no_color_no_colour_is_sent() -> None:
    assert not COLOUR.search(draw_and_quit(NO_COLOR="", COLORTERM="truecolor"))


def test_colorterm_switches_true_colour_on() -> None:
    assert TRUE_COLOUR in draw_and_quit(COLORTERM="truecolor")


def test_in_a_locale_that_is_not_utf_8_only_ascii_is_sent(locales: Path | None) -> None:
    if locales is None:
        pytest.skip("needs localedef, and sources of locales")
    sent = draw_and_quit(LC_ALL=LATIN_1, LOCPATH=str(locales))
    assert sent.isascii()
    assert rb"\u" not in sent


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-15", "cp437"])
def test_with_pythonioencoding_that_is_not_utf_8_only_ascii_is_sent(encoding: str) -> None:
    sent = draw_and_quit(PYTHONIOENCODING=encoding)
    assert sent.isascii()
    assert rb"\u" not in sent


@pytest.mark.parametrize("locale", ["C", "POSIX", "xx_XX.unknown"])
def test_it_draws_in_the_c_locale_and_in_an_unknown_one(locale: str) -> None:
    draw_and_quit(LC_ALL=locale)


def test_the_linux_console_gets_no_braille() -> None:
    assert not re.search("[⠀-⣿]", draw_and_quit(TERM="linux").decode())


@pytest.mark.parametrize("term", [*LINES_ONLY, None, ""], ids=["dumb", "unset", "empty"])
def test_an_unknown_terminal_gets_lines_of_text_or_a_screen_that_any_terminal_can_show(term: str | None) -> None:
    with Terminal(*SHORT, TERM=term, COLORTERM=None) as terminal:
        terminal.until("finished|^stopped +max_epochs")
        terminal.press("q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text
        assert terminal.modes_left_on() == []
        assert TRUE_COLOUR not in terminal.sent
        assert OF_256 not in terminal.sent
        if term == "dumb":
            assert b"\x1b" not in terminal.sent


@pytest.mark.parametrize("colours", ["truecolor", "256", "16", "none"])
def test_colours_can_be_forced(colours: str) -> None:
    with Terminal(*SHORT, "--colours", colours) as terminal:
        terminal.until("finished")
        assert (TRUE_COLOUR in terminal.sent) == (colours == "truecolor")
        assert (OF_256 in terminal.sent) == (colours == "256")
        assert bool(COLOUR.search(terminal.sent)) == (colours != "none")


@pytest.mark.parametrize(
    ("glyphs", "wanted", "unwanted"),
    [("braille", "[⠁-⣿]", "\x00"), ("block", "[▖-▟▀▄▌▐█]", "[⠁-⣿]"), ("ascii", "step", "[^\x00-\x7f]")],
)
def test_glyphs_can_be_forced(glyphs: str, wanted: str, unwanted: str) -> None:
    with Terminal(*SHORT, "--glyphs", glyphs) as terminal:
        terminal.until("finished")
        terminal.until_quiet()
        assert re.search(wanted, terminal.text)
        assert not re.search(unwanted, terminal.sent.decode())
        assert_drawn_right(terminal)


def test_no_mouse_leaves_the_mouse_to_the_terminal() -> None:
    with Terminal(*SHORT, "--no-mouse") as terminal:
        terminal.until("finished")
        for mode in (b"1000", b"1003", b"1006"):
            assert b"\x1b[?" + mode + b"h" not in terminal.sent


def test_on_a_light_background_no_text_is_white() -> None:
    with Terminal(*SHORT, "--background", "light") as terminal:
        terminal.until("finished")
        terminal.until_quiet()
        cells = [cell for row in terminal.picture for cell in row]
        light = [cell for cell in cells if compute_brightness(cell.bg) > 150]
        assert len(light) > 0.9 * len(cells)
        assert all(
            compute_brightness(cell.fg) < compute_brightness(cell.bg) - 50 for cell in light if cell.data.isalnum()
        )


def compute_brightness(colour: str) -> float:
    """Return the mean of red, green and blue of a colour in pyte's form."""
    assert colour != "default", "what the terminal would choose by itself is not known to be light"
    return sum(bytes.fromhex(colour)) / 3


def test_the_walkthrough_works_without_colours() -> None:
    with Terminal("walk", "mazur", NO_COLOR="1") as terminal:
        terminal.until("choose the batch")
        terminal.press("\x1b")
        terminal.until("3 Gradients")
        terminal.press("q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text
        assert not COLOUR.search(terminal.sent)


@pytest.mark.parametrize("options", [("--colours", colours) for colours in ("truecolor", "256", "16", "none")])
def test_what_panels_draw_by_themselves_is_what_the_whole_screen_shows(options: tuple[str, str]) -> None:
    with Terminal(*SHORT, *options, **{"COLORTERM": None}) as terminal:
        terminal.until("finished")
        terminal.until_drawn()
        for key in "ncncn":
            terminal.press(key)
            terminal.until_quiet()
        terminal.until("n/p example")  # a note of the start takes its line for some seconds
        assert_drawn_right(terminal)
