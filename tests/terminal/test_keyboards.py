"""Torn answers of the terminal, and other keyboard layouts, at the running program."""

from time import monotonic

import pytest

from tests.terminal.terminal import Terminal

TORN = (
    "\x1b|[12;34R",
    "\x1b[|12;34R",
    "\x1b[12;|34R",
    "\x1b|[?2026;2$y",
    "\x1b|[?62;c",
    "\x1b|]11;rgb:1c1c/1c1c/1c1c\x07",
    "\x1b|[I",
)
SECONDS_TORN = 0.4
QUIT_IN_RUSSIAN = {"code": "\x1b[1089;5u", "alternate keys": "\x1b[1089::99;5u", "letter": "й"}


def test_torn_answers_press_no_key() -> None:
    with Terminal("train", "--pace", "20") as terminal:
        terminal.until_drawn()
        for answer in TORN:
            for piece in answer.split("|"):
                terminal.press(piece)
                torn_at = monotonic()
                terminal.until_true(lambda torn_at=torn_at: monotonic() > torn_at + SECONDS_TORN, "the rest")
        step = terminal.number("step")
        terminal.until_true(lambda: terminal.number("step") > step, "the training to go on")
        assert "4 Output" in terminal.text
        assert " training " in terminal.screen.display[0]


@pytest.mark.parametrize("quit_key", QUIT_IN_RUSSIAN.values(), ids=QUIT_IN_RUSSIAN)
def test_a_russian_layout_pauses_steps_and_quits(quit_key: str) -> None:
    with Terminal("train", "--pace", "20") as terminal:
        terminal.until_drawn()
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
        step = terminal.number("step")
        terminal.press("ы")
        terminal.until_true(lambda: terminal.number("step") == step + 1, "the step")
        terminal.press("\x1b[1099::115;1;1099u")
        terminal.until_true(lambda: terminal.number("step") == step + 2, "the step")
        terminal.press(quit_key)
        assert terminal.end() == 0
        assert terminal.modes_left_on() == []


def test_text_is_typed_in_its_own_letters() -> None:
    with Terminal("train", "--pace", "20") as terminal:
        terminal.until_drawn()
        terminal.press(":")
        terminal.until("Find|Search|command|▔")
        terminal.press("йц", "\x1b[1099::115;1;1099u")
        terminal.until("йцы")
