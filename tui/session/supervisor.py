"""The supervisor of a training: it decides what the worker thread does next, and publishes the views made there."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from time import perf_counter
from typing import TypeVar

from gradstep.tui.session.brief_note_timer import BriefNoteTimer
from gradstep.tui.session.command_queue import MOMENT_SECONDS, WORKING, Command, CommandQueue
from gradstep.tui.session.confined import Confined, Released
from gradstep.tui.session.rest import REST
from gradstep.tui.session.save_schedule import SaveSchedule
from gradstep.tui.session.training_loop import TrainingLoop
from gradstep.tui.session.view import View

R = TypeVar("R")


class Supervisor:
    """Lets the loop train in slices, execute commands between them and be saved, and publishes the newest `view`.

    Which thread uses what:

    - The training loop is `Confined`: nothing else has a reference to it. Slices and commands run in a worker thread,
      one at a time.
    - Its trainer is part of `View.run`, where the event loop reads what no training changes, such as the loss and the
      parts of the data. What changes, such as the optimizer, it reads in the snapshot. The race screen reads the
      learning rate and the batch size of the trainer, which is paused for it.
    - All methods except `release` are called on the event loop. `changed`, if set, is awaited there after a command has
      taken effect, so that the screen answers a key before training uses the processor again. It is also awaited after
      training has paused or ended.
    - Both threads share three objects. The queue is a `CommandQueue`, which says which of its methods any thread may
      call. `view` is a slot of immutable views. The worker thread writes it during a slice, the event loop at all other
      times, because it waits for each action in the thread. Of the `SaveSchedule` the worker thread only reads the
      `trouble`.
    - Any thread may call `release`, which waits for the current action. After that, only this thread uses the loop.
    """

    view: View

    def __init__(
        self, loop: TrainingLoop, commands: CommandQueue[TrainingLoop], saves: SaveSchedule, notes: BriefNoteTimer
    ) -> None:
        """The caller keeps no reference to the `loop`."""
        self.changed: Callable[[], Awaitable[None]] | None = None
        self._commands, self._saves, self._notes = commands, saves, notes
        self._publish(loop.view())
        self._loop = Confined(loop)

    async def supervise(self) -> None:
        """Train, execute commands and save the run at intervals, until the queue is closed or the loop released."""
        saving = asyncio.create_task(self._saves.save_regularly())
        try:
            with suppress(Released):
                while not self._commands.closed:
                    await self._do_commands()
                    await self._saves.save_when_due(self._loop)
                    await self._train_or_wait()
        finally:
            saving.cancel()

    def release(self, seconds: float) -> TrainingLoop | None:
        """Return the loop after the current action, and allow no further use. May be called from any thread.

        Returns None if the current action takes longer than `seconds`.
        """
        self._commands.closed = True
        return self._loop.release(seconds)

    async def _train_or_wait(self) -> None:
        due = self.view.next_due
        if due is None:
            await self._commands.wait()
        elif (wait := due - perf_counter()) > 0:
            await self._commands.wait(wait)
        elif not await self._loop.use(self._train):
            await self._commands.wait(max(0.0, REST.seconds_left))
        elif self.view.phase != "training":
            # a finished or diverged run is worth a checkpoint, a single step is not
            self._saves.request_save(self.view.phase != "paused")
            await self._notify()

    def _train(self, loop: TrainingLoop) -> bool:
        """Make a slice of updates in the worker thread; returns False if it rests. What a key requested is made."""
        if loop.has_goal:
            loop.train_slice(self._commands.interrupts, self._publish)
        elif REST.now:
            return False
        else:
            loop.train_slice(lambda: REST.now or self._commands.interrupts(), self._publish)
        return True

    async def _do_commands(self) -> None:
        if not self._commands:
            return
        view, done = await self._announce_when_long(self._loop.use(self._do_in_thread))
        self._publish(view)
        for command in done:
            command.deliver()
        self._notes.watch(self.view)
        await self._notify()
        REST.end_answer()

    def _do_in_thread(self, loop: TrainingLoop) -> tuple[View, list[Command[TrainingLoop]]]:
        """Execute the waiting commands in the worker thread, up to one that requests a step: that is made first."""
        done: list[Command[TrainingLoop]] = []
        for command in self._commands.take_waiting():
            command.do(loop)
            done.append(command)
            if loop.has_goal:
                break
        loop.observe()
        return loop.view(), done

    async def _announce_when_long(self, work: Awaitable[R]) -> R:
        """Wait for the thread, and show a note if it takes longer than a moment."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=MOMENT_SECONDS)
        if not done:
            self.view = replace(self.view, note=WORKING, brief=False)
            await self._notify()
        return await task

    def _publish(self, view: View) -> None:
        self.view = replace(view, trouble=self._saves.trouble or view.trouble)

    async def _notify(self) -> None:
        if self.changed is not None:
            await self.changed()
