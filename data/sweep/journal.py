"""The results of a sweep that are known already, in a file that outlives the program."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from gradstep.data.atomic_write import WriteError
from gradstep.data.saved_runs import find_runs_folder
from gradstep.data.sweep.train_group import RunResult


class Journal:
    """Keeps each result as a line of JSON, written to the disk when its group is done.

    A line that a kill has cut off is not read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[int, RunResult]:
        """Return the results by the index of their run; none if there is no such file."""
        results: dict[int, RunResult] = {}
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return results
        for line in lines:
            try:
                result = RunResult(**json.loads(line))
            except (ValueError, TypeError):
                continue
            results[result.index] = result
        return results

    def add(self, results: Iterable[RunResult]) -> None:
        """Append results, and flush them to the disk. Raises WriteError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(self.path, "a+b") as file:
                if file.tell() and not _ends_line(self.path):
                    # a kill has cut off the last line
                    file.write(b"\n")
                for result in results:
                    file.write(json.dumps(asdict(result)).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise WriteError(self.path, error) from None


def _ends_line(path: Path) -> bool:
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def find_journal(digest: str) -> Journal:
    """Return the journal of the sweep with this digest, in the state folder."""
    return Journal(find_runs_folder().with_name("sweeps") / f"{digest}.jsonl")
