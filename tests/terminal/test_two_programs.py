"""Two programs with one state folder: no run is lost, none is opened twice, none goes away silently."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gradstep.tui.cli.main import run
from tests.terminal.running import gradstep
from tests.terminal.saved import find_checkpoints, find_saved_step
from tests.terminal.terminal import GRADSTEP, wait_until

ENDLESS = ("train", "--data", "iris", "--plain", "--max-epochs", "1000000000")


@contextmanager
def long_run(state: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Train on and on in another program, from its first checkpoint."""
    with subprocess.Popen([GRADSTEP, *ENDLESS], stdout=subprocess.DEVNULL) as other:
        try:
            wait_until(lambda: find_saved_step(state) > 0, "its first checkpoint")
            yield other
        finally:
            other.kill()


def runs_in(state: Path) -> set[str]:
    return {path.parent.name for path in find_checkpoints(state)}


def test_a_run_that_still_runs_is_not_resumed_elsewhere_until_it_is_killed(state: Path) -> None:
    with long_run(state) as other:
        (name,) = runs_in(state)
        refused = gradstep("resume", "--plain")
        assert refused.returncode == 2
        assert f"the run {name} is open in another gradstep by process {other.pid}: quit that one" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
        other.send_signal(signal.SIGKILL)
        other.wait()
        saved = find_saved_step(state)
    resumed = gradstep("resume", "--list")
    assert resumed.returncode == 0
    assert f"{saved:,}" in resumed.stdout


def test_a_plain_run_that_is_killed_after_some_seconds_has_a_checkpoint(state: Path) -> None:
    with long_run(state) as other:
        other.send_signal(signal.SIGKILL)
    assert find_saved_step(state) > 0


def test_programs_that_start_in_the_same_second_have_a_folder_each(state: Path) -> None:
    command = [GRADSTEP, "train", "--data", "xor", "--plain", "--max-steps", "5"]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [program.communicate()[0].split("gradstep resume ")[1].split()[0] for program in programs]
    assert runs_in(state) == set(said)
    assert len(set(said)) == len(programs)


def test_many_short_runs_remove_none_and_a_long_one_is_listed_as_open(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = ["train", "--data", "xor", "--plain", "--max-steps", "1"]
    with long_run(state):
        (long,) = runs_in(state)
        for _ in range(22):
            assert run(short) == 0
        assert len(runs_in(state)) == 23
        capsys.readouterr()
        assert run(["runs"]) == 0
        assert [line.split()[0] for line in capsys.readouterr().out.splitlines() if "open in process" in line] == [long]
        assert run(["runs", long, "--delete", "--yes"]) == 2
        assert "is open in another gradstep by process" in capsys.readouterr().err
        assert long in runs_in(state)
