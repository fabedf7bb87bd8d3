"""A saved run is named by the beginning of its name in every command that takes one."""

import csv
from pathlib import Path

import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.find_run import find_run_folder
from gradstep.tui.cli.main import run
from tests.data.test_run_list import save

COMMANDS = (
    "resume {} --plain --max-epochs 3",
    "predict {} rows.csv",
    "export {} --format csv",
    "code {}",
    "runs {}",
    "runs {} --delete --yes",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with rows to predict."""
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "rows.csv").open("w") as file:
        csv.writer(file).writerows([["x1", "x2"], [0.5, 0.5]])
    return tmp_path


def save_as(name: str) -> str:
    saves = save("xor", 3, max_epochs=1)
    saves.folder.rename(saves.folder.with_name(name))
    return name


@pytest.mark.parametrize("command", COMMANDS)
def test_the_beginning_of_one_name_is_enough_and_that_of_several_names_them(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    early, late = save_as("2026-11-26-151500-xor"), save_as("2026-11-26-161500-xor")
    assert run(command.format("2026-11-26-1").split()) == 2
    error = capsys.readouterr().err
    assert error == f"gradstep: 2 saved runs begin with 2026-11-26-1: {late}, {early}; give more of the name\n"
    assert run(command.format("2026-11-26-17").split()) == 2
    assert "there is no saved run 2026-11-26-17; gradstep runs lists" in capsys.readouterr().err
    assert run(command.format("2026-11-26-15").split()) == 0
    printed = capsys.readouterr()
    assert late not in printed.out + printed.err
    if command.startswith(("resume", "predict", "runs")):
        assert early in printed.out + printed.err


def test_a_whole_name_is_meant_before_the_beginning_of_others() -> None:
    first, _ = save_as("2026-11-26-151500-xor"), save_as("2026-11-26-151500-xor-2")
    found = find_run_folder(first)
    assert found is not None and found.name == first


def test_many_candidates_are_told_in_part_and_no_empty_folder_is_one() -> None:
    for number in range(7):
        kept = find_run_folder(save_as(f"2026-{number}"))
    assert kept is not None
    (kept.parent / "2026-7").mkdir()
    (kept.parent / "2026-7" / ".lock").touch()
    with pytest.raises(GradstepError, match=r"^7 saved runs begin with 2: 2026-6, .*2026-2 and 2 more; give more"):
        find_run_folder("2")
    assert find_run_folder("2026-7") is not None and find_run_folder("") is None
