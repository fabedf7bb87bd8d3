"""The end that an experiment plans: the step after which a run is over."""

from collections.abc import Callable
from typing import Literal

from gradstep.data.run import Run

Limit = Literal["max_epochs", "max_steps"]


def find_last_step(run: Run) -> tuple[int, Limit]:
    """Return the step that ends the run, and the limit of its experiment that sets it."""
    return _find_first(run, run.trainer.end_of_epoch)


def find_last_step_from_start(run: Run) -> tuple[int, Limit]:
    """Return the same for a run that begins with the present batch size, which may have been another one at first."""
    return _find_first(run, lambda epoch: epoch * run.trainer.steps_per_epoch)


def read_limit(run: Run, name: str) -> int | None:
    """Return the number of epochs or steps of the limit of this name; None for what is no limit of its experiment."""
    training = run.experiment.training
    return {"max_epochs": training.max_epochs, "max_steps": training.max_steps}.get(name)


def _find_first(run: Run, end_of_epoch: Callable[[int], int]) -> tuple[int, Limit]:
    training, limits = run.experiment.training, list[tuple[int, Limit]]()
    if training.max_epochs is not None:
        limits.append((end_of_epoch(training.max_epochs), "max_epochs"))
    if training.max_steps is not None:
        limits.append((training.max_steps, "max_steps"))
    return min(limits)
