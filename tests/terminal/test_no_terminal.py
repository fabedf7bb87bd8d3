"""Without a terminal on every stream the program prints lines of text, and ends by itself."""

import re
import shutil
import signal
from pathlib import Path

import pytest

from tests.terminal.running import gradstep, running
from tests.terminal.saved import find_processes, load_latest
from tests.terminal.terminal import GRADSTEP, Terminal

SHORT = ("train", "--data", "iris", "--max-epochs", "3")
LONG = ("train", "--data", "iris", "--plain", "--max-epochs", "100000000")
STATUS = {signal.SIGTERM: 143, signal.SIGHUP: 129}
END = re.compile(r"^stopped +max_epochs after 3 epochs, 12 steps", re.MULTILINE)


@pytest.mark.parametrize(
    "through",
    ["", 'exec "$@" <&-', 'exec "$@" </dev/null', 'exec setsid -w "$@" </dev/null', 'exec "$@" <&- 2>&-'],
    ids=["pipes", "stdin closed", "stdin empty", "setsid", "stdin and stderr closed"],
)
def test_without_a_terminal_it_prints_lines_and_ends_by_itself(through: str) -> None:
    done = gradstep(*SHORT, through=through)
    assert (done.returncode, done.stderr) == (0, "")
    assert END.search(done.stdout)
    assert "\x1b" not in done.stdout


def test_with_every_stream_closed_it_ends_by_itself(tmp_path: Path) -> None:
    summary = tmp_path / "summary.json"
    assert gradstep(*SHORT, "--summary", str(summary), through='exec "$@" <&- >&- 2>&-').returncode == 0
    assert '"steps": 12' in summary.read_text()


@pytest.mark.parametrize("redirected", ["</dev/null", "2>/dev/null", "<&-"])
def test_it_prints_lines_if_only_some_streams_are_a_terminal(redirected: str) -> None:
    with Terminal(*SHORT, program=("sh", "-c", f'exec "$0" "$@" {redirected}', GRADSTEP)) as terminal:
        assert terminal.end() == 0
        assert END.search(terminal.text)
        assert b"\x1b" not in terminal.sent


@pytest.mark.parametrize("number", STATUS, ids=lambda number: number.name)
def test_a_signal_saves_a_plain_run(number: signal.Signals, state: Path) -> None:
    with running(GRADSTEP, *LONG) as process:
        assert process.stdout
        next(line for line in process.stdout if line.startswith("epoch"))
        process.send_signal(number)
        _, errors = process.communicate()
        assert process.returncode == STATUS[number]
    checkpoint = load_latest(state)
    assert checkpoint.state.values["step"] > 0
    assert re.search(rf"^gradstep: stopped by {number.name}; go on with: gradstep resume \S+$", errors, re.MULTILINE)
    assert "Traceback" not in errors
    assert find_processes(state) == []


def test_a_plain_run_under_nohup_ignores_hang_ups(state: Path) -> None:
    if not shutil.which("nohup"):
        pytest.skip("needs nohup")
    with running("nohup", GRADSTEP, *LONG) as process:
        assert process.stdout
        next(line for line in process.stdout if line.startswith("epoch"))
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)  # a SIGHUP would be delivered before it, because its number is smaller
        process.communicate()
        assert process.returncode == STATUS[signal.SIGTERM]


def test_a_plain_run_ends_when_its_terminal_does(state: Path) -> None:
    with Terminal(*LONG) as terminal:
        terminal.until("^epoch")
        terminal.hang_up()
        assert terminal.end_unread() == STATUS[signal.SIGHUP]
    assert load_latest(state).state.values["step"] > 0
    assert find_processes(state) == []


def test_a_plain_run_of_many_epochs_prints_few_lines() -> None:
    done = gradstep("train", "--data", "iris", "--hidden", "none", "--max-epochs", "10000")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) < 60


STREAMS = [
    " ".join((stdin, stdout, stderr))
    for stdin in ("", "</dev/null", "<&-")
    for stdout in ("", ">/dev/null", ">&-", ">/dev/full")
    for stderr in ("", "2>/dev/null", "2>&-", "2>/dev/full")
    if (stdin or stdout or stderr) and not (stdout == ">/dev/full" and stderr in ("2>&-", "2>/dev/full"))
]
"""Every combination, but those in which an error has nowhere to go."""


def test_with_any_streams_closed_or_redirected_it_trains_or_says_why_not(tmp_path: Path) -> None:
    for redirected in STREAMS:
        command = f'"$0" "$@" {redirected}; echo status $?'
        with Terminal(*SHORT, program=("sh", "-c", command, GRADSTEP)) as terminal:
            terminal.end()
            status = terminal.until(r"^status (\d+)")[1]
            assert status == ("2" if ">/dev/full" in redirected.split() else "0"), redirected
            assert "Traceback" not in terminal.text, redirected
            assert b"\x1b" not in terminal.sent, redirected


@pytest.mark.parametrize("redirected", ["0>/dev/tty", "1</dev/tty", "2</dev/tty", "0>/dev/tty 1</dev/tty 2</dev/tty"])
def test_a_terminal_that_is_open_in_the_wrong_direction_is_none(redirected: str) -> None:
    command = f'"$0" "$@" {redirected}; echo status $?'
    with Terminal(*SHORT, program=("sh", "-c", command, GRADSTEP)) as terminal:
        terminal.end()
        assert terminal.until(r"^status (\d+)")[1] == "0"
        assert b"\x1b" not in terminal.sent


@pytest.mark.parametrize("plain", [(), ("--plain",)], ids=["screen", "plain"])
def test_it_trains_in_a_folder_that_is_deleted(plain: tuple[str, ...], tmp_path: Path) -> None:
    command = f'mkdir {tmp_path}/gone; cd {tmp_path}/gone; rmdir {tmp_path}/gone; exec "$0" "$@"'
    with Terminal(*SHORT, *plain, program=("sh", "-c", command, GRADSTEP)) as terminal:
        terminal.until("finished as planned|^stopped +max_epochs")
        terminal.press("q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text
        assert terminal.modes_left_on() == []
