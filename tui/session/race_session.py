"""The race session: queues the commands of the race screen, and runs the race loop in a worker thread."""

import asyncio
from collections.abc import Awaitable, Callable

from gradstep.core.training.descent_step import DescentStep
from gradstep.data.race_contest import Contest
from gradstep.data.race_setup import RaceSetup
from gradstep.data.run import Run
from gradstep.tui.session.command_queue import Command
from gradstep.tui.session.confined import Confined
from gradstep.tui.session.many_runs_session import ManyRunsSession
from gradstep.tui.session.race_loop import RaceLoop, RaceView

PACE = 50.0
"""Turns a second at the start: 300 steps take six seconds, slow enough to see the curves part."""

SECONDS_FOR_A_TURN = 10.0


class RaceSession(ManyRunsSession[RaceLoop, RaceView]):
    """Races the lanes of a contest."""

    def __init__(
        self,
        contest: Contest,
        enter: Callable[[Contest], Awaitable[RaceSetup]],
        pace: float | None = PACE,
        paused: bool = False,
    ) -> None:
        """`enter` sets up the lanes. `pace` is in turns of all lanes a second, None without a limit."""
        super().__init__()
        self.contest, self._enter = contest, enter
        self._pace, self._paused = pace, paused
        self._loop: Confined[RaceLoop] | None = None

    @property
    def pace(self) -> float | None:
        """The pace in turns of all lanes a second, None without a limit."""
        return self.view.pace if self.view else self._pace

    def change_pace(self, direction: int) -> None:
        """Raise (1) or lower (−1) the pace by one notch."""
        self._commands.add(Command(lambda loop: loop.change_pace(direction)))

    async def find_next_step(self, lane: int) -> DescentStep:
        """Return the step that a lane would make next. Raises Diverged."""
        return await self._commands.ask(lambda loop: loop.find_next_step(lane, lambda: self._commands.closed))

    async def take_run(self, lane: int) -> Run:
        """Pause, and return the run of a lane at the step of the lane. Raises Diverged.

        It is at an earlier step if the session is closed meanwhile.
        """
        return await self._commands.ask(lambda loop: loop.take_run(lane, lambda: self._commands.closed))

    def restart(self) -> None:
        """Restart all lanes."""
        self._commands.add(Command(RaceLoop.restart))

    async def end(self) -> None:
        """End the race after the current turn. The caller may then use the runs of its lanes."""
        self._commands.close()
        if self._loop is not None:
            await asyncio.to_thread(self._loop.release, SECONDS_FOR_A_TURN)

    async def supervise(self) -> None:
        """Set up the lanes, then race and execute commands until `close`."""
        entries = await self._enter(self.contest)
        self._loop = Confined(RaceLoop(entries, self.contest, self._pace, self._paused))
        await self.run(self._loop)
