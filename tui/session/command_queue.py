"""What a person asked for: done in a thread, in the order in which it was asked for."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Generic, TypeVar

from gradstep.core.errors import GradstepError

LoopT = TypeVar("LoopT")
R = TypeVar("R")


class Command(Generic[LoopT]):
    """One thing to do with the loop, and what to do on the event loop with the result.

    `then` is called with what `act` returned, `failed` with the GradstepError that it raised.
    """

    def __init__(
        self,
        act: Callable[[LoopT], R],
        then: Callable[[R], object] | None = None,
        failed: Callable[[GradstepError], object] | None = None,
    ) -> None:
        self._act, self._then, self._failed = act, then, failed
        self._result: Any = None
        self._error: GradstepError | None = None

    def do(self, loop: LoopT) -> None:
        """In the thread: do it, and keep what came of it."""
        try:
            self._result = self._act(loop)
        except GradstepError as error:
            if self._failed is None:
                raise
            self._error = error

    def tell(self) -> None:
        """On the event loop: tell what came of it."""
        if self._error is not None and self._failed is not None:
            self._failed(self._error)
        elif self._then is not None:
            self._then(self._result)


def with_answer(act: Callable[[LoopT], R]) -> tuple[Command[LoopT], asyncio.Future[R]]:
    """A command, and what it will have returned or raised; whoever asks may cancel that and go away."""
    answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()

    def answer_with(result: R) -> None:
        if not answer.done():
            answer.set_result(result)

    def fail_with(error: GradstepError) -> None:
        if not answer.done():
            answer.set_exception(error)

    return Command(act, answer_with, fail_with), answer


class CommandQueue(Generic[LoopT]):
    """The commands that wait, in their order, until the queue is closed.

    `add`, `close` and `wait` are called on the event loop, `take_waiting` and `interrupts` in any thread.
    """

    def __init__(self) -> None:
        self.closed = False
        self._waiting: deque[Command[LoopT]] = deque()
        self._added = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def interrupts(self) -> bool:
        """Whether the slice of computing should end."""
        return self.closed or bool(self._waiting)

    def add(self, command: Command[LoopT]) -> None:
        """Let this be done soon."""
        self._waiting.append(command)
        self._added.set()

    def take_waiting(self) -> Iterator[Command[LoopT]]:
        """Take the commands that wait now, one by one; those that are added meanwhile are left."""
        for _ in range(len(self._waiting)):
            yield self._waiting.popleft()

    def close(self) -> None:
        """Let nothing be done any more."""
        self.closed = True
        self._added.set()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait until there is a command, or for so many seconds."""
        if not self.interrupts():
            self._added.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._added.wait(), seconds)
