"""The program in hostile surroundings: streams, folders, descriptors and memory that are not as usual."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gradstep.tui.cli.main import run
from tests.terminal.saved import find_checkpoints
from tests.terminal.terminal import GRADSTEP

SHORT = "train --plain --data xor --max-steps 3"
BAD = "train --plain --data nothing"

WITHOUT_RIGHTS = "" if os.getuid() else "setpriv --bounding-set -dac_override,-dac_read_search"
"""Takes from root the right to read and to write everything."""

without_rights = pytest.mark.skipif(not (os.getuid() or shutil.which("setpriv")), reason="setpriv is not installed")


def shell(command: str, folder: Path) -> tuple[int, str, str]:
    """Run a line of bash in which GRADSTEP is the program; returns the exit status, the output and the errors."""
    line = command.replace("GRADSTEP", GRADSTEP)
    done = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, errors="replace", timeout=60)
    return done.returncode, done.stdout, done.stderr


def assert_one_line(errors: str, *words: str) -> None:
    assert errors.startswith("gradstep: ") and errors.count("\n") == 1, errors
    assert all(word in errors for word in words), errors


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", ">&- 2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_an_error_that_cannot_be_told_goes_nowhere_else(tmp_path: Path, closed: str) -> None:
    assert shell(f"GRADSTEP {BAD} {closed}", tmp_path) == (2, "", "")


@pytest.mark.parametrize("closed", [">&-", "<&-", "<&- >&-", "<&- >&- 2>&-"])
def test_a_run_with_closed_streams_is_saved(tmp_path: Path, state: Path, closed: str) -> None:
    status, _, errors = shell(f"GRADSTEP {SHORT} {closed}", tmp_path)
    assert (status, errors) == (0, "")
    assert len(find_checkpoints(state)) == 1


@pytest.mark.parametrize(
    "command", ["datasets", "lessons", "--version", "--help", "runs", "trace mazur --step 1", "worksheet"]
)
def test_every_command_bears_a_closed_output_and_tells_of_a_full_one(tmp_path: Path, command: str) -> None:
    assert shell(f"GRADSTEP {command} >&-", tmp_path) == (0, "", "")
    status, _, errors = shell(f"GRADSTEP {command} >/dev/full", tmp_path)
    assert status == 2
    assert_one_line(errors, "No space left on device")


def run_without_reader(command: str, folder: Path) -> tuple[int, str]:
    """Run a command whose output nobody reads any more; returns the exit status and the errors."""
    line = f"exec {{out}}> >(exec <&-); sleep 0.2; GRADSTEP {command} >&$out"
    status, _, errors = shell(line, folder)
    return status, errors


@pytest.mark.parametrize(
    "command",
    ["datasets", "--help", "runs", "config", "check a.csv", "trace mazur --step 1", "worksheet"],
)
def test_every_command_ends_quietly_with_status_1_when_the_reader_of_its_output_is_gone(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / "a.csv").write_text("x,y\n" + "".join(f"{row},{row % 2}\n" for row in range(20)))
    assert run_without_reader(command, tmp_path) == (1, "")


def test_a_run_whose_reader_goes_away_is_saved_and_what_is_made_of_it_ends_with_the_same_status(
    tmp_path: Path, state: Path
) -> None:
    long = "GRADSTEP train --plain --data iris --max-epochs 10000"
    assert shell(f"set -o pipefail; {long} | grep -m1 ^epoch", tmp_path)[::2] == (1, "")
    assert len(find_checkpoints(state)) == 1
    assert run_without_reader("export", tmp_path) == (1, "")


def test_a_deleted_working_folder_is_borne(tmp_path: Path, state: Path) -> None:
    gone = "mkdir gone && cd gone && rmdir ../gone &&"
    assert shell(f"{gone} GRADSTEP {SHORT}", tmp_path)[::2] == (0, "")
    assert len(find_checkpoints(state)) == 1
    for words in ("--data ./a.csv", "--summary a.json", "--data ."):
        status, _, errors = shell(f"{gone} GRADSTEP {SHORT} {words}", tmp_path)
        assert status == 2
        assert_one_line(errors)


def test_few_descriptors_are_enough(tmp_path: Path) -> None:
    assert shell(f"ulimit -n 6; GRADSTEP {SHORT}", tmp_path)[::2] == (0, "")


def test_too_little_memory_is_told_in_one_line(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (60 << 20, 60 << 20))

    done = subprocess.run(
        [sys.executable, GRADSTEP, *SHORT.split()], capture_output=True, text=True, preexec_fn=limit, timeout=60
    )
    assert done.returncode == 2
    assert_one_line(done.stderr)


@pytest.mark.parametrize("name", ["summary.json", "a" * 255])
def test_a_summary_is_written_before_it_is_too_late(tmp_path: Path, name: str) -> None:
    assert shell(f"GRADSTEP {SHORT} --summary {name}", tmp_path)[::2] == (0, "")
    assert (tmp_path / name).read_text().startswith("{")


@pytest.mark.parametrize("name", ["a" * 300, "file/summary.json", "folder", "missing/summary.json"])
def test_a_summary_that_cannot_be_written_is_refused_before_the_training(
    tmp_path: Path, state: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    status, output, errors = shell(f"GRADSTEP {SHORT} --summary {name}", tmp_path)
    assert (status, output) == (2, "")
    assert_one_line(errors, "--summary")
    assert not find_checkpoints(state)


def test_a_pipe_is_read_and_a_summary_written_to_one(tmp_path: Path) -> None:
    data = "for i in $(seq 30); do echo $i,$((i * i)); done"
    pipe = (
        f"mkfifo out; GRADSTEP train --plain --max-steps 3 --data <({data}) --summary out >/dev/null & cat out; wait $!"
    )
    status, output, errors = shell(pipe, tmp_path)
    assert (status in (0, 4), errors) == (True, "")
    assert output.startswith("{")


LONG = "a" * 300
DIGITS = "9" * 5000

NOT_UTF_8 = ["train --plain --data xor --target $'\\xff'", "train $'--\\xff'", "$'\\xff'"]
NOT_UTF_8 += ["train --plain --data a.csv --target $'\\xff'"]


@pytest.fixture
def strange_files(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").touch()
    (tmp_path / "a.csv").write_text("a,b\n1,2\n2,3\n3,5\n")
    (tmp_path / "huge.toml").write_text(f"[data]\nseed = {DIGITS}\n")
    (tmp_path / "hex.toml").write_text(f"[training]\nmax_steps = 0x{DIGITS}\n")


def assert_answered_in_one_line(status: int, output: str, errors: str) -> None:
    assert (status, output) == (2, "")
    assert_one_line(errors)
    assert len(errors) < 1000


@pytest.mark.usefixtures("strange_files")
@pytest.mark.parametrize(
    "words",
    [
        *(f"train --plain {option} {LONG}" for option in ("", "--data", "--target", "--loss", "--hidden", "--pace")),
        *(
            f"{command} {path}"
            for command in ("train --plain", "resume", "walk")
            for path in (f"./{LONG}", ".", "loop")
        ),
        *(f"trace {path} --step 1" for path in (LONG, f"./{LONG}", ".", "loop")),
        *(
            f"train --plain --data {path}"
            for path in (f"./{LONG}", "./loop", "file/name", ".", "/dev/zero", "/dev/tty")
        ),
        *(f"train --plain {path}" for path in ("/dev/zero", "/dev/urandom", "huge.toml", "hex.toml")),
        *(f"train --plain --data xor --{option} {DIGITS}" for option in ("seed", "max-steps", "batch-size", "hidden")),
        *(f"train --plain --data xor --{option} {DIGITS}" for option in ("learning-rate", "pace", "fps", "noise")),
        *(f"train --plain --data a.csv --target {text}" for text in (DIGITS, "²")),
        f"trace mazur --step {DIGITS}",
        "resume /dev/zero",
    ],
)
def test_whatever_is_typed_is_answered_in_one_line(
    tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    # in this process: to start the program takes twenty times as long as its answer
    assert_answered_in_one_line(run(words.split()), *capfd.readouterr())


@pytest.mark.usefixtures("strange_files")
@pytest.mark.parametrize("words", [*NOT_UTF_8, f"train --plain --hidden {LONG}", "train --plain --data /dev/tty"])
def test_so_does_the_program(tmp_path: Path, words: str) -> None:
    assert_answered_in_one_line(*shell(f"GRADSTEP {words}", tmp_path))


@without_rights
@pytest.mark.parametrize(
    "words",
    [
        *(f"train --plain --data {path}" for path in ("closed/a.csv", "a.csv", "a.npz", "closed")),
        *(f"train --plain --data xor --summary {path}" for path in ("closed/s.json", "read-only/s.json")),
        *(f"{command} {path}" for command in ("train --plain", "resume") for path in ("./a.csv", "closed/a.csv")),
        *(f"trace {path} --step 1" for path in ("./a.csv", "closed/a.csv")),
    ],
)
def test_what_may_not_be_read_or_written_is_refused(tmp_path: Path, words: str) -> None:
    (tmp_path / "closed").mkdir()
    for name in ("a.csv", "a.npz", "closed/a.csv"):
        (tmp_path / name).touch(mode=0)
    (tmp_path / "closed").chmod(0)
    (tmp_path / "read-only").mkdir(mode=0o500)
    status, output, errors = shell(f"{WITHOUT_RIGHTS} GRADSTEP {words}", tmp_path)
    assert (status, output) == (2, "")
    assert_one_line(errors)
    (tmp_path / "closed").chmod(0o700)


@without_rights
def test_a_run_that_may_not_be_saved_is_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "closed"))
    for command, expected in ((SHORT, 0), ("runs", 2)):
        status, _, errors = shell(f"{WITHOUT_RIGHTS} GRADSTEP {command}", tmp_path)
        assert status == expected
        assert_one_line(errors)
    (tmp_path / "closed").chmod(0o700)
