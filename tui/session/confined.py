"""Confines an object to worker threads, one at a time; the event loop's thread never uses it."""

import asyncio
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Released(Exception):
    """Raised by `use` when the object was released."""


class Confined(Generic[T]):
    """Lets one worker thread at a time use an object, until `release` hands the object out.

    The caller of the constructor keeps no reference of its own.
    """

    def __init__(self, item: T) -> None:
        self._item = item
        self._in_use = Lock()
        self._released = False

    async def use(self, action: Callable[[T], R]) -> R:
        """Call `action` with the object in a worker thread, after any other use has ended. Raises Released."""
        return await asyncio.to_thread(self._use, action)

    def _use(self, action: Callable[[T], R]) -> R:
        with self._in_use:
            if self._released:
                raise Released
            return action(self._item)

    def release(self, seconds: float) -> T | None:
        """Return the object after the current action, and allow no further use. May be called from any thread.

        Returns None if the current action takes longer than `seconds`.
        """
        if not self._in_use.acquire(timeout=seconds):
            return None
        self._released = True
        self._in_use.release()
        return self._item
