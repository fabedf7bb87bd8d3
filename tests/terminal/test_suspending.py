"""ctrl+z restores the terminal for the shell, and fg returns to the training."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from gradstep.tui.terminal.signal_watcher import SECONDS_BETWEEN_LOOKS
from tests.terminal.saved import find_processes, find_saved_step
from tests.terminal.terminal import CTRL_C, CTRL_Z, GRADSTEP, Terminal, assert_drawn_right, wait_until

MANY = ("--max-epochs", "1000000")
CALM = ("train", "--pace", "20", *MANY)

THREADS_OF_THE_POOL = 3
"""Threads that save and measure, which asyncio starts when they are first needed."""

STATUS = {"SIGTERM": 143, "SIGHUP": 129, "ctrl+c": 0, "hang-up": 129}
"""The ways to end the program, and its exit status after each."""


def stop(terminal: Terminal, way: str) -> float:
    """Stop the program with ctrl+z or, without notice, with SIGSTOP; return the step on the screen."""
    step = terminal.number("step")
    if way == "ctrl+z":
        terminal.press(CTRL_Z)
    else:
        terminal.send(signal.SIGSTOP)
    return step


def wait_for_stop(terminal: Terminal, way: str) -> None:
    """Wait until the program has stopped; after ctrl+z the terminal is restored."""
    terminal.until_stopped()
    if way == "ctrl+z":
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []


def suspend(terminal: Terminal) -> float:
    """Press ctrl+z, wait until the terminal is restored, and return the step on the screen."""
    step = stop(terminal, "ctrl+z")
    wait_for_stop(terminal, "ctrl+z")
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


def go_on_drawing(terminal: Terminal, step: float) -> None:
    """Continue the program, and wait until it has drawn a later step than this."""
    terminal.go_on()
    until_later(terminal, step)


def until_later(terminal: Terminal, step: float) -> None:
    terminal.until_true(lambda: terminal.number("step") > step, "the training to go on")


def stop_from_elsewhere(terminal: Terminal) -> float:
    """Stop the program without notice, and return the step on the screen."""
    step = stop(terminal, "SIGSTOP")
    wait_for_stop(terminal, "SIGSTOP")
    return step


def end_by(terminal: Terminal, ending: str) -> None:
    """End the program in this way, and check that the terminal is left as it was."""
    if ending == "hang-up":
        terminal.hang_up()
        assert terminal.end_unread() == STATUS[ending], ending
        return
    if ending == "ctrl+c":
        terminal.press(CTRL_C)
        terminal.until("not finished")
        terminal.press(CTRL_C)
    else:
        terminal.send(signal.Signals[ending])
    assert terminal.end() == STATUS[ending], ending
    assert terminal.modes_left_on() == []
    assert terminal.attributes_changed() == []
    assert "Traceback" not in terminal.text


@pytest.mark.parametrize("times", [1, 10])
@pytest.mark.parametrize("way", ["ctrl+z", "SIGSTOP"])
def test_after_a_stop_and_fg_every_ending_saves_and_no_thread_is_added(way: str, times: int, state: Path) -> None:
    # one program for each ending, all at once: they mostly wait
    states = {ending: state / ending for ending in STATUS}
    with ExitStack() as stack:
        terminals = {
            ending: stack.enter_context(Terminal(*CALM, XDG_STATE_HOME=str(folder)))
            for ending, folder in states.items()
        }
        for terminal in terminals.values():
            terminal.until_drawn()
        threads = {ending: count_threads(terminal) for ending, terminal in terminals.items()}
        for _ in range(times):
            steps = [stop(terminal, way) for terminal in terminals.values()]
            for terminal in terminals.values():
                wait_for_stop(terminal, way)
            for terminal in terminals.values():
                terminal.go_on()
            for terminal, step in zip(terminals.values(), steps, strict=True):
                until_later(terminal, step)
        for ending, terminal in terminals.items():
            assert count_threads(terminal) <= threads[ending] + THREADS_OF_THE_POOL, ending
            seen = terminal.number("step")
            end_by(terminal, ending)
            assert find_saved_step(states[ending]) >= seen, ending
            assert find_processes(states[ending]) == [], ending


def count_threads(terminal: Terminal) -> int:
    return len(list(Path(f"/proc/{terminal.pid}/task").iterdir()))


def test_a_stop_of_longer_than_the_looks_at_the_terminal_changes_nothing(state: Path) -> None:
    with Terminal(*CALM) as terminal:
        terminal.until_drawn()
        step = stop_from_elsewhere(terminal)
        over = monotonic() + 3 * SECONDS_BETWEEN_LOOKS
        wait_until(lambda: monotonic() > over, "the stop to be over")
        go_on_drawing(terminal, step)
        terminal.press(" ")
        terminal.until("paused")
        assert_drawn_right(terminal)
        end_by(terminal, "SIGTERM")


def test_a_run_stopped_from_elsewhere_is_saved_by_a_signal_that_comes_with_the_continuation(state: Path) -> None:
    with Terminal(*CALM) as terminal:
        terminal.until(r"step [1-9]")
        seen = stop_from_elsewhere(terminal)
        terminal.send(signal.SIGTERM)
        terminal.go_on()
        assert terminal.end() == STATUS["SIGTERM"]
        assert terminal.modes_left_on() == []
        assert terminal.attributes_changed() == []
    assert find_saved_step(state) >= seen


@pytest.fixture
def shell(state: Path) -> Iterator[Terminal]:
    """An interactive shell with job control."""
    if not shutil.which("bash"):
        pytest.skip("needs bash")
    with Terminal("--norc", "--noprofile", "-i", program=("bash",), PS1="$ ") as terminal:
        terminal.until(r"^\$")
        yield terminal


TRAIN = f"{GRADSTEP} {' '.join(CALM)}"


def until_told(shell: Terminal, text: str, times: int = 1) -> None:
    """Press return until the shell has told the state of its job so often."""

    def told() -> bool:
        shell.press("\r")
        return shell.sent.count(text.encode()) >= times

    shell.until_true(told, f"the shell to tell {text}")


def quit_to(shell: Terminal) -> None:
    """Quit the program, and check that the shell has its terminal back as it was."""
    shell.press("q", "q")
    shell.until(r"^saved +gradstep resume .*\n\$")
    assert shell.modes_left_on() in ([], ["bracketed paste"])  # the shell's own
    shell.press("stty -a; echo status $?\r")
    shell.until("^status 0")
    for setting in ("-icanon", "-echo", "-isig", "-icrnl"):
        assert f" {setting} " not in shell.text


def test_started_in_the_background_it_draws_after_fg(shell: Terminal) -> None:
    shell.press(f"{TRAIN} &\r")
    until_told(shell, "Stopped")
    assert b"\x1b[?1049h" not in shell.sent
    shell.press("fg\r")
    shell.until_drawn()
    quit_to(shell)


def test_continued_in_the_background_it_waits_for_fg(shell: Terminal) -> None:
    shell.press(f"{TRAIN}\r")
    shell.until_drawn()
    shell.press(CTRL_Z)
    shell.until("Stopped")
    shell.press("bg\r")
    until_told(shell, "Stopped", times=2)
    shell.press("fg\r")
    shell.until_drawn()
    quit_to(shell)


def test_a_suspended_run_that_the_shell_kills_is_saved(shell: Terminal, state: Path) -> None:
    shell.press(f"{TRAIN}\r")
    shell.until_drawn()
    step = shell.number("step")
    shell.press(CTRL_Z)
    shell.until("Stopped")
    shell.press("kill %1\r")
    until_told(shell, f"Exit {STATUS['SIGTERM']}")
    assert find_saved_step(state) >= step


def test_ctrl_z_stops_the_programs_around_it_too(shell: Terminal) -> None:
    shell.press(f"sh -c '{TRAIN}; true'\r")
    shell.until_drawn()
    shell.press(CTRL_Z)
    shell.until("Stopped")
    shell.press("fg\r")
    shell.until_drawn()
    quit_to(shell)
