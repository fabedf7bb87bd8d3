"""On a slow or stalled link training goes on, frames are skipped, and the screen is right afterwards."""

from pathlib import Path
from time import monotonic

from tests.terminal.saved import find_saved_step
from tests.terminal.terminal import CTRL_S, Terminal, assert_drawn_right, wait_until

STALL_SECONDS = 2.0
"""Seconds of a stall that is long enough to be noticed."""

WHERE_IS_THE_CURSOR = b"\x1b[6n"
LONG = ("train", "--pace", "max", "--max-epochs", "1000000")
CALM = ("train", "--pace", "50", "--max-epochs", "1000000")
"""A run at the default pace, which leaves the processor free for the other tests."""


def assert_steered(terminal: Terminal) -> None:
    """Check that the program pauses, shows a correct screen, and quits."""
    terminal.press(" ")
    terminal.until("paused")
    assert_drawn_right(terminal)
    terminal.until_drawn()
    terminal.press("q")
    assert terminal.end() == 0


def save_unseen(terminal: Terminal, state: Path) -> int:
    """Save with ctrl+s while nothing is read, and return the saved step."""
    before = find_saved_step(state)
    terminal.press(CTRL_S)
    wait_until(lambda: find_saved_step(state) > before, "a checkpoint of a later step")
    return find_saved_step(state)


def test_training_and_keys_work_while_the_terminal_is_not_read(state: Path) -> None:
    with Terminal(*LONG, "--fps", "30") as terminal:
        terminal.until(r"step [1-9]")
        wait_until(terminal.backed_up, "the output to back up")
        unseen = [save_unseen(terminal, state) for _ in range(3)]
        terminal.until_true(lambda: terminal.number("step") > unseen[-1], "the screen to catch up")
        assert_steered(terminal)


def test_a_frame_interrupted_by_a_stall_is_completed_afterwards(state: Path) -> None:
    with Terminal(*CALM) as terminal:
        for _ in range(3):
            terminal.until(r"step [1-9]")
            terminal.stop_reading()
            terminal.press("2m", CTRL_S, "m1")  # keys that redraw the whole screen while nothing can be written
            step = save_unseen(terminal, state)
            terminal.until_true(lambda step=step: terminal.number("step") > step, "the screen to catch up")
        assert_steered(terminal)


def test_the_status_line_shows_a_slow_link_until_it_has_recovered() -> None:
    with Terminal(*CALM) as terminal:
        terminal.until_drawn()
        terminal.stop_reading()
        over = monotonic() + STALL_SECONDS
        wait_until(lambda: monotonic() > over, "the stall to be over")
        terminal.until_true(lambda: "slow link" in terminal.screen.display[0], "the slow link to be told")
        terminal.until_true(lambda: "slow link" not in terminal.screen.display[0], "the link to be told well again")
        assert_steered(terminal)


def test_frames_wait_for_a_terminal_that_is_far_away_and_does_not_answer() -> None:
    with Terminal(*CALM, answers=True) as terminal:
        terminal.until_true(lambda: terminal.sent.count(WHERE_IS_THE_CURSOR) > 3, "the questions after frames")
        terminal.answers, answers = {}, terminal.answers
        terminal.until_quiet(looks=30)
        terminal.answers = answers
        terminal.press(answers[WHERE_IS_THE_CURSOR])
        terminal.until_true(lambda: "slow link" in terminal.screen.display[0], "the slow link to be told")
        terminal.until_true(lambda: "slow link" not in terminal.screen.display[0], "the link to be told well again")
        assert_steered(terminal)


def test_quitting_while_the_terminal_is_not_read_ends_once_it_is_read(state: Path) -> None:
    with Terminal(*CALM) as terminal:
        terminal.until(r"step [1-9]")
        seen = terminal.number("step")
        terminal.stop_reading()
        terminal.press("q", "q")
        assert terminal.end() == 0
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
    assert find_saved_step(state) >= seen


def test_link_slow_draws_with_ascii_and_sixteen_colours() -> None:
    with Terminal("train", "--link", "slow", "--pace", "10") as terminal:
        terminal.until_drawn()
        assert terminal.sent.isascii()
        assert b"38;2;" not in terminal.sent
        assert b"38;5;" not in terminal.sent


def test_other_options_override_link_slow() -> None:
    with Terminal("train", "--link", "slow", "--glyphs", "braille", "--colours", "truecolor") as terminal:
        terminal.until("[⠁-⣿]{3}")
        assert b"38;2;" in terminal.sent
