"""Fixtures of all tests of apps: keys are waited for by what the app has to do, not by how busy the processor is."""

import asyncio
from collections.abc import Hashable, Iterator
from time import monotonic

import pytest
import textual.app
import textual.pilot
from textual._context import active_app
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

QUIET_ROUNDS = 3
"""So often in a row the event loop must have nothing to do."""

SECONDS_FOR_THREADS = 0.05
"""A thread that computes for longer goes on training, and tests wait for what comes of that."""


async def until_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Let the app do all that it has to do now, and draw it.

    In place of Textual's `wait_for_idle`, which looks for 20 ms at a time whether the processor has rested, at least
    twice a key, and up to a second a time while anything trains.
    """
    await _until_nothing_is_ready(SECONDS_FOR_THREADS)
    active_app.get().screen._on_timer_update()
    await _until_nothing_is_ready(SECONDS_FOR_THREADS)


async def until_messages_are_handled(_: textual.pilot.Pilot[object], timeout: float = 0.0) -> bool:
    """Let the app handle all messages that it has now.

    In place of Textual's `_wait_for_screen`, which sends a message to each widget, and waits until all have got theirs.
    """
    await _until_nothing_is_ready(seconds_for_threads=0.0)
    return True


async def _until_nothing_is_ready(seconds_for_threads: float) -> None:
    loop, quiet, end = asyncio.get_running_loop(), 0, monotonic() + seconds_for_threads
    while quiet < QUIET_ROUNDS:
        await asyncio.sleep(0)
        if loop._ready:  # type: ignore[attr-defined]
            quiet = 0
        elif _threads_are_busy(loop) and monotonic() < end:
            quiet = 0
            await asyncio.sleep(0.001)
        else:
            quiet += 1


def _threads_are_busy(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether anything that was handed to `asyncio.to_thread` is still being computed."""
    pool = loop._default_executor  # type: ignore[attr-defined]
    return pool is not None and pool._idle_semaphore._value < len(pool._threads)


@pytest.fixture(autouse=True)
def keys_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textual.app, "wait_for_idle", until_idle)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", until_idle)
    monkeypatch.setattr(textual.pilot.Pilot, "_wait_for_screen", until_messages_are_handled)


@pytest.fixture(autouse=True, scope="session")
def style_sheets_parsed_once() -> Iterator[None]:
    """Parse each style sheet for the first app, and give its rules to all others with the same colours."""
    parse = Stylesheet._parse_rules
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}

    def parse_once(self: Stylesheet, *source: Hashable, **options: Hashable) -> list[RuleSet]:
        key = (source, *options.items(), *self._variables.items())
        if key not in parsed:
            parsed[key] = parse(self, *source, **options)  # type: ignore[arg-type]
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield
