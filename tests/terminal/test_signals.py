"""SIGTERM, SIGHUP and the end of the terminal: the run is saved, and no process stays behind."""

import re
import signal
from pathlib import Path

import pytest

from tests.terminal.saved import checkpoints, latest, processes
from tests.terminal.terminal import GRADSTEP, Terminal, eventually

LONG = ("train", "--pace", "max", "--max-epochs", "1000000")
STATUS = {signal.SIGTERM: 143, signal.SIGHUP: 129}
SIGNALS = pytest.mark.parametrize("number", STATUS, ids=lambda number: number.name)
IGNORING_SIGHUP = ("sh", "-c", 'trap "" HUP; exec "$0" "$@"', GRADSTEP)


def step_in(terminal: Terminal, phase: str = "training") -> float:
    """Wait until it trains, and pause if that is asked for; the last step on the screen."""
    terminal.until(r"step [1-9]")
    if phase == "paused":
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
    return terminal.number("step")


def assert_saved(state: Path, seen: float) -> None:
    assert latest(state).state.values["step"] >= seen
    assert processes(state) == []


@SIGNALS
@pytest.mark.parametrize("phase", ["training", "paused"])
def test_a_signal_saves_the_run_and_gives_the_terminal_back(number: signal.Signals, phase: str, state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = step_in(terminal, phase)
        terminal.send(number)
        assert terminal.end() == STATUS[number]
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
        run = checkpoints(state)[0].parent.name
        line = f"gradstep: stopped by {number.name}; go on with: gradstep resume {run}"
        assert re.search(f"^{re.escape(line)}$", terminal.text, re.MULTILINE)
        assert "Traceback" not in terminal.text
    assert_saved(state, seen)


@SIGNALS
def test_a_signal_is_obeyed_while_the_reader_of_the_terminal_has_stopped(number: signal.Signals, state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = step_in(terminal)
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
        seen = step_in(terminal, phase)
        terminal.hang_up()
        assert terminal.end_unread() == STATUS[signal.SIGHUP]
    assert_saved(state, seen)


def test_a_hang_up_after_the_reader_had_stopped(state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = step_in(terminal)
        terminal.stop_reading()
        eventually(terminal.backed_up, "the output to back up")
        terminal.hang_up()
        assert terminal.end_unread() == STATUS[signal.SIGHUP]
    assert_saved(state, seen)


@pytest.mark.parametrize("phase", ["training", "paused"])
def test_the_end_of_the_terminal_is_a_hang_up_though_the_signal_is_ignored(phase: str, state: Path) -> None:
    with Terminal(*LONG, program=IGNORING_SIGHUP) as terminal:
        seen = step_in(terminal, phase)
        terminal.hang_up()
        assert terminal.end_unread() == STATUS[signal.SIGHUP]
    assert_saved(state, seen)


def test_both_signals_at_once_end_it_once(state: Path) -> None:
    with Terminal(*LONG) as terminal:
        seen = step_in(terminal)
        terminal.send(signal.SIGTERM)
        terminal.send(signal.SIGHUP)
        assert terminal.end() in STATUS.values()
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
    assert_saved(state, seen)


def test_a_signal_in_the_walkthrough_saves_the_run_too(state: Path) -> None:
    with Terminal("walk") as terminal:
        terminal.until("choose the batch")
        terminal.send(signal.SIGTERM)
        assert terminal.end() == STATUS[signal.SIGTERM]
        assert terminal.modes_left_on() == []
    assert_saved(state, 1)


@SIGNALS
def test_a_signal_while_it_starts_ends_it_without_a_traceback(number: signal.Signals, state: Path) -> None:
    with Terminal(*LONG) as terminal:
        terminal.until_true(lambda: b"\x1b[?1049h" in terminal.sent, "the alternate screen")
        terminal.send(number)
        assert terminal.end() == STATUS[number]
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
        assert "Traceback" not in terminal.text
    assert processes(state) == []
