"""The saved runs of a person: a folder for each run, and in it the last few checkpoints."""

import re
import shutil
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from platformdirs import user_state_path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import CannotBeWritten
from gradstep.data.checkpoint import Checkpoint, decode_checkpoint, encode_checkpoint, read_about

CHECKPOINTS_KEPT = 3
RUNS_KEPT = 20


class Saves:
    """The checkpoints of one run, in a folder of its own, which is made with the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """What `gradstep resume` calls the run."""
        return self.folder.name

    def write(self, checkpoint: Checkpoint) -> Path:
        """Save a checkpoint, and remove what is beyond the last few; returns its path.

        Raises CannotBeWritten; the older checkpoints are then as they were.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotBeWritten(self.folder, error) from None
        path = self.folder / f"step-{checkpoint.state.values['step']:012}.safetensors"
        encode_checkpoint(path, checkpoint)
        for old in self.checkpoints()[CHECKPOINTS_KEPT:]:
            old.unlink(missing_ok=True)
        for run in saved_runs()[RUNS_KEPT:]:
            shutil.rmtree(run.folder, ignore_errors=True)
        return path

    def checkpoints(self) -> list[Path]:
        """The checkpoints, newest first: by the clock, for a run can go back and be saved at an earlier step."""
        return sorted(self.folder.glob("step-*.safetensors"), key=_changed, reverse=True)

    def described(self) -> str:
        """The run in one line: its name, how far it has come, and when it was saved; or why it cannot be read."""
        try:
            about = read_about(self.checkpoints()[0])
        except GradstepError as error:
            return f"{self.name:<40} {error}"
        saved = about.saved.astimezone()
        return f"{self.name:<40} step {about.step:>9,}   epoch {about.epoch:>6,}   saved {saved:%Y-%m-%d %H:%M}"

    def newest(self) -> Checkpoint:
        """Read the newest checkpoint; if it is not whole, the error names the newest one that is."""
        newest, *older = self.checkpoints()
        try:
            return decode_checkpoint(newest)
        except GradstepError as error:
            whole = next((path for path in older if _is_whole(path)), None)
            offer = f"the one before it is whole: gradstep resume {whole}" if whole else "no older one is whole"
            raise GradstepError(f"{error}; {offer}") from None


def new_saves(data: str) -> Saves:
    """Name a run after this moment and what it learns; nothing is made yet."""
    stem = f"{datetime.now():%Y-%m-%d-%H%M%S}-{re.sub('[^A-Za-z0-9_]+', '-', data)[:40]}"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return Saves(next(folder for name in names if not (folder := runs_folder() / name).exists()))


def saved_runs() -> list[Saves]:
    """The runs that have a checkpoint, newest first."""
    runs = [(checkpoints[0], run) for run in map(Saves, runs_folder().glob("*")) if (checkpoints := run.checkpoints())]
    return [run for _, run in sorted(runs, key=lambda pair: _changed(pair[0]), reverse=True)]


def find_checkpoint(what: str) -> tuple[Saves, Checkpoint]:
    """Read the checkpoint of this path, or the newest of the run of this name, or of all runs for an empty name.

    Returns it with where the run is saved from now on: in its own folder, or in a new one for a file from elsewhere.
    Raises GradstepError if there is none, or if it is not whole.
    """
    path = Path(what)
    if what and path.is_file():
        folder = path.resolve().parent
        own = folder.parent == runs_folder().resolve()
        return Saves(folder) if own else new_saves(path.stem), decode_checkpoint(path)
    runs = saved_runs()
    if not runs:
        raise GradstepError(f"no run is saved in {runs_folder()}")
    named = [run for run in runs if what in ("", run.name, str(run.folder))]
    if not named:
        raise GradstepError(f"there is no saved run {what}; gradstep resume --list shows the saved runs")
    return named[0], named[0].newest()


def runs_folder() -> Path:
    """Where the runs of this person are saved."""
    return user_state_path("gradstep") / "runs"


def _changed(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except OSError:
        return 0, path.name  # another gradstep has just removed it


def _is_whole(path: Path) -> bool:
    try:
        decode_checkpoint(path)
    except GradstepError:
        return False
    return True
