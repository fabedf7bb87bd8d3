"""Why a run ends, and what it has come to by then."""

import signal
from dataclasses import dataclass
from typing import Literal

from gradstep.core.observation.finding import Finding
from gradstep.core.observation.outcome import judge_outcome
from gradstep.core.training.evaluation import Evaluation
from gradstep.core.training.stopping import StopReason
from gradstep.data.run import Run

Ending = (
    Literal[
        "max_epochs", "max_steps", "no_better_than_guess", "quit", "interrupted", "terminated", "hung up", "diverged"
    ]
    | StopReason
)


WHY_FINISHED: dict[Ending, str] = {
    "target_loss": "the target loss is reached",
    "target_accuracy": "the target accuracy is reached",
    "patience": "no new lowest loss for as many epochs as patience allows",
    "no_better_than_guess": "the run ends no better than a constant guess",
}


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


@dataclass(frozen=True, slots=True)
class RunEnd:
    """The planned end of a run.

    `ending` is "no_better_than_guess" in place of the limit that was reached if `failure` says that the run has learnt
    nothing. `words` say the same in a sentence. `guess` has the scores of a constant guess.
    """

    ending: Ending
    evaluation: Evaluation
    guess: Evaluation
    seconds: float
    failure: Finding | None

    @property
    def words(self) -> str:
        """Why the run has ended."""
        return WHY_FINISHED.get(self.ending, "finished as planned")


def judge_end(run: Run, limit: Ending, seconds: float) -> RunEnd:
    """Evaluate the run at its planned end, and judge whether it is better than a constant guess.

    A target that was set and reached is no failure.
    """
    evaluation = run.trainer.evaluate()
    reached = limit in ("target_loss", "target_accuracy")
    failure = None if reached else judge_outcome(run.trainer, evaluation)
    return RunEnd(
        "no_better_than_guess" if failure else limit, evaluation, run.trainer.constant_guess, seconds, failure
    )


def add_failure(findings: tuple[Finding, ...], failure: Finding | None) -> tuple[Finding, ...]:
    """Return the findings with the failure last, once."""
    if failure is None:
        return findings
    # the others name why it is no better, and so have the better remedy
    return (*(finding for finding in findings if finding.kind != failure.kind), failure)
