"""The commands of a session, executed in a worker thread in the order in which they were added."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

from gradstep.core.errors import GradstepError
from gradstep.tui.session.answers import set_exception, set_result

MOMENT_SECONDS = 0.15
WORKING = "computing …"
"""The note while a command takes longer than a moment."""

LoopT = TypeVar("LoopT")
R = TypeVar("R")


class Command(Generic[LoopT]):
    """One action on the loop, and what the event loop does with its result.

    `act` is called with the loop in the worker thread. On the event loop `on_result` is called with what `act`
    returned, or `on_error` with the GradstepError that it raised.
    """

    def __init__(
        self,
        act: Callable[[LoopT], R],
        on_result: Callable[[R], object] | None = None,
        on_error: Callable[[GradstepError], object] | None = None,
    ) -> None:
        self._act, self._on_result, self._on_error = act, on_result, on_error
        self._result: Any = None
        self._error: GradstepError | None = None

    def do(self, loop: LoopT) -> None:
        """Execute the command in the worker thread, and keep its result or its error."""
        try:
            self._result = self._act(loop)
        except GradstepError as error:
            if self._on_error is None:
                raise
            self._error = error

    def deliver(self) -> None:
        """Pass the result or the error on. Called on the event loop."""
        if self._error is not None and self._on_error is not None:
            self._on_error(self._error)
        elif self._on_result is not None:
            self._on_result(self._result)


class CommandQueue(Generic[LoopT]):
    """The waiting commands, in the order in which they were added.

    `add`, `ask`, `close` and `wait` are called on the event loop, `take_waiting` and `interrupts` in any thread.
    """

    def __init__(self) -> None:
        self.closed = False
        self._waiting: deque[Command[LoopT]] = deque()
        self._added = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def interrupts(self) -> bool:
        """Whether the current slice should end: a command waits, or the queue is closed."""
        return self.closed or bool(self._waiting)

    def add(self, command: Command[LoopT]) -> None:
        """Append a command."""
        self._waiting.append(command)
        self._added.set()

    async def ask(self, act: Callable[[LoopT], R]) -> R:
        """Append a command, and return its result, or raise its GradstepError. The caller may stop waiting for it."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self.add(Command(act, partial(set_result, answer), partial(set_exception, answer)))
        return await answer

    def take_waiting(self) -> Iterator[Command[LoopT]]:
        """Take the commands that wait now, one by one. Commands that are added meanwhile stay in the queue."""
        for _ in range(len(self._waiting)):
            yield self._waiting.popleft()

    def close(self) -> None:
        """Stop the session: no further command is executed."""
        self.closed = True
        self._added.set()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait until there is a command or the queue is closed, for at most `seconds`."""
        if not self.interrupts():
            self._added.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._added.wait()
