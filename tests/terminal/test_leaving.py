"""However the screen is left, the terminal is restored and the run is saved."""

import re
import sys
from pathlib import Path

import pytest

from tests.terminal.saved import find_checkpoints, find_processes, find_saved_step, load_latest
from tests.terminal.terminal import CTRL_C, Terminal

BREAKS_IN_TRAINING = """
from gradstep.core.training import trainer
from gradstep.tui.cli import main as cli

whole = trainer.Trainer.run

def breaking(self, *arguments, **named):
    if self.step >= 100:
        raise RuntimeError("it breaks here")
    return whole(self, *arguments, **named)

trainer.Trainer.run = breaking
cli.main()
"""

BREAKS_IN_DRAWING = """
from gradstep.tui.cli import main as cli
from gradstep.tui.screens.training import gradients

whole = gradients.GradientsPanel.lines

def breaking(self, view, width, height):
    if view.snapshot.step >= 100:
        raise RuntimeError("it breaks here")
    return whole(self, view, width, height)

gradients.GradientsPanel.lines = breaking
cli.main()
"""

BREAKS_IN_A_RACE = """
from gradstep.tui.cli import main as cli
from gradstep.tui.screens.race import plot

whole = plot.RacePlot.lines

def breaking(self, view, width, height):
    if view.position >= 20:
        raise RuntimeError("it breaks here")
    return whole(self, view, width, height)

plot.RacePlot.lines = breaking
cli.main()
"""


def assert_restored(terminal: Terminal, state: Path) -> None:
    assert terminal.modes_left_on() == []
    assert terminal.attributes_changed() == []
    assert find_processes(state) == []


def test_a_finished_run_prints_its_summary_on_leaving(state: Path) -> None:
    with Terminal("train", "--data", "iris", "--max-epochs", "2", "--pace", "max") as terminal:
        terminal.until("finished as planned")
        terminal.press("q")
        assert terminal.end() == 0
        assert_restored(terminal, state)
        assert re.search(r"^stopped +max_epochs after 2 epochs, 8 steps", terminal.text, re.MULTILINE)
        assert re.search(r"^train +loss", terminal.text, re.MULTILINE)
        assert re.search(r"^test +loss", terminal.text, re.MULTILINE)
        run = find_checkpoints(state)[0].parent.name
        assert re.search(rf"^saved +gradstep resume {re.escape(run)}$", terminal.text, re.MULTILINE)


@pytest.mark.parametrize("keys", ["q", CTRL_C], ids=["q", "ctrl+c"])
def test_pressed_twice_the_key_quits_while_it_trains(keys: str, state: Path) -> None:
    with Terminal("train", "--pace", "10") as terminal:
        terminal.until("training")
        terminal.until(r"step [1-9]")
        seen = terminal.number("step")
        terminal.press(keys)
        terminal.until("not finished")
        terminal.press(keys)
        assert terminal.end() == 0
        assert_restored(terminal, state)
        assert "Traceback" not in terminal.text
    assert load_latest(state).state.values["step"] >= seen


def test_a_diverged_run_exits_with_status_3(state: Path) -> None:
    with Terminal("train", "--output", "linear", "--loss", "mse", "--learning-rate", "1e9") as terminal:
        terminal.until("diverged")
        terminal.until(r"step \d+: the (loss|.+ of layer \d) ")
        terminal.press("q")
        assert terminal.end() == 3
        assert_restored(terminal, state)


def test_a_run_that_made_no_step_saves_nothing(state: Path) -> None:
    with Terminal("train", "--pace", "0.001") as terminal:
        terminal.until("training")
        terminal.press(" ")
        terminal.until("paused")
        terminal.press("q")
        assert terminal.end() == 0
    assert find_checkpoints(state) == []


@pytest.mark.parametrize("script", [BREAKS_IN_TRAINING, BREAKS_IN_DRAWING], ids=["in training", "in drawing"])
def test_an_exception_and_the_saved_run_are_shown_on_the_restored_terminal(script: str, state: Path) -> None:
    with Terminal("train", "--pace", "max", "--max-epochs", "1000", program=(sys.executable, "-c", script)) as terminal:
        assert terminal.end() == 1
        assert_restored(terminal, state)
        shown = bytes(terminal.sent).rpartition(b"\x1b[?1049l")[2].decode()
    assert find_saved_step(state) >= 100
    traceback, _, after = shown.partition("it breaks here")
    assert "Traceback" in traceback
    assert find_checkpoints(state)[0].parent.name in after


def test_an_exception_on_another_screen_ends_the_program_as_well(state: Path) -> None:
    with Terminal("train", "--data", "iris", program=(sys.executable, "-c", BREAKS_IN_A_RACE)) as terminal:
        terminal.until(r"step [1-9]")
        terminal.press("R")
        assert terminal.end() == 1
        assert_restored(terminal, state)
        shown = bytes(terminal.sent).rpartition(b"\x1b[?1049l")[2].decode()
    traceback, _, after = shown.partition("it breaks here")
    assert "Traceback" in traceback
    assert "errors shown" not in after
    assert find_checkpoints(state)[0].parent.name in after
