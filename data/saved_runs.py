"""The saved runs of a user: a folder for each run, with its last few checkpoints. No run is removed unasked."""

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from errno import ENOENT
from itertools import chain, count
from pathlib import Path

from platformdirs import user_state_path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import UNFINISHED, WriteError
from gradstep.data.checkpoint import Checkpoint, read_checkpoint, read_checkpoint_summary, write_checkpoint
from gradstep.data.run_lock import LOCK_NAME, RunIsOpen, RunLock
from gradstep.data.shell_words import quote_word

CHECKPOINTS_KEPT = 3
CHECKPOINT_PATTERN = "step-*.safetensors"

NEVER = datetime.min.replace(tzinfo=UTC)
"""Stands for the time of a run that has no checkpoint that can be read."""

NO_HOME = Path("~")
"""Stands for a home folder that does not exist."""


class SavedRun:
    """The checkpoints of one run, in a folder of its own.

    `open` locks the folder, so that no other program writes to it or removes it. The folder of a new run is made then.
    """

    def __init__(self, folder: Path, is_new: bool = False) -> None:
        self.folder, self._is_new = folder, is_new
        self._lock: RunLock | None = None

    @property
    def name(self) -> str:
        """The name by which `gradstep resume` finds the run."""
        return self.folder.name

    def open(self) -> None:
        """Lock the run until `close`; raises RunIsOpen if another program has it open, and WriteError."""
        if self._lock is None:
            try:
                self._lock = self._make_folder() if self._is_new else self._lock_folder()
            except OSError as error:
                raise WriteError(self.folder, error) from None
            self._is_new = False
            _remove_unfinished_files(self.folder)

    def open_to_resume(self) -> None:
        """Lock the run, unless it is new; raises RunIsOpen.

        A run that cannot be written to can be resumed: its first save says that it cannot be saved.
        """
        if not self._is_new:
            with suppress(WriteError):
                self.open()

    def close(self) -> None:
        """Let other programs open the run."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _make_folder(self) -> RunLock:
        """Make a folder that nobody else has made, with a number after its name if need be, and lock it."""
        first = self.folder
        if NO_HOME in first.parents:
            raise FileNotFoundError(ENOENT, "there is no home folder to save it in")
        first.parent.mkdir(parents=True, exist_ok=True)
        for folder in chain([first], (first.with_name(f"{first.name}-{number}") for number in count(2))):
            with suppress(FileExistsError, FileNotFoundError, RunIsOpen):
                folder.mkdir()
                lock = RunLock(folder)
                # another program may have removed the folder, still empty, before it was locked
                if (folder / LOCK_NAME).exists():
                    self.folder = folder
                    return lock
        raise AssertionError  # count does not end

    def _lock_folder(self) -> RunLock:
        self.folder.mkdir(parents=True, exist_ok=True)
        return RunLock(self.folder)

    def write(self, checkpoint: Checkpoint) -> Path:
        """Save a checkpoint and return its path; removes all but the last few checkpoints.

        Damaged ones are removed too. Raises WriteError, with the older checkpoints as they were.
        """
        if not os.path.isdir(self.folder):
            self.close()  # someone has removed the folder, and its lock with it
        self.open()
        path = self.folder / f"step-{checkpoint.state.values['step']:012}.safetensors"
        numbers = {older: _read_number(older) for older in self.checkpoints()}
        whole = [older for older, number in numbers.items() if number is not None]
        write_checkpoint(path, checkpoint, 1 + max((number or 0 for number in numbers.values()), default=0))
        kept = [path, *(older for older in whole if older != path)][:CHECKPOINTS_KEPT]
        for older in numbers.keys() - kept:
            with suppress(OSError):
                older.unlink()
        return path

    def checkpoints(self) -> list[Path]:
        """Return the checkpoints, the one saved last first: a run can go back and be saved at an earlier step."""
        numbers = {path: _read_number(path) for path in list_folder(self.folder) if path.match(CHECKPOINT_PATTERN)}
        # one that cannot be read may be the newest: that is told, and not passed over
        return sorted(numbers, key=lambda path: (numbers[path] is None, numbers[path], path), reverse=True)

    def _find_newest(self) -> list[Path]:
        """Return the checkpoints as `checkpoints` does; raises GradstepError if there is none any more."""
        if not (found := self.checkpoints()):
            raise GradstepError(f"the run {self.name} was removed just now")
        return found

    def newest(self) -> Checkpoint:
        """Read the newest checkpoint; if it is damaged, the GradstepError names the newest one that is whole."""
        newest, *older = self._find_newest()
        try:
            return read_checkpoint(newest)
        except GradstepError as error:
            whole = next((path for path in older if _is_whole(path)), None)
            command = f"gradstep resume {quote_word(str(whole))}"
            offer = f"the one before it is whole: {command}" if whole else "no older one is whole"
            raise GradstepError(f"{error}; {offer}") from None


def name_new_run(data: str) -> SavedRun:
    """Return a new run named after the present time and its data; nothing is written before it is opened."""
    stem = f"{datetime.now():%Y-%m-%d-%H%M%S}-{make_file_name(data)}"
    return SavedRun(find_runs_folder() / stem, is_new=True)


def make_file_name(data: str) -> str:
    """Return the name of the data as a part of file names: of at most 40 letters, digits, _ and -."""
    return re.sub("[^A-Za-z0-9_]+", "-", data)[:40]


def remove_leftovers() -> None:
    """Remove what killed programs left behind: parts of files, and folders in which nothing was saved.

    A run that a program has open stays as it is.
    """
    for folder in list_run_folders():
        try:
            lock = RunLock(folder)
        except (RunIsOpen, OSError):
            continue
        _remove_unfinished_files(folder)
        if list_folder(folder) == [folder / LOCK_NAME]:
            remove_empty_folder(folder)
        lock.release()


def remove_empty_folder(folder: Path) -> bool:
    """Remove the folder of a run, which is locked, if it holds nothing but its lock; return whether it is gone."""
    # unlike rmtree, this removes nothing that has come since
    with suppress(OSError):
        if list_folder(folder) == [folder / LOCK_NAME]:
            (folder / LOCK_NAME).unlink()
        folder.rmdir()
    return not os.path.lexists(folder)


def find_saved_runs() -> list[SavedRun]:
    """Return the runs that have a checkpoint, the one saved last first, by what their checkpoints say."""
    runs = [SavedRun(folder) for folder in list_run_folders()]
    saved = [(find_time_saved(checkpoints), run) for run in runs if (checkpoints := run.checkpoints())]
    return [run for _, run in sorted(saved, key=lambda pair: (pair[0], pair[1].name), reverse=True)]


def check_runs_can_be_read() -> None:
    """Raise GradstepError if the folder of the saved runs exists and cannot be read, or if there is no home."""
    folder = find_runs_folder()
    if NO_HOME in folder.parents:
        raise GradstepError("there is no home folder in which runs could be saved; XDG_STATE_HOME names another")
    try:
        os.listdir(folder)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise GradstepError(f"the saved runs in {folder} cannot be read: {error.strerror}") from None


def find_runs_folder() -> Path:
    """Return the folder in which the user's runs are saved; one in NO_HOME for a user without a home."""
    try:
        return user_state_path("gradstep") / "runs"
    except RuntimeError:
        return NO_HOME / "gradstep" / "runs"


def list_run_folders() -> list[Path]:
    """Return the folders in that of the saved runs."""
    return [path for path in list_folder(find_runs_folder()) if os.path.isdir(path)]


def list_folder(folder: Path) -> list[Path]:
    """Return what is in a folder; nothing if it does not exist or cannot be read."""
    try:
        return [folder / name for name in os.listdir(folder)]
    except OSError:
        return []


def _remove_unfinished_files(folder: Path) -> None:
    """Remove what a program left that was killed while it wrote a checkpoint. The folder is locked."""
    for path in list_folder(folder):
        if path.match(f".*{UNFINISHED}"):
            with suppress(OSError):
                path.unlink()


def _read_number(path: Path) -> int | None:
    """Return the number of this checkpoint in its run; None if it is damaged, or was removed just now."""
    try:
        return read_checkpoint_summary(path).number
    except GradstepError:
        return None


def find_time_saved(checkpoints: list[Path]) -> datetime:
    """Return when the newest checkpoint that can be read was saved; NEVER if none can."""
    for path in checkpoints:
        with suppress(GradstepError):
            return read_checkpoint_summary(path).saved
    return NEVER


def _is_whole(path: Path) -> bool:
    try:
        read_checkpoint(path)
    except GradstepError:
        return False
    return True
