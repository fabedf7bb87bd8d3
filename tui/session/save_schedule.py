"""When a run on the screen is saved: when a person asks, when it pauses or ends, and at intervals."""

import asyncio

from gradstep.data.checkpoint import Checkpoint
from gradstep.tui.session.autosave import SECONDS_BEFORE_FIRST, SECONDS_BETWEEN_SAVES, Autosave
from gradstep.tui.session.checkpoint_writer import CheckpointWriter
from gradstep.tui.session.command_queue import Command, CommandQueue
from gradstep.tui.session.confined import Confined
from gradstep.tui.session.training_loop import TrainingLoop


class SaveSchedule:
    """Takes the checkpoints of a run between two slices of training, and passes them to the `CheckpointWriter`.

    All methods are called on the event loop; any thread may read `trouble`. Without an `autosave` nothing is saved.
    """

    def __init__(self, autosave: Autosave | None, commands: CommandQueue[TrainingLoop]) -> None:
        self._autosave, self._commands = autosave, commands
        self._writer = CheckpointWriter(autosave, self._show_outcome) if autosave else None
        self._due = False

    @property
    def trouble(self) -> str:
        """Why the last checkpoint could not be written; empty if it was."""
        return self._autosave.trouble if self._autosave else ""

    def save_now(self) -> None:
        """Save the run, and show a note on it."""

        def take(loop: TrainingLoop) -> Checkpoint | None:
            if loop.trainer.step:
                return loop.checkpoint()
            loop.show_note("nothing to save yet: no step was made")
            return None

        self._commands.add(Command(take, lambda checkpoint: self._write(checkpoint, requested=True)))

    def request_save(self, due: bool) -> None:
        """Have the run saved before the next command or slice, if `due`."""
        self._due = self._due or due

    async def save_when_due(self, loop: Confined[TrainingLoop]) -> None:
        """Save the run, if that is due. Raises Released."""
        if self._due and self._writer is not None:
            self._write(await loop.use(TrainingLoop.checkpoint))
        self._due = False

    async def save_regularly(self) -> None:
        """Save the run at intervals, until the task is cancelled."""
        await asyncio.sleep(SECONDS_BEFORE_FIRST)
        while self._writer is not None:
            self._commands.add(Command(lambda _: True, self.request_save))
            await asyncio.sleep(SECONDS_BETWEEN_SAVES)

    def _write(self, checkpoint: Checkpoint | None, requested: bool = False) -> None:
        if checkpoint is not None and self._writer is not None:
            self._writer.write(checkpoint, requested)

    def _show_outcome(self, note: str) -> None:
        """Show a note, or with an empty one only the `trouble`, which is in each view."""
        self._commands.add(Command(lambda loop: loop.show_note(note) if note else None))
