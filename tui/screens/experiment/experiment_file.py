"""Writes an experiment to a file, and reads one from a file or for data, while the event loop goes on."""

import asyncio
from pathlib import Path

from gradstep.data.atomic_write import is_stream
from gradstep.data.experiment import Experiment, save_experiment
from gradstep.data.given_source import load_given
from gradstep.data.load_dataset import load_dataset
from gradstep.tui.session.daemon_thread import call_in_daemon_thread


async def write_experiment(path: Path, experiment: Experiment) -> None:
    """Write the experiment to a file. Raises WriteError."""
    # a file is written whole before the program ends; a pipe may have nobody who reads it
    call = call_in_daemon_thread if is_stream(path) else asyncio.to_thread
    await call(save_experiment, path, experiment)


async def read_experiment(path: Path) -> Experiment:
    """Read an experiment file, or make the experiment that learns a data file.

    Raises GradstepError, also for data that cannot be read.
    """
    return await call_in_daemon_thread(_read, path)


def _read(path: Path) -> Experiment:
    experiment = load_given(str(path), {})
    if experiment.data.path == str(path):
        load_dataset(experiment.data)
    return experiment
