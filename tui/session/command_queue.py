"""What a person asked for: done on the event loop, between two slices of computing in a thread."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

Command = Callable[[], None]


class CommandQueue:
    """The commands that wait, in their order, until all is closed. Only `interrupt` is read in the thread."""

    def __init__(self) -> None:
        self.closed = False
        self._waiting: deque[Command] = deque()
        self._asked = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @property
    def interrupt(self) -> bool:
        """Whether the slice of computing should end."""
        return self.closed or bool(self._waiting)

    def add(self, command: Command) -> None:
        """Have this done soon."""
        self._waiting.append(command)
        self._asked.set()

    def next(self) -> Command:
        """Take the one that has waited longest."""
        return self._waiting.popleft()

    def close(self) -> None:
        """Let nothing be done any more."""
        self.closed = True
        self._asked.set()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait until there is a command, or for so many seconds."""
        if not self.interrupt:
            self._asked.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), seconds)
