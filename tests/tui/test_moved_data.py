"""A saved run whose data were moved is opened on the screen: a dialog asks for their path."""

from pathlib import Path

import pytest
from textual.widgets import Input, Static

from gradstep.data.run_list import list_runs
from gradstep.data.saved_runs import name_new_run
from gradstep.tui.screens.runs.data_path import DataPathScreen, complete_path
from gradstep.tui.screens.runs.screen import RunsScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from tests.tui.driving import AppPilot, assembled, session_of, shown, step_of, until

ROWS = [f"{row % 7},{row % 5},{'red' if row % 7 > row % 5 else 'blue'}\n" for row in range(60)]


def write_table(path: Path, rows: int = 60) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("length,width,colour\n" + "".join(ROWS[:rows]))
    return path


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a file with a space in it, to which the data of a saved run were moved."""
    monkeypatch.chdir(tmp_path)
    before = write_table(tmp_path / "flowers.csv")
    run = assembled({"path": str(before)}, {"hidden": [4]})
    run.trainer.run(lambda: False, until=7)
    saves = name_new_run("flowers")
    saves.write(run.checkpoint(1.0))
    saves.close()
    (tmp_path / "my data").mkdir()
    return before.rename(tmp_path / "my data" / "garden.csv")


async def open_dialog(pilot: AppPilot) -> None:
    await pilot.press("o")
    await until(lambda: isinstance(pilot.app.screen, RunsScreen) and not pilot.app.screen.waits, pilot)
    await pilot.press("enter")
    await until(lambda: isinstance(pilot.app.screen, DataPathScreen) and not pilot.app.screen.opens, pilot)


def says(pilot: AppPilot) -> str:
    return " ".join(str(each.render()) for each in pilot.app.screen.query(Static))


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
async def test_the_dialog_asks_until_the_data_fit(size: tuple[int, int], moved: Path, tmp_path: Path) -> None:
    write_table(tmp_path / "short.csv", rows=30)
    async with shown(assembled("xor"), size=size) as pilot:
        await open_dialog(pilot)
        assert "flowers.csv: no such file" in says(pilot) and "--data" not in says(pilot)
        line = pilot.app.screen.query_one(Input)
        assert line.value == str(tmp_path / "flowers.csv")
        line.value = "short.csv"
        await pilot.press("enter")
        await until(
            lambda: isinstance(pilot.app.screen, DataPathScreen) and "30 rows instead of 60" in says(pilot), pilot
        )
        before, line = session_of(pilot), pilot.app.screen.query_one(Input)
        line.value = ""
        for typed, whole in (("my", "my data/"), ("g", "my data/garden.csv")):
            line.insert_text_at_cursor(typed)
            await until(lambda whole=whole: line._suggestion == whole, pilot)
            await pilot.press("tab")
            assert line.value == whole
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen) and session_of(pilot) is not before, pilot)
        assert step_of(session_of(pilot)) == 7
        assert session_of(pilot).run.experiment.data.path == str(moved)
        assert "the data are now my data/garden.csv" in session_of(pilot).view.note


async def test_esc_leaves_the_run_as_it_is(moved: Path) -> None:
    async with shown(assembled("xor")) as pilot:
        before = session_of(pilot)
        await open_dialog(pilot)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, RunsScreen) and not pilot.app.screen.waits, pilot)
        assert session_of(pilot) is before
        assert [run.is_open for run in list_runs()] == [False]


def test_a_path_is_completed_by_folders_and_data_files(moved: Path, tmp_path: Path) -> None:
    (tmp_path / "my notes.txt").write_text("")
    (tmp_path / "other.py").write_text("")
    assert complete_path("my d") == "my data/"
    assert complete_path(f"{tmp_path}/my data/") == str(moved)
    assert complete_path("oth") is None and complete_path("nowhere/x") is None
