"""Judges a training while it goes on: the score of the watched part, the best state, and the stop conditions."""

import math
from collections.abc import Callable
from dataclasses import replace

from gradstep.core.training.evaluation import Score
from gradstep.core.training.history import History
from gradstep.core.training.measured_network import MeasuredNetwork
from gradstep.core.training.stopping import StopConditions, StoppingProgress, StopReason, update_progress
from gradstep.core.training.trainer_state import BestState, TrainerState


class Judge:
    """Scores a network where that is due, and keeps what follows from the scores.

    `best` is the state with the lowest loss on the validation part, None without such a part.
    `progress` is what the stop conditions remember. The scores of the watched part are recorded in the `history`.
    """

    def __init__(self, measured: MeasuredNetwork, history: History, take_state: Callable[[], TrainerState]) -> None:
        """`take_state` returns the present state of the training, without a best one in it."""
        self._measured, self._history, self._take_state = measured, history, take_state
        self.best: BestState | None = None
        self.progress = StoppingProgress()

    def judge_step(self, is_due: bool, epoch_ends: bool, conditions: StopConditions) -> None:
        """Record the score of the watched part, apply the stop conditions and keep the best state, where due.

        `is_due` says whether the score of this step is recorded. The conditions are applied where an epoch ends.
        """
        measured, judges = self._measured, epoch_ends and conditions.any
        validates = measured.validation_part is not None
        score = measured.watched_score() if is_due or (judges and validates) else None
        if is_due and score is not None:
            self._history.add_watched_score(measured.step, score.loss, score.accuracy)
        if judges:
            judged = score if validates and score is not None else measured.evaluator.score(measured.training_part)
            self.progress = update_progress(self.progress, conditions, judged.loss, judged.accuracy)
        elif self.progress.reached is not None:
            self.progress = replace(self.progress, reached=None)
        if score is not None:
            self._keep_if_best(score)

    def record_score(self) -> None:
        """Record the score of the watched part at the present step, where the run rests or ends; keep the best state.

        No number of the training depends on it. A step that has a score already is not scored again.
        """
        if self._history.newest_scored_step == self._measured.step:
            return
        score = self._measured.watched_score()
        if score is not None and math.isfinite(score.loss):
            self._history.add_resting_score(self._measured.step, score.loss, score.accuracy)
            self._keep_if_best(score)

    def restart_stopping(self) -> None:
        """Judge the stop conditions by the epochs from now on."""
        self.progress = StoppingProgress()

    def end_by(self, reason: StopReason) -> None:
        """Note that the training ends here for this reason."""
        self.progress = replace(self.progress, reached=reason)

    def _keep_if_best(self, score: Score) -> None:
        lowest = math.inf if self.best is None else self.best.score.loss
        if self._measured.validation_part is not None and score.loss < lowest:
            self.best = BestState(score, self._take_state())
