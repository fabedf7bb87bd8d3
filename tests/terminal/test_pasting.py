"""Text that is pasted into the terminal by mistake."""

import pytest

from tests.terminal.terminal import TITLES, Terminal, assert_drawn_right

LINE = "0.05, 0.10; a clipboard full of notes, and more of them than anybody wants\r\n"
TEXT = LINE * (100_000 // len(LINE) + 1)
BRACKETS = "\x1b[200~", "\x1b[201~"
NO_KEYS = str.maketrans("", "", "sSqwh:?efRx")
"""Removes the characters that, read as keys, would make steps, quit or open other screens."""


@pytest.mark.parametrize("screen", [("train", "--pace", "max", "--max-epochs", "1000000"), ("walk",)], ids=" ".join)
def test_text_pasted_in_brackets_does_nothing(screen: tuple[str, ...]) -> None:
    with Terminal(*screen) as terminal:
        terminal.until("1 ")
        terminal.press(BRACKETS[0], TEXT, BRACKETS[1], "?")
        terminal.until("Help ─")
        terminal.press("\x1b[27u")
        terminal.until("1 ")
        terminal.press("q", "q", "q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text


def test_text_pasted_as_keys_does_not_break_the_program() -> None:
    with Terminal("train", "--pace", "max", "--max-epochs", "1000000") as terminal:
        terminal.until(r"step [1-9]")
        terminal.press(TEXT[:5_000].translate(NO_KEYS), "?")  # more than a terminal holds; 100 kB would take a minute
        terminal.until("Help ─")
        terminal.press("\x1b[27u", "\x1b[27u", "s")
        terminal.until("paused")
        terminal.until_true(lambda: all(title in terminal.text for title in TITLES), "all four panels")
        assert_drawn_right(terminal)
        terminal.press("q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text
