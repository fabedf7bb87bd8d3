"""The luck session: queues the commands of the luck screen, and runs the luck loop in a worker thread."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import perf_counter

from gradstep.data.luck_groups import Variation
from gradstep.data.luck_setup import LuckSetup
from gradstep.data.run import Run
from gradstep.tui.session.command_queue import Command, CommandQueue
from gradstep.tui.session.confined import Confined, Released
from gradstep.tui.session.luck_loop import LEAST_SECONDS, LuckLoop
from gradstep.tui.session.luck_view import LuckView
from gradstep.tui.session.rest import REST


class LuckSession:
    """Trains in slices, executes commands between them, and publishes the newest `view`.

    All methods are called on the event loop. The luck loop, with its populations, is `Confined`: only a worker thread
    uses it. `view` is None until the networks are set up and have their first scores. Only the event loop writes it.
    """

    def __init__(
        self,
        variation: Variation,
        set_up: Callable[[Variation], Awaitable[LuckSetup]],
        seconds: float = LEAST_SECONDS,
        paused: bool = False,
    ) -> None:
        """`set_up` sets up the networks, which train for `seconds` at least."""
        self.variation, self._set_up = variation, set_up
        self._seconds, self._paused = seconds, paused
        self._commands = CommandQueue[LuckLoop]()
        self.view: LuckView | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the session has ended, or will after the current step."""
        return self._commands.closed

    def toggle_pause(self) -> None:
        """Pause, or go on. A finished training goes on for as long again."""
        self._commands.add(Command(LuckLoop.toggle_pause))

    async def make_run(self, member: int) -> Run:
        """Return the run of a member, trained to the same step by its own trainer. Raises Diverged.

        It is not trained to the end if the session is closed meanwhile.
        """

        return await self._commands.ask(lambda loop: loop.make_run(member, lambda: self._commands.closed))

    def close(self) -> None:
        """End `supervise`, and the slice after its current step."""
        self._commands.close()

    async def supervise(self) -> None:
        """Set up the networks, then train and execute commands until `close`."""
        if self._commands.closed:
            return
        setup = await self._set_up(self.variation)
        loop = Confined(LuckLoop(setup, self._seconds, self._paused))
        del setup
        view = await loop.use(LuckLoop.view)
        with suppress(Released):
            while not self._commands.closed:
                if self._commands:
                    view, done = await loop.use(self._do_commands)
                    self._publish(view)
                    for command in done:
                        command.deliver()
                elif view.next_due is None:
                    await self._commands.wait()
                elif (wait := max(REST.seconds_left, view.next_due - perf_counter())) > 0:
                    await self._commands.wait(wait)
                else:
                    view = await loop.use(lambda luck: luck.train_slice(self._interrupts))
                    self._publish(view)

    def _publish(self, view: LuckView) -> None:
        if view.scored_step >= 0:
            self.view = view

    def _interrupts(self) -> bool:
        return REST.now or self._commands.interrupts()

    def _do_commands(self, loop: LuckLoop) -> tuple[LuckView, list[Command[LuckLoop]]]:
        """Execute the waiting commands in their order. Called in the worker thread."""
        done = list(self._commands.take_waiting())
        for command in done:
            command.do(loop)
        return loop.view(), done
