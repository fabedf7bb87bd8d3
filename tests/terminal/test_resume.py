"""A saved run resumes bit for bit; a damaged checkpoint is refused, and the one before it offered."""

import json
import re
import shlex
import signal
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from tests.terminal.running import gradstep
from tests.terminal.saved import find_checkpoints, find_saved_step, load_latest
from tests.terminal.terminal import CTRL_S, GRADSTEP, Terminal, wait_until

DIGITS = ("train", "--optimizer", "adam", "--learning-rate", "0.001", "--max-epochs", "20")
STEPS = 20 * 45
REFUSED = 2


def run_and_read_summary(*arguments: str, folder: Path) -> dict[str, object]:
    """Run the program to its end without a screen; return the summary without times and paths."""
    file = folder / "summary.json"
    done = gradstep(*arguments, "--plain", "--summary", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    figures = json.loads(file.read_text())
    return {name: value for name, value in figures.items() if name not in ("seconds", "steps_per_second", "checkpoint")}


def assert_same_as_uninterrupted(resumed: dict[str, object], state: Path, folder: Path, monkeypatch) -> None:
    ended = load_latest(state)
    other = folder / "uninterrupted"
    monkeypatch.setenv("XDG_STATE_HOME", str(other))
    assert resumed == run_and_read_summary(*DIGITS, folder=folder)
    whole = load_latest(other)
    assert ended.state.values == whole.state.values
    assert ended.state.arrays.keys() == whole.state.arrays.keys()
    for name, array in whole.state.arrays.items():
        np.testing.assert_array_equal(ended.state.arrays[name], array, err_msg=name)


def test_a_run_that_was_quit_resumes_bit_for_bit(state: Path, tmp_path: Path, monkeypatch) -> None:
    with Terminal(*DIGITS, "--pace", "200") as terminal:
        terminal.until(r"step [1-9]")
        terminal.press("q", "q")
        assert terminal.end() == 0
    assert 0 < find_saved_step(state) < STEPS
    resumed = run_and_read_summary("resume", folder=tmp_path)
    assert_same_as_uninterrupted(resumed, state, tmp_path, monkeypatch)


def test_a_run_that_was_killed_resumes_from_the_checkpoint_that_ctrl_s_saved(
    state: Path, tmp_path: Path, monkeypatch
) -> None:
    with Terminal(*DIGITS, "--pace", "200") as terminal:
        terminal.until(r"step [1-9]")
        terminal.press(CTRL_S)
        terminal.until(r"saved at step \d")
        terminal.send(signal.SIGKILL)
        terminal.end()
    assert 0 < find_saved_step(state) < STEPS
    resumed = run_and_read_summary("resume", folder=tmp_path)
    assert_same_as_uninterrupted(resumed, state, tmp_path, monkeypatch)


def test_a_run_resumed_on_the_screen_is_saved_in_its_own_folder(state: Path) -> None:
    with Terminal(*DIGITS, "--pace", "50") as terminal:
        terminal.until(r"step [1-9]")
        terminal.press("q", "q")
        assert terminal.end() == 0
    left_at = find_saved_step(state)
    with Terminal("resume", "--pace", "50") as terminal:
        terminal.until(r"step [1-9]")
        assert terminal.number("step") >= left_at
        terminal.until_true(lambda: terminal.number("step") > left_at, "the training to go on")
        terminal.until_drawn()
        terminal.press("q", "q")
        assert terminal.end() == 0
    assert find_saved_step(state) > left_at
    assert len({path.parent for path in find_checkpoints(state)}) == 1


def test_a_pause_saves_the_run(state: Path) -> None:
    with Terminal(*DIGITS, "--pace", "20") as terminal:
        terminal.until(r"step [1-9]")
        terminal.press(" ")
        terminal.until("paused")
        terminal.until_quiet()
        paused_at = terminal.number("step")
        wait_until(lambda: find_saved_step(state) == paused_at, "the checkpoint of the pause")


def train_and_save(step: int) -> str:
    """Train so many steps, save after each, and return the name of the run."""
    with Terminal("train", "--data", "iris", "--pace", "0.001") as terminal:
        terminal.until("training")
        for made in range(1, step + 1):
            terminal.press("s")
            terminal.until(rf"step {made} ")
            terminal.press(CTRL_S)
            terminal.until(f"saved at step {made}")
        terminal.press("q")
        assert terminal.end() == 0
        found = re.search(r"gradstep resume (\S+)", terminal.text)
        assert found
        return found[1]


@pytest.fixture(scope="module")
def two_steps(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The name of a run with two checkpoints, made once, and its state folder."""
    folder = tmp_path_factory.mktemp("two-steps")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        return train_and_save(2), folder


@pytest.fixture
def saved(two_steps: tuple[str, Path], state: Path) -> str:
    """The name of a run with two checkpoints, in the state folder of this test."""
    name, folder = two_steps
    copytree(folder, state, dirs_exist_ok=True)
    return name


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def alter_one_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def set_other_version(path: Path) -> None:
    with safe_open(path, framework="numpy") as file:
        about = file.metadata()
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    save_file(arrays, path, metadata=about | {"version": "99"})


@pytest.mark.parametrize("harm", [truncate, alter_one_byte, empty, set_other_version], ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("way", ["newest run", "by name", "by file"])
def test_a_damaged_checkpoint_is_refused_and_the_one_before_it_offered(harm, way: str, saved: str, state: Path) -> None:
    newest = find_checkpoints(state)[0]
    harm(newest)
    asked = {"newest run": [], "by name": [saved], "by file": [str(newest)]}[way]
    done = gradstep("resume", *asked, "--plain")
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert len(done.stderr.splitlines()) == 1
    if way != "by file":
        offered = re.search(r"gradstep (resume .+)", done.stderr)
        assert offered
        followed = gradstep(*shlex.split(offered[1]), "--plain")
        assert followed.returncode == 0
        assert "stopped" in followed.stdout


@pytest.mark.usefixtures("saved")
def test_one_line_says_that_every_checkpoint_is_damaged(state: Path) -> None:
    assert find_checkpoints(state)
    for path in find_checkpoints(state):
        truncate(path)
    done = gradstep("resume", "--plain")
    assert done.returncode == REFUSED
    assert len(done.stderr.splitlines()) == 1


def test_the_newest_of_two_runs_is_resumed_and_either_can_be_named(state: Path) -> None:
    names = [train_and_save(1), train_and_save(2)]
    assert names[0] != names[1]
    listed = gradstep("resume", "--list")
    assert listed.returncode == 0
    # two runs of one second are named alike up to a number
    first_words = [line.split()[0] for line in listed.stdout.splitlines() if line]
    assert first_words.index(names[1]) < first_words.index(names[0])
    assert sum(" iris " in line for line in listed.stdout.splitlines()) == 2
    for asked, step in (("", 2), (names[0], 1), (names[1], 2)):
        with Terminal("resume", *asked.split(), "--pace", "0.001") as terminal:
            terminal.until(rf"step {step} ")


def test_resume_says_in_one_line_that_nothing_is_saved() -> None:
    done = gradstep("resume")
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.usefixtures("saved")
def test_a_run_that_does_not_exist_is_named_in_one_line() -> None:
    done = gradstep("resume", "2001-01-01-000000-iris", "--plain")
    assert done.returncode == REFUSED
    assert len(done.stderr.splitlines()) == 1
    assert "2001-01-01-000000-iris" in done.stderr


def test_the_last_few_checkpoints_of_a_run_are_kept(state: Path) -> None:
    train_and_save(5)
    assert [path.stem for path in find_checkpoints(state)] == [f"step-{step:012}" for step in (5, 4, 3)]


FULL_DISK = ("sh", "-c", 'ulimit -f 0; exec "$0" "$@"', GRADSTEP)
"""Runs the program so that it cannot write a single byte to a file."""


@pytest.mark.parametrize("full", [False, True], ids=["no folder can be made", "no file can be written"])
def test_a_failed_save_is_shown_on_the_status_line_and_training_goes_on(full: bool, state: Path) -> None:
    program = FULL_DISK if full else (GRADSTEP,)
    place = str(state) if full else "/dev/null/state"
    with Terminal("train", "--pace", "50", program=program, XDG_STATE_HOME=place) as terminal:
        terminal.until(r"step [1-9]")
        terminal.press(CTRL_S)
        terminal.until_true(lambda: "not saved" in terminal.screen.display[0], "what was not saved")
        step = terminal.number("step")
        terminal.until_true(lambda: terminal.number("step") > step, "the training to go on")
        terminal.press("q", "q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text


def test_a_plain_run_that_cannot_be_saved_trains_and_says_so() -> None:
    done = gradstep("train", "--data", "iris", "--max-epochs", "3", XDG_STATE_HOME="/dev/null/state")
    assert done.returncode == 0
    assert "stopped" in done.stdout
    assert "not saved: Not a directory: /dev/null/state/gradstep/runs" in done.stderr
    assert "Traceback" not in done.stderr
