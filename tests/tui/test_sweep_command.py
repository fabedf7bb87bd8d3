"""The command `gradstep sweep`: what it prints and writes, what it goes on from, and a cluster."""

import csv
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gradstep.data.experiment import load_experiment
from gradstep.tui.cli.main import app
from tests.terminal.terminal import GRADSTEP

WORDS = ("sweep", "iris", "--vary", "learning_rate=0.01,0.1", "--seeds", "3")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def count_done(state: Path) -> int:
    return sum(len(file.read_text().splitlines()) for file in state.glob("gradstep/sweeps/*"))


def wait_for(state: Path, runs: int) -> None:
    until = time.monotonic() + 60
    while count_done(state) < runs:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_it_prints_the_combinations_and_writes_rows_figures_and_the_best_experiment(tmp_path: Path) -> None:
    log, summary, best = (tmp_path / name for name in ("rows.csv", "figures.json", "best.toml"))
    files = ("--log", str(log), "--summary", str(summary), "--best", str(best))
    output = subprocess.run([GRADSTEP, *WORDS, *files], capture_output=True, text=True, check=True).stdout
    lines = output.splitlines()
    assert lines[-1].startswith("best      learning_rate=0.1   test loss") and "6 of 6 runs done" in lines[-2]
    assert lines[-4].startswith("learning_rate=0.1   3 runs   validation loss")
    rows = list(csv.DictReader(log.read_text().splitlines()))
    assert [(row["training.learning_rate"], row["seed"]) for row in rows] == [
        (rate, seed) for rate in ("0.01", "0.1") for seed in "012"
    ]
    assert json.loads(summary.read_text())["combinations"][0]["training.learning_rate"] == 0.1
    assert load_experiment(best, {}).training.learning_rate == 0.1
    again = subprocess.run([GRADSTEP, *WORDS], capture_output=True, text=True, check=True).stdout
    assert "6 of 6 runs done, 6 of them before" in again


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("sweep", "iris"), "nothing to sweep"),
        (("sweep", "iris", "--vary", "learning_rate=-1"), "training.learning_rate = -1"),
        (("sweep", "iris", "--seeds", "2", "--log", "/no/such/rows.csv"), "--log /no/such/rows.csv"),
        (("sweep", "no-such-file.csv", "--seeds", "2"), "no-such-file.csv"),
        (("sweep", "iris", "--seeds", "2", "--cluster", "nonsense"), "--cluster nonsense: must be"),
        (("sweep", "iris", "--seeds", "2", "--cluster", "127.0.0.1:1"), "nothing listens there"),
    ],
)
def test_what_cannot_be_swept_is_refused_in_one_line(words: tuple[str, ...], message: str) -> None:
    ended = subprocess.run([GRADSTEP, *words], capture_output=True, text=True)
    assert ended.returncode == 2
    assert message in ended.stderr and len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_after_a_signal_the_same_command_goes_on_and_no_process_is_left(number: signal.Signals, state: Path) -> None:
    words = [GRADSTEP, "sweep", "iris", "--vary", "max_epochs=100", "--vary", "batch_size=4,5", "--seeds", "32"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as program:
        wait_for(state, 8)
        # ctrl+c reaches every process of a terminal, a kill only the one that it names
        os.killpg(program.pid, number) if number == signal.SIGINT else program.send_signal(number)
        _, errors = program.communicate(timeout=60)
    done = count_done(state)
    assert 8 <= done < 64
    if number != signal.SIGKILL:
        assert program.returncode == 128 + number
        where = f"{done} of 64 runs are done, and the same command goes on from there"
        assert errors == f"gradstep: stopped by {number.name}; {where}\n"
    until = time.monotonic() + 30
    while processes_of(program.pid):
        assert time.monotonic() < until
        time.sleep(0.02)
    ended = subprocess.run(words, capture_output=True, text=True, check=True)
    assert f"64 of 64 runs done, {done} of them before" in ended.stdout
    assert count_done(state) == 64


def processes_of(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found


def test_on_a_cluster_a_worker_that_is_killed_loses_nothing(state: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster:
        words = ["--vary", "max_epochs=100", "--vary", "batch_size=4,5", "--seeds", "16"]
        words += ["--cluster", cluster.scheduler_address]
        with subprocess.Popen([GRADSTEP, "sweep", "iris", *words], stdout=subprocess.PIPE, text=True) as program:
            wait_for(state, 1)
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
            output, _ = program.communicate(timeout=100)
    assert program.returncode == 0
    assert "32 of 32 runs done" in output
    assert count_done(state) == 32


def test_without_dask_a_cluster_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    result = CliRunner().invoke(app, [*WORDS, "--cluster", "tcp://127.0.0.1:8786"])
    assert "pip install 'gradstep[cluster]'" in str(result.exception)


def test_no_file_that_is_read_or_written_already_is_written_over(tmp_path: Path) -> None:
    data, log = tmp_path / "rows.csv", tmp_path / "log.csv"
    data.write_text("a,class\n" + "".join(f"{row},{'x' if row % 3 else 'y'}\n" for row in range(60)))
    before = data.read_text()
    for words, message in (
        (("--log", str(data)), f"--log {data}: this file is read"),
        (("--log", str(log), "--best", str(tmp_path / "." / "log.csv")), "this file is that of --log"),
    ):
        ended = subprocess.run([GRADSTEP, "sweep", str(data), "--seeds", "2", *words], capture_output=True, text=True)
        assert ended.returncode == 2 and message in ended.stderr
    assert data.read_text() == before and not log.exists()


def test_it_writes_over_no_file_but_those_of_the_same_sweep(tmp_path: Path) -> None:
    files = {"--log": tmp_path / "rows.csv", "--summary": tmp_path / "all.json", "--best": tmp_path / "best.toml"}
    words = [GRADSTEP, "sweep", "iris", "--vary", "learning_rate=0.01,0.1", "--vary", "max_epochs=2"]
    options = [str(word) for pair in files.items() for word in pair]
    subprocess.run([*words, *options], capture_output=True, check=True)
    written = [path.read_text() for path in files.values()]
    subprocess.run([*words, *options], capture_output=True, check=True)
    assert [path.read_text() for path in files.values()] == written
    other = [*words[:-1], "max_epochs=3"]
    for option, path in files.items():
        ended = subprocess.run([*other, option, str(path)], capture_output=True, text=True)
        message = f"gradstep: {option} {path}: exists already, and is not that of this sweep; name another"
        assert (ended.returncode, ended.stdout, " ".join(ended.stderr.split())) == (2, "", message)
    assert [path.read_text() for path in files.values()] == written


def test_a_sweep_of_which_every_run_diverges_says_so_and_has_no_best(tmp_path: Path) -> None:
    words = ["sweep", "sine", "--vary", "learning_rate=1e200,1e300", "--best", str(tmp_path / "best.toml")]
    ended = subprocess.run([GRADSTEP, *words], capture_output=True, text=True)
    assert ended.returncode == 3
    assert "every run diverged" in ended.stdout and not (tmp_path / "best.toml").exists()


def test_a_file_is_read_by_the_options_of_train(tmp_path: Path) -> None:
    data = tmp_path / "rows.csv"
    data.write_text("class,a,b\n" + "".join(f"{'x' if row % 3 else 'y'},{row or ''},{row % 5}\n" for row in range(80)))
    words = ["sweep", str(data), "--target", "class", "--missing", "mean", "--vary", "max_epochs=2", "--seeds", "2"]
    ended = subprocess.run([GRADSTEP, *words], capture_output=True, text=True, check=True)
    assert "max_epochs=2   2 runs   validation loss" in ended.stdout
