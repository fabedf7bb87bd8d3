"""The installed program on a real terminal: what a person sees, and what is left when they have gone."""

import re

import pytest

from tests.terminal.terminal import Terminal

CTRL_C, CTRL_L, CTRL_Z = "\x03", "\x0c", "\x1a"


def number(terminal: Terminal, name: str) -> float:
    """A number of the status line, as `step 1,482`."""
    return float(terminal.until(rf"\b{name} +([\d,.]+)")[1].replace(",", ""))


def test_a_person_watches_the_digits_being_learnt_and_steers_it() -> None:
    with Terminal() as terminal:
        terminal.until("digits")
        early = number(terminal, "step")
        terminal.until(r"test right ([5-9]\d|100)\.\d%")
        assert number(terminal, "step") > early

        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
        paused_at = number(terminal, "step")

        terminal.press("s")
        terminal.until(rf"\bstep {paused_at + 1:,.0f} ")
        terminal.until_quiet()
        assert number(terminal, "step") == paused_at + 1

        rate = number(terminal, "rate")
        terminal.press("+")
        terminal.until(rf"\brate {2 * rate:g} ")

        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.modes_left_on() == []
        assert re.search(rf"^stopped +quit after \d+ epochs, {paused_at + 1:.0f} steps", terminal.text, re.MULTILINE)


def test_ctrl_c_twice_leaves_a_training_in_progress() -> None:
    with Terminal("train", "--pace", "1") as terminal:
        terminal.until("training")
        terminal.press(CTRL_C)
        terminal.until("not finished")
        terminal.press(CTRL_C)
        assert terminal.end() == 0
        assert terminal.modes_left_on() == []
        assert "Traceback" not in terminal.text


@pytest.mark.parametrize("data", ["digits", "iris"])
def test_all_four_panels_are_to_be_seen_on_80_columns_and_24_lines(data: str) -> None:
    with Terminal("train", "--data", data, "--max-epochs", "3", "--pace", "max", columns=80, lines=24) as terminal:
        terminal.until("finished")
        terminal.until_quiet()
        for title in ("1 Architecture", "2 Loss", "3 Gradients", "4 Output"):
            assert title in terminal.text
        for content in ("parameters", r"∇W +\d", "[✓✗]", "[⠁-⣿]{3}"):
            assert re.search(content, terminal.text)
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.modes_left_on() == []


def test_a_finished_run_prints_its_summary_on_leaving() -> None:
    with Terminal("train", "--data", "iris", "--max-epochs", "2", "--pace", "max") as terminal:
        terminal.until("finished as planned")
        terminal.press("q")
        assert terminal.end() == 0
        assert re.search(r"^stopped +max_epochs after 2 epochs, 8 steps", terminal.text, re.MULTILINE)
        assert re.search(r"^train +loss", terminal.text, re.MULTILINE)
        assert re.search(r"^test +loss", terminal.text, re.MULTILINE)


def test_without_colours_it_trains_and_walks_all_the_same() -> None:
    with Terminal("walk", "mazur", NO_COLOR="1") as terminal:
        terminal.until("choose the batch")
        terminal.press("\x1b")
        terminal.until("3 Gradients")
        terminal.press("q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text


def test_a_diverged_run_leaves_with_status_3() -> None:
    with Terminal("train", "--output", "linear", "--loss", "mse", "--learning-rate", "1e9") as terminal:
        terminal.until("diverged")
        terminal.until(r"step \d+: .* of layer \d")
        terminal.press("q")
        assert terminal.end() == 3
        assert terminal.modes_left_on() == []


def test_keys_in_a_burst_are_all_obeyed() -> None:
    with Terminal("train", "--pace", "1") as terminal:
        terminal.until("training")
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
        before = number(terminal, "step")
        terminal.press("sssss")
        terminal.until(rf"\bstep {before + 5:,.0f} ")


def test_ctrl_l_draws_a_spoilt_screen_again() -> None:
    with Terminal("train", "--pace", "1") as terminal:
        terminal.until("training")
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
        before = terminal.text
        terminal.screen.reset()
        terminal.press(CTRL_L)
        terminal.until("paused")
        terminal.until_quiet()
        assert terminal.text == before


def test_ctrl_z_gives_the_terminal_back_and_fg_returns_to_the_training() -> None:
    with Terminal("train", "--pace", "20") as terminal:
        terminal.until("training")
        terminal.press(CTRL_Z)
        terminal.until_stopped()
        assert terminal.modes_left_on() == []
        step = number(terminal, "step")
        terminal.go_on()
        terminal.until(rf"\bstep +(?!{step:,.0f} )")
        terminal.press(" ")
        terminal.until("paused")
        terminal.press("q")
        assert terminal.end() == 0
