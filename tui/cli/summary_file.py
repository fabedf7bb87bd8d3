"""Checks of the files that are written after a training, before it."""

import os
from contextlib import suppress
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import follow_links, is_stream


def check_summary_file(path: Path | None) -> None:
    """Raise GradstepError before the training if the summary could not be written after it."""
    check_output_file("--summary", path)


def check_output_file(option: str, path: Path | None) -> None:
    """Raise GradstepError, with the option that names the file, if it could not be written."""
    if path is None:
        return
    try:
        target = follow_links(path).absolute()
        with suppress(FileNotFoundError):
            os.stat(target)
    except OSError as error:
        raise GradstepError(f"{option} {path}: {error.strerror}") from None
    folder = target.parent
    if os.path.isdir(target):
        raise GradstepError(f"{option} {path}: is a folder; must be a file")
    if not os.path.isdir(folder):
        raise GradstepError(f"{option} {path}: there is no folder {folder}")
    if is_stream(target):
        if not os.path.exists(target):
            raise GradstepError(f"{option} {path}: there is no such device or open file")
    elif not os.access(folder, os.W_OK | os.X_OK):
        raise GradstepError(f"{option} {path}: the folder {folder} cannot be written to")
