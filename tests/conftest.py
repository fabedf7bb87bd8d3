"""Settings that all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

# no test is timed: a slow machine must not fail one
settings.register_profile("gradstep", settings(), deadline=None)
settings.load_profile("gradstep")


@pytest.fixture(autouse=True)
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for the runs that a test saves."""
    home = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    return home
