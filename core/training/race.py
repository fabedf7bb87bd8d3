"""The race: several trainers from the same start, advanced in lock step, each with a verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.evaluation import Score
from gradstep.core.training.race_verdict import (
    TOO_EARLY,
    LossNow,
    SteadyVerdict,
    Verdict,
    find_step_off_plot,
    judge_distance,
    judge_divergence,
    judge_losses,
    measure_loss_now,
)
from gradstep.core.training.trainer import Trainer

RaceUnit = Literal["steps", "examples"]
"""What a race is measured in."""

POINT_EXAMPLES = 32
"""The least number of examples in a point of a curve: the loss of a single example is mostly chance."""

EARLY = 0.1
"""Before this share of the race there is no verdict, except on a lane that diverges."""

PATIENCE = 0.05
"""The share of the race that another verdict has to stand before it replaces the one on a lane."""

LARGEST = 1e300
"""Larger losses are recorded as this, so that a mean of them is still finite."""


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """How a lane stands: a curve of mean `losses` at its `positions`, in steps or examples, both (points,).

    `loss` is the loss now, None before the first point. `accuracy` and `validation_loss` are those on the validation
    part, None where there is none: a race chooses, and what the test part has chosen it can no longer test.
    `seconds_per_epoch` is that of the fastest epoch; None before the first epoch is complete. `seconds` is the time of
    all its updates.
    """

    label: str
    positions: Floats
    losses: Floats
    loss: float | None
    accuracy: float | None
    verdict: Verdict
    validation_loss: float | None = None
    seconds_per_epoch: float | None = None
    seconds: float = 0.0


class Lane:
    """One trainer of the race, and its loss curve. A lane that has diverged stays where it is.

    `seconds` is the time of all its updates.
    """

    def __init__(self, label: str, trainer: Trainer) -> None:
        self.label, self.trainer = label, trainer
        self._start = trainer.state()
        self._updates_per_point = -(-POINT_EXAMPLES // trainer.batch_size)
        self.start_noise = self._measure_start_noise()
        self.restart()

    def _measure_start_noise(self) -> float:
        """Return the standard deviation of a point of the curve over the choice of its examples, if no weight moved."""
        rows, examples = len(self.trainer.training_part), self._updates_per_point * self.trainer.batch_size
        return self.trainer.evaluator.measure_spread(self.trainer.training_part) * math.sqrt(
            max(0.0, 1 / examples - 1 / rows)
        )

    def restart(self) -> None:
        """Go back to the start."""
        self.trainer.restore(self._start)
        self.divergence: Diverged | None = None
        self.steps: list[int] = []
        self.losses: list[float] = []
        self._seconds, self._fastest_epoch, self.seconds = 0.0, math.inf, 0.0
        self._next_point: list[float] = []

    def advance(self, unit: RaceUnit, target: int) -> None:
        """Make updates as long as they use at most `target` steps or examples in all."""
        while self.divergence is None and self._position_after(unit, self.trainer.step + 1) <= target:
            began = perf_counter()
            try:
                self._record(self.trainer.update())
            except Diverged as error:
                self.divergence = error
            self._clock(perf_counter() - began)

    def _clock(self, seconds: float) -> None:
        """Add the time of an update to that of its epoch."""
        self.seconds += seconds
        self._seconds += seconds
        if self.divergence is None and self.trainer.step % self.trainer.steps_per_epoch == 0:
            self._fastest_epoch, self._seconds = min(self._fastest_epoch, self._seconds), 0.0

    @property
    def seconds_per_epoch(self) -> float | None:
        """The time of the fastest epoch so far, None before the first.

        Other work of the computer delays that one least.
        """
        return self._fastest_epoch if self.trainer.epoch else None

    def _record(self, loss: float) -> None:
        self._next_point.append(min(loss, LARGEST))
        if len(self._next_point) == self._updates_per_point:
            self.steps.append(self.trainer.step)
            self.losses.append(sum(loss / len(self._next_point) for loss in self._next_point))
            self._next_point.clear()

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
        if evaluate_now:
            return self.trainer.watched_score()
        scores = self.trainer.history.watched_scores()
        return Score(float(scores.loss[-1]), float(scores.accuracy[-1]) if self.trainer.classification else None)


class Race:
    """Advances all lanes alike: by steps, or by examples where the lanes' batch sizes differ.

    `position` and `end` are in that unit.
    """

    def __init__(self, lanes: Sequence[Lane], unit: RaceUnit, length: int, same_start: bool = True) -> None:
        """`length` is in steps or examples; `extend` adds as much again.

        Lanes that did not begin with the same network are judged by their distance from the lowest alone.
        """
        self.lanes, self.unit, self.length, self._same_start = tuple(lanes), unit, length, same_start
        self._stride = 1 if unit == "steps" else POINT_EXAMPLES
        self.start_loss = lanes[0].trainer.evaluate().train.loss
        self.position, self.end = 0, length
        self._begin_verdicts()

    def _begin_verdicts(self) -> None:
        self._steady = {lane: SteadyVerdict(PATIENCE * self.length) for lane in self.lanes}
        self._verdicts = dict.fromkeys(self.lanes, TOO_EARLY)

    @property
    def stride(self) -> int:
        """Steps or examples by which one call of `advance` moves on."""
        return self._stride

    @property
    def finished(self) -> bool:
        """Whether the end is reached, or every lane has diverged."""
        return self.position >= self.end or all(lane.divergence for lane in self.lanes)

    def advance(self) -> None:
        """Move on by one stride. A lane whose next batch does not fit in yet waits."""
        self.position = min(self.position + self._stride, self.end)
        for lane in self.lanes:
            lane.advance(self.unit, self.position)
        self._settle_verdicts()

    def extend(self) -> None:
        """Move the end as far away again."""
        self.end += self.length

    def restart(self) -> None:
        """Send all lanes back to the start."""
        self.position, self.end = 0, self.length
        self._begin_verdicts()
        for lane in self.lanes:
            lane.restart()

    def standings(self, evaluate_now: bool = False) -> tuple[LaneStanding, ...]:
        """Return how every lane stands; `evaluate_now` scores each on the whole validation part, which takes time."""
        return tuple(self._find_standing(lane, evaluate_now) for lane in self.lanes)

    def _find_standing(self, lane: Lane, evaluate_now: bool) -> LaneStanding:
        score = lane.validation_score(evaluate_now)
        return LaneStanding(
            lane.label,
            lane.positions(self.unit),
            np.array(lane.losses),
            measure_loss_now(lane.losses).mean if lane.losses else None,
            score.accuracy if score else None,
            self._verdicts[lane],
            score.loss if score else None,
            lane.seconds_per_epoch,
            lane.seconds,
        )

    def _settle_verdicts(self) -> None:
        """Judge every lane as it stands now, beside the lane with the lowest loss now that has not diverged."""
        for lane in self.lanes:
            if lane.divergence is not None:
                self._verdicts[lane] = judge_divergence(lane.divergence)
        levels = {lane: measure_loss_now(lane.losses) for lane in self.lanes if lane.losses and not lane.divergence}
        if levels:
            lowest = min(levels, key=lambda lane: levels[lane].mean)
            for lane, level in levels.items():
                self._verdicts[lane] = self._judge(lane, level, lowest, levels[lowest])

    def _judge(self, lane: Lane, level: LossNow, lowest: Lane, lowest_level: LossNow) -> Verdict:
        if not self._same_start:
            return judge_distance(level, lowest_level) if self.position >= EARLY * self.length else TOO_EARLY
        larger_rate = self.unit == "steps" and lane.trainer.learning_rate > lowest.trainer.learning_rate
        guess = lane.trainer.constant_guess.train.loss
        found = judge_losses(
            lane.steps, lane.losses, self.start_loss, lowest_level, larger_rate, lane.start_noise, guess
        )
        if self.position < EARLY * self.length and found.kind != "diverging":
            found = TOO_EARLY
        left = find_step_off_plot(lane.steps, lane.losses, self.start_loss)
        return self._steady[lane].settle(found, self.position, level.mean, lowest_level.mean, left)
