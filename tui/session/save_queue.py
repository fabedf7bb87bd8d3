"""When a run on the screen is saved: regularly, and when a person asks."""

import asyncio
from collections.abc import Callable

from gradstep.data.checkpoint import Checkpoint
from gradstep.tui.numbers import format_count
from gradstep.tui.session.autosave import Autosave


class SaveQueue:
    """Takes the state while nobody trains, and writes it in a thread while training goes on; not two at a time."""

    def __init__(self, autosave: Autosave, state: Callable[[], Checkpoint], told: Callable[[str], None]) -> None:
        """`told` hears of what a person should: that what was asked for is saved, or ("") that the trouble changed."""
        self._autosave, self._state, self._told = autosave, state, told
        self._asked = False
        self._writing: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Save the present state, unless one is being written."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(self._state()))

    def asked(self) -> None:
        """Save the present state, and say so."""
        self._asked = True
        self.soon()

    async def _write(self, checkpoint: Checkpoint) -> None:
        trouble_before = self._autosave.trouble
        await asyncio.to_thread(self._autosave.write, checkpoint)
        if self._asked and not self._autosave.trouble:
            self._told(f"saved at step {format_count(checkpoint.state.values['step'])}")
        elif self._asked or self._autosave.trouble != trouble_before:
            self._told("")
        self._asked = False
