"""Whether this user has opened a walkthrough before: a file in the state folder says so."""

from contextlib import suppress
from pathlib import Path

from gradstep.data.saved_runs import NO_HOME, find_runs_folder

MARKER = "walk-opened"


def was_walk_opened() -> bool:
    """Whether a walkthrough was opened before, as far as the state folder can be read."""
    try:
        return _find_marker().exists()
    except OSError:
        return False


def note_walk_opened() -> None:
    """Note that a walkthrough was opened. Where nothing can be written, nothing is noted."""
    marker = _find_marker()
    if NO_HOME not in marker.parents:
        with suppress(OSError):
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()


def _find_marker() -> Path:
    return find_runs_folder().parent / MARKER
