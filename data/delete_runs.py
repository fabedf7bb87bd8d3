"""Deletes saved runs: their checkpoints, and nothing that gradstep did not write."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import UNFINISHED
from gradstep.data.find_run import find_run_folder
from gradstep.data.run_lock import LOCK_NAME, RunLock
from gradstep.data.saved_runs import CHECKPOINT_PATTERN, list_folder, remove_empty_folder


def find_run_folders(names: Sequence[str]) -> list[Path]:
    """Return the folders of the saved runs that are named, each once, as `find_run_folder` does.

    Raises GradstepError for a name that no run has, or with which several begin.
    """
    found: dict[Path, None] = {}
    for name in names:
        if (run := find_run_folder(name)) is None:
            raise GradstepError(f"there is no saved run {name}; gradstep runs lists the saved runs")
        found[run] = None
    return list(found)


def delete_runs(folders: Sequence[Path]) -> list[str]:
    """Delete the checkpoints in these folders, and the folders if nothing else is in them; of a link, only the link.

    Returns a line for each folder that stays. Raises RunIsOpen, with nothing deleted, if a program has one of them
    open, and GradstepError if one cannot be written to.
    """
    locks = {folder: _lock(folder) for folder in folders if not folder.is_symlink()}
    try:
        return [line for folder in folders if (line := _delete(folder))]
    finally:
        for lock in locks.values():
            lock.release()


def _lock(folder: Path) -> RunLock:
    try:
        return RunLock(folder)
    except OSError as error:
        raise GradstepError(f"{folder} cannot be deleted: {error.strerror}") from None


def _delete(folder: Path) -> str:
    """Delete one run, which is locked; return why its folder stays, empty if it is gone."""
    try:
        if folder.is_symlink():
            folder.unlink()
            return ""
        for path in list_folder(folder):
            if path.match(CHECKPOINT_PATTERN) or path.match(f".*{UNFINISHED}"):
                path.unlink()
    except OSError as error:
        return f"{folder.name}: {error.filename} cannot be deleted: {error.strerror}"
    if remove_empty_folder(folder):
        return ""
    others = [path.name for path in list_folder(folder) if path.name != LOCK_NAME]
    with suppress(OSError):
        (folder / LOCK_NAME).unlink()
    held = ", ".join(sorted(others)) or "something"
    return f"{folder.name}: kept, it also holds {held}, which gradstep did not write"
