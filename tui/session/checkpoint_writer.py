"""Writes the checkpoints of a run on the screen while the run trains."""

import asyncio
from collections.abc import Callable

from gradstep.data.checkpoint import Checkpoint
from gradstep.tui.numbers import format_count
from gradstep.tui.session.autosave import Autosave


class CheckpointWriter:
    """Writes one checkpoint at a time, in a thread. All methods are called on the event loop."""

    def __init__(self, autosave: Autosave, notify: Callable[[str], None]) -> None:
        """`notify` gets a note when a requested checkpoint is saved, and "" when `trouble` has changed."""
        self._autosave, self._notify = autosave, notify
        self._requested = False
        self._writing: asyncio.Task[None] | None = None

    def write(self, checkpoint: Checkpoint, requested: bool = False) -> None:
        """Start to save the checkpoint, unless one is being written. `notify` follows if it was requested."""
        self._requested = self._requested or requested
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(checkpoint))

    async def _write(self, checkpoint: Checkpoint) -> None:
        trouble_before = self._autosave.trouble
        await asyncio.to_thread(self._autosave.write, checkpoint)
        if self._requested and not self._autosave.trouble:
            self._notify(f"saved at step {format_count(checkpoint.state.values['step'])}")
        elif self._requested or self._autosave.trouble != trouble_before:
            self._notify("")
        self._requested = False
