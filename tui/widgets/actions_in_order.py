"""Runs the actions of keys one after the other, where some of them have to be awaited."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from time import perf_counter

from gradstep.tui.session.command_queue import MOMENT_SECONDS, WORKING
from gradstep.tui.widgets.base_screen import BaseScreen

Work = Callable[[], Awaitable[None]]

Action = Callable[[], Work | None]
"""Acts at once, and returns what is to be awaited, not begun yet; None if nothing is."""


class ActionsInOrder:
    """Runs an action at once, or after the earlier ones if one of them is being awaited.

    Actions are awaited in a worker of the screen, so that the other keys, such as esc, work meanwhile.
    """

    def __init__(self, screen: BaseScreen[None]) -> None:
        self._screen = screen
        self._later: deque[Action] = deque()
        self._busy_since: float | None = None

    @property
    def note(self) -> str:
        """WORKING if an action has taken longer than MOMENT_SECONDS, else empty."""
        long = self._busy_since is not None and perf_counter() - self._busy_since > MOMENT_SECONDS
        return WORKING if long else ""

    @property
    def busy(self) -> bool:
        """Whether an action is being awaited."""
        return self._busy_since is not None

    def do(self, action: Action) -> None:
        """Run the action, in its turn."""
        if self.busy:
            self._later.append(action)
        elif (work := action()) is not None:
            self._busy_since = perf_counter()
            self._screen.begin_work(partial(self._finish, work), "action")

    async def _finish(self, work: Work) -> None:
        try:
            await work()
            while self._later:
                await asyncio.sleep(0)  # drawing one action after the other would keep all else waiting
                if (work_of_next := self._later.popleft()()) is not None:
                    self._busy_since = perf_counter()
                    await work_of_next()
        finally:
            self._busy_since = None
