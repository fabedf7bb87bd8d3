"""Checkpoints: an experiment and the state of its training in one safetensors file."""

import hashlib
import json
import math
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from gradstep.core.errors import GradstepError
from gradstep.core.training.evaluation import Score
from gradstep.core.training.history import History
from gradstep.core.training.parts import PartName
from gradstep.core.training.trainer_state import BestState, StateError, TrainerState
from gradstep.data.atomic_write import write_atomically_with
from gradstep.data.experiment import Experiment, make_experiment, to_toml
from gradstep.data.formats.file_content import reading_errors
from gradstep.data.parse_toml import parse_toml
from gradstep.data.preprocessing import Preprocessing
from gradstep.data.run_facts import NO_FACTS, RunFacts, find_relative_path, read_facts
from gradstep.data.run_score import has_lost_its_loss, score_history

FORMAT = "gradstep"
VERSION = 1
LONGEST_HEADER = 100_000_000
"""The largest header in bytes that safetensors allows."""

BEST = "best."
"""What the names of the arrays of the best state begin with."""

REVISION = "2"
"""What was added to the version of the format: since 2, a validation part and the best state."""

OF_REVISION_1 = {"validation_fraction": 0.0, "stratify": False}
"""What the fields of [data] that are new in revision 2 were before."""

SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")
"""How the message of a SafetensorError names the error of the system."""

LARGEST_COUNT = 1 << 62
"""More steps than any training makes."""
LONGEST_VERSION = 20
"""How much of the version of another gradstep is shown."""

DAMAGED = "{path} is damaged: its content is not what was saved"
NO_CHECKPOINT = "{path} is not a checkpoint of gradstep, or was cut short"


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A training that can go on.

    `seconds` is how long it was trained, and `data_fingerprint` the SHA-256 of its data. `facts` are what else is known
    of the run, and `folder` is where the checkpoint was read, None for one that was not. `preprocessing` is
    what predictions need beside the network; None in a checkpoint of an earlier gradstep.
    """

    experiment: Experiment
    state: TrainerState
    seconds: float
    data_fingerprint: str
    facts: RunFacts = NO_FACTS
    folder: Path | None = None
    preprocessing: Preprocessing | None = None


@dataclass(frozen=True, slots=True)
class CheckpointSummary:
    """When a checkpoint was saved, and how far the training had come.

    `number` counts the checkpoints of a run, whatever the clock says; 0 for a file without a number.
    """

    saved: datetime
    number: int
    step: int
    epoch: int


def write_checkpoint(path: Path, checkpoint: Checkpoint, number: int = 1) -> None:
    """Write the checkpoint as that of this number; an older file at `path` stays whole until it is on the disk.

    Raises WriteError.
    """
    state = checkpoint.state
    values = state.values
    metadata = {
        "format": FORMAT,
        "version": str(VERSION),
        "revision": REVISION,
        "saved": datetime.now(UTC).isoformat(),
        "number": str(number),
        "step": str(values["step"]),
        "epoch": str(values["epoch"]),
        "seconds": repr(checkpoint.seconds),
        "data": checkpoint.data_fingerprint,
        "experiment": to_toml(checkpoint.experiment),
        "values": json.dumps(values),
        "facts": _complete_facts(checkpoint, path.parent).to_json(),
    }
    arrays = dict(state.arrays)
    if state.best is not None:
        score = state.best.score
        best = {"loss": score.loss, "accuracy": score.accuracy, "values": state.best.state.values}
        metadata["best"] = json.dumps(best)
        arrays |= {f"{BEST}{name}": array for name, array in state.best.state.arrays.items()}
    if checkpoint.preprocessing is not None:
        metadata["preprocessing"] = json.dumps(checkpoint.preprocessing.to_json())
    # safetensors copies memory as it lies, and would write a transposed or strided array wrongly
    arrays = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    metadata["sha256"] = compute_digest(metadata, arrays)
    write_atomically_with(path, lambda temporary: _save_arrays(temporary, arrays, metadata))


def _save_arrays(path: Path, arrays: dict[str, NDArray[Any]], metadata: dict[str, str]) -> None:
    """Write a safetensors file; raises OSError if it cannot be written.

    The library writes it without the interpreter lock: to make its content here first would hold up the screen.
    """
    try:
        save_file(arrays, path, metadata)
    except SafetensorError as error:
        number = SYSTEM_ERROR.search(str(error))
        raise OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(str(error)) from None


def _complete_facts(checkpoint: Checkpoint, folder: Path) -> RunFacts:
    """Return the facts with the relative path from this folder to the data, and the score of the history."""
    history, data = History(), checkpoint.experiment.data.path
    try:
        history.restore(checkpoint.state.arrays_of("history"))
    except StateError:
        return checkpoint.facts
    path = "" if data is None else find_relative_path(data, folder)
    watched: PartName = "validation" if checkpoint.experiment.data.validation_fraction else "test"
    score = score_history(history, watched, checkpoint.state.best)
    diverged = checkpoint.facts.diverged or has_lost_its_loss(history)
    return replace(checkpoint.facts, data_from_folder=path, score=score, diverged=diverged)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises GradstepError if the file is no checkpoint, is damaged, or has another version of the format.
    """
    with _open_checkpoint(path) as (metadata, file):
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    if metadata.pop("sha256", None) != compute_digest(metadata, arrays):
        raise GradstepError(DAMAGED.format(path=path))
    try:
        experiment = _read_experiment(metadata)
        values, seconds = json.loads(metadata["values"]), float(metadata["seconds"])
        own = {name: array for name, array in arrays.items() if not name.startswith(BEST)}
        if isinstance(values, dict) and 0 <= seconds < math.inf:
            state = TrainerState(own, values, _read_best(metadata, arrays))
            facts, folder = read_facts(metadata.get("facts", "")), path.absolute().parent
            preprocessing = _read_preprocessing(metadata)
            return Checkpoint(experiment, state, seconds, metadata["data"], facts, folder, preprocessing)
    except GradstepError as error:
        raise GradstepError(f"{path} is damaged: {error}") from None
    except (KeyError, TypeError, ValueError, RecursionError):
        pass
    raise GradstepError(DAMAGED.format(path=path))


def _read_experiment(metadata: Mapping[str, str]) -> Experiment:
    """Read the experiment of a checkpoint, which may be of revision 1."""
    tables = parse_toml(metadata["experiment"], "its experiment")
    if "revision" not in metadata:
        tables["data"] = OF_REVISION_1 | tables.get("data", {})
    return make_experiment(tables)


def _read_best(metadata: Mapping[str, str], arrays: Mapping[str, NDArray[Any]]) -> BestState | None:
    """Read the best state, if there is one; raises KeyError, TypeError or ValueError for what is not one."""
    if "best" not in metadata:
        return None
    best = json.loads(metadata["best"])
    loss, accuracy, values = float(best["loss"]), best["accuracy"], best["values"]
    accuracy = None if accuracy is None else float(accuracy)
    if not math.isfinite(loss) or not isinstance(values, dict) or not (accuracy is None or 0 <= accuracy <= 1):
        raise ValueError
    own = {name.removeprefix(BEST): array for name, array in arrays.items() if name.startswith(BEST)}
    return BestState(Score(loss, accuracy), TrainerState(own, values))


def _read_preprocessing(metadata: Mapping[str, str]) -> Preprocessing | None:
    text = metadata.get("preprocessing")
    return None if text is None else Preprocessing.from_json(json.loads(text))


def read_checkpoint_summary(path: Path) -> CheckpointSummary:
    """Read only the summary of a checkpoint, without checking the rest; raises GradstepError."""
    metadata = read_metadata(path)
    try:
        number, step, epoch = (int(metadata.get(name, "0")) for name in ("number", "step", "epoch"))
        saved = datetime.fromisoformat(metadata["saved"])
    except (KeyError, ValueError):
        raise GradstepError(DAMAGED.format(path=path)) from None
    # a year at either end is not in the calendar of every time zone
    if not (MINYEAR < saved.year < MAXYEAR and all(0 <= count <= LARGEST_COUNT for count in (number, step, epoch))):
        raise GradstepError(DAMAGED.format(path=path))
    return CheckpointSummary(saved if saved.tzinfo else saved.replace(tzinfo=UTC), number, step, epoch)


def read_metadata(path: Path) -> dict[str, str]:
    """Read the metadata at the beginning of a checkpoint of this version of the format; raises GradstepError."""
    with reading_errors(path), path.open("rb") as file:
        metadata = _read_header(file, path)
    if metadata.get("format") != FORMAT:
        raise GradstepError(f"{path} is not a checkpoint of gradstep")
    if metadata.get("version") != str(VERSION):
        saved = " ".join(metadata.get("version", "unknown").split())[:LONGEST_VERSION]
        raise GradstepError(
            f"{path} was saved by another gradstep: its format is version {saved}, this one reads {VERSION}"
        )
    return metadata


def _read_header(file: BinaryIO, path: Path) -> dict[str, str]:
    """Read the metadata of a safetensors file: it begins with a length of 8 bytes, and so many bytes of JSON."""
    length = int.from_bytes(file.read(8), "little")
    try:
        header = json.loads(file.read(length)) if length <= LONGEST_HEADER else None
        metadata = header.get("__metadata__", {}) if isinstance(header, dict) else None
        if isinstance(metadata, dict) and all(isinstance(value, str) for value in metadata.values()):
            return metadata
    except (ValueError, RecursionError):
        pass
    raise GradstepError(NO_CHECKPOINT.format(path=path))


@contextmanager
def _open_checkpoint(path: Path) -> Iterator[tuple[dict[str, str], Any]]:
    """Open a checkpoint of this version of the format; yields its metadata and the file."""
    metadata = read_metadata(path)
    try:
        with safe_open(path, framework="numpy") as file:
            yield metadata, file
    except SafetensorError:
        raise GradstepError(NO_CHECKPOINT.format(path=path)) from None


def compute_digest(metadata: Mapping[str, str], arrays: Mapping[str, NDArray[Any]]) -> str:
    """Return the SHA-256 of everything in the file, whatever its order."""
    digest = hashlib.sha256(json.dumps(dict(metadata), sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        # the array itself, not a copy of its bytes: other threads go on while it is hashed, but not while it is copied
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()
