"""Fixtures: every test has its own state folder, and fails if it leaves a process behind."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.terminal.saved import find_processes


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The state folder of the program, empty at first."""
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    yield folder
    for process in find_processes(folder):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
