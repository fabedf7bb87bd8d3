"""Garbage is collected between drawings, in a turn of the event loop of its own, and not in the middle of one."""

import gc
from collections.abc import Callable
from time import monotonic

from gradstep.tui.memory import trim_memory

SECONDS_BETWEEN_CHECKS = 0.25

SECONDS_BETWEEN_COLLECTIONS = 5.0
"""Every line that is drawn anew leaves garbage that only a full collection finds: Textual's strips refer to themselves.
"""

MANY_COLLECTIONS = 2
"""After so many collections of the middle generation there may be 14,000 pieces of garbage. A full collection looks at
each of them, so it comes sooner when there are many.
"""

NEVER = 1_000_000
"""So many collections of the middle generation do not happen before the program ends."""


def postpone_full_collections() -> Callable[[], None]:
    """Stop automatic full collections, which take 20 to 40 ms; returns a function that allows them again."""
    thresholds = gc.get_threshold()
    gc.set_threshold(*thresholds[:2], NEVER)
    return lambda: gc.set_threshold(*thresholds)


def freeze_objects() -> None:
    """Leave out all objects that there are now from collections, which are the shorter for it, and allow collections.

    To be called before a run is made: nothing that belongs to one may stay after it has been replaced.
    """
    gc.freeze()
    gc.enable()


class GarbageCollector:
    """Collects all garbage but frozen objects: every five seconds, and sooner when there may be much of it."""

    def __init__(self) -> None:
        self._last = monotonic()

    def check(self) -> None:
        """Collect if it is time to."""
        many = gc.get_count()[2] >= MANY_COLLECTIONS
        if many or monotonic() >= self._last + SECONDS_BETWEEN_COLLECTIONS:
            collect_garbage()
            self._last = monotonic()


def collect_garbage() -> None:
    """Collect all garbage but frozen objects. The lines of closed screens are collected too."""
    # here, because `--plain` freezes its objects too, and needs nothing of Textual
    from textual._styles_cache import StylesCache

    # Textual's cache, which is private, would keep all that closed screens have drawn
    StylesCache.get_inner_outer.cache_clear()
    gc.collect()
    trim_memory()
