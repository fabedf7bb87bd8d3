"""Checkpoints: an experiment and the state of its training in one safetensors file."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_safetensors

from gradstep.core.errors import GradstepError
from gradstep.core.training.trainer import TrainerState
from gradstep.data.atomic_write import write_atomically
from gradstep.data.experiment import Experiment, experiment_from, parse_toml, to_toml
from gradstep.data.formats.file_content import read_bytes

FORMAT = "gradstep"
VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A training that can go on. `seconds` is how long it was trained, `data` the fingerprint of what it learns."""

    experiment: Experiment
    state: TrainerState
    seconds: float
    data: str


@dataclass(frozen=True, slots=True)
class About:
    """What a checkpoint says of itself before it is read: when it was saved, and how far the training had come."""

    saved: datetime
    step: int
    epoch: int


def encode_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint; an older file at `path` stays whole until the new one is on the disk.

    Raises CannotBeWritten.
    """
    state = checkpoint.state
    values = state.values
    about = {
        "format": FORMAT,
        "version": str(VERSION),
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        "step": str(values["step"]),
        "epoch": str(values["epoch"]),
        "seconds": repr(checkpoint.seconds),
        "data": checkpoint.data,
        "experiment": to_toml(checkpoint.experiment),
        "values": json.dumps(values),
    }
    # safetensors copies memory as it lies, and would write a transposed or strided array wrongly
    arrays = {name: np.asarray(array, order="C") for name, array in state.arrays.items()}
    write_atomically(path, to_safetensors(arrays, about | {"sha256": _digest(about, arrays)}))


def decode_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint; raises GradstepError if the file is none, is damaged, or comes from a newer gradstep."""
    with _opened(path) as (about, file):
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    if about.pop("sha256", None) != _digest(about, arrays):
        raise GradstepError(f"{path} is damaged: its content is not what was saved")
    experiment = experiment_from(parse_toml(about["experiment"], str(path)))
    return Checkpoint(
        experiment, TrainerState(arrays, json.loads(about["values"])), float(about["seconds"]), about["data"]
    )


def read_about(path: Path) -> About:
    """Read only what a checkpoint says of itself, without looking whether all of it is whole; raises GradstepError."""
    with _opened(path) as (about, _):
        try:
            return About(datetime.fromisoformat(about["saved"]), int(about["step"]), int(about["epoch"]))
        except (KeyError, ValueError):
            raise GradstepError(f"{path} is damaged: its content is not what was saved") from None


@contextmanager
def _opened(path: Path) -> Iterator[tuple[dict[str, str], Any]]:
    """Open a checkpoint of this version: its metadata, and the file."""
    read_bytes(path)
    try:
        with safe_open(path, framework="numpy") as file:
            about = dict(file.metadata() or {})
            if about.get("format") != FORMAT:
                raise GradstepError(f"{path} is not a checkpoint of gradstep")
            if about.get("version") != str(VERSION):
                saved = about.get("version")
                raise GradstepError(f"{path} was saved by a newer gradstep: version {saved}, this one reads {VERSION}")
            yield about, file
    except SafetensorError:
        raise GradstepError(f"{path} is not a checkpoint of gradstep, or was cut short") from None


def _digest(about: Mapping[str, str], arrays: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 of everything that the file holds, whatever the order that it is held in."""
    digest = hashlib.sha256(json.dumps(dict(about), sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        # the array itself, not a copy of its bytes: other threads go on while it is hashed, but not while it is copied
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()
