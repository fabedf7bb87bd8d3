"""Saved runs side by side: their histories, and the settings in which they differ."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.core.training.history import LossCurve
from gradstep.core.training.score_table import WatchedScores
from gradstep.data.checkpoint import read_checkpoint
from gradstep.data.experiment import PATHS, Experiment, to_tables
from gradstep.data.name_list import write_names
from gradstep.data.run_list import ListedRun
from gradstep.data.saved_history import read_history
from gradstep.data.toml_value import to_toml_value

UNSET = "–"
"""Stands for a field that a run does not have."""

LONGEST_VALUE = 40
"""Characters of the longest value; a longer one, such as rows of data, is not written."""


@dataclass(frozen=True, slots=True, eq=False)
class ComparedRun:
    """A saved run with its history: the loss of its batches, and its scores on the part that is watched."""

    listed: ListedRun
    experiment: Experiment
    curve: LossCurve
    scores: WatchedScores

    @property
    def name(self) -> str:
        """The name of the saved run."""
        return self.listed.name


def read_compared_run(listed: ListedRun) -> ComparedRun:
    """Read the history of a run from its newest checkpoint; raises GradstepError."""
    if listed.checkpoint is None or listed.experiment is None:
        raise GradstepError(f"{listed.name}: {listed.problem}")
    history = read_history(read_checkpoint(listed.checkpoint))
    return ComparedRun(listed, listed.experiment, history.loss_curve(), history.watched_scores())


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting in which runs differ: its name in the experiment file, and its value in each run."""

    field: str
    values: tuple[str, ...]


def list_differences(experiments: Sequence[Experiment]) -> list[Difference]:
    """Return the settings that are not the same in all experiments, in the order of the experiment file.

    Two ways to the same file are the same.
    """
    tables = [to_tables(experiment) for experiment in experiments]
    fields = dict.fromkeys(
        (table, field) for each in tables for table in ("data", "network", "training") for field in each.get(table, {})
    )
    found = []
    for table, field in fields:
        values = [each.get(table, {}).get(field) for each in tables]
        if (table, field) in PATHS:
            values = _name_files(values)
        if any(value != values[0] for value in values):
            found.append(Difference(f"{table}.{field}", tuple(map(_write_value, values))))
    order = {"data": 0, "network": 1, "training": 2}
    return sorted(found, key=lambda difference: order[difference.field.partition(".")[0]])


def _name_files(paths: Sequence[str | None]) -> list[str | None]:
    """Return the names of these files, with as many folders before them as tell different files apart."""
    # a damaged path, with a zero in it, leads nowhere
    resolved = [None if path is None else Path(path if "\0" in path else os.path.realpath(path)) for path in paths]
    files = {path for path in resolved if path is not None}
    most = max((len(path.parts) for path in files), default=1)
    count = next((n for n in range(1, most) if len({path.parts[-n:] for path in files}) == len(files)), most)
    return [None if path is None else os.path.join(*path.parts[-count:]) for path in resolved]


def _write_value(value: object) -> str:
    if value is None:
        return UNSET
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        text = write_names(value)
    else:
        text = value if isinstance(value, str) else to_toml_value(value)
    if len(text) <= LONGEST_VALUE:
        return text
    # the end of a path says more than its beginning
    return f"…{text[-LONGEST_VALUE + 1 :]}" if isinstance(value, str) else "other"
