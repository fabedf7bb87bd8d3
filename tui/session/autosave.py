"""Saves a run while it is trained, so that little is lost when the machine, the connection or the program ends."""

from pathlib import Path
from threading import Lock

from gradstep.data.atomic_write import WriteError
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.saved_runs import SavedRun

SECONDS_BETWEEN = 30.0
SECONDS_BEFORE_FIRST = 2.0
"""Soon, so that a person is told early that a run cannot be saved."""


class Autosave:
    """Writes checkpoints, one at a time, from any thread, and keeps the outcome of the last one.

    `path` is the newest checkpoint of this run, None before the first; `trouble` is why the last one could not be
    written, empty if it could.
    """

    def __init__(self, saves: SavedRun) -> None:
        self._saves = saves
        self._lock = Lock()
        self.path: Path | None = None
        self.trouble = ""

    @property
    def resume(self) -> str:
        """The command that goes on with the run; empty if nothing is saved."""
        return f"gradstep resume {self._saves.name}" if self.path else ""

    def write(self, checkpoint: Checkpoint) -> None:
        """Save, unless no step was made. A failure is not raised but kept in `trouble`."""
        if not checkpoint.state.values["step"]:
            return
        with self._lock:
            try:
                self.path, self.trouble = self._saves.write(checkpoint), ""
            except WriteError as error:
                self.trouble = f"not saved: {error.reason}"
