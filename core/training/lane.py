"""A lane of the race: a trainer, and the loss curve of its updates."""

import math
from collections.abc import Callable
from time import perf_counter
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.evaluation import Score
from gradstep.core.training.loss_table import POINT_EXAMPLES
from gradstep.core.training.recent_loss import RecentLoss, count_recent, measure_recent_loss
from gradstep.core.training.trainer import Trainer

RaceUnit = Literal["steps", "examples"]
"""What a race is measured in."""

LARGEST = 1e300
"""Larger losses are recorded as this, so that a mean of them is still finite."""


class Lane:
    """One trainer of the race, and its loss curve. A lane that has diverged stays where it is.

    The curve has a point of `losses` at each of `steps`; `recent_losses` are the recent losses there, where
    `is_smoothed` is true, and else the losses themselves.
    `step` is where the lane is. Here its trainer makes the updates, and is at the same step. `seconds` is the time of
    all updates of the trainer.
    """

    def __init__(self, label: str, trainer: Trainer) -> None:
        self.label, self.trainer = label, trainer
        self._start = trainer.state()
        # the loss of the whole training part has no noise that a mean would take away
        self.is_smoothed = trainer.batch_size < len(trainer.training_part)
        self._updates_per_point = -(-POINT_EXAMPLES // trainer.batch_size) if self.is_smoothed else 1
        self.restart()

    def find_noise(self, spread: float) -> float:
        """Return the standard deviation of a point of the curve over the choice of its examples, if no weight moved.

        `spread` is that of the losses of single examples.
        """
        rows, examples = len(self.trainer.training_part), self._updates_per_point * self.trainer.batch_size
        return spread * math.sqrt(max(0.0, 1 / examples - 1 / rows))

    def restart(self) -> None:
        """Go back to the start."""
        self.trainer.restore(self._start)
        self.divergence: Diverged | None = None
        self.steps: list[int] = []
        self.losses: list[float] = []
        self.recent_losses: list[RecentLoss] = []
        self._seconds, self._fastest_epoch, self.seconds = 0.0, math.inf, 0.0
        self._next_point: list[float] = []

    @property
    def step(self) -> int:
        """How many updates were made."""
        return self.trainer.step

    def advance(self, unit: RaceUnit, target: int) -> None:
        """Make updates as long as they use at most `target` steps or examples in all."""
        while self.divergence is None and self._position_after(unit, self.step + 1) <= target:
            try:
                self.record(self._update())
            except Diverged as error:
                self.divergence = error

    def catch_up(self, stop: Callable[[], bool]) -> None:
        """Let the trainer make the updates that it lacks, until it is at the step of the lane or `stop()` is true.

        Raises Diverged for a lane that has diverged, and if the trainer does.
        """
        try:
            while self.divergence is None and self.trainer.step < self.step and not stop():
                self._update()
        except Diverged as error:
            self.divergence = error
        if self.divergence is not None:
            raise self.divergence

    def _update(self) -> float:
        """Let the trainer make an update, and add its time to that of its epoch. Raises Diverged."""
        began = perf_counter()
        try:
            return self.trainer.update()
        finally:
            self._clock(perf_counter() - began)

    def _clock(self, seconds: float) -> None:
        self.seconds += seconds
        self._seconds += seconds
        if self.trainer.divergence is None and self.trainer.step % self.trainer.steps_per_epoch == 0:
            self._fastest_epoch, self._seconds = min(self._fastest_epoch, self._seconds), 0.0

    @property
    def seconds_per_epoch(self) -> float | None:
        """The time of the fastest epoch of the trainer so far, None before the first.

        Other work of the computer delays that one least.
        """
        return self._fastest_epoch if self.trainer.epoch else None

    def record(self, loss: float) -> None:
        """Take the batch loss of the newest update into the curve."""
        self._next_point.append(min(loss, LARGEST))
        if len(self._next_point) == self._updates_per_point:
            self.steps.append(self.step)
            self.losses.append(sum(loss / len(self._next_point) for loss in self._next_point))
            recent = measure_recent_loss(self.losses)
            self.recent_losses.append(recent if self.is_smoothed else self._find_newest_loss(recent))
            self._next_point.clear()

    def _find_newest_loss(self, recent: RecentLoss) -> RecentLoss:
        """Return the newest loss, with the error of one point where the losses jitter, as with a large rate."""
        return RecentLoss(self.losses[-1], recent.error * math.sqrt(count_recent(self.losses)))

    def positions(self, unit: RaceUnit) -> Floats:
        """Return where in the race each point of the curve is (points,)."""
        return np.array([self._position_after(unit, step) for step in self.steps], dtype=np.float64)

    def _position_after(self, unit: RaceUnit, step: int) -> int:
        """Return how many steps or examples this many updates use; the last batch of an epoch may be smaller."""
        epochs, steps = divmod(step, self.trainer.steps_per_epoch)
        return step if unit == "steps" else epochs * len(self.trainer.training_part) + steps * self.trainer.batch_size

    def validation_score(self, evaluate_now: bool) -> Score | None:
        """Return the score on the validation part: that of now, or the newest that the training itself recorded.

        None for a lane that has diverged, and without a validation part. A regression has no accuracy.
        """
        if self.divergence or self.trainer.validation_part is None:
            return None
        return self._score() if evaluate_now else self._find_newest_score()

    def _score(self) -> Score | None:
        return self.trainer.watched_score()

    def _find_newest_score(self) -> Score:
        scores = self.trainer.history.watched_scores()
        return Score(float(scores.loss[-1]), float(scores.accuracy[-1]) if self.trainer.classification else None)
