"""A session of many runs at once: queues the commands of its screen, and runs its loop in a worker thread."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Generic, Protocol, TypeVar

from gradstep.tui.session.command_queue import Command, CommandQueue
from gradstep.tui.session.confined import Confined, Released
from gradstep.tui.session.rest import REST


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyRunsView:
    """How the runs stand at one moment, and what is chosen among them.

    - `chosen` is an index of what can be chosen.
    - `logarithmic` says whether the axis of the losses is logarithmic.
    - `note` is empty for none.
    - `next_due` is the moment of `perf_counter` at which there is something to compute; None while all rests.
    """

    chosen: int = 0
    logarithmic: bool = True
    note: str = ""
    next_due: float | None = None


V = TypeVar("V", bound=ManyRunsView)
V_co = TypeVar("V_co", bound=ManyRunsView, covariant=True)


class ManyRunsLoop(Protocol[V_co]):
    """Owns the runs and advances them."""

    def toggle_pause(self) -> None:
        """Pause, or go on. What has finished goes on for as long again."""

    def train_slice(self, interrupted: Callable[[], bool]) -> V_co:
        """Compute what is due, until a view is due or `interrupted()` is true; return the view."""

    def view(self) -> V_co:
        """Return how the runs stand."""


L = TypeVar("L", bound=ManyRunsLoop[Any])


class ManyRunsSession(Generic[L, V]):
    """Trains in slices, executes commands between them, and publishes the newest `view`.

    All methods are called on the event loop. The loop of the runs is `Confined`: only a worker thread uses it.
    `view` is None until the runs are set up. Only the event loop writes it.
    """

    def __init__(self) -> None:
        self._commands = CommandQueue[L]()
        self.view: V | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the session has ended, or will after the current step."""
        return self._commands.closed

    def toggle_pause(self) -> None:
        """Pause, or go on. What has finished goes on for as long again."""
        self._commands.add(Command(lambda loop: loop.toggle_pause()))

    def close(self) -> None:
        """End `supervise`, and the slice after its current step."""
        self._commands.close()

    async def supervise(self) -> None:
        """Set up the runs, then train and execute commands until `close`."""
        raise NotImplementedError

    def publish(self, view: V) -> None:
        """Make this the newest view."""
        self.view = view

    async def run(self, loop: Confined[L]) -> None:
        """Train and execute commands until `close`."""
        with suppress(Released):
            view = await loop.use(lambda runs: runs.view())
            self.publish(view)
            while not self._commands.closed:
                if self._commands:
                    view, done = await loop.use(self._do_commands)
                    self.publish(view)
                    for command in done:
                        command.deliver()
                elif view.next_due is None:
                    await self._commands.wait()
                elif (wait := max(REST.seconds_left, view.next_due - perf_counter())) > 0:
                    await self._commands.wait(wait)
                else:
                    view = await loop.use(self._train_slice)
                    self.publish(view)

    def _train_slice(self, loop: L) -> V:
        view: V = loop.train_slice(lambda: REST.now or self._commands.interrupts())
        return view

    def _do_commands(self, loop: L) -> tuple[V, list[Command[L]]]:
        """Execute the waiting commands in their order. Called in the worker thread."""
        done = list(self._commands.take_waiting())
        for command in done:
            command.do(loop)
        return loop.view(), done
