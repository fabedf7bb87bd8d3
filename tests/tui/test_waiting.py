"""Nothing computes on the event loop: a waiting screen shows a note, keys keep their order, and esc leaves."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gradstep.data.assemble import assemble
from gradstep.data.experiment import Experiment
from gradstep.data.run import Run
from gradstep.tui.screens.luck.screen import LuckScreen
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.screens.weights.screen import WeightsScreen
from gradstep.tui.session.command_queue import WORKING
from gradstep.tui.session.confined import Confined, Released
from gradstep.tui.session.manual_edits import ManualEdits
from gradstep.tui.session.rewind import Rewind
from gradstep.tui.session.training_loop import TrainingLoop
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen
from tests.tui.driving import (
    AppPilot,
    assembled,
    session_of,
    shown,
    supervised,
    text,
    until,
    wait_for_commands,
    wait_for_computations,
)


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch, part: type, method: str) -> Iterator[Callable[[], None]]:
    """Hold a method of a part of the loop in its thread until the yielded function is called or the test ends."""
    go_on = threading.Event()
    original = getattr(part, method)

    def wait_first(*arguments: Any) -> Any:
        assert go_on.wait(60)
        return original(*arguments)

    monkeypatch.setattr(part, method, wait_first)
    try:
        yield go_on.set
    finally:
        go_on.set()


def last_line(pilot: AppPilot) -> str:
    return text(pilot.app.screen.query_one(KeyBar))


async def test_no_command_runs_on_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[int] = set()

    def note_thread(original: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any) -> Any:
            used.add(threading.get_ident())
            return original(*arguments)

        return noted

    async with supervised(assembled()) as session:
        for part in (TrainingLoop, Rewind, ManualEdits):
            for name in [name for name in vars(part) if callable(getattr(part, name)) and name[0] != "_"]:
                monkeypatch.setattr(part, name, note_thread(getattr(part, name)))
        session.make_step()
        session.make_epoch()
        session.toggle_pause()
        session.pause()
        session.change_rate(1)
        session.move(-1)
        session.move_epoch(-1)
        session.show_next_output()
        session.save()
        await session.record_update(1)
        await session.undo_edit()
        await session.set_up_race("rates")
        await session.set_up_luck("seeds")
        session.reset()
        await wait_for_commands(session)
    assert used
    assert threading.get_ident() not in used


async def test_a_released_object_cannot_be_used() -> None:
    confined = Confined([1])
    assert await confined.use(len) == 1
    released = confined.release(1.0)
    assert released == [1]
    assert confined.release(1.0) is released
    with pytest.raises(Released):
        await confined.use(len)


async def test_a_slow_command_shows_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    async with supervised(assembled()) as session:
        with held(monkeypatch, Rewind, "reset") as go_on:
            session.reset()
            await until(lambda: session.view.note == WORKING)
            go_on()
            await until(lambda: session.view.note == "")


async def test_a_waiting_walkthrough_shows_a_note_and_esc_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shown(assembled()) as pilot:
        with held(monkeypatch, TrainingLoop, "record_update") as go_on:
            await pilot.press("w")
            assert isinstance(pilot.app.screen, WalkthroughScreen)
            await until(lambda: WORKING in last_line(pilot), pilot)
            await pilot.press("escape")
            await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
            go_on()
            await until(lambda: session_of(pilot).view.snapshot.step == 1, pilot)


async def test_keys_of_a_waiting_walkthrough_take_effect_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shown(assembled()) as pilot:
        with held(monkeypatch, TrainingLoop, "record_update") as go_on:
            await pilot.press("w", "right", "right", "h", "7")
            go_on()
            await wait_for_computations(pilot)
        assert isinstance(pilot.app.screen, WalkthroughScreen)
        assert pilot.app.screen.view.walk.index == 2
        assert pilot.app.screen.view.guess is not None
        assert pilot.app.screen.view.guess.typed == "7"


async def test_a_weight_that_is_being_set_does_not_hold_up_esc(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shown(assembled()) as pilot:
        await pilot.press("x")
        await until(lambda: isinstance(pilot.app.screen, WeightsScreen), pilot)
        with held(monkeypatch, ManualEdits, "edit_parameter"):
            await pilot.press("1", "enter")
            await until(lambda: WORKING in last_line(pilot), pilot)
            await pilot.press("escape")
            await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


async def test_a_race_that_is_being_set_up_shows_a_note_and_esc_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shown(assembled()) as pilot:
        with held(monkeypatch, TrainingLoop, "set_up_race"):
            await pilot.press("R", "down", "enter", "b")
            assert isinstance(pilot.app.screen, RaceScreen)
            await until(lambda: "one moment …" in last_line(pilot), pilot)
            await pilot.press("escape")
            await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


async def test_luck_that_is_being_set_up_shows_a_note_and_esc_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shown(assembled()) as pilot:
        with held(monkeypatch, TrainingLoop, "set_up_luck"):
            await pilot.press("M", "down", "right", "enter", "y", "b")
            assert isinstance(pilot.app.screen, LuckScreen)
            await until(lambda: "one moment …" in last_line(pilot), pilot)
            await pilot.press("escape")
            await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


async def test_esc_leaves_an_experiment_that_is_being_assembled(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def wait_first(experiment: Experiment) -> Run:
        assert go_on.wait(60)
        return assemble(experiment)

    monkeypatch.setattr("gradstep.tui.screens.experiment.screen.assemble", wait_first)
    async with shown(assembled()) as pilot:
        session = session_of(pilot)
        await pilot.press("e", "plus", "a", "y")
        await until(lambda: "one moment …" in last_line(pilot), pilot)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        go_on.set()
        await wait_for_commands(session)
        assert session_of(pilot) is session


@pytest.mark.parametrize("key", ["w", "f", "x", "e", "R", "M"])
async def test_a_result_that_comes_while_its_screen_is_removed_is_not_drawn(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown(assembled()) as pilot:
        await pilot.press(key)
        await wait_for_computations(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, PanelScreen)
        leave = screen._message_loop_exit
        removed: list[bool] = []

        async def leave_without_panels() -> None:
            """As Textual removes a screen: its panels first, and then its workers."""
            await screen.query("*").remove()
            screen.show_view(screen.view)
            if isinstance(screen, RaceScreen | LuckScreen):
                screen.session.view = screen._view = None  # as before its networks are set up
            await screen._redraw_when_due()
            screen.on_resize()
            removed.append(True)
            await leave()

        monkeypatch.setattr(screen, "_message_loop_exit", leave_without_panels)
        await pilot.press("escape")
        await until(lambda: bool(removed), pilot)
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
