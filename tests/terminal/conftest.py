"""Fixtures: every test has its own state folder, and fails if it leaves a process behind."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gradstep.data.course.progress import Progress, note_progress
from tests.terminal.saved import find_processes


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The state folder of somebody who has begun the course.

    At the first start it is offered, for 15 seconds on the line of the keys, for which many tests would wait.
    """
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    note_progress("first", Progress())
    yield folder
    for process in find_processes(folder):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
