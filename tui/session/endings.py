"""Why a run ends."""

import signal
from typing import Literal

from gradstep.core.training.stopping import StopReason
from gradstep.data.run import Run

Ending = Literal["max_epochs", "max_steps", "quit", "interrupted", "terminated", "hung up", "diverged"] | StopReason


ENDING_OF_SIGNAL: dict[int, Ending] = {
    signal.SIGINT: "interrupted",
    signal.SIGTERM: "terminated",
    signal.SIGHUP: "hung up",
}


def find_last_planned_step(run: Run) -> tuple[int, Ending]:
    """Return the step that ends the run, and the limit of the experiment that sets it."""
    training = run.experiment.training
    limits: list[tuple[int, Ending]] = []
    if training.max_epochs is not None:
        limits.append((run.trainer.end_of_epoch(training.max_epochs), "max_epochs"))
    if training.max_steps is not None:
        limits.append((training.max_steps, "max_steps"))
    return min(limits)


def find_planned_end(run: Run) -> Ending | None:
    """Return the limit or the stop condition that ends the run at its present step; None if there is none."""
    last_step, limit = find_last_planned_step(run)
    return limit if run.trainer.step >= last_step else run.trainer.stop_reason
