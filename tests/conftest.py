"""Settings that all tests share."""

import gc
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

# each program that a test starts would compile all modules anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# several threads of numpy's would take the processors from other tests, often only to wait for each other; programs
# that tests start have as many as a user's
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy  # noqa: F401

del os.environ["OPENBLAS_NUM_THREADS"]

import pytest
from hypothesis import settings

from gradstep.data.dataset import Dataset
from gradstep.data.registry import MEASURED
from gradstep.tui.drawing.spelling import spell_signs
from gradstep.tui.garbage_collection import GarbageCollector
from gradstep.tui.keymap import choose_keys

CHECK, FREEZE, UNFREEZE = GarbageCollector.check, GarbageCollector.freeze, GarbageCollector.unfreeze

# no test is timed, and none tries other examples each time: neither a slow machine nor chance must fail one
settings.register_profile("gradstep", settings(), deadline=None, derandomize=True)
settings.register_profile("fuzz", settings(), deadline=None)
settings.load_profile("gradstep")


def pytest_configure(config: pytest.Config) -> None:
    """With `--fuzz-seconds`, let Hypothesis draw other examples each time."""
    if config.getoption("--fuzz-seconds"):
        settings.load_profile("fuzz")


def pytest_collection_finish() -> None:
    """Leave out the modules and the thousands of tests from garbage collections, and make these less often.

    Each app would make a full one after each screen, of all that the tests before it have left, freeze that, and at its
    end unfreeze what is frozen here.
    """
    GarbageCollector.check = lambda self, other_screens: None  # type: ignore[method-assign]
    GarbageCollector.freeze = GarbageCollector.unfreeze = lambda self: None  # type: ignore[assignment, method-assign]
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, *gc.get_threshold()[1:])


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fuzz", "fuzz (tests/fuzz)")
    group.addoption("--fuzz-seconds", type=float, metavar="S", help="try each kind of input for so many seconds")
    group.addoption(
        "--fuzz-seed", type=int, metavar="N", help="the seed of the first case; without seconds, of the only one"
    )


def read_once(read: Callable[[], Dataset]) -> Callable[[], Dataset]:
    """Read a set from its file for the first test that asks, and give the same one, write-protected, to all others."""

    @cache
    def protected() -> Dataset:
        dataset = read()
        for array in (dataset.inputs, dataset.labels, dataset.targets):
            if array is not None:
                array.flags.writeable = False
        return dataset

    return protected


# to read the digits takes longer than most tests
MEASURED.update({name: read_once(read) for name, read in MEASURED.items()})


@pytest.fixture(autouse=True)
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for the runs that a test saves, and no configuration but its own."""
    home = tmp_path / "state"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def signs_in_words() -> Iterator[None]:
    """No test leaves signs and arrow keys in words to the next one, as the options of an ASCII terminal do."""
    yield
    choose_keys({})
    spell_signs(False)
