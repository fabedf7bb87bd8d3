"""Garbage is collected between drawings while the app runs, and as always before and after."""

import gc
import weakref

import pytest
from textual._styles_cache import StylesCache
from textual.strip import Strip

from gradstep.tui import garbage_collection
from gradstep.tui.app import GradstepApp
from gradstep.tui.garbage_collection import MOST_SCREENS, MOST_SECONDS, NEVER, GarbageCollector, collect_garbage
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import assembled, drawn, shown, until


async def test_full_collections_wait_while_the_app_runs_and_come_again_afterwards() -> None:
    before = gc.get_threshold()
    async with shown(assembled()):
        assert gc.get_threshold()[2] == NEVER
    assert gc.get_threshold() == before


async def test_a_new_start_frees_the_session_before_it_with_its_trainer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage_collection, "SECONDS_BETWEEN_COLLECTIONS", 0.5)
    app = GradstepApp(TrainingSession(assembled(), None, paused=True))
    async with app.run_test() as pilot:
        kept = [weakref.ref(each) for each in (app.session, app.session.run.trainer)]
        await app.start(assembled())
        await until(lambda: all(each() is None for each in kept), pilot)


def test_garbage_of_many_screens_is_collected_soon_and_of_few_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage_collection, "SECONDS_BETWEEN_COLLECTIONS", 1e9)
    collector = GarbageCollector(lambda: 0.0)
    collected = gc.get_stats()[2]["collections"]
    for _ in range(MOST_SCREENS):
        collector.check()
        assert gc.get_stats()[2]["collections"] == collected
        collector.note_closed_screen()
    collector.check()
    collector.check()
    assert gc.get_stats()[2]["collections"] == collected + 1


async def test_the_screens_that_are_closed_are_counted() -> None:
    async with shown(assembled()) as pilot:
        assert isinstance(pilot.app, GradstepApp)
        await pilot.press("question_mark")
        await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
        await pilot.press("escape")
        await until(lambda: not isinstance(pilot.app.screen, HelpScreen), pilot)
        assert pilot.app._garbage._screens == 1


def test_textual_still_has_the_cache_that_is_emptied() -> None:
    collect_garbage()
    assert StylesCache.get_inner_outer.cache_info().currsize == 0


def test_a_collection_waits_for_a_moment_without_a_key_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(garbage_collection, "monotonic", lambda: now[0])
    monkeypatch.setattr(garbage_collection, "SECONDS_BETWEEN_COLLECTIONS", 0.0)
    collector = GarbageCollector(lambda: now[0])
    collected = gc.get_stats()[2]["collections"]
    for _ in range(int(MOST_SECONDS / 0.25)):
        collector.check()
        now[0] += 0.25
    assert gc.get_stats()[2]["collections"] == collected
    collector.check()
    assert gc.get_stats()[2]["collections"] == collected + 1


async def test_drawing_leaves_no_garbage_that_only_a_collection_finds() -> None:
    async with shown(assembled("digits")) as pilot:
        await drawn(pilot)
        gc.collect()
        for _ in range(10):
            await pilot.press("n", "s")
        await drawn(pilot)
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            gc.collect()
            assert [each for each in gc.garbage if isinstance(each, Strip)] == []
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
