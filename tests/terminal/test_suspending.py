"""ctrl+z restores the terminal for the shell, and fg returns to the training."""

import signal
from pathlib import Path

import pytest

from tests.terminal.saved import find_processes, find_saved_step
from tests.terminal.terminal import CTRL_Z, Terminal, assert_drawn_right

MANY = ("--max-epochs", "1000000")


def suspend(terminal: Terminal) -> float:
    """Press ctrl+z, wait until the terminal is restored, and return the step on the screen."""
    step = terminal.number("step")
    terminal.press(CTRL_Z)
    terminal.until_stopped()
    assert terminal.modes_left_on() == []
    assert terminal.attributes_changed() == []
    return step


@pytest.mark.parametrize("pace", ["20", "max"])
def test_ctrl_z_and_fg_work_twice_in_a_row(pace: str) -> None:
    with Terminal("train", "--pace", pace, *MANY) as terminal:
        terminal.until("training")
        for _ in range(2):
            step = suspend(terminal)
            terminal.go_on()
            terminal.until_true(lambda step=step: terminal.number("step") > step, "the training to go on")
        terminal.press(" ")
        terminal.until("paused")
        assert_drawn_right(terminal)
        terminal.until_drawn()
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []


def test_a_suspended_run_that_gets_a_signal_is_saved_before_it_ends(state: Path) -> None:
    with Terminal("train", "--pace", "20", *MANY) as terminal:
        terminal.until(r"step [1-9]")
        step = suspend(terminal)
        terminal.send(signal.SIGTERM)
        terminal.go_on()
        assert terminal.end() == 143
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
    assert find_saved_step(state) >= step
    assert find_processes(state) == []
