"""`gradstep runs`: the list as text and as JSON, and deletion."""

import json
from pathlib import Path

import pytest

from gradstep.tui.cli.main import run
from gradstep.tui.drawing.cells import count_cells
from gradstep.tui.drawing.run_table import format_duration, format_room, write_table
from tests.data.test_run_list import list_runs, save


def test_the_list_as_text_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["runs"]) == 0
    assert "no run is saved in" in capsys.readouterr().out
    first, second = save("iris", learning_rate=0.05), save("sine", 40)
    for command in (["runs"], ["resume", "--list"]):
        assert run(command) == 0
        title, *lines = capsys.readouterr().out.splitlines()
        assert title.split()[:5] == ["run", "saved", "data", "network", "optimizer"]
        assert [line.split()[0] for line in lines[:2]] == [second.name, first.name]
        assert lines[1].split()[3:9] == ["iris", "4-16-16-3", "relu", "sgd", "0.05", "30"]
        assert "2 entries take" in lines[-2]
    assert run(["runs", "--json"]) == 0
    newest, oldest = json.loads(capsys.readouterr().out)
    assert (newest["name"], newest["steps"], newest["score"]["measure"]) == (second.name, 40, "loss")
    assert oldest["experiment"]["training"]["learning_rate"] == oldest["learning_rate"] == 0.05
    assert run(["runs", first.name, "--json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == [first.name]


def test_a_narrow_table_has_whole_columns() -> None:
    save("iris")
    for width in range(10, 160, 7):
        title, (line,) = write_table(list_runs(), width)
        assert count_cells(title) <= width
        assert count_cells(line) <= width
    title = write_table(list_runs(), 88)[0]
    assert title.split() == ["run", "network", "optimizer", "rate", "steps", "best", "step", "last"]


def test_a_run_that_diverged_says_so_in_the_list_as_text_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--plain", "--data", "iris", "--learning-rate", "1e150", "--max-epochs", "9"]) == 3
    assert run(["train", "--plain", "--data", "iris", "--max-epochs", "9"]) == 0
    capsys.readouterr()
    assert run(["runs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert ["  diverged" in line for line in lines[1:3]] == [False, True]
    assert run(["runs", "--json"]) == 0
    assert [each["diverged"] for each in json.loads(capsys.readouterr().out)] == [False, True]
    _, diverged = list_runs()
    assert write_table([diverged], None, own=diverged.name)[1][0].endswith("  diverged")


def test_a_score_that_is_not_the_highest_is_named_as_that_of_the_best_step() -> None:
    save("iris")
    assert "best step" in write_table(list_runs())[0]


def test_deletion_asks_first(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    name = save().name
    assert run(["runs", name, "--delete"]) == 2  # nobody can answer
    assert "--yes" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, left in (("", 1), ("n", 1), ("yes", 0)):
        monkeypatch.setattr("builtins.input", lambda question, answer=answer: answer)
        assert run(["runs", name, "--delete"]) == 0
        assert len(list_runs()) == left
    assert run(["runs", name, "--delete", "--yes"]) == 2
    assert f"no saved run {name}" in capsys.readouterr().err
    assert run(["runs", "--delete", "--yes"]) == 2
    assert run(["runs", "--yes"]) == 2


def test_what_stays_is_told_with_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    saves = save()
    (saves.folder / "note.txt").touch()
    assert run(["runs", saves.name, "--delete", "--yes"]) == 2
    assert "it also holds note.txt, which gradstep did not write" in capsys.readouterr().err
    assert Path(saves.folder, "note.txt").exists()


def test_times_and_sizes_are_written_as_people_say_them() -> None:
    assert [format_duration(s) for s in (0, 3.21, 59.96, 125, 3725, 1e7)] == [
        "0.0 s", "3.2 s", "1 min 00 s", "2 min 05 s", "1 h 02 min", "2,777 h 46 min"
    ]  # fmt: skip
    assert [format_room(n) for n in (0, 812, 12_400_000, 999_960)] == ["0 bytes", "812 bytes", "12.4 MB", "1.0 MB"]
