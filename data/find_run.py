"""Finds the saved run that a command names: by its name, by the beginning of it, or by a path."""

import os
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.checkpoint import Checkpoint, read_checkpoint
from gradstep.data.saved_runs import (
    SavedRun,
    check_runs_can_be_read,
    find_runs_folder,
    find_saved_runs,
    list_folder,
    list_run_folders,
    name_new_run,
)

MOST_NAMED = 5
"""Runs that are named in an error."""


def find_checkpoint(what: str) -> tuple[SavedRun, Checkpoint]:
    """Read the checkpoint at this path, or the newest of the run that is named, or of all runs for an empty name.

    Returns it with the run that it is saved to from now on: its own, or a new one for a file from elsewhere. Raises
    GradstepError if there is no such checkpoint, or if it is damaged.
    """
    path = Path(what)
    if what and os.path.isfile(path):
        folder = path.resolve().parent
        own = folder.parent == find_runs_folder().resolve()
        return SavedRun(folder) if own else name_new_run(path.stem), read_checkpoint(path)
    check_runs_can_be_read()
    # of a run that is named, the others need not be read
    named = find_run_folder(what) if what else None
    if named is not None and SavedRun(named).checkpoints():
        return SavedRun(named), SavedRun(named).newest()
    if not (runs := find_saved_runs()):
        raise GradstepError(f"no run is saved in {find_runs_folder()}")
    if what:
        raise GradstepError(f"there is no saved run {what}; gradstep runs lists the saved runs")
    return runs[0], runs[0].newest()


def is_saved_run(what: str) -> bool:
    """Whether this names a saved run; raises GradstepError if it is how several begin."""
    return find_run_folder(what) is not None


def find_run_folder(what: str) -> Path | None:
    """Return the folder of the run with this name or path, or of the only one whose name begins so; None without one.

    Raises GradstepError, with their names, if several begin so.
    """
    folders = list_run_folders()
    for folder in folders:
        if what == folder.name or (os.path.isdir(what) and os.path.samefile(what, folder)):
            return folder
    begun = [folder for folder in folders if what and folder.name.startswith(what) and _holds_something(folder)]
    if len(begun) > 1:
        names = sorted((folder.name for folder in begun), reverse=True)
        listed = ", ".join(names[:MOST_NAMED])
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        raise GradstepError(f"{len(names)} saved runs begin with {what}: {listed}{more}; give more of the name")
    return begun[0] if begun else None


def _holds_something(folder: Path) -> bool:
    """Whether anything is saved in a folder, and not only the lock of a program that has just begun."""
    return any(not path.name.startswith(".") for path in list_folder(folder))
