"""Everything that is read or written: data sets, experiment files, checkpoints, lessons; and runs made of them.

The names of `__all__` are meant to be used from outside; docs/api.md shows how. Each is loaded when it is first asked
for, because a command that reads nothing should not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradstep.data.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
    from gradstep.data.dataset import Dataset
    from gradstep.data.experiment import Experiment, load_experiment, make_experiment, save_experiment
    from gradstep.data.formats.data_file import read_data_file
    from gradstep.data.registry import load_built_in
    from gradstep.data.resume import resume_run
    from gradstep.data.run import Run

__all__ = [
    "Checkpoint",
    "Dataset",
    "Experiment",
    "Run",
    "load_built_in",
    "load_experiment",
    "make_experiment",
    "read_checkpoint",
    "read_data_file",
    "resume_run",
    "save_experiment",
    "write_checkpoint",
]

_MODULES = {
    "Checkpoint": "checkpoint",
    "Dataset": "dataset",
    "Experiment": "experiment",
    "Run": "run",
    "load_built_in": "registry",
    "load_experiment": "experiment",
    "make_experiment": "experiment",
    "read_checkpoint": "checkpoint",
    "read_data_file": "formats.data_file",
    "resume_run": "resume",
    "save_experiment": "experiment",
    "write_checkpoint": "checkpoint",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
