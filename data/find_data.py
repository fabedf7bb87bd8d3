"""Finds the data of a saved run again, where they were moved or where rows were added to them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.experiment import Experiment
from gradstep.data.file_options import FirstRows
from gradstep.data.run import START, Run

CHANGED = "the data have changed since the run was saved"
NEW_RUN = "a new run (gradstep train) learns them from the start"


class DataError(GradstepError):
    """The file of a saved run is not found, or it does not hold the data that the run learnt.

    `problem` says so, without what an option would help, and `path` is the file.
    """

    def __init__(self, path: str, problem: str, advice: str = "") -> None:
        super().__init__(f"{path}: {problem}{advice}")
        self.path, self.problem = path, f"{path}: {problem}"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why the data at a path are not those of the run."""

    path: Path
    reason: str


def assemble_on_its_data(checkpoint: Checkpoint, data: str | None = None) -> Run:
    """Assemble the experiment of a checkpoint on the data that it was saved with, with notes on what was found out.

    `data` is the path of their file now. Without it the file is looked for where it was, where it would be if it had
    been moved together with the checkpoint, beside the checkpoint, and in the current folder. Rows that were added at
    the end are left out. Raises DataError if the data are not found, or have changed, and GradstepError for a path
    that is given for a run without a file.
    """
    before = checkpoint.experiment.data.path
    if before is None:
        if data is not None:
            raise GradstepError(f"--data {data}: the run did not learn from a file, but {_name(checkpoint.experiment)}")
        return _check_built_in(checkpoint)
    wanted = [Path(before)] if data is None else [Path(data)]
    mismatches: list[Mismatch] = []
    for path in wanted if data is not None else _list_places(checkpoint, before):
        found = _try_file(checkpoint, path)
        if isinstance(found, Run):
            moved = os.path.abspath(path) != os.path.abspath(before)
            return replace(found, notes=((f"the data are now {path}",) if moved else ()) + found.notes)
        mismatches.append(found)
    if not mismatches:
        nowhere = "no such file, and none of its name beside the checkpoint or in the current folder"
        raise DataError(before, nowhere, "; --data PATH says where the data are now")
    raise DataError(str(mismatches[0].path), mismatches[0].reason)


def _name(experiment: Experiment) -> str:
    return f"the built-in set {experiment.data.name}" if experiment.data.name else "the rows in its experiment"


def _check_built_in(checkpoint: Checkpoint) -> Run:
    run = assemble(checkpoint.experiment, checkpoint.state.arrays.get(START))
    check_data_are_the_same(run, checkpoint)
    return run


def check_data_are_the_same(run: Run, checkpoint: Checkpoint) -> None:
    """Raise GradstepError if the data of a run are not those that the checkpoint was trained on."""
    if run.fingerprint != checkpoint.data_fingerprint:
        raise GradstepError(f"{run.experiment.data.path or run.dataset.name}: {CHANGED}; {NEW_RUN}")


def _list_places(checkpoint: Checkpoint, before: str) -> Iterator[Path]:
    """Yield where the file may be and something is: each place once."""
    places = [Path(before)]
    if checkpoint.folder is not None:
        if checkpoint.facts.data_from_folder:
            places.append(checkpoint.folder / checkpoint.facts.data_from_folder)
        places.append(checkpoint.folder / Path(before).name)
    places.append(Path(Path(before).name))
    seen = set()
    for place in places:
        if (whole := os.path.abspath(place)) not in seen and os.path.exists(whole):
            seen.add(whole)
            yield Path(whole)


def _try_file(checkpoint: Checkpoint, path: Path) -> Run | Mismatch:
    """Return the run on the data at this path, or on their first rows; or why they are not those of the run."""
    data = checkpoint.experiment.data.model_copy(update={"path": str(path)})
    experiment = checkpoint.experiment.model_copy(update={"data": data})
    try:
        run = assemble(experiment, checkpoint.state.arrays.get(START))
    except GradstepError as error:
        # what was added to the file may be what cannot be read
        if (begun := _try_first_rows(checkpoint, experiment)) is not None:
            note = f"the rows after row {checkpoint.facts.rows:,} of {path} are left out: {error}"
            return replace(begun, notes=(note,))
        if str(error).startswith(f"{path}: "):
            return Mismatch(path, str(error).removeprefix(f"{path}: "))
        return Mismatch(path, f"{CHANGED}: {error}; {NEW_RUN}")
    if run.fingerprint == checkpoint.data_fingerprint:
        return run
    more = len(run.dataset.inputs) - checkpoint.facts.rows
    if more > 0 and (begun := _try_first_rows(checkpoint, experiment)) is not None:
        added = "1 row was added to" if more == 1 else f"{more:,} rows were added to"
        note = f"{added} {path} since the run was saved; it goes on with the first {checkpoint.facts.rows:,}"
        return replace(begun, notes=(note,))
    return Mismatch(path, f"{CHANGED}: {_describe_difference(run, checkpoint)}; {NEW_RUN}")


def _try_first_rows(checkpoint: Checkpoint, experiment: Experiment) -> Run | None:
    """Return the run on as many rows of the file as it was saved with, if they are the same."""
    if not checkpoint.facts.rows:
        return None
    try:
        first = FirstRows(checkpoint.facts.rows, checkpoint.facts.last_line)
        run = assemble(experiment, checkpoint.state.arrays.get(START), first)
    except GradstepError:
        return None
    return run if run.fingerprint == checkpoint.data_fingerprint else None


def _describe_difference(run: Run, checkpoint: Checkpoint) -> str:
    """Say how the data of a run differ from those of a checkpoint, as far as its facts tell."""
    sizes, rows, present = checkpoint.facts.sizes, checkpoint.facts.rows, len(run.dataset.inputs)
    if not sizes or not rows:
        return "other values"
    if run.network.sizes[0] != sizes[0]:
        return f"{run.network.sizes[0]} inputs instead of {sizes[0]}"
    if run.network.sizes[-1] != sizes[-1]:
        return f"{run.network.sizes[-1]} outputs instead of {sizes[-1]}"
    if present < rows:
        return f"{present:,} rows instead of {rows:,}"
    if present > rows:
        return f"{present:,} rows instead of {rows:,}, and the first {rows:,} are not the same"
    return f"{rows:,} rows as before, but other values"
