"""The race session: queues the commands of the race screen, and runs the race loop in a worker thread."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import perf_counter

from gradstep.core.training.descent_step import DescentStep
from gradstep.data.race_setup import Contest, RaceSetup
from gradstep.data.run import Run
from gradstep.tui.session.command_queue import Command, CommandQueue
from gradstep.tui.session.confined import Confined, Released
from gradstep.tui.session.race_loop import RaceLoop, RaceView
from gradstep.tui.session.rest import REST

PACE = 50.0
"""Turns a second at the start: 300 steps take six seconds, slow enough to see the curves part."""

SECONDS_FOR_A_TURN = 10.0


class RaceSession:
    """Races in slices, executes commands between them, and publishes the newest `view`.

    All methods are called on the event loop. The race loop, with its trainers, is `Confined`: only a worker thread uses
    it. `view` is None until the race is set up. Only the event loop writes it.
    """

    def __init__(
        self,
        contest: Contest,
        enter: Callable[[Contest], Awaitable[RaceSetup]],
        pace: float | None = PACE,
        paused: bool = False,
    ) -> None:
        """`enter` sets up the lanes. `pace` is in turns of all lanes a second, None without a limit."""
        self.contest, self._enter = contest, enter
        self._pace, self._paused = pace, paused
        self._commands = CommandQueue[RaceLoop]()
        self._loop: Confined[RaceLoop] | None = None
        self.view: RaceView | None = None

    @property
    def pace(self) -> float | None:
        """The pace in turns of all lanes a second, None without a limit."""
        return self.view.pace if self.view else self._pace

    def toggle_pause(self) -> None:
        """Pause, or go on. A finished race goes on for as long again."""
        self._commands.add(Command(RaceLoop.toggle_pause))

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

    @property
    def is_closed(self) -> bool:
        """Whether the session has ended, or will after the current turn."""
        return self._commands.closed

    def restart(self) -> None:
        """Restart all lanes."""
        self._commands.add(Command(RaceLoop.restart))

    def close(self) -> None:
        """End `supervise`, and the slice after its current turn."""
        self._commands.close()

    async def end(self) -> None:
        """End the race after the current turn. The caller may then use the runs of its lanes."""
        self._commands.close()
        if self._loop is not None:
            await asyncio.to_thread(self._loop.release, SECONDS_FOR_A_TURN)

    async def supervise(self) -> None:
        """Set up the lanes, then race and execute commands until `close`."""
        entries = await self._enter(self.contest)
        loop = self._loop = Confined(RaceLoop(entries, self.contest, self._pace, self._paused))
        view = self.view = await loop.use(RaceLoop.view)
        with suppress(Released):
            while not self._commands.closed:
                if self._commands:
                    view, done = await loop.use(self._do_commands)
                    self.view = view
                    for command in done:
                        command.deliver()
                elif view.next_due is None:
                    await self._commands.wait()
                elif (wait := max(REST.seconds_left, view.next_due - perf_counter())) > 0:
                    await self._commands.wait(wait)
                else:
                    view = self.view = await loop.use(lambda race: race.race_slice(self._interrupts))

    def _interrupts(self) -> bool:
        return REST.now or self._commands.interrupts()

    def _do_commands(self, loop: RaceLoop) -> tuple[RaceView, list[Command[RaceLoop]]]:
        """Execute the waiting commands in their order. Called in the worker thread."""
        done = list(self._commands.take_waiting())
        for command in done:
            command.do(loop)
        return loop.view(), done
