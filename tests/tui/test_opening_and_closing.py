"""A screen can be used and closed at any moment: while it opens, and while something is computed for it."""

import asyncio
import gc
import warnings

import pytest
from textual.events import MouseScrollDown, Resize
from textual.geometry import Size

from gradstep.tui.app import GradstepApp
from gradstep.tui.screens.experiment.panels import FieldTable
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.valley.plot import ValleyPlot
from gradstep.tui.screens.valley.screen import ValleyScreen
from tests.tui.driving import assembled, session_of, shown, step_of, until

TURNS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 40, 60, 90)
"""How many turns of the event loop the screen is open before it is closed."""

SCREENS = {
    "V": "the valley",
    "x": "the weights",
    "f": "the explorer",
    "w": "the walkthrough",
    "i": "the importance of the columns",
    "R": "the race",
    "M": "the luck screen",
    "e": "the experiment",
    "o": "the saved runs",
    "P": "the canvas",
    "L": "the course",
    "question_mark": "the help",
    "colon": "the palette",
}


async def turn(times: int) -> None:
    for _ in range(times):
        await asyncio.sleep(0)


@pytest.mark.parametrize("key", SCREENS, ids=SCREENS.values())
async def test_a_screen_is_closed_while_it_opens(key: str) -> None:
    async with shown(assembled("circle")) as pilot:
        for turns in TURNS:
            pilot.app.simulate_key(key)
            await until(lambda: not isinstance(pilot.app.screen, TrainingScreen), pilot)
            await turn(turns)
            await pilot.app.pop_screen()
            assert isinstance(pilot.app.screen, TrainingScreen)
        before = step_of(session_of(pilot))
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == before + 1, pilot)


@pytest.mark.parametrize("turns", TURNS[::7])
@pytest.mark.parametrize("key", SCREENS, ids=SCREENS.values())
async def test_the_program_ends_while_a_screen_opens(key: str, turns: int) -> None:
    async with shown(assembled("circle")) as pilot:
        pilot.app.simulate_key(key)
        await until(lambda: not isinstance(pilot.app.screen, TrainingScreen), pilot)
        await turn(turns)
    assert pilot.app._exception is None


async def test_no_work_of_a_screen_goes_on_when_its_widgets_are_removed() -> None:
    async with shown(assembled("circle")) as pilot:
        pilot.app.simulate_key("V")
        await until(lambda: isinstance(pilot.app.screen, ValleyScreen), pilot)
        valley = pilot.app.screen
        assert isinstance(valley, ValleyScreen)
        widgets: list[bool] = []

        async def look_at_widgets() -> None:
            while True:
                await asyncio.sleep(0)
                widgets.append(bool(valley.query(ValleyPlot)))

        valley.begin_work(look_at_widgets, "looking")
        await until(lambda: bool(widgets))
        await pilot.app.pop_screen()
        assert all(widgets)


@pytest.mark.parametrize("turns", range(12))
async def test_the_program_ends_while_another_run_opens(turns: int) -> None:
    async with shown(assembled("circle")) as pilot:
        assert isinstance(pilot.app, GradstepApp)
        before = pilot.app.screen
        pilot.app.call_later(pilot.app.start, assembled("xor"))
        while pilot.app.screen is before:
            await asyncio.sleep(0)
        await turn(turns)
    assert pilot.app._exception is None


async def test_the_wheel_turns_on_a_form_that_is_not_drawn_yet() -> None:
    async with shown(assembled("circle")) as pilot:
        pilot.app.simulate_key("e")
        await until(lambda: bool(pilot.app.screen.query(FieldTable)))
        table = pilot.app.screen.query_one(FieldTable)
        assert table.view is None
        chosen = pilot.app.screen.view.field  # type: ignore[attr-defined]
        table.post_message(MouseScrollDown(table, 5, 5, 0, 1, 0, False, False, False))
        await until(lambda: pilot.app.screen.view.field is not chosen, pilot)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("key", "action"), [("x", "undo"), ("w", "bug"), ("w", "check")])
async def test_an_action_that_has_not_begun_leaves_nothing_over(key: str, action: str) -> None:
    async with shown(assembled("circle")) as pilot:
        pilot.app.simulate_key(key)
        await until(lambda: not isinstance(pilot.app.screen, TrainingScreen), pilot)
        screen = pilot.app.screen
        await until(lambda: not screen._actions.busy)  # type: ignore[attr-defined]
        with warnings.catch_warnings(record=True) as caught:
            getattr(screen, f"action_{action}")()
            # as Textual does when the screen closes
            pilot.app.workers.cancel_node(screen)
            await turn(3)
            gc.collect()
    assert not caught


async def test_timers_and_new_sizes_that_come_while_the_program_ends_find_no_screen() -> None:
    async with shown(assembled("circle")) as pilot:
        app = pilot.app
        assert isinstance(app, GradstepApp)
        screens = app._screen_stacks[app._current_mode]
        kept = screens.copy()
        screens.clear()
        app.backlog.left_out = True
        app._collect_garbage()
        app._redraw_if_outdated()
        await app.on_event(Resize(Size(20, 5), Size(20, 5)))
        screens.extend(kept)
    assert app._exception is None


@pytest.mark.parametrize("ends", [False, True], ids=["the screen closes", "the program ends"])
async def test_no_work_begins_on_a_screen_whose_widgets_are_on_their_way_out(ends: bool) -> None:
    async with shown(assembled("circle")) as pilot:
        pilot.app.simulate_key("V")
        await until(lambda: isinstance(pilot.app.screen, ValleyScreen), pilot)
        valley = pilot.app.screen
        assert isinstance(valley, ValleyScreen)
        begun: list[int] = []

        async def work() -> None:
            begun.append(1)

        if ends:
            pilot.app.exit()
        else:
            valley.dismiss()
            while not valley._pruning:
                await asyncio.sleep(0)
        valley.begin_work(work)
        await turn(20)
        assert not begun
