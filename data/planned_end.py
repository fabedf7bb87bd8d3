"""The end that an experiment plans: the step after which a run is over."""

from typing import Literal

from gradstep.data.run import Run


def find_last_step(run: Run) -> tuple[int, Literal["max_epochs", "max_steps"]]:
    """Return the step that ends a run which has not begun, and the limit of its experiment that sets it."""
    training, limits = run.experiment.training, list[tuple[int, Literal["max_epochs", "max_steps"]]]()
    if training.max_epochs is not None:
        limits.append((training.max_epochs * run.trainer.steps_per_epoch, "max_epochs"))
    if training.max_steps is not None:
        limits.append((training.max_steps, "max_steps"))
    return min(limits)
