"""The screens of the saved runs and of compared runs: their keys, every size, and nothing deleted unasked."""

import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.compared_run import list_differences, read_compared_run
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.data.run_list import list_runs
from gradstep.data.saved_runs import SavedRun, name_new_run
from gradstep.tui.drawing.cells import shorten_from_left
from gradstep.tui.drawing.run_table import shorten_names
from gradstep.tui.runs_keys import COMPARE_KEYS, RUNS_KEYS
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.runs.compare_plot import ComparePlot
from gradstep.tui.screens.runs.compare_screen import CompareScreen
from gradstep.tui.screens.runs.compare_state import make_compare_view
from gradstep.tui.screens.runs.compare_table import CompareTable
from gradstep.tui.screens.runs.list_panel import RunList
from gradstep.tui.screens.runs.screen import RunsScreen
from gradstep.tui.screens.runs.state import RunsView
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.question import QuestionScreen
from tests.tui.driving import AppPilot, assembled, panel, session_of, shown, step_of, text, until
from tests.tui.key_checks import Check, KeyChecks
from tests.tui.wholeness import assert_well_drawn

CHECKS = KeyChecks()
SIZES = [(40, 12), (80, 24), (200, 60)]


def save(steps: int = 60, data: str = "circle", **training: object) -> SavedRun:
    run = assembled(data, {"hidden": [4]}, **training)
    run.trainer.run(lambda: False, until=steps)
    saves = name_new_run(data)
    saves.write(run.checkpoint(3.0))
    saves.close()
    return saves


@pytest.fixture
def saved() -> list[str]:
    """Three saved runs, the newest first, and a damaged one."""
    made = [save(learning_rate=0.1), save(90, learning_rate=0.3), save(40, "iris")]
    damaged = save()
    damaged.checkpoints()[0].write_bytes(b"nothing")
    return [each.name for each in [*made[::-1], damaged]]


@asynccontextmanager
async def open_runs(size: tuple[int, int] = (120, 40), steps: int = 5) -> AsyncIterator[AppPilot]:
    """The app with the saved runs, read; the run that trains is saved at a few steps."""
    run = assembled("circle", {"hidden": [4]})
    run.trainer.run(lambda: False, until=steps)
    autosave = Autosave(name_new_run("own"))
    autosave.write(run.checkpoint(0.0))
    async with shown(run, size=size, autosave=autosave) as pilot:
        await pilot.press("o")
        await until(lambda: isinstance(pilot.app.screen, RunsScreen) and not pilot.app.screen.waits, pilot)
        yield pilot


def screen(pilot: AppPilot) -> RunsScreen:
    assert isinstance(pilot.app.screen, RunsScreen)
    return pilot.app.screen


def chosen(pilot: AppPilot) -> str:
    run = screen(pilot).view.run
    assert run is not None
    return run.name


async def choose(pilot: AppPilot, name: str) -> None:
    for _ in range(10):
        if chosen(pilot) == name:
            return
        await pilot.press("down")
    raise AssertionError(f"{name} is not listed")


async def mark(pilot: AppPilot, *names: str) -> None:
    for name in names:
        await choose(pilot, name)
        await pilot.press("space")


async def done(pilot: AppPilot, note: str = "") -> None:
    await until(lambda: not screen(pilot).waits and note in screen(pilot).view.note, pilot)


def test_every_key_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in (*RUNS_KEYS, *COMPARE_KEYS)}


@CHECKS.register("run_up", "run_down", "run_page_up", "run_page_down")
async def chooses_another_run(pilot: AppPilot, pressed: str) -> None:
    names = [run.name for run in screen(pilot).view.runs or ()]
    assert len(names) == 5
    expected = {"up": -1, "down": 1, "pageup": 0, "pagedown": -1}[pressed]
    await pilot.press("home", pressed)
    assert chosen(pilot) == names[expected]
    assert "▸" in text(screen(pilot).query_one(RunList))


async def test_a_run_that_is_saved_while_the_list_is_read_is_known_as_yours() -> None:
    run = assembled("circle", {"hidden": [4]})
    run.trainer.run(lambda: False, until=5)
    autosave = Autosave(name_new_run("own"))
    async with shown(run, autosave=autosave) as pilot:
        runs = RunsScreen(session_of(pilot), lambda _: None)
        assert runs.view.own == ""
        autosave.write(run.checkpoint(0.0))
        pilot.app.push_screen(runs)
        await until(lambda: not runs.waits, pilot)
        assert screen(pilot).view.own == autosave.name == chosen(pilot)


async def test_a_click_chooses_a_run(saved: list[str]) -> None:
    async with open_runs() as pilot:
        rows = text(screen(pilot).query_one(RunList)).splitlines()
        y = next(index for index, row in enumerate(rows) if shorten_names(saved)[1] in row)
        await pilot.click("#run-list", offset=(9, y + 1))
        await until(lambda: chosen(pilot) == saved[1], pilot)


@CHECKS.register("run_mark")
async def marks_and_unmarks(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("down")
    name = chosen(pilot)
    await pilot.press(pressed)
    assert screen(pilot).view.marked == {name}
    await pilot.press("up", pressed)
    assert not screen(pilot).view.marked


@CHECKS.register("run_resume")
async def goes_on_with_the_chosen_run(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    assert "this is the run that trains" in screen(pilot).view.note
    await pilot.press("down")
    name, before = chosen(pilot), session_of(pilot)
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen) and session_of(pilot) is not before, pilot)
    session = session_of(pilot)
    assert (step_of(session), session.phase) == (40, "paused")
    assert session.autosave is not None
    assert session.autosave.name == name
    assert session.run.dataset.name == "iris"
    assert {run.name: run.is_open for run in list_runs()}[name]
    await pilot.press("s")
    await until(lambda: step_of(session) == 41, pilot)


@CHECKS.register("run_compare")
async def compares_the_chosen_run_with_yours(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    assert "mark two" in screen(pilot).view.note
    await pilot.press("down", "down")
    name = chosen(pilot)
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, CompareScreen), pilot)
    assert isinstance(pilot.app.screen, CompareScreen)
    assert [run.name for run in pilot.app.screen.view.runs] == [name, session_name(pilot)]
    drawn = text(pilot.app.screen.query_one(CompareTable))
    await until(lambda: "rate" in text(pilot.app.screen.query_one(CompareTable)), pilot)
    assert "0.3" in drawn or "0.3" in text(pilot.app.screen.query_one(CompareTable))


def session_name(pilot: AppPilot) -> str:
    autosave = session_of(pilot).autosave
    assert autosave is not None
    return autosave.name


@CHECKS.register("run_beside")
async def draws_a_curve_and_a_border_beside_yours(pilot: AppPilot, pressed: str) -> None:
    session = session_of(pilot)
    await pilot.press("down", "down")
    name = chosen(pilot)
    await pilot.press(pressed)
    await done(pilot, "drawn beside yours")
    await until(lambda: session.view.beside is not None, pilot)
    beside = session.view.beside
    assert beside is not None
    assert (beside.name, int(beside.curve.step[-1])) == (name, 90)
    assert beside.classes is not None
    await pilot.press("escape")
    await until(lambda: name in text(panel(pilot, "loss")) and "the run beside" in text(panel(pilot, "output")), pilot)
    await pilot.press("o")
    await until(lambda: isinstance(pilot.app.screen, RunsScreen) and not pilot.app.screen.waits, pilot)
    await choose(pilot, name)
    await pilot.press(pressed)
    await until(lambda: session.view.beside is None, pilot)


@CHECKS.register("run_delete")
async def deletes_after_a_question(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    assert "the run that trains is not deleted" in screen(pilot).view.note
    names = [run.name for run in screen(pilot).view.runs or ()]
    await mark(pilot, names[1], names[2])
    for answer, left in (("n", 5), ("y", 3)):
        await pilot.press(pressed)
        await until(lambda: isinstance(pilot.app.screen, QuestionScreen), pilot)
        assert len(list_runs()) == 5
        await pilot.press(answer)
        await until(lambda: isinstance(pilot.app.screen, RunsScreen) and not pilot.app.screen.waits, pilot)
        await until(lambda left=left: len(screen(pilot).view.runs or ()) == left, pilot)  # type: ignore[misc]
    assert {run.name for run in list_runs()} == {names[0], *names[3:]}


@CHECKS.register("help")
async def shows_the_keys(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)


@CHECKS.register("runs_leave")
async def goes_back_to_the_training(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("compare_leave")
async def goes_back_to_the_runs(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, RunsScreen), pilot)


@CHECKS.register("compare_axis", "compare_part")
async def draws_other_curves(pilot: AppPilot, pressed: str) -> None:
    plot = pilot.app.screen.query_one(ComparePlot)
    await until(lambda: "held-out loss" in text(plot), pilot)
    before = text(plot)
    await pilot.press(pressed)
    await until(lambda: text(plot) != before, pilot)
    await pilot.press(pressed)
    await until(lambda: text(plot) == before, pilot)


@CHECKS.register("compare_up", "compare_down")
async def shows_other_rows_of_the_table(pilot: AppPilot, pressed: str) -> None:
    await pilot.resize_terminal(80, 24)
    table = pilot.app.screen.query_one(CompareTable)
    await pilot.press(*["up"] * 12)
    await until(lambda: "↓" in text(table), pilot)
    seen = text(table)
    while "time" not in text(table):
        before = text(table)
        await pilot.press("down")
        await until(lambda before=before: text(table) != before, pilot)  # type: ignore[misc]
        seen += text(table)
    for word in ("best", "rate", "data", "max epochs", "steps", "time"):
        assert word in seen
    if pressed == "up":
        await pilot.press("up")
        await until(lambda: "time" not in text(table), pilot)


BY_CHECK = {
    check: [key for key in dict.fromkeys((*RUNS_KEYS, *COMPARE_KEYS)) if CHECKS[key.id] is check]
    for check in dict.fromkeys(CHECKS.values())
}


@pytest.mark.parametrize("check", BY_CHECK, ids=lambda check: check.__name__)
async def test_the_keys_do_what_the_help_describes(check: Check, saved: list[str]) -> None:
    async with open_runs() as pilot:
        if BY_CHECK[check][0] in COMPARE_KEYS and BY_CHECK[check][0] not in RUNS_KEYS:
            await mark(pilot, saved[0], saved[1], saved[2])
            await pilot.press("c")
            await until(lambda: isinstance(pilot.app.screen, CompareScreen), pilot)
        for key in BY_CHECK[check]:
            await check(pilot, key.names[0])


# what they draw


@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
def test_everything_is_whole_at_any_size(saved: list[str], glyphs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    capabilities = TerminalCapabilities(colours="none", glyphs=glyphs) if glyphs == "ascii" else None
    if capabilities is not None:
        for kind in (RunList, ComparePlot, CompareTable):
            monkeypatch.setattr(kind, "capabilities", property(lambda _, given=capabilities: given))
    runs = tuple(list_runs())
    compared = tuple(read_compared_run(run) for run in runs if not run.problem)
    for size in product((36, 79, 120), (3, 14, 40)):
        for view in (
            RunsView(None, "/folder", read=(50, 1200)),
            RunsView((), "/a/folder"),
            RunsView(runs, "/folder", own=runs[0].name, beside=runs[1].name, marked=frozenset({saved[0]})),
            RunsView(runs, "/folder", chosen=len(runs) - 1, note="a note"),
        ):
            assert_well_drawn(RunList("run-list"), view, size)
        both = (True, False)
        for several, watched, logarithmic in product((compared[:2], compared * 2), both, both):
            view = replace(make_compare_view(several), watched=watched, logarithmic=logarithmic, skipped=2)
            plot = ComparePlot("compare-plot").lines(view, *size)
            assert len(plot) <= size[1]
            assert all(line.cell_length <= size[0] for line in plot)
            assert_well_drawn(CompareTable("compare-table"), view, size)


@pytest.mark.parametrize("size", SIZES)
async def test_the_screens_fit_into_every_terminal(size: tuple[int, int], saved: list[str]) -> None:
    async with open_runs(size) as pilot:
        title, listed = screen(pilot).query_one(RunList).border_title, text(screen(pilot).query_one(RunList))
        assert shorten_names(saved)[0] in listed and len(shorten_names(saved)[0]) < len(saved[0])
        assert size[0] < 80 or all(sign in str(title) for sign in ("* marked", "= yours", "~ beside"))
        assert size[0] < 80 or "d delete" in text(screen(pilot).query_one(KeyBar))
        await mark(pilot, saved[0], saved[1])
        await pilot.press("c")
        await until(lambda: isinstance(pilot.app.screen, CompareScreen), pilot)
        await until(lambda: saved[0] in text(pilot.app.screen.query_one(CompareTable)), pilot)
        assert pilot.app.screen.size == size


def test_what_the_compared_runs_came_to_is_named_in_words_that_fit(saved: list[str]) -> None:
    compared = [read_compared_run(run) for run in list_runs() if not run.problem][:3]
    for runs, width, words in ((3, 60, "best step: test accuracy"), (3, 34, "best "), (6, 79, "best ")):
        view = make_compare_view((compared * 2)[:runs])
        rows = [strip.text for strip in CompareTable("compare-table").lines(view, width, 40)]
        assert any(row.startswith(words) for row in rows), rows
        assert not any("…" in row[:12] for row in rows if row.startswith(("best", "last")))


def test_names_leave_out_the_day_or_the_year_that_all_begin_with() -> None:
    one, other = "2026-11-26-120000-iris", "2026-11-26-130000-x"
    assert shorten_names([one, other, "mine"]) == ["120000-iris", "130000-x", "mine"]
    assert shorten_names([one, "2026-10-01-120000-x"]) == ["11-26-120000-iris", "10-01-120000-x"]
    assert shorten_names([one, "2025-10-01-120000-x"]) == [one, "2025-10-01-120000-x"]
    assert shorten_names(["mine"]) == ["mine"]


def test_settings_that_differ_are_listed_in_the_order_of_the_file() -> None:
    one = make_experiment({"data": {"name": "iris"}, "training": {"learning_rate": 0.1, "l2": 0.5}})
    other = make_experiment({"data": {"path": "x" * 90}, "training": {"learning_rate": 0.2, "l2": 0.5}})
    found = {each.field: each.values for each in list_differences([one, other, one])}
    assert list(found) == ["data.name", "data.path", "training.learning_rate"]
    assert found["training.learning_rate"] == ("0.1", "0.2", "0.1")
    assert found["data.path"] == ("–", f"…{'x' * 39}", "–")
    assert list_differences([one, one]) == []


def test_two_ways_to_a_file_are_no_difference_and_other_files_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    def reads(path: str) -> Experiment:
        return make_experiment({"data": {"path": f"{tmp_path}/{path}"}})

    (tmp_path / "f").mkdir()
    (tmp_path / "g").symlink_to(tmp_path / "f")
    assert list_differences([reads("f/a.csv"), reads("f/../f/a.csv"), reads("g/a.csv")]) == []
    for one, other, names in (
        ("f/a.csv", "f/b.csv", ("a.csv", "b.csv")),
        ("x/a.csv", "y/a.csv", ("x/a.csv", "y/a.csv")),
        ("f/a.csv", "f/a\0.csv", ("a.csv", "a\0.csv")),
        ("x/z/a.csv", "y/z/a.csv", ("x/z/a.csv", "y/z/a.csv")),
    ):
        assert list_differences([reads(one), reads(other)])[0].values == names


def test_a_path_that_is_cut_shows_its_end() -> None:
    assert shorten_from_left("some/folder/data.csv", 10) == "…/data.csv"
    assert shorten_from_left("data.csv", 8) == "data.csv"
    assert [shorten_from_left("日本.csv", width) for width in (0, 1, 6, 7)] == ["", "…", "….csv", "…本.csv"]


async def test_what_goes_wrong_with_a_run_is_said_and_nothing_is_lost(
    saved: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = SavedRun(name_new_run("x").folder.parent / saved[1])
    other.open()
    async with open_runs() as pilot:
        before = session_of(pilot)
        await choose(pilot, saved[1])
        for key in ("enter", "d"):
            await pilot.press(key)
            if key == "d":
                await until(lambda: isinstance(pilot.app.screen, QuestionScreen), pilot)
                await pilot.press("y")
            await until(lambda: isinstance(pilot.app.screen, RunsScreen), pilot)
            await done(pilot, "is open in another gradstep")
        await choose(pilot, saved[3])
        for key in ("enter", "b"):
            await pilot.press(key)
            await done(pilot, "not a checkpoint")
        await choose(pilot, saved[0])
        shutil.rmtree(other.folder.parent / saved[0])
        await pilot.press("enter")
        await done(pilot, "was removed just now")
        assert session_of(pilot) is before
    assert len(list_runs()) == 4


async def test_no_file_is_read_on_the_event_loop(saved: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    threads = set()

    def watch(name: str, module: str) -> None:
        from importlib import import_module

        real = getattr(import_module(module), name)

        def called(*given: object, **named: object) -> object:
            threads.add((name, threading.current_thread() is threading.main_thread()))
            return real(*given, **named)

        monkeypatch.setattr(f"{module}.{name}", called)

    watch("list_runs", "gradstep.tui.screens.runs.screen")
    watch("read_compared_run", "gradstep.tui.screens.runs.screen")
    watch("delete_runs", "gradstep.tui.screens.runs.screen")
    watch("resume_run", "gradstep.tui.screens.runs.screen")
    watch("resume_run", "gradstep.tui.session.beside_run")
    async with open_runs() as pilot:
        await choose(pilot, saved[1])
        await pilot.press("b")
        await done(pilot, "drawn beside yours")
        await pilot.press("d")
        await until(lambda: isinstance(pilot.app.screen, QuestionScreen), pilot)
        await pilot.press("y")
        await until(lambda: isinstance(pilot.app.screen, RunsScreen), pilot)
        await done(pilot, "deleted")
    assert threads == {
        ("list_runs", False), ("read_compared_run", False), ("resume_run", False), ("delete_runs", False)
    }  # fmt: skip


async def test_data_that_are_gone_leave_the_curve_beside_yours_without_its_border(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("a,b,kind\n" + "".join(f"{i % 9},{i % 7},{'xy'[i % 2]}\n" for i in range(60)))
    run = assembled({"path": str(table)})
    run.trainer.run(lambda: False, until=12)
    saves = name_new_run("points")
    saves.write(run.checkpoint(1.0))
    saves.close()
    async with shown(assembled({"path": str(table)})) as pilot:
        table.unlink()
        await pilot.press("o")
        await until(lambda: isinstance(pilot.app.screen, RunsScreen) and not pilot.app.screen.waits, pilot)
        await pilot.press("b")
        await done(pilot, "without its border: ")
        await until(lambda: session_of(pilot).view.beside is not None, pilot)
        beside = session_of(pilot).view.beside
        assert beside is not None
        assert beside.classes is None


def test_a_damaged_run_is_not_compared(saved: list[str]) -> None:
    damaged = next(run for run in list_runs() if run.problem)
    with pytest.raises(GradstepError, match="not a checkpoint"):
        read_compared_run(damaged)
    assert replace(damaged, problem="").name == damaged.name
