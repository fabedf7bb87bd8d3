"""The painting screen: its keys, the mouse, the run that learns the points, and what becomes of both runs."""

from pathlib import Path

import numpy as np
import pytest

from gradstep.data.assemble import assemble
from gradstep.data.painted_points import PaintedPoints, make_painted_experiment
from gradstep.tui.keymap import Key
from gradstep.tui.screen_keys import PAINT_KEYS
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.paint.canvas import Canvas
from gradstep.tui.screens.paint.screen import PaintScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import BETWEEN_STEPS, AppPilot, assembled, same, session_of, shown, text, until
from tests.tui.key_checks import KeyChecks

CHECKS = KeyChecks()


def painting(pilot: AppPilot) -> PaintScreen:
    assert isinstance(pilot.app.screen, PaintScreen)
    return pilot.app.screen


def points(pilot: AppPilot) -> PaintedPoints:
    return painting(pilot).view.points


def words(pilot: AppPilot) -> str:
    return text(painting(pilot).query_one(Canvas))


async def open_painting(pilot: AppPilot) -> None:
    await pilot.press("P")
    await learnt(pilot)


async def learnt(pilot: AppPilot) -> TrainingSession:
    """Wait for the session that learns the points as they are."""

    def learns() -> bool:
        session = painting(pilot)._painting
        return session is not None and len(session.run.split.train_rows) == len(points(pilot).points)

    await until(lambda: isinstance(pilot.app.screen, PaintScreen) and learns(), pilot)
    session = painting(pilot)._painting
    assert session is not None
    return session


def test_every_key_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in PAINT_KEYS}


@pytest.mark.parametrize("key", PAINT_KEYS, ids=lambda key: key.id)
async def test_a_key_does_what_the_help_describes(key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with shown(assembled("xor", {"hidden": [3]}), pace=BETWEEN_STEPS) as pilot:
        for pressed in key.keys.split(","):
            if not isinstance(pilot.app.screen, PaintScreen):
                await open_painting(pilot)
            await CHECKS[key.id](pilot, pressed)


@CHECKS.register("cursor_left", "cursor_right", "cursor_up", "cursor_down")
async def moves_the_cursor(pilot: AppPilot, pressed: str) -> None:
    screen = painting(pilot)
    column, line = screen._cell()
    await pilot.press(pressed)
    columns, lines = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}[pressed]
    assert screen._cell() == (column + columns, line + lines)


@CHECKS.register(*(f"put_{number}" for number in range(1, 10)))
async def paints_a_point(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("c", pressed)
    if int(pressed) > 2:
        assert points(pilot).points == () and "there are 2 classes: 1 to 2" in painting(pilot).view.note
    else:
        assert points(pilot).labels == (int(pressed) - 1,)
        await pilot.press(pressed)
        assert len(points(pilot).points) == 1, "the point there has the class already"
        await pilot.press("1")
        assert points(pilot).labels == (0,), "the point there gets another class"


@CHECKS.register("erase")
async def erases_the_points_at_the_cursor(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("c", "1", "right", "2", pressed)
    assert points(pilot).labels == (0,)
    await pilot.press(pressed)
    assert painting(pilot).view.note == "there is no point at the cursor" and points(pilot).labels == (0,)


@CHECKS.register("paint_undo")
async def undoes_the_last_change(pilot: AppPilot, pressed: str) -> None:
    before = points(pilot)
    await pilot.press(pressed)
    assert painting(pilot).view.note == "there is no change of the points to undo"
    await pilot.press("1", "1", "m", "right", "m", "c", pressed)  # 1 again changes nothing
    moved = points(pilot)
    assert len(moved.points) == len(before.points) + 1
    await pilot.press(pressed)
    assert points(pilot) != moved
    await pilot.press(pressed)
    assert points(pilot) == before and not painting(pilot).view.past
    await learnt(pilot)


@CHECKS.register("hold")
async def moves_a_point(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("c", "1", pressed)
    assert "Picked up" in words(pilot)
    before = points(pilot).points[0]
    await pilot.press("right", "right", "up", pressed)
    ((x1, x2),) = points(pilot).points
    assert x1 > before[0] and x2 > before[1] and not painting(pilot).view.held


@CHECKS.register("keep")
async def keeps_the_run(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("c", "1", "right", "2", pressed.replace("enter", "space"))
    session = await learnt(pilot)
    await until(lambda: session.view.snapshot.step > 0 or session.phase == "paused", pilot)
    await pilot.press(pressed)
    await until(
        lambda: isinstance(pilot.app.screen, TrainingScreen) and session_of(pilot).run.dataset.name == "rows", pilot
    )
    assert len(session_of(pilot).run.split.train_rows) == 2


@CHECKS.register("write_points")
async def writes_a_file(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: painting(pilot).view.note.startswith("written to points.csv"), pilot)
    assert len(Path("points.csv").read_text().splitlines()) == 1 + len(points(pilot).points)
    await pilot.press("c", pressed)
    await until(lambda: painting(pilot).view.note == "there are no points to write", pilot)


@CHECKS.register("clear")
async def erases_all(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: painting(pilot)._painting is None, pilot)
    assert points(pilot).points == ()
    await until(lambda: "training begins with points of" in words(pilot), pilot)
    await pilot.press("enter")
    assert isinstance(pilot.app.screen, PaintScreen), "there is nothing to go on with"


@CHECKS.register("paint_pause")
async def pauses(pilot: AppPilot, pressed: str) -> None:
    session = await learnt(pilot)
    await until(lambda: session.phase == "training", pilot)
    await pilot.press(pressed)
    await until(lambda: session.phase == "paused" and "paused" in words(pilot), pilot)
    await pilot.press("1")
    assert (await learnt(pilot)).phase == "paused", "the next run waits too"


@CHECKS.register("help")
async def shows_the_help(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
    await pilot.press("escape")


@CHECKS.register("paint_leave")
async def leaves_the_run_as_it_was(pilot: AppPilot, pressed: str) -> None:
    run, session = session_of(pilot).run, painting(pilot)._painting
    await pilot.press("c", "1", pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
    assert session_of(pilot).run is run and run.trainer.step == 0
    assert session is not None and session._commands.closed


async def test_the_run_on_painted_points_is_that_of_its_experiment_bit_for_bit() -> None:
    async with shown(assembled("xor", {"hidden": [4]}), pace=200) as pilot:
        main = session_of(pilot).run
        await open_painting(pilot)
        await pilot.press("c", "1", "right", "right", "2", "up", "up", "1")
        painted = points(pilot)
        session = await learnt(pilot)
        await until(lambda: session.view.snapshot.step > 20, pilot)
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen) and session_of(pilot).run is not main, pilot)
        kept = session_of(pilot)
        step = kept.view.snapshot.step
        assert step > 20 and kept.phase == "paused"
        again = assemble(make_painted_experiment(main, 0.1, painted))
        again.trainer.run(lambda: False, until=step)
        assert np.array_equal(kept.run.network.parameters, again.network.parameters)
        assert kept.run.experiment == again.experiment and kept.run.fingerprint == again.fingerprint
        await pilot.press("r")
        await until(lambda: kept.view.snapshot.step == 0, pilot)
        assert np.array_equal(kept.run.network.parameters, main.network.parameters)
        await pilot.press("s")
        await until(lambda: kept.view.snapshot.step == 1, pilot)
        await pilot.press("left_square_bracket")
        await until(lambda: kept.view.snapshot.step == 0, pilot)
        assert same(kept.run.trainer.state(), kept.run.start)


async def test_the_mouse_paints_and_moves() -> None:
    async with shown(assembled("xor", {"hidden": [3]}), pace=BETWEEN_STEPS) as pilot:
        await open_painting(pilot)
        await pilot.press("c", "2")
        canvas = painting(pilot).query_one(Canvas)
        left, top = canvas.content_region.x - canvas.region.x, canvas.content_region.y - canvas.region.y

        def at(column: int, line: int) -> tuple[int, int]:
            return column + left, line + top

        await pilot.click(canvas, offset=at(3, 4))
        assert points(pilot).labels == (1, 1) and painting(pilot)._cell() == (3, 4)
        side = canvas.side
        assert painting(pilot).view.find_cell(points(pilot).points[1], side) == (3, 4)
        await pilot.click(canvas, offset=at(3, 4))
        assert len(points(pilot).points) == 2, "a click on a point goes to it"
        await pilot.mouse_down(canvas, offset=at(3, 4))
        await pilot.mouse_up(canvas, offset=at(10, 6))
        assert painting(pilot).view.find_cell(points(pilot).points[1], side) == (10, 6)
        await pilot.click(canvas, offset=at(side + 3, 4))
        assert len(points(pilot).points) == 2, "beside the map nothing is painted"


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (200, 60), (60, 20)])
async def test_a_point_is_painted_where_the_cursor_is_at_any_size(size: tuple[int, int]) -> None:
    async with shown(assembled("xor", {"hidden": [3]}), size=size) as pilot:
        await open_painting(pilot)
        side, view = painting(pilot).query_one(Canvas).side, painting(pilot).view
        for cell in ((0, 0), (side - 1, side // 2 - 1), (side // 3, side // 5)):
            assert view.find_cell(view.find_point(cell, side), side) == cell
        await pilot.press("c", "2", "left", "1")
        await learnt(pilot)
        await until(lambda: "batch loss" in words(pilot), pilot)
        drawn = words(pilot)
        assert drawn.count("◈") == 1
        assert all(said in " ".join(drawn.split()) for said in ("False: 1" if "False" in drawn else ": 1", "step"))
        # a point too narrow a terminal has no room for its words
        assert max(map(len, drawn.splitlines())) <= size[0]


async def test_names_give_way_to_their_numbers() -> None:
    long = "a class with a name that is longer than there is room for"
    rows: dict[str, object] = {"x": [[0.0, 1.0], [1.0, 0.0]], "y": [long, "z"], "scale": "none"}
    async with shown(assembled(rows, {"hidden": [2]}), size=(80, 24)) as pilot:
        await open_painting(pilot)
        assert "…: 1" in words(pilot) and "z: 1" in words(pilot)


async def test_each_class_of_the_data_has_a_key() -> None:
    async with shown(assembled("spiral3", {"hidden": [2]})) as pilot:
        await open_painting(pilot)
        assert "1/2/3 paint" in text(painting(pilot).query_one("#footer", Panel))
        await pilot.press("c", "3", "right", "1", "right", "2")
        assert points(pilot).labels == (2, 0, 1) and (await learnt(pilot)).run.network.sizes[-1] == 3
        await pilot.press("backspace")
        assert (await learnt(pilot)).run.dataset.class_names == ("first", "third")
