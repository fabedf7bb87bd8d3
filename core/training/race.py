"""The race: several lanes, advanced in lock step, each with a verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.lane import Lane, RaceUnit
from gradstep.core.training.loss_table import POINT_EXAMPLES
from gradstep.core.training.race_verdict import (
    TOO_EARLY,
    LaneCurve,
    Verdict,
    find_step_off_plot,
    judge_distance,
    judge_divergence,
    judge_losses,
)
from gradstep.core.training.steady_verdict import SteadyVerdict

EARLY = 0.1
"""Before this share of the race there is no verdict, except on a lane that diverges."""

PATIENCE = 0.05
"""The share of the race that another verdict has to stand before it replaces the one on a lane."""


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """How a lane stands: a curve of mean `losses` at its `positions`, in steps or examples, both (points,).

    `loss` is the newest recent loss, None before the first point; where `is_smoothed` is false it is no mean.
    `accuracy` and `validation_loss` are those on the validation part, None where there is none: a race chooses, and
    what the test part has chosen it can no longer test.
    `seconds_per_epoch` is that of the fastest epoch of its trainer; None before the first one that the trainer makes.
    """

    label: str
    positions: Floats
    losses: Floats
    loss: float | None
    accuracy: float | None
    verdict: Verdict
    validation_loss: float | None = None
    seconds_per_epoch: float | None = None
    is_smoothed: bool = True


class Race:
    """Advances all lanes alike: by steps, or by examples where the lanes' batch sizes differ.

    `position` and `end` are in that unit.
    """

    def __init__(self, lanes: Sequence[Lane], unit: RaceUnit, length: int, same_start: bool = True) -> None:
        """`length` is in steps or examples; `extend` adds as much again.

        Lanes that did not begin with the same network are judged by their own start and by their distance from the
        lowest.
        """
        self.lanes, self.unit, self.length, self._same_start = tuple(lanes), unit, length, same_start
        self._stride = 1 if unit == "steps" else POINT_EXAMPLES
        evaluator, part = lanes[0].trainer.evaluator, lanes[0].trainer.training_part
        self.start_loss = evaluator.score(part).loss
        self._starts = {lane: self.start_loss if same_start else _score_start(lane) for lane in lanes}
        self._start_spread = evaluator.measure_spread(part) if same_start else 0.0
        self.position, self.end = 0, length
        self._begin_verdicts()

    def _begin_verdicts(self) -> None:
        self._steady = {lane: SteadyVerdict(PATIENCE * self.length, self._starts[lane]) for lane in self.lanes}
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
            lane.recent_losses[-1].mean if lane.recent_losses else None,
            score.accuracy if score else None,
            self._verdicts[lane] if lane.divergence is None else judge_divergence(lane.divergence),
            score.loss if score else None,
            lane.seconds_per_epoch,
            lane.is_smoothed,
        )

    def _settle_verdicts(self) -> None:
        """Judge every lane that goes on as it stands now, beside the one with the lowest recent loss."""
        going = [lane for lane in self.lanes if lane.recent_losses and not lane.divergence]
        if going:
            lowest = min(going, key=lambda lane: lane.recent_losses[-1].mean)
            for lane in going:
                self._verdicts[lane] = self._judge(lane, lowest)

    def _judge(self, lane: Lane, lowest: Lane) -> Verdict:
        curve, lowest_loss = self._find_curve(lane), lowest.recent_losses[-1]
        if not self._same_start:
            return judge_distance(curve, lowest_loss) if self.position >= EARLY * self.length else TOO_EARLY
        larger_rate = self.unit == "steps" and lane.trainer.learning_rate > lowest.trainer.learning_rate
        found = judge_losses(curve, lowest_loss, larger_rate)
        if self.position < EARLY * self.length and found.kind != "diverging":
            found = TOO_EARLY
        left = find_step_off_plot(lane.steps, lane.losses, self.start_loss)
        return self._steady[lane].settle(found, self.position, curve.recent.mean, lowest_loss.mean, left)

    def _find_curve(self, lane: Lane) -> LaneCurve:
        trainer = lane.trainer
        guess = trainer.constant_guess.train.loss if trainer.training_part.targets_vary else math.inf
        noise = lane.find_noise(self._start_spread)
        return LaneCurve(lane.step, lane.steps, lane.losses, lane.recent_losses, self._starts[lane], noise, guess)


def _score_start(lane: Lane) -> float:
    return lane.trainer.evaluator.score(lane.trainer.training_part).loss
