"""What a checkpoint says about its run beside the experiment: for the list of runs, and to find the data again."""

import json
import math
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from gradstep.core.training.parts import PartName
from gradstep.core.training.trainer_state import is_count
from gradstep.data.run_score import RunScore


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Facts of a run at a checkpoint. A checkpoint without them has none: zeros and nothing.

    `sizes` are the numbers of neurons of all layers, the inputs first. `rows` is the number of rows of the data,
    `last_line` the line of their file that the last of them ends on, 0 if it has no lines, and
    `data_from_folder` the way to their file from the checkpoint's folder, so that it is found when both were moved.
    `diverged` says that the update after the checkpoint was tried, and diverged. `changed_at` is the first step after
    which the training options were others; 0 if they never were.
    """

    sizes: tuple[int, ...] = ()
    rows: int = 0
    last_line: int = 0
    data_from_folder: str = ""
    score: RunScore | None = None
    diverged: bool = False
    changed_at: int = 0

    def to_json(self) -> str:
        """Return the facts as JSON text."""
        return json.dumps(asdict(self))


NO_FACTS = RunFacts()
"""The facts of a checkpoint that has none."""


def find_relative_path(data: str, folder: Path) -> str:
    """Return the relative path from a folder to the file with the data; both may be moved together."""
    return os.path.relpath(os.path.abspath(data), os.path.abspath(folder))


def read_facts(text: str) -> RunFacts:
    """Read what `to_json` wrote; anything else is no facts."""
    try:
        given = json.loads(text)
        if not isinstance(given, dict):
            return NO_FACTS
        counts = _read_count(given, "rows"), _read_count(given, "last_line")
        return RunFacts(
            _read_sizes(given),
            *counts,
            _read_relative_path(given),
            _read_score(given),
            given.get("diverged") is True,
            _read_count(given, "changed_at"),
        )
    except (KeyError, TypeError, ValueError, RecursionError, OverflowError):
        return NO_FACTS


def _read_sizes(given: dict[str, Any]) -> tuple[int, ...]:
    sizes = tuple(given["sizes"])
    if not all(map(is_count, sizes)):
        raise ValueError
    return sizes


def _read_count(given: dict[str, Any], name: str) -> int:
    count = given.get(name, 0)
    if not is_count(count):
        raise ValueError
    return int(count)


def _read_relative_path(given: dict[str, Any]) -> str:
    path = given["data_from_folder"]
    if not isinstance(path, str) or "\0" in path:
        raise ValueError
    return path


def _read_score(given: dict[str, Any]) -> RunScore | None:
    if given["score"] is None:
        return None
    score = RunScore(**given["score"])
    known = score.part in get_args(PartName) and score.measure in ("accuracy", "loss")
    numbers = math.isfinite(float(score.best)) and math.isfinite(float(score.last))
    if not known or not numbers or not is_count(score.best_step) or not is_count(score.last_step):
        raise ValueError
    return score
