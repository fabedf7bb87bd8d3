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


def last_planned_step(run: Run) -> tuple[int, Ending]:
    """The step that ends the run, and which limit of the experiment sets it."""
    training = run.experiment.training
    limits: list[tuple[int, Ending]] = []
    if training.max_epochs is not None:
        limits.append((run.trainer.end_of_epoch(training.max_epochs), "max_epochs"))
    if training.max_steps is not None:
        limits.append((training.max_steps, "max_steps"))
    return min(limits)


def planned_end(run: Run) -> Ending | None:
    """What of the experiment ends the run at its present step, a limit or a stop condition; None while nothing does."""
    last_step, limit = last_planned_step(run)
    return limit if run.trainer.step >= last_step else run.trainer.stop_reason
