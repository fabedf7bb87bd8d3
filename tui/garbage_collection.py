"""Garbage is collected between drawings, in a turn of the event loop of its own, and not in the middle of one."""

import ctypes
import gc
from collections.abc import Callable
from threading import Thread

from textual._styles_cache import StylesCache

SECONDS_BETWEEN_COLLECTIONS = 5.0
"""Every line that is drawn anew leaves garbage that only a full collection finds: Textual's strips refer to themselves.
"""

MALLOC_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""Gives memory that is free back to the system. The C library of Linux keeps it otherwise, in ever more pieces."""

NEVER = 1_000_000
"""So many collections of the middle generation do not happen before the program ends."""


def postpone_full_collections() -> Callable[[], None]:
    """Stop automatic full collections, which take 20 to 40 ms; returns a function that allows them again."""
    thresholds = gc.get_threshold()
    gc.set_threshold(*thresholds[:2], NEVER)
    return lambda: gc.set_threshold(*thresholds)


def freeze_objects() -> None:
    """Leave out all objects that there are now from collections, which are the shorter for it.

    To be called before a run is made: nothing that belongs to one may stay after it has been replaced.
    """
    gc.freeze()


def collect_garbage() -> None:
    """Collect all garbage but frozen objects. The lines of closed screens are collected too."""
    # Textual's cache, which is private, would keep all that closed screens have drawn
    StylesCache.get_inner_outer.cache_clear()
    gc.collect()
    if MALLOC_TRIM is not None:
        # in a thread, because it takes milliseconds, for which it lets the event loop go on
        Thread(target=MALLOC_TRIM, args=(0,), name="malloc_trim").start()
