"""An object that one thread at a time works with, and the event loop's thread never does."""

import asyncio
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Released(Exception):
    """The object was released: nobody may work with it here any more."""


class Confined(Generic[T]):
    """Holds the only reference to an object, and lets it be used in a worker thread alone.

    Whoever makes the object gives it away here.
    """

    def __init__(self, item: T) -> None:
        self._item = item
        self._in_use = Lock()
        self._released = False

    async def use(self, action: Callable[[T], R]) -> R:
        """Do this with the object, in a thread, once nobody else uses it. Raises Released."""
        return await asyncio.to_thread(self._use, action)

    def _use(self, action: Callable[[T], R]) -> R:
        with self._in_use:
            if self._released:
                raise Released
            return action(self._item)

    def release(self, seconds: float) -> T | None:
        """From any thread: give the object away for good, once the action in hand is done.

        None if that takes longer than so many seconds.
        """
        if not self._in_use.acquire(timeout=seconds):
            return None
        self._released = True
        self._in_use.release()
        return self._item
