"""The log of a run: each row once, only in a file of its own, and training goes on where it cannot be written."""

import csv
import json
import os
import re
from errno import ENOSPC
from pathlib import Path

import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.training.trainer import Trainer
from gradstep.data import log_stream
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.history_rows import FIELDS
from gradstep.data.run_log import open_log


def a_trainer(steps: int = 0, rate: float = 0.1, test_fraction: float = 0.2) -> Trainer:
    tables = {"data": {"name": "iris", "test_fraction": test_fraction}, "training": {"learning_rate": rate}}
    trainer = assemble(make_experiment(tables)).trainer
    trainer.run(lambda: False, until=steps)
    return trainer


def test_the_manual_names_the_fields_of_the_log() -> None:
    manual = Path(__file__).parents[2] / "docs" / "runs.md"
    table = manual.read_text(encoding="utf-8").partition("| field | is |")[2].partition("\n\n")[0]
    named = [name for row in table.splitlines()[2:] for name in re.findall("`([^`]+)`", row.split("|")[1])]
    assert tuple(named) == FIELDS


def steps_in(path: Path) -> list[int]:
    text = path.read_text().splitlines()
    if path.suffix == ".jsonl":
        return [json.loads(line)["step"] for line in text]
    assert text[0] == ",".join(FIELDS)
    return [int(row["step"]) for row in csv.DictReader(text)]


@pytest.fixture(params=["log.csv", "log.jsonl"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


def log_to(path: Path, trainer: Trainer, *steps: int, resumed: bool = False, ended: bool = True) -> None:
    log = open_log(path, trainer.history if resumed else None, on_screen=False)
    for step in steps:
        trainer.run(lambda: False, until=step)
        log.write(trainer.history, 1.5, ended=ended and step == steps[-1])
        assert log.trouble == ""


def test_rows_are_appended_as_they_are_measured(path: Path) -> None:
    trainer = a_trainer()
    log_to(path, trainer, 0, 10, 10, 25, ended=False)
    assert steps_in(path) == [0, 10, 20]


@pytest.mark.parametrize("test_fraction", [0.2, 0.0])
def test_a_resumed_run_goes_on_in_its_log_without_a_row_twice(path: Path, test_fraction: float) -> None:
    trainer = a_trainer(test_fraction=test_fraction)
    log_to(path, trainer, 10, 37)
    saved = trainer.state()
    log_to(path, trainer, 55, resumed=True)
    whole = path.read_bytes()
    # as after a crash: the log is ahead of the checkpoint, and its last row is cut short
    path.write_bytes(whole[:-9])
    trainer = a_trainer(test_fraction=test_fraction)
    trainer.restore(saved)
    log_to(path, trainer, 55, resumed=True)
    assert path.read_bytes() == whole
    assert steps_in(path) == sorted(set(steps_in(path)))


def test_a_lower_step_begins_another_branch_and_the_newest_is_gone_on_with(path: Path) -> None:
    trainer = a_trainer()
    start = trainer.state()
    log = open_log(path, None, on_screen=False)
    trainer.run(lambda: False, until=32)
    log.write(trainer.history, 1.0)
    trainer.restore(start)
    trainer.learning_rate = 0.5
    log.go_back(0)
    trainer.run(lambda: False, until=22)
    log.write(trainer.history, 1.0)
    assert steps_in(path) == [0, 10, 20, 30, 10, 20]
    log_to(path, trainer, 33, resumed=True)
    assert steps_in(path) == [0, 10, 20, 30, 10, 20, 30, 33]


@pytest.mark.parametrize("test_fraction", [0.2, 0.0])
def test_no_other_file_is_written_to(path: Path, test_fraction: float) -> None:
    log_to(path, a_trainer(test_fraction=test_fraction), 10, 31)
    other = a_trainer(31, test_fraction=test_fraction)
    other.network.parameters[:] *= 1.01
    different = assemble(make_experiment({"data": {"name": "iris", "seed": 7, "test_fraction": test_fraction}})).trainer
    different.run(lambda: False, until=31)
    before = path.read_bytes()
    for resumed in (different, a_trainer(31, rate=0.2, test_fraction=test_fraction), None):
        with pytest.raises(GradstepError, match="exists already"):
            open_log(path, None if resumed is None else resumed.history, on_screen=False)
    for content in (b"a,b\n1,2\n", b"[1]\n", b"{}\n", b"step\n\xff\xfe\n", before[:5] + b"\n"):
        path.write_bytes(content)
        with pytest.raises(GradstepError, match="exists already"):
            open_log(path, a_trainer(31).history, on_screen=False)
        assert path.read_bytes() == content


def test_what_cannot_be_a_log_is_told_before_the_training(tmp_path: Path) -> None:
    for name, said in (
        ("log.txt", "must end in .csv or .jsonl"),
        ("no/log.csv", "there is no folder"),
        ("file.csv/log.csv", "there is no folder"),
        ("folder.csv", "is a folder"),
        ("loop.csv", "symbolic links"),
    ):
        (tmp_path / "file.csv").touch()
        (tmp_path / "folder.csv").mkdir(exist_ok=True)
        if not (tmp_path / "loop.csv").is_symlink():
            (tmp_path / "loop.csv").symlink_to("loop.csv")
        with pytest.raises(GradstepError, match=f"^--log .*{said}"):
            open_log(tmp_path / name, None, on_screen=False)


def test_a_full_disk_is_told_leaves_no_part_of_a_row_and_is_written_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = a_trainer()
    log = open_log(path, None, on_screen=False)
    log.write(trainer.history, 0.0)
    trainer.run(lambda: False, until=25)

    def fill_up(descriptor: int, content: bytes) -> None:
        os.write(descriptor, content[:7])
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(log_stream, "_write_all", fill_up)
        log.write(trainer.history, 0.0)
    assert log.trouble == f"not logged: No space left on device: {path}"
    assert steps_in(path) == [0]
    log.write(trainer.history, 0.0)
    assert (log.trouble, steps_in(path)) == ("", [0, 10, 20])


def test_a_lost_folder_is_told_and_a_lost_file_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "log.csv"
    trainer = a_trainer()
    log = open_log(path, None, on_screen=False)
    log.write(trainer.history, 0.0)
    (tmp_path / "logs").rename(tmp_path / "gone")
    trainer.run(lambda: False, until=12)
    log.write(trainer.history, 0.0)
    assert log.trouble == f"not logged: No such file or directory: {path}"
    (tmp_path / "logs").mkdir()
    log.write(trainer.history, 0.0)
    assert (log.trouble, steps_in(path)) == ("", [0, 10])


def test_a_pipe_gets_csv_and_one_that_nobody_reads_never_stops_training(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(GradstepError, match="nobody reads it"):
        open_log(pipe, None, on_screen=False)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    trainer = a_trainer()
    log = open_log(pipe, None, on_screen=False)
    log.write(trainer.history, 0.0)
    assert os.read(reader, 4096).decode().startswith(",".join(FIELDS) + "\n0,0,0.0,0.1,,")
    for step in range(1, 12000):  # more than a pipe holds
        trainer.history.add_watched_score(step, 0.5, 0.5)
        if step % 500 == 0:
            log.write(trainer.history, 0.0)
    assert log.trouble == f"not logged: its reader is behind: {pipe}"
    os.close(reader)
    log.write(trainer.history, 0.0)
    assert log.trouble == f"not logged: Broken pipe: {pipe}"
    log.close()
