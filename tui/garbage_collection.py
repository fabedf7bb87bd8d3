"""Garbage is collected between drawings, in a turn of the event loop of its own, and not in the middle of one.

A collection takes 0.3 to 0.5 microseconds for every object that is not frozen, during which nothing else runs.
"""

import gc
import weakref
from collections.abc import Callable
from time import monotonic

from gradstep.tui.memory import trim_memory

SECONDS_BETWEEN_CHECKS = 0.25

SECONDS_BETWEEN_COLLECTIONS = 60.0
"""After a screen was closed a collection comes sooner: the screen leaves thousands of objects that refer to each other,
two or three megabytes. Drawing leaves no such objects.
"""

SECONDS_TO_BE_QUIET, MOST_SECONDS = 1.0, 2.0
"""A collection that is due waits until no key was read for so long, but not longer than MOST_SECONDS."""

SECONDS_TO_BE_IDLE, MOST_SECONDS_OUTLIVED = 10.0, 180.0
"""A collection of frozen objects, which takes ten times as long, waits until no key was read for so long, but not
longer than MOST_SECONDS_OUTLIVED.
"""

NEVER = 1_000_000
"""So many collections of the middle generation do not happen before the program ends."""


def freeze_objects() -> None:
    """Leave out all objects that there are now from collections, which take less time then, and allow collections."""
    gc.freeze()
    gc.enable()


class GarbageCollector:
    """Collects all garbage: once a minute, and sooner on the training screen when one was closed or a run replaced.

    It waits until nobody has pressed a key for a moment: `last_key` returns the time of the last one. What is there
    from the start, and whatever else the training screen keeps, is frozen.
    """

    def __init__(self, last_key: Callable[[], float]) -> None:
        self._last_key = last_key
        self._last = monotonic()
        self._due_since: float | None = None
        self._ended: weakref.WeakSet[object] = weakref.WeakSet()
        self._ended_at = 0.0
        self._has_new = False
        self._thresholds = gc.get_threshold()

    def begin(self) -> None:
        """Stop automatic full collections, which come in the middle of a drawing."""
        gc.set_threshold(*self._thresholds[:2], NEVER)

    def freeze(self) -> None:
        """Leave out of collections all objects that there are now: most stay as long as the program runs."""
        gc.freeze()

    def unfreeze(self) -> None:
        """Collect all objects again."""
        gc.unfreeze()

    def end(self) -> None:
        """Allow automatic collections of all objects again."""
        gc.set_threshold(*self._thresholds)
        self.unfreeze()

    def note_ended(self, ended: object) -> None:
        """Note that a screen was closed or a session replaced, so that its objects will soon be garbage."""
        if not self._ended:
            self._ended_at = monotonic()
        self._ended.add(ended)
        self._has_new = True

    def check(self, other_screens: bool) -> None:
        """Collect if it is time to: seldom while there are `other_screens` than that of training.

        What they refer to would be searched in vain, and must not be frozen.
        """
        now = monotonic()
        outlived = self._has_outlived(now)
        due = self._is_overdue(now) if other_screens else self._is_due(now)
        if not (due or outlived):
            return
        if outlived:
            self._ended_at = now
            self.unfreeze()
        collect_garbage()
        if not other_screens and not self._ended:
            self.freeze()
        self._last, self._due_since, self._has_new = now, None, False

    def _has_outlived(self, now: float) -> bool:
        """Whether something that ended is still there, as what was frozen is, and it is time to look at all objects."""
        idle_at = max(self._last, self._last_key()) + SECONDS_TO_BE_IDLE
        return bool(self._ended) and now >= min(idle_at, self._ended_at + MOST_SECONDS_OUTLIVED)

    def _is_overdue(self, now: float) -> bool:
        return now >= self._last + SECONDS_BETWEEN_COLLECTIONS

    def _is_due(self, now: float) -> bool:
        if not self._has_new and not self._is_overdue(now):
            return False
        self._due_since = self._due_since or now
        return now >= min(self._last_key() + SECONDS_TO_BE_QUIET, self._due_since + MOST_SECONDS)


def collect_garbage() -> None:
    """Collect all garbage but frozen objects. The lines of closed screens are collected too."""
    # here, because `--plain` freezes its objects too, and needs nothing of Textual
    from textual._styles_cache import StylesCache

    # Textual's cache, which is private, would keep all that closed screens have drawn
    StylesCache.get_inner_outer.cache_clear()
    gc.collect()
    trim_memory()
