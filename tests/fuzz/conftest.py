"""Fixtures of the fuzz: how many cases there are, and the process that runs them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import monotonic

import pytest

from tests.fuzz import fork_server

CASES = 30
"""Cases of each kind without `--fuzz-seconds`."""

STATUSES = (0, 2, 3, 4)
"""Done, bad input, diverged, and no better than a constant guess."""

MOST_LINES = 30
"""Lines of a report on a file."""

LONGEST_LINE = 600
"""Characters of an error: with the longest word of the mutator, quoted in it twice, it is no longer."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit status, its standard error, the seconds and the memory that it took."""

    status: int
    errors: str
    seconds: float
    megabytes: float

    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        faults = []
        if self.status not in STATUSES:
            faults.append(f"ended with status {self.status}")
        lines = self.errors.splitlines()
        # a file that cannot be learnt gets a line for each problem; a command that succeeds may say several things
        belongs = ("  ", "gradstep: ") if self.status == 0 else "  "
        if len(lines) > MOST_LINES or not all(line.startswith(belongs) for line in lines[1:]):
            faults.append("more than an error and what belongs to it on standard error")
        if any(len(line) > LONGEST_LINE for line in lines):
            faults.append("a long line on standard error")
        if "Traceback" in self.errors or "Warning" in self.errors:
            faults.append("a traceback or a warning")
        if self.status == 2 and not self.errors.startswith("gradstep: "):
            faults.append("bad input without a word")
        if self.megabytes > fork_server.MEMORY >> 20:
            faults.append(f"{self.megabytes:.0f} MB of memory")
        if self.seconds > fork_server.SECONDS:
            faults.append(f"{self.seconds:.1f} s")
        return faults


class Commands:
    """Runs commands of gradstep, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "XDG_STATE_HOME": str(folder / "state")}
        environment |= {"XDG_CONFIG_HOME": str(folder / "config")}
        self._server = subprocess.Popen(
            [sys.executable, "-X", "utf8", fork_server.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, *arguments: str) -> Outcome:
        """Run one command in the folder."""
        assert self._server.stdin and self._server.stdout
        print(json.dumps({"arguments": arguments, "folder": str(self.folder)}), file=self._server.stdin, flush=True)
        return Outcome(**json.loads(self._server.stdout.readline()))

    def end(self) -> None:
        """End the process."""
        self._server.communicate()


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    """Commands that run in the test's folder."""
    running = Commands(tmp_path)
    yield running
    running.end()


@pytest.fixture
def seeds(request: pytest.FixtureRequest) -> Iterator[int]:
    """The seeds of the cases: that of `--fuzz-seed`, CASES of them, or as many as fit into `--fuzz-seconds`."""
    seed, seconds = request.config.getoption("--fuzz-seed"), request.config.getoption("--fuzz-seconds")
    if seed is not None and seconds is None:
        return iter([seed])
    if seconds is None:
        return iter(range(CASES))
    return _count_until(monotonic() + seconds, seed or 0)


def _count_until(end: float, seed: int) -> Iterator[int]:
    for each in count(seed):
        if monotonic() > end:
            return
        yield each
