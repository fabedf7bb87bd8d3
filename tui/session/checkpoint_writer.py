"""Writes the checkpoints of a run on the screen while the run trains."""

import asyncio
from collections.abc import Callable

from gradstep.data.checkpoint import Checkpoint
from gradstep.tui.numbers import format_count
from gradstep.tui.session.autosave import Autosave


class CheckpointWriter:
    """Writes one checkpoint at a time, in a thread. All methods are called on the event loop.

    Of the checkpoints that arrive while one is being written, the newest is written afterwards.
    """

    def __init__(self, autosave: Autosave, notify: Callable[[str], None]) -> None:
        """`notify` gets a note when a requested checkpoint is saved, and "" when `trouble` has changed."""
        self._autosave, self._notify = autosave, notify
        self._waiting: Checkpoint | None = None
        self._requested = False
        self._writing: asyncio.Task[None] | None = None

    def write(self, checkpoint: Checkpoint, requested: bool = False) -> None:
        """Save the checkpoint, after the one that is being written. `notify` follows if it was requested."""
        self._waiting = checkpoint
        self._requested = self._requested or requested
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_waiting())

    async def _write_waiting(self) -> None:
        while self._waiting is not None:
            checkpoint, requested = self._waiting, self._requested
            self._waiting, self._requested = None, False
            await self._write(checkpoint, requested)

    async def _write(self, checkpoint: Checkpoint, requested: bool) -> None:
        trouble_before = self._autosave.trouble
        await asyncio.to_thread(self._autosave.write, checkpoint)
        if requested and not self._autosave.trouble:
            self._notify(f"saved at step {format_count(checkpoint.state.values['step'])}")
        elif requested or self._autosave.trouble != trouble_before:
            self._notify("")
