"""The program inside tmux and screen: drawing, detaching, attaching again and quitting."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.terminal.saved import find_processes, find_saved_step
from tests.terminal.terminal import CTRL_L, GRADSTEP, Terminal, wait_until

LONG = (GRADSTEP, "train", "--pace", "20", "--max-epochs", "1000000")


@dataclass(frozen=True)
class Multiplexer:
    """The commands and keys that start a multiplexer with a program inside, detach it, attach it again and end it."""

    start: tuple[str, ...]
    attach: tuple[str, ...]
    end: tuple[str, ...]
    detach: str


TMUX = ("tmux", "-L", "gradstep-test", "-f", "/dev/null")
SCREEN = ("screen", "-c", "/dev/null")
MULTIPLEXERS = {
    "tmux": Multiplexer((*TMUX, "new-session"), (*TMUX, "attach"), (*TMUX, "kill-server"), "\x02d"),
    "screen": Multiplexer(
        (*SCREEN, "-S", "gradstep-test"), (*SCREEN, "-r", "gradstep-test"), (*SCREEN, "-X", "quit"), "\x01d"
    ),
}


@pytest.fixture(params=MULTIPLEXERS)
def multiplexer(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch) -> Iterator[Multiplexer]:
    """A multiplexer, with its sockets in a folder of the test."""
    if not shutil.which(request.param):
        pytest.skip(f"needs {request.param}")
    sockets = tmp_path / "sockets"
    sockets.mkdir(mode=0o700)
    monkeypatch.setenv("TMUX_TMPDIR", str(sockets))
    monkeypatch.setenv("SCREENDIR", str(sockets))
    monkeypatch.delenv("TMUX", raising=False)
    yield MULTIPLEXERS[request.param]
    subprocess.run(MULTIPLEXERS[request.param].end, capture_output=True)


@contextmanager
def start_drawn(program: tuple[str, ...]) -> Iterator[Terminal]:
    with Terminal(program=program, TERM="xterm-256color", COLORTERM=None) as terminal:
        terminal.until_drawn()
        yield terminal


def test_it_goes_on_when_detached_and_is_shown_when_attached_again(multiplexer: Multiplexer, state: Path) -> None:
    with start_drawn((*multiplexer.start, *LONG)) as terminal:
        step = terminal.number("step")
        terminal.press(multiplexer.detach)
        terminal.end()
    with start_drawn(multiplexer.attach) as terminal:
        terminal.until_true(lambda: terminal.number("step") > step, "the training to have gone on")
        terminal.press("q", "q")
        terminal.end()
    assert find_saved_step(state) > step
    wait_until(lambda: find_processes(state) == [], "the end of every process")


def test_ctrl_l_repairs_a_screen_that_another_program_has_written_over(multiplexer: Multiplexer, state: Path) -> None:
    with start_drawn((*multiplexer.start, *LONG)) as terminal:
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
        text = terminal.text
        find_own_terminal(state).write_text("\x1b[H" + "garbage " * 100)
        terminal.until("garbage garbage")
        terminal.press(CTRL_L)
        terminal.until_true(lambda: terminal.text == text, f"the screen to be again\n{text}\n")


def find_own_terminal(state: Path) -> Path:
    """Return the path of the terminal that the program has inside the multiplexer."""
    folders = [Path(f"/proc/{process}") for process in find_processes(state)]
    [own] = [folder for folder in folders if (folder / "comm").read_text() == "gradstep\n"]
    return own / "fd" / "0"


def test_the_end_of_the_multiplexer_counts_as_a_hang_up(multiplexer: Multiplexer, state: Path) -> None:
    with start_drawn((*multiplexer.start, *LONG)) as terminal:
        step = terminal.number("step")
        subprocess.run(multiplexer.end, check=True, capture_output=True)
        terminal.end()
    wait_until(lambda: find_processes(state) == [], "the end of every process")
    assert find_saved_step(state) >= step
    assert not re.search("Traceback", terminal.text)
