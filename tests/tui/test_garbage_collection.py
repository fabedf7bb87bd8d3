"""Garbage is collected between drawings while the app runs, and as always before and after."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual._styles_cache import StylesCache
from textual.strip import Strip

from gradstep.tui import garbage_collection
from gradstep.tui.garbage_collection import (
    MOST_SECONDS,
    MOST_SECONDS_OUTLIVED,
    NEVER,
    SECONDS_BETWEEN_COLLECTIONS,
    SECONDS_TO_BE_IDLE,
    SECONDS_TO_BE_QUIET,
    GarbageCollector,
    collect_garbage,
)
from gradstep.tui.screens.dialogs.help import HelpScreen
from tests.conftest import CHECK, FREEZE, UNFREEZE
from tests.tui.driving import assembled, drawn, shown, until

Collections = Callable[[], int]


class Cycle:
    """An object that refers to itself, so that only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


def end_frozen(collector: GarbageCollector) -> "weakref.ref[Cycle]":
    """Let a cycle be frozen and end. Returns a reference to it, which is empty once it is collected."""
    kept = Cycle()
    collector.freeze()
    collector.note_ended(kept)
    return weakref.ref(kept)


@pytest.fixture(autouse=True)
def freezing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Collect and freeze objects, as the apps of other tests do not. At the end what the tests had frozen is again."""
    monkeypatch.setattr(GarbageCollector, "check", CHECK)
    monkeypatch.setattr(GarbageCollector, "freeze", FREEZE)
    monkeypatch.setattr(GarbageCollector, "unfreeze", UNFREEZE)
    gc.unfreeze()
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
def collections() -> Collections:
    """A function that returns how many full collections there have been since the test began."""
    before = gc.get_stats()[2]["collections"]
    return lambda: gc.get_stats()[2]["collections"] - before


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A list with the time, which the test sets."""
    time = [100.0]
    monkeypatch.setattr(garbage_collection, "monotonic", lambda: time[0])
    return time


async def test_full_collections_wait_while_the_app_runs_and_come_again_afterwards() -> None:
    before = gc.get_threshold()
    async with shown(assembled()):
        assert gc.get_threshold()[2] == NEVER
    assert gc.get_threshold() == before


NEW_STARTS = """
import asyncio, weakref
from gradstep.tui import garbage_collection
from gradstep.tui.app import GradstepApp
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import assembled

async def start_twice():
    garbage_collection.SECONDS_TO_BE_IDLE = 0.5
    app = GradstepApp(TrainingSession(assembled(), None, paused=True))
    async with app.run_test() as pilot:
        kept = [weakref.ref(each) for each in (app.session, app.session.run.trainer)]
        await app.start(assembled())
        await app.start(assembled())
        while any(each() is not None for each in kept):
            await pilot.pause(0.05)

asyncio.run(asyncio.wait_for(start_twice(), 60))
"""
"""A program of its own: beside what thousands of tests have left, each collection takes seconds."""


def test_a_new_start_frees_the_session_before_it_with_its_trainer() -> None:
    subprocess.run([sys.executable, "-c", NEW_STARTS], check=True, cwd=Path(__file__).parents[2])


def test_garbage_of_a_screen_is_collected_soon(collections: Collections) -> None:
    collector = GarbageCollector(lambda: 0.0)
    collector.check(other_screens=False)
    assert collections() == 0
    collector.note_ended(Cycle())
    collector.check(other_screens=False)
    collector.check(other_screens=False)
    assert collections() == 1


def test_while_another_screen_is_open_a_collection_comes_once_a_minute(
    collections: Collections, now: list[float]
) -> None:
    collector = GarbageCollector(lambda: now[0])
    collector.note_ended(Cycle())
    now[0] += SECONDS_BETWEEN_COLLECTIONS - 1
    collector.check(other_screens=True)
    assert collections() == 0
    now[0] += 1
    collector.check(other_screens=True)
    collector.check(other_screens=True)
    assert collections() == 1


async def test_a_screen_that_is_closed_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[object] = []
    monkeypatch.setattr(GarbageCollector, "note_ended", lambda _, ended: noted.append(ended))
    async with shown(assembled()) as pilot:
        await pilot.press("question_mark")
        await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
        closed = pilot.app.screen
        await pilot.press("escape")
        await until(lambda: not isinstance(pilot.app.screen, HelpScreen), pilot)
        assert closed in noted


async def test_what_is_there_from_the_start_is_left_out_while_the_app_runs() -> None:
    assert gc.get_freeze_count() == 0
    async with shown(assembled()) as pilot:
        await until(lambda: gc.get_freeze_count() > 10_000, pilot)
        assert len(gc.get_objects()) < gc.get_freeze_count()
    assert gc.get_freeze_count() == 0


def test_what_was_there_from_the_start_is_collected_after_a_new_run_when_nobody_uses_the_keys(
    collections: Collections, now: list[float]
) -> None:
    collector = GarbageCollector(lambda: 100.0)
    garbage = end_frozen(collector)
    try:
        now[0] += SECONDS_TO_BE_QUIET
        collector.check(other_screens=False)
        assert (collections(), garbage() is None) == (1, False)
        now[0] += SECONDS_TO_BE_IDLE
        collector.check(other_screens=True)
        collector.check(other_screens=True)
        assert (collections(), garbage() is None) == (2, True)
    finally:
        collector.end()


def test_what_was_there_from_the_start_is_collected_though_keys_are_pressed_all_the_time(now: list[float]) -> None:
    collector = GarbageCollector(lambda: now[0])
    garbage = end_frozen(collector)
    try:
        while now[0] < 100.0 + MOST_SECONDS_OUTLIVED - 1:
            now[0] += 1.0
            collector.check(other_screens=True)
        assert garbage() is not None
        now[0] += 1.0
        collector.check(other_screens=True)
        assert garbage() is None
    finally:
        collector.end()


def test_objects_of_another_screen_are_not_frozen(collections: Collections, now: list[float]) -> None:
    collector = GarbageCollector(lambda: 0.0)
    try:
        for other_screens in (True, False):
            now[0] += SECONDS_BETWEEN_COLLECTIONS
            collector.check(other_screens)
            assert (gc.get_freeze_count() == 0) == other_screens
        assert collections() == 2
    finally:
        collector.end()


def test_textual_still_has_the_cache_that_is_emptied() -> None:
    collect_garbage()
    assert StylesCache.get_inner_outer.cache_info().currsize == 0


def test_a_collection_waits_for_a_moment_without_a_key_but_not_for_ever(
    collections: Collections, now: list[float]
) -> None:
    collector = GarbageCollector(lambda: now[0])
    collector.note_ended(Cycle())
    for _ in range(int(MOST_SECONDS / 0.25)):
        collector.check(other_screens=False)
        now[0] += 0.25
    assert collections() == 0
    collector.check(other_screens=False)
    assert collections() == 1


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
