"""Writes the checkpoints of a run on the screen while it goes on training."""

import asyncio
from collections.abc import Callable

from gradstep.data.checkpoint import Checkpoint
from gradstep.tui.numbers import format_count
from gradstep.tui.session.autosave import Autosave


class CheckpointWriter:
    """Writes one checkpoint at a time, in a thread. All methods are called on the event loop."""

    def __init__(self, autosave: Autosave, tell: Callable[[str], None]) -> None:
        """`tell` is called with the note that a requested checkpoint is saved, with "" where `trouble` changed."""
        self._autosave, self._tell = autosave, tell
        self._requested = False
        self._writing: asyncio.Task[None] | None = None

    def write(self, checkpoint: Checkpoint, requested: bool = False) -> None:
        """Save this, unless a checkpoint is being written; tell when a requested one is done."""
        self._requested = self._requested or requested
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(checkpoint))

    async def _write(self, checkpoint: Checkpoint) -> None:
        trouble_before = self._autosave.trouble
        await asyncio.to_thread(self._autosave.write, checkpoint)
        if self._requested and not self._autosave.trouble:
            self._tell(f"saved at step {format_count(checkpoint.state.values['step'])}")
        elif self._requested or self._autosave.trouble != trouble_before:
            self._tell("")
        self._requested = False
