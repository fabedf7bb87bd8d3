"""Checks of the file for the summary, before the training."""

import os
from contextlib import suppress
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import follow_links, is_stream


def check_summary_file(path: Path | None) -> None:
    """Raise GradstepError before the training if the summary could not be written after it."""
    if path is None:
        return
    try:
        target = follow_links(path).absolute()
        with suppress(FileNotFoundError):
            os.stat(target)
    except OSError as error:
        raise GradstepError(f"--summary {path}: {error.strerror}") from None
    folder = target.parent
    if os.path.isdir(target):
        raise GradstepError(f"--summary {path}: is a folder; must be a file")
    if not os.path.isdir(folder):
        raise GradstepError(f"--summary {path}: there is no folder {folder}")
    if is_stream(target):
        if not os.path.exists(target):
            raise GradstepError(f"--summary {path}: there is no such device or open file")
    elif not os.access(folder, os.W_OK | os.X_OK):
        raise GradstepError(f"--summary {path}: the folder {folder} cannot be written to")
