"""Evaluates the network by the clock while a person watches it."""

from collections.abc import Callable
from time import perf_counter

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.part_report import PartReport, report_part
from gradstep.core.training.evaluation import Score
from gradstep.core.training.parts import PartName
from gradstep.core.training.score_table import ScoreTable, WatchedScores, merge_scores
from gradstep.core.training.trainer import Trainer

MOST_SECONDS = 2.0
"""The age that the newest evaluation on the screen reaches at most, while one takes less than that. The training gets
the rest of the time.
"""

SHARE_OF_SLOW = 2 / 3
"""Evaluations that take longer than MOST_SECONDS take at most this share of the time."""

DRAWING_SECONDS = 0.4
"""How long it may take until an evaluation is drawn."""

SHARE = 0.02
"""Evaluations take at most this share of the time, unless the newest would get older than MOST_SECONDS."""


class TimedEvaluation:
    """Keeps the newest evaluation of a part, and the scores on the watched part that it has made so far.

    One evaluation gives the score of the watched part and the report on the part, so that all panels show the same. It
    is made between two updates and reads the trainer only, so that the training does not depend on the clock.
    """

    def __init__(self, trainer: Trainer, part: PartName, clock: Callable[[], float] = perf_counter) -> None:
        """`part` is the part that reports are on. The clock gives seconds."""
        self._trainer, self._part, self._clock = trainer, part, clock
        self._table = ScoreTable()
        self._parameters: Floats | None = None
        self._seconds, self._ended, self._looked = 0.0, clock(), clock()
        self.step = -1
        self.score: Score | None = None
        self.report: PartReport | None = None

    def evaluate_when_due(self, resting: bool, with_report: bool, spare: float) -> None:
        """Evaluate the network if that is due, or if the training rests and a parameter has changed since.

        `with_report` demands a report. `spare` are the seconds until the training needs the processor again.
        """
        if self._is_missing(resting, with_report) or (not resting and self._is_due(spare)):
            self._evaluate(with_report)
        elif not with_report:
            self.report = None
        self._looked = self._clock()

    def evaluate_if_missing(self, with_report: bool) -> None:
        """Evaluate the network only if the newest evaluation cannot be shown while the training goes on."""
        if self._is_missing(False, with_report):
            self._evaluate(with_report)

    def _is_missing(self, resting: bool, with_report: bool) -> bool:
        return (with_report and self.report is None) or self._is_of_other_parameters(resting)

    def _is_of_other_parameters(self, resting: bool) -> bool:
        """Whether the evaluation is of a later step, which was gone back from, or of parameters that were replaced."""
        if self._parameters is None or self._trainer.step < self.step:
            return True
        same_moment = resting or self._trainer.step == self.step
        return same_moment and not np.array_equal(self._parameters, self._trainer.network.parameters)

    def _is_due(self, spare: float) -> bool:
        """Whether the next look at the training, which is about as far away as the last one, would be too late."""
        if self._trainer.step == self.step:
            return False
        now = self._clock()
        wait = min(MOST_SECONDS - DRAWING_SECONDS - self._seconds, self._seconds / SHARE)
        if self._seconds >= MOST_SECONDS:
            wait = self._seconds * (1 / SHARE_OF_SLOW - 1)
        due = self._ended + wait
        return self._seconds <= spare or now + (now - self._looked) >= due

    def _evaluate(self, with_report: bool) -> None:
        began = self._clock()
        trainer = self._trainer
        self.report = report_part(trainer, self._part) if with_report else None
        if self.report is not None and self.report.part == trainer.watched_name != "training":
            self.score = self.report.score
        else:
            self.score = trainer.watched_score()
        self.step, self._parameters = trainer.step, trainer.network.parameters.copy()
        if self.score is not None:
            self._table.drop_from(self.step)
            self._table.add(self.step, self.score.loss, self.score.accuracy)
        self._ended = self._clock()
        self._seconds = self._ended - began

    def scores(self) -> WatchedScores:
        """Return the scores made here and those that the training recorded, up to the newest evaluation."""
        recorded = self._trainer.history.watched_scores()
        if self.score is None:
            return recorded
        earlier = recorded.step < self.step
        accuracy = np.nan if self.score.accuracy is None else self.score.accuracy
        newest = WatchedScores(np.array([self.step]), np.array([self.score.loss]), np.array([accuracy]))
        return merge_scores(
            newest,
            self._table.scores(),
            WatchedScores(recorded.step[earlier], recorded.loss[earlier], recorded.accuracy[earlier]),
        )
