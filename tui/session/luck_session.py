"""The luck session: queues the commands of the luck screen, and runs the luck loop in a worker thread."""

from collections.abc import Awaitable, Callable

from gradstep.data.luck_groups import Variation
from gradstep.data.luck_setup import LuckSetup
from gradstep.data.run import Run
from gradstep.tui.session.confined import Confined
from gradstep.tui.session.luck_loop import LEAST_SECONDS, LuckLoop
from gradstep.tui.session.luck_view import LuckView
from gradstep.tui.session.many_runs_session import ManyRunsSession


class LuckSession(ManyRunsSession[LuckLoop, LuckView]):
    """Trains the networks of a variation. There is no view before they have their first scores."""

    def __init__(
        self,
        variation: Variation,
        set_up: Callable[[Variation], Awaitable[LuckSetup]],
        seconds: float = LEAST_SECONDS,
        paused: bool = False,
    ) -> None:
        """`set_up` sets up the networks, which train for `seconds` at least."""
        super().__init__()
        self.variation, self._set_up = variation, set_up
        self._seconds, self._paused = seconds, paused

    async def make_run(self, member: int) -> Run:
        """Return the run of a member, trained to the same step by its own trainer. Raises Diverged.

        It is not trained to the end if the session is closed meanwhile.
        """
        return await self._commands.ask(lambda loop: loop.make_run(member, lambda: self._commands.closed))

    async def supervise(self) -> None:
        """Set up the networks, then train and execute commands until `close`."""
        if self.is_closed:
            return
        setup = await self._set_up(self.variation)
        loop = Confined(LuckLoop(setup, self._seconds, self._paused))
        del setup  # its memory is that of the loop
        await self.run(loop)

    def publish(self, view: LuckView) -> None:
        if view.scored_step >= 0:
            super().publish(view)
