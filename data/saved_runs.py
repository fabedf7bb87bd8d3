"""The saved runs of a user: a folder for each run, with its last few checkpoints."""

import re
import shutil
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from platformdirs import user_state_path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import WriteError
from gradstep.data.checkpoint import Checkpoint, read_checkpoint, read_checkpoint_summary, write_checkpoint

CHECKPOINTS_KEPT = 3
RUNS_KEPT = 20


class SavedRun:
    """The checkpoints of one run, in a folder of its own. The folder is made with the first checkpoint."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """The name by which `gradstep resume` finds the run."""
        return self.folder.name

    def write(self, checkpoint: Checkpoint) -> Path:
        """Save a checkpoint and return its path; removes all but the last few checkpoints, and all but the last runs.

        Raises WriteError, with the older checkpoints as they were.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WriteError(self.folder, error) from None
        path = self.folder / f"step-{checkpoint.state.values['step']:012}.safetensors"
        write_checkpoint(path, checkpoint)
        for old in self.checkpoints()[CHECKPOINTS_KEPT:]:
            old.unlink(missing_ok=True)
        for run in find_saved_runs()[RUNS_KEPT:]:
            shutil.rmtree(run.folder, ignore_errors=True)
        return path

    def checkpoints(self) -> list[Path]:
        """Return the checkpoints, newest first by time: a run can go back and be saved at an earlier step."""
        return sorted(self.folder.glob("step-*.safetensors"), key=_read_time, reverse=True)

    def describe(self) -> str:
        """Return one line with the run's name, its step and epoch, and when it was saved, or why it cannot be read."""
        try:
            summary = read_checkpoint_summary(self.checkpoints()[0])
        except GradstepError as error:
            return f"{self.name:<40} {error}"
        saved = summary.saved.astimezone()
        return f"{self.name:<40} step {summary.step:>9,}   epoch {summary.epoch:>6,}   saved {saved:%Y-%m-%d %H:%M}"

    def newest(self) -> Checkpoint:
        """Read the newest checkpoint; if it is damaged, the GradstepError names the newest one that is whole."""
        newest, *older = self.checkpoints()
        try:
            return read_checkpoint(newest)
        except GradstepError as error:
            whole = next((path for path in older if _is_whole(path)), None)
            offer = f"the one before it is whole: gradstep resume {whole}" if whole else "no older one is whole"
            raise GradstepError(f"{error}; {offer}") from None


def name_new_run(data: str) -> SavedRun:
    """Return a new run named after the present time and its data; nothing is written yet."""
    stem = f"{datetime.now():%Y-%m-%d-%H%M%S}-{re.sub('[^A-Za-z0-9_]+', '-', data)[:40]}"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return SavedRun(next(folder for name in names if not (folder := find_runs_folder() / name).exists()))


def find_saved_runs() -> list[SavedRun]:
    """Return the runs that have a checkpoint, newest first."""
    runs = [SavedRun(folder) for folder in find_runs_folder().glob("*")]
    newest = [(checkpoints[0], run) for run in runs if (checkpoints := run.checkpoints())]
    return [run for _, run in sorted(newest, key=lambda pair: _read_time(pair[0]), reverse=True)]


def find_checkpoint(what: str) -> tuple[SavedRun, Checkpoint]:
    """Read the checkpoint at this path, or the newest of the run of this name, or of all runs for an empty name.

    Returns it with the run that it is saved to from now on: its own, or a new one for a file from elsewhere. Raises
    GradstepError if there is no such checkpoint, or if it is damaged.
    """
    path = Path(what)
    if what and path.is_file():
        folder = path.resolve().parent
        own = folder.parent == find_runs_folder().resolve()
        return SavedRun(folder) if own else name_new_run(path.stem), read_checkpoint(path)
    runs = find_saved_runs()
    if not runs:
        raise GradstepError(f"no run is saved in {find_runs_folder()}")
    named = [run for run in runs if what in ("", run.name, str(run.folder))]
    if not named:
        raise GradstepError(f"there is no saved run {what}; gradstep resume --list shows the saved runs")
    return named[0], named[0].newest()


def find_runs_folder() -> Path:
    """Return the folder in which the user's runs are saved."""
    return user_state_path("gradstep") / "runs"


def _read_time(path: Path) -> tuple[int, str]:
    """Return when a file was changed, and its name for files of the same time."""
    try:
        return path.stat().st_mtime_ns, path.name
    except OSError:
        return 0, path.name  # another gradstep removed it just now


def _is_whole(path: Path) -> bool:
    try:
        read_checkpoint(path)
    except GradstepError:
        return False
    return True
