"""Every test saves its runs in a folder of its own, and leaves no process behind."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.terminal.saved import find_processes


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that stands for the person's state folder; empty at first."""
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    yield folder
    for process in find_processes(folder):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
