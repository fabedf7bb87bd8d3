"""Finds the model that a command names: a model file, a checkpoint, or a saved run."""

import os
from dataclasses import replace
from pathlib import Path

from safetensors import SafetensorError, safe_open

from gradstep.core.errors import GradstepError
from gradstep.data.checkpoint import FORMAT as CHECKPOINT_FORMAT
from gradstep.data.find_run import find_checkpoint, is_saved_run
from gradstep.data.model_file import read_model
from gradstep.data.trained_model import TrainedModel, go_to_best, make_model


def find_model(what: str, data: str | None = None, best: bool = False) -> TrainedModel:
    """Read the model at this path or of this run; that of the newest run for an empty name.

    `data` is where the data of a run are now, and `best` asks for its best weights. Raises GradstepError.
    """
    if what and _is_model_file(what):
        if best:
            raise GradstepError(
                f"--best: {what} is a model file, which has one network; a run has its best weights too"
            )
        return replace(read_model(Path(what)), name=what)
    saved, checkpoint = find_checkpoint(what)
    name = what if os.path.exists(what) else saved.name
    try:
        model = make_model(go_to_best(checkpoint) if best else checkpoint, data)
    except GradstepError as error:
        raise GradstepError(f"{name}: {error}") from None
    return replace(model, name=name)


def holds_network(what: str) -> bool:
    """Whether this is the name of a saved run, or the path of a run, a checkpoint or a model file."""
    if os.path.isfile(what):
        return Path(what).suffix == ".safetensors"
    return is_saved_run(what)


def _is_model_file(what: str) -> bool:
    return os.path.isfile(what) and _read_format(Path(what)) != CHECKPOINT_FORMAT


def _read_format(path: Path) -> str | None:
    """Return the format that a safetensors file says it has; None if it says none, or cannot be read."""
    try:
        with safe_open(path, framework="numpy") as file:
            return (file.metadata() or {}).get("format")
    except (SafetensorError, OSError):
        return None
