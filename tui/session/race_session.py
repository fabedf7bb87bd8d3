"""The race session: takes what a person asks for, and decides when the race goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import perf_counter

from gradstep.data.race_setup import Contest, RaceSetup
from gradstep.tui.session.command_queue import Command, CommandQueue
from gradstep.tui.session.confined import Confined, Released
from gradstep.tui.session.race_loop import RaceLoop, RaceView

PACE = 50.0
"""Steps a second to begin with: 300 take six seconds, in which the curves are seen to part."""

SECONDS_FOR_A_TURN = 10.0


class RaceSession:
    """Races in slices, does commands between them, and leaves the newest `view` for whoever draws.

    All methods are called on the event loop. The race loop, with its trainers, is `Confined`: everything done with it
    runs in a worker thread. `view` is None until the lanes have entered; the event loop alone writes it.
    """

    def __init__(
        self,
        contest: Contest,
        enter: Callable[[Contest], Awaitable[RaceSetup]],
        pace: float | None = PACE,
        paused: bool = False,
    ) -> None:
        """`enter` makes the lanes; `pace` is in turns of all lanes a second, None without a limit."""
        self.contest, self._enter = contest, enter
        self._pace, self._paused = pace, paused
        self._commands = CommandQueue[RaceLoop]()
        self._loop: Confined[RaceLoop] | None = None
        self.view: RaceView | None = None

    @property
    def pace(self) -> float | None:
        """In turns of all lanes a second, None without a limit."""
        return self.view.pace if self.view else self._pace

    def pause_or_go_on(self) -> None:
        """Pause, or go on; at the end for as long again."""
        self._commands.add(Command(RaceLoop.toggle_pause))

    def change_pace(self, direction: int) -> None:
        """Pace one notch up (1) or down (−1)."""
        self._commands.add(Command(lambda loop: loop.change_pace(direction)))

    def restart(self) -> None:
        """Let all begin again."""
        self._commands.add(Command(RaceLoop.restart))

    def close(self) -> None:
        """End `supervise` and, after the turn in hand, the slice."""
        self._commands.close()

    async def end(self) -> None:
        """End the race: once the turn in hand is made, the runs of its lanes are the caller's."""
        self._commands.close()
        if self._loop is not None:
            await asyncio.to_thread(self._loop.release, SECONDS_FOR_A_TURN)

    async def supervise(self) -> None:
        """Run until `close`: let the lanes enter, race while racing, and do commands as they come."""
        entries = await self._enter(self.contest)
        loop = self._loop = Confined(RaceLoop(entries, self.contest, self._pace, self._paused))
        self.view = await loop.use(RaceLoop.view)
        with suppress(Released):
            while not self._commands.closed:
                if self._commands:
                    self.view = await loop.use(self._do_commands)
                elif self.view.next_due is None:
                    await self._commands.wait()
                elif (wait := self.view.next_due - perf_counter()) > 0:
                    await self._commands.wait(wait)
                else:
                    self.view = await loop.use(lambda race: race.race_slice(self._commands.interrupts))

    def _do_commands(self, loop: RaceLoop) -> RaceView:
        """In the thread: do what waits, in its order."""
        for command in self._commands.take_waiting():
            command.do(loop)
        return loop.view()
