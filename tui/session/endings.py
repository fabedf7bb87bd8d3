"""Why a run ends, and what it has come to by then."""

import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from gradstep.core.observation.finding import Finding
from gradstep.core.observation.outcome import choose_scored_part, judge_outcome
from gradstep.core.training.evaluation import Evaluation, Score
from gradstep.core.training.linear_baseline import LinearBaseline, is_no_better
from gradstep.core.training.regression_errors import RegressionErrors
from gradstep.core.training.stopping import StopReason
from gradstep.core.training.trainer_state import BestState
from gradstep.data.planned_end import find_last_step, read_limit
from gradstep.data.run import Run
from gradstep.tui.numbers import format_count

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
}

BY_THE_TRAINING_PART: dict[Ending, str] = {
    "target_loss": "the target loss is reached on the training part",
    "target_accuracy": "the target accuracy is reached on the training part",
    "patience": "no lower training loss for as many epochs as patience allows",
}
"""The same in a run without a validation part."""


ENDING_OF_SIGNAL: dict[int, Ending] = {
    signal.SIGINT: "interrupted",
    signal.SIGTERM: "terminated",
    signal.SIGHUP: "hung up",
}


def find_planned_end(run: Run) -> Ending | None:
    """Return the limit or the stop condition that ends the run at its present step; None if there is none."""
    last_step, limit = find_last_step(run)
    return limit if run.trainer.step >= last_step else run.trainer.stop_reason


@dataclass(frozen=True, slots=True)
class LastStep:
    """The last step that a run made, and its score on the watched part then."""

    step: int
    epoch: int
    score: Score | None


@dataclass(frozen=True, slots=True)
class RunEnd:
    """The planned end of a run.

    `linear` are the scores of a linear model, and `errors` those of a regression on the part that is scored.
    `weighted` says that the classes have weights, which cost accuracy, so that losses are compared.
    `last` is where the run was when patience ended it, if it has gone back from there to its best step. `best` is the
    best state of the run, None without a validation part.
    `ending` is "no_better_than_guess" in place of the limit that was reached if `failure` says that the run has learnt
    nothing. `words` say the same in a sentence. `guess` has the scores of a constant guess. `planned` is the number of
    epochs or steps that the experiment plans.
    """

    ending: Ending
    evaluation: Evaluation
    guess: Evaluation
    seconds: float
    failure: Finding | None
    last: LastStep | None = None
    best: BestState | None = None
    linear: LinearBaseline | None = None
    errors: tuple[RegressionErrors, ...] = ()
    weighted: bool = False
    planned: int | None = None

    @property
    def beats_linear_model(self) -> bool:
        """Whether the score that counts is better than that of the linear model, or there is none."""
        if self.linear is None:
            return True
        own, other = choose_scored_part(self.evaluation), choose_scored_part(self.linear.evaluation)
        if self.weighted:
            own, other = Score(own.loss, None), Score(other.loss, None)
        return not is_no_better(own, other)

    @property
    def words(self) -> str:
        """Why the run has ended."""
        if self.last is not None and self.ending == "patience":
            step, last = format_count(self.evaluation.step), format_count(self.last.step)
            return f"patience is over: back from step {last} to the best, step {step}"
        if self.failure is not None:
            return self.failure.problem
        why = WHY_FINISHED if self.evaluation.validation else WHY_FINISHED | BY_THE_TRAINING_PART
        if self.ending in why or self.planned is None:
            return why.get(self.ending, "finished as planned")
        return f"finished as planned: {format_count(self.planned)} {self.ending.removeprefix('max_')}"


def judge_end(
    run: Run, limit: Ending, seconds: float, go_to_best: Callable[[BestState], object] | None = None
) -> RunEnd:
    """Evaluate the run at its planned end, and judge whether it is better than a constant guess.

    If patience has ended it, it goes back to its best step first; `go_to_best` does so in place of restoring the state.
    A target that was set and reached is no failure.
    """
    trainer, last = run.trainer, None
    trainer.record_score()
    best = trainer.best
    if limit == "patience" and best is not None and best.step < trainer.step:
        last = LastStep(trainer.step, trainer.epoch, trainer.watched_score())
        if go_to_best is None:
            trainer.restore(best.as_present())
        else:
            go_to_best(best)
        trainer.end_at_best()
        trainer.record_score()
    evaluation = trainer.evaluate()
    reached = limit in ("target_loss", "target_accuracy")
    failure = None if reached else judge_outcome(trainer, evaluation)
    ending = "no_better_than_guess" if failure else limit
    return RunEnd(
        ending,
        evaluation,
        trainer.constant_guess,
        seconds,
        failure,
        last,
        best,
        run.linear_baseline,
        run.measure_errors(),
        trainer.options.class_weights is not None,
        read_limit(run, limit),
    )


def add_failure(findings: tuple[Finding, ...], failure: Finding | None) -> tuple[Finding, ...]:
    """Return the findings with the failure last, once, and with the remedy of what has brought it about."""
    if failure is None:
        return findings
    causes = [finding for finding in findings if finding.kind != failure.kind]
    return (*causes, replace(failure, remedy=causes[0].remedy) if causes else failure)
