"""Saves a run while it trains, so that little is lost when the machine, the connection or the program ends."""

from threading import Lock

from gradstep.core.errors import make_printable
from gradstep.data.atomic_write import WriteError
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.run_lock import RunIsOpen
from gradstep.data.saved_runs import SavedRun, remove_leftovers
from gradstep.data.shell_words import quote_word

SECONDS_BETWEEN_SAVES = 30.0
SECONDS_BEFORE_FIRST = 2.0
"""Short, so that a run that cannot be saved is reported early."""


class Autosave:
    """Writes checkpoints, one at a time, from any thread, and keeps the outcome of the last one.

    `path` is the newest checkpoint of this run, None before the first. `trouble` says why the last checkpoint could not
    be written; it is empty if the checkpoint was written.
    """

    def __init__(self, saves: SavedRun) -> None:
        self._saves = saves
        self._lock = Lock()
        self.path = next(iter(saves.checkpoints()), None)
        self.trouble = ""
        self._is_tidy = False

    @property
    def name(self) -> str:
        """The name of the saved run."""
        return self._saves.name

    @property
    def resume_command(self) -> str:
        """The shell command that resumes the run; empty if nothing is saved."""
        return f"gradstep resume {quote_word(self._saves.name)}" if self.path else ""

    def write(self, checkpoint: Checkpoint) -> None:
        """Save, unless no step was made. A failure is kept in `trouble` and not raised."""
        if not checkpoint.state.values["step"]:
            return
        with self._lock:
            try:
                self.path, self.trouble = self._saves.write(checkpoint), ""
            except WriteError as error:
                self.trouble = make_printable(f"not saved: {error.reason}: {error.path.parent}")
                return
            except RunIsOpen as error:
                self.trouble = f"not saved: {error}"
                return
            if not self._is_tidy:
                remove_leftovers()
                self._is_tidy = True

    def close(self) -> None:
        """Let other programs open the run."""
        with self._lock:
            self._saves.close()
