"""What is told about a file: by `gradstep check`, at the start of a run, and on the experiment screen."""

from pathlib import Path

import pytest

from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.tui.cli.main import run
from gradstep.tui.drawing.cells import count_cells
from gradstep.tui.screens.experiment.file_findings import draw_file_findings

PEOPLE = "id,name,age,sex,y\n" + "".join(
    f"{index},N{index},{'' if index % 9 == 4 else index * 7 % 50},{'fm'[index % 2]},{index * 5 % 3 // 2}\n"
    for index in range(1, 61)
)
REPORT = """\
gradstep: people.csv: 2 problems
  column "name": 60 different words, such as "N1", and at most 50 can be categories; --drop name leaves the column out
  column "age": missing in 7 rows, first line 5; --missing drop leaves the rows out, --missing mean fills them in
  with --drop name --missing mean the file can be learnt
"""
FOUND = """\
file      UTF-8, commas, line 1 names the columns, 60 rows
columns   2 numbers (id, age), 1 category (sex); learns y, 2 classes (--task regression learns a number); without name
warning   column "id" counts the rows; --drop id leaves it out
"""


@pytest.fixture(autouse=True)
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    monkeypatch.chdir(tmp_path)
    return path


def test_check_and_training_refuse_a_file_with_the_same_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--plain", "--data", "people.csv"]) == 2
    assert capsys.readouterr() == ("", REPORT)
    assert run(["check", "people.csv"]) == 2
    out, errors = capsys.readouterr()
    # what is found out once the file can be learnt is told as well
    assert out == "" and errors == REPORT + "".join(f"  {line}\n" for line in FOUND.splitlines())


def test_check_and_the_start_of_a_run_tell_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--drop", "name", "--missing", "mean"]
    assert run(["check", "people.csv", *options]) == 0
    assert capsys.readouterr().out == FOUND + "train     gradstep train --data people.csv --drop name --missing mean\n"
    assert run(["train", "--plain", "--data", "people.csv", *options, "--max-steps", "1"]) in (0, 4)
    assert FOUND in capsys.readouterr().out


def test_a_column_that_is_not_there_is_told_with_the_option_that_names_it(
    people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, told in (
        (["check", "people.csv", "--target", "agee"], 'has no column "agee": --target must be "id"'),
        (["check", "people.csv", "--drop=agee"], 'has no column "agee": --drop must be "id"'),
        (["train", "--plain", "--data", "people.csv", "--columns", "9"], "--columns must be a number from 1 to 5"),
        (["check", "people.csv", "--target", "y", "--drop", "y"], "is the target: --drop cannot leave it out"),
    ):
        assert run(command) == 2
        assert told in capsys.readouterr().err
    Path("people.toml").write_text('[data]\npath = "people.csv"\ntarget = "agee"\n')
    assert run(["train", "--plain", "people.toml"]) == 2
    assert 'has no column "agee": data.target must be "id"' in capsys.readouterr().err
    people.write_text("x,x,y\n1,2,3\n")
    assert run(["check", "people.csv", "--target", "x"]) == 2
    assert 'both called "x": --target 2 means the second one' in capsys.readouterr().err


@pytest.mark.parametrize(("width", "room"), [(24, 30), (40, 30), (40, 6), (40, 4), (40, 1), (100, 4)])
def test_what_does_not_fit_on_the_experiment_screen_is_said_to_be_there(width: int, room: int) -> None:
    data = {"path": "people.csv", "drop": ["name"], "missing": "mean"}
    lines = [strip.text for strip in draw_file_findings(assemble(make_experiment({"data": data})).dataset, width, room)]
    assert len(lines) <= room and all(count_cells(line.rstrip()) <= width for line in lines)
    text = " ".join(" ".join(lines).split())
    assert not lines or ("line 1 names the columns, 60 rows" in text and "learns y, 2 classes" in text)
    assert not lines or 'column "id" counts the rows' in text or "1 more warning: gradstep check" in text
    assert lines or room < 8


@pytest.mark.parametrize(
    ("data", "how"),
    [
        ('path = "people.csv"', "gradstep check people.csv checks its data"),
        ('name = "iris"', "gradstep train mine.toml checks its data before it trains"),
    ],
)
def test_an_experiment_file_is_told_as_one_with_how_its_data_are_checked(
    data: str, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.toml").write_text(f"[data]\n{data}\n")
    assert run(["check", "mine.toml"]) == 2
    message = f"gradstep: mine.toml is an experiment file and holds no table; {how}"
    assert " ".join(capsys.readouterr().err.split()) == message
