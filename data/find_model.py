"""Finds the model that a command names: a model file, a checkpoint, or a saved run."""

import os
from pathlib import Path

from safetensors import SafetensorError, safe_open

from gradstep.data.checkpoint import FORMAT as CHECKPOINT_FORMAT
from gradstep.data.model_file import read_model
from gradstep.data.saved_runs import find_checkpoint
from gradstep.data.trained_model import TrainedModel, make_model


def find_model(what: str) -> TrainedModel:
    """Read the model at this path or of this run; that of the newest run for an empty name. Raises GradstepError."""
    if what and os.path.isfile(what) and _read_format(Path(what)) != CHECKPOINT_FORMAT:
        return read_model(Path(what))
    return make_model(find_checkpoint(what)[1])


def _read_format(path: Path) -> str | None:
    """Return the format that a safetensors file says it has; None if it says none, or cannot be read."""
    try:
        with safe_open(path, framework="numpy") as file:
            return (file.metadata() or {}).get("format")
    except (SafetensorError, OSError):
        return None
