"""SIGTERM, SIGHUP and the end of the terminal save the run, and no process is left."""

import re
import signal
from pathlib import Path

import pytest

from gradstep.tui.terminal.signal_watcher import ENDING, name_signal
from tests.terminal.saved import find_checkpoints, find_processes, load_latest
from tests.terminal.terminal import GRADSTEP, Terminal, wait_until

LONG = ("train", "--pace", "max", "--max-epochs", "1000000")
STATUS = {signal.SIGTERM: 143, signal.SIGHUP: 129}
SIGNALS = pytest.mark.parametrize("number", STATUS, ids=lambda number: number.name)
REAL_TIME = range(signal.SIGRTMIN + 2, signal.SIGRTMAX)
OTHERS = sorted(ENDING - set(STATUS) - set(REAL_TIME))
"""All but those in STATUS and most of the real-time ones, which are all alike."""

IGNORING_SIGHUP = ("sh", "-c", 'trap "" HUP; exec "$0" "$@"', GRADSTEP)


def wait_for_step(terminal: Terminal, phase: str = "training") -> float:
    """Wait until the program trains, pause if `phase` says so, and return the step on the screen."""
    terminal.until(r"step [1-9]")
    if phase == "paused":
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
    return terminal.number("step")


def assert_saved(state: Path, seen: float) -> None:
    assert load_latest(state).state.values["step"] >= seen
    assert find_processes(state) == []


@SIGNALS
@pytest.mark.parametrize("phase", ["training", "paused"])
def test_a_signal_saves_the_run_and_restores_the_terminal(number: signal.Signals, phase: str, state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = wait_for_step(terminal, phase)
        terminal.send(number)
        assert terminal.end() == STATUS[number]
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
        run = find_checkpoints(state)[0].parent.name
        line = f"gradstep: stopped by {number.name}; go on with: gradstep resume {run}"
        assert re.search(f"^{re.escape(line)}$", terminal.text, re.MULTILINE)
        assert "Traceback" not in terminal.text
    assert_saved(state, seen)


@SIGNALS
def test_a_signal_ends_the_program_while_the_terminal_is_not_read(number: signal.Signals, state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = wait_for_step(terminal)
        terminal.stop_reading()
        terminal.send(number)
        assert terminal.end_unread() == STATUS[number]
        assert terminal.attributes_changed() == []
        terminal.end()
        assert terminal.modes_left_on() == []
    assert_saved(state, seen)


@pytest.mark.parametrize("phase", ["training", "paused"])
def test_a_hang_up_saves_the_run_and_ends_it(phase: str, state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = wait_for_step(terminal, phase)
        terminal.hang_up()
        assert terminal.end_unread() == STATUS[signal.SIGHUP]
    assert_saved(state, seen)


def test_a_hang_up_ends_the_program_while_the_terminal_is_not_read(state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = wait_for_step(terminal)
        terminal.stop_reading()
        wait_until(terminal.backed_up, "the output to back up")
        terminal.hang_up()
        assert terminal.end_unread() == STATUS[signal.SIGHUP]
    assert_saved(state, seen)


@pytest.mark.parametrize("phase", ["training", "paused"])
def test_the_end_of_the_terminal_ends_the_run_even_if_sighup_is_ignored(phase: str, state: Path) -> None:
    with Terminal(*LONG, program=IGNORING_SIGHUP) as terminal:
        seen = wait_for_step(terminal, phase)
        terminal.hang_up()
        assert terminal.end_unread() == STATUS[signal.SIGHUP]
    assert_saved(state, seen)


def test_two_signals_at_once_end_the_program_once(state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = wait_for_step(terminal)
        terminal.send(signal.SIGTERM)
        terminal.send(signal.SIGHUP)
        assert terminal.end() in STATUS.values()
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
    assert_saved(state, seen)


def test_a_signal_in_the_walkthrough_saves_the_run(state: Path) -> None:
    with Terminal("walk") as terminal:
        terminal.until("choose the batch")
        terminal.send(signal.SIGTERM)
        assert terminal.end() == STATUS[signal.SIGTERM]
        assert terminal.modes_left_on() == []
    assert_saved(state, 1)


@SIGNALS
def test_a_signal_during_the_start_ends_the_program_without_a_traceback(number: signal.Signals, state: Path) -> None:
    with Terminal(*LONG) as terminal:
        terminal.until_true(lambda: b"\x1b[?1049h" in terminal.sent, "the alternate screen")
        terminal.send(number)
        assert terminal.end() == STATUS[number]
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
        assert "Traceback" not in terminal.text
    assert find_processes(state) == []


@pytest.mark.parametrize("number", OTHERS, ids=name_signal)
def test_every_signal_that_ends_a_program_saves_the_run_and_restores_the_terminal(number: int, state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = wait_for_step(terminal)
        terminal.send(number)
        assert terminal.end() == 128 + number
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
        assert f"gradstep: stopped by {name_signal(number)}; go on with" in terminal.text
    assert_saved(state, seen)
