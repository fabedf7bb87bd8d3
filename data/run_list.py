"""The list of the saved runs, read from the heads of their checkpoints alone."""

import json
import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.checkpoint import CheckpointSummary, read_checkpoint_summary, read_metadata
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.data.parse_toml import parse_toml
from gradstep.data.run_facts import NO_FACTS, RunFacts, read_facts
from gradstep.data.run_lock import LOCK_NAME, find_process
from gradstep.data.saved_runs import NEVER, SavedRun, find_runs_folder, find_time_saved, list_folder


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A saved run as the list shows it, at its newest checkpoint.

    `problem` says why nothing more is known of it; it is empty for a run that can be read. `process` is the number of
    the process that has the run open, empty if that is unknown, and None if none has. `bytes` is the room that its
    files take.
    """

    folder: Path
    bytes: int
    process: str | None = None
    problem: str = ""
    checkpoint: Path | None = None
    saved: datetime = NEVER
    step: int = 0
    epoch: int = 0
    seconds: float = 0.0
    learning_rate: float = 0.0
    experiment: Experiment | None = None
    facts: RunFacts = NO_FACTS

    @property
    def name(self) -> str:
        """The name by which `gradstep resume` finds the run."""
        return self.folder.name

    @property
    def is_open(self) -> bool:
        """Whether a program has the run open."""
        return self.process is not None


def list_runs(report: Callable[[int, int], None] = lambda done, of: None) -> list[ListedRun]:
    """Return all entries of the folder of the saved runs, the one saved last first, and what is no run at the end.

    `report` is called with how many of how many are read. A folder in which nothing is saved yet is left out.
    """
    entries = list_folder(find_runs_folder())
    runs = []
    for done, entry in enumerate(entries, 1):
        if (run := list_run(entry)) is not None:
            runs.append(run)
        report(done, len(entries))
    return sorted(runs, key=lambda run: (run.saved, run.name), reverse=True)


def list_run(folder: Path) -> ListedRun | None:
    """Return this entry of the folder of the saved runs; None for a folder in which nothing is saved yet."""
    if not os.path.isdir(folder):
        return ListedRun(folder, _measure_file(folder), problem="no folder of a run")
    files = list_folder(folder)
    checkpoints = SavedRun(folder).checkpoints()
    if not checkpoints and all(path.name.startswith(".") for path in files):
        return None
    run = ListedRun(folder, sum(map(_measure_file, files)), find_process(folder), "no checkpoint in it")
    if not checkpoints:
        return replace(run, problem=f"holds {next(p.name for p in files if p.name != LOCK_NAME)}, and no checkpoint")
    try:
        return _read_run(run, checkpoints[0])
    except GradstepError as error:
        return replace(
            run,
            problem=str(error).replace(f"{checkpoints[0]}", checkpoints[0].name),
            saved=find_time_saved(checkpoints),
        )


def _read_run(run: ListedRun, checkpoint: Path) -> ListedRun:
    """Return the run with what the head of its newest checkpoint says; raises GradstepError."""
    summary, metadata = read_checkpoint_summary(checkpoint), read_metadata(checkpoint)
    try:
        experiment = make_experiment(parse_toml(metadata["experiment"], "its experiment"))
        seconds, rate = float(metadata["seconds"]), float(json.loads(metadata["values"])["learning_rate"])
        if not (math.isfinite(seconds) and math.isfinite(rate)):
            raise ValueError
    except GradstepError:
        raise
    except (KeyError, TypeError, ValueError, RecursionError, OverflowError):
        raise GradstepError(f"{checkpoint} is damaged: its head is not what was saved") from None
    return _fill_in(run, checkpoint, summary, seconds, rate, experiment, read_facts(metadata.get("facts", "")))


def _fill_in(
    run: ListedRun,
    checkpoint: Path,
    summary: CheckpointSummary,
    seconds: float,
    rate: float,
    experiment: Experiment,
    facts: RunFacts,
) -> ListedRun:
    return replace(
        run,
        problem="",
        checkpoint=checkpoint,
        saved=summary.saved,
        step=summary.step,
        epoch=summary.epoch,
        seconds=seconds,
        learning_rate=rate,
        experiment=experiment,
        facts=facts,
    )


def _measure_file(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def name_data(experiment: Experiment) -> str:
    """Return what the data of an experiment are called: a built-in set, the name of a file, or "rows"."""
    data = experiment.data
    return data.name or ("rows" if data.path is None else Path(data.path).name)


def measure_room(runs: Iterable[ListedRun]) -> int:
    """Return the bytes that the files of these runs take."""
    return sum(run.bytes for run in runs)
