"""The training screen of the installed program on a pseudo-terminal."""

import re

import pytest

from tests.terminal.terminal import CTRL_L, CTRL_O, TITLES, Terminal, assert_drawn_right


def test_the_keys_steer_the_training_on_the_digits() -> None:
    with Terminal() as terminal:
        terminal.until("digits")
        early = terminal.number("step")
        terminal.until(r"test accuracy ([5-9]\d|100)\.\d%")
        assert terminal.number("step") > early

        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
        paused_at = terminal.number("step")

        terminal.press("s")
        terminal.until(rf"\bstep {paused_at + 1:,.0f} ")
        terminal.until_quiet()
        assert terminal.number("step") == paused_at + 1

        rate = terminal.number("rate")
        terminal.press("+")
        terminal.until(rf"\brate {2 * rate:g} ")

        terminal.press(CTRL_O)
        terminal.until(rf"written: gradstep-digits-step-{paused_at + 1:.0f}\.svg")

        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.modes_left_on() == []
        assert re.search(rf"^stopped +quit after \d+ epochs, {paused_at + 1:.0f} steps", terminal.text, re.MULTILINE)


@pytest.mark.parametrize("data", ["digits", "iris"])
def test_all_four_panels_are_visible_on_80_columns_and_24_lines(data: str) -> None:
    with Terminal("train", "--data", data, "--max-epochs", "3", "--pace", "max", columns=80, lines=24) as terminal:
        terminal.until("finished")
        terminal.until_quiet()
        for title in TITLES:
            assert title in terminal.text
        for content in ("parameters", r"∇W +\d", "[✓✗]", "[⠁-⣿]{3}"):
            terminal.until(content)


def test_every_key_of_a_burst_takes_effect() -> None:
    with Terminal("train", "--pace", "1") as terminal:
        terminal.until("training")
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
        before = terminal.number("step")
        terminal.press("sssss")
        terminal.until(rf"\bstep {before + 5:,.0f} ")


@pytest.mark.parametrize("answers", [False, True], ids=["silent terminal", "answering terminal"])
def test_ctrl_l_redraws_a_damaged_screen(answers: bool) -> None:
    with Terminal("train", "--pace", "1", answers=answers) as terminal:
        terminal.until("training")
        terminal.press(" ")
        terminal.until("paused")
        assert_drawn_right(terminal)


def test_a_key_pressed_during_the_start_does_no_harm() -> None:
    with Terminal("train", "--pace", "1") as terminal:
        terminal.press("\x1b[A\r", CTRL_L)
        terminal.until("training")
        terminal.press(" ")
        terminal.until("paused")
        terminal.press("q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text
