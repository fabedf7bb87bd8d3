"""Garbage is collected between drawings, in a turn of the event loop of its own, and not in the middle of one."""

import gc
from collections.abc import Callable
from time import monotonic

from gradstep.tui.memory import trim_memory

SECONDS_BETWEEN_CHECKS = 0.25

SECONDS_BETWEEN_COLLECTIONS = 60.0

MOST_SCREENS = 4
"""After so many screens were closed a collection comes sooner: each leaves 10,000 to 20,000 objects that refer to each
other, two or three megabytes. Drawing leaves no such objects.
"""

SECONDS_TO_BE_QUIET, MOST_SECONDS = 1.0, 10.0
"""A collection that is due waits until no key was read for so long, but not longer than MOST_SECONDS."""

NEVER = 1_000_000
"""So many collections of the middle generation do not happen before the program ends."""


def postpone_full_collections() -> Callable[[], None]:
    """Stop automatic full collections, which take 10 to 40 ms; returns a function that allows them again."""
    thresholds = gc.get_threshold()
    gc.set_threshold(*thresholds[:2], NEVER)
    return lambda: gc.set_threshold(*thresholds)


def freeze_objects() -> None:
    """Leave out all objects that there are now from collections, which take less time then, and allow collections.

    To be called before a run is made: nothing that belongs to one may stay after it has been replaced.
    """
    gc.freeze()
    gc.enable()


class GarbageCollector:
    """Collects all garbage but frozen objects: once a minute, and sooner when screens were closed.

    It waits until nobody has pressed a key for a moment: `last_key` returns the time of the last one.
    """

    def __init__(self, last_key: Callable[[], float]) -> None:
        self._last_key = last_key
        self._last = monotonic()
        self._due_since: float | None = None
        self._screens = 0

    def note_closed_screen(self) -> None:
        """Note that a screen was closed, and is garbage now."""
        self._screens += 1

    def check(self) -> None:
        """Collect if it is time to."""
        now = monotonic()
        due = self._screens >= MOST_SCREENS or now >= self._last + SECONDS_BETWEEN_COLLECTIONS
        if not due:
            return
        self._due_since = self._due_since or now
        if now >= min(self._last_key() + SECONDS_TO_BE_QUIET, self._due_since + MOST_SECONDS):
            collect_garbage()
            self._last, self._due_since, self._screens = now, None, 0


def collect_garbage() -> None:
    """Collect all garbage but frozen objects. The lines of closed screens are collected too."""
    # here, because `--plain` freezes its objects too, and needs nothing of Textual
    from textual._styles_cache import StylesCache

    # Textual's cache, which is private, would keep all that closed screens have drawn
    StylesCache.get_inner_outer.cache_clear()
    gc.collect()
    trim_memory()
