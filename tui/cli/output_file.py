"""Checks of the files that a command writes at its end, before it begins."""

import json
import os
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from errno import EACCES, ENOENT, EPERM
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.atomic_write import follow_links, holds_anything, is_stream, try_to_write_beside

LARGEST_SUMMARY = 1 << 24
"""Bytes; a larger file is no summary."""

FIGURES = {"steps", "epochs", "seconds", "train_loss", "parameters", "stopped"}
"""Some of the figures of every summary."""


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
        _check_stream(option, path, target)
        return
    try:
        try_to_write_beside(target)
    except OSError as error:
        # what a system folder such as /proc says, that there is no such file, would not help
        why = "" if error.errno in (EACCES, EPERM, ENOENT) else f": {error.strerror}"
        raise GradstepError(f"{option} {path}: the folder {folder} cannot be written to{why}") from None


def check_new_file(option: str, path: Path | None, overwrite: bool) -> None:
    """Raise GradstepError if a file that is written over none, unless with `overwrite`, could not be written."""
    check_output_file(option, path)
    if path is not None and not overwrite and os.path.lexists(path) and not is_stream(follow_links(path)):
        raise GradstepError(f"{path} exists; --overwrite writes over it, or name another file")


def check_earlier_summary(path: Path | None) -> None:
    """Raise GradstepError if the file of --summary exists, and is no summary of an earlier run."""
    if path is not None and holds_anything(path) and not _is_summary(path):
        raise GradstepError(f"--summary {path}: exists already, and is no summary of a run; name another")


def _is_summary(path: Path) -> bool:
    try:
        if path.stat().st_size > LARGEST_SUMMARY:
            return False
        figures = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(figures, dict) and figures.keys() >= FIGURES


def check_nothing_is_overwritten(outputs: Mapping[str, Path | None], inputs: Sequence[str | None]) -> None:
    """Raise GradstepError if a file that is written is one that is read, or is written twice."""
    known = {os.path.realpath(path): "is read" for path in inputs if path}
    for option, path in outputs.items():
        if path is None or is_stream(path):
            continue
        if (place := os.path.realpath(path)) in known:
            raise GradstepError(f"{option} {path}: this file {known[place]}; name another one")
        known[place] = f"is that of {option}"


def _check_stream(option: str, path: Path, target: Path) -> None:
    """Raise GradstepError for a pipe, a device or an open file that is not there, or that nobody can write to."""
    if not os.path.exists(target):
        raise GradstepError(f"{option} {path}: there is no such device or open file")
    if stat.S_ISSOCK(os.stat(target).st_mode) or not os.access(target, os.W_OK):
        raise GradstepError(f"{option} {path}: cannot be written to")
