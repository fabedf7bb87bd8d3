"""The race: several trainers from the same start, advanced in lock step, each with a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.evaluation import Score
from gradstep.core.training.race_verdict import (
    PLOT_TOP,
    TOO_EARLY,
    SteadyVerdict,
    Verdict,
    average_recent_losses,
    judge_divergence,
    judge_losses,
)
from gradstep.core.training.trainer import Trainer

RaceUnit = Literal["steps", "examples"]
"""What a race is measured in."""

POINT_EXAMPLES = 32
"""The least number of examples in a point of a curve: the loss of a single example is mostly chance."""

EARLY = 0.1
"""Before this share of the race there is no verdict, except on a lane that diverges."""

JUDGED = 100
"""How often the verdicts are judged while the race runs its first length."""

PATIENCE = 0.05
"""The share of the race that another verdict has to stand before it replaces the one on a lane."""

LARGEST = 1e300
"""Larger losses are recorded as this, so that a mean of them is still finite."""


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """How a lane stands: a curve of mean `losses` at its `positions`, in steps or examples, both (points,).

    `loss` is the loss now, None before the first point. `accuracy` and `test_loss` are those on the test part, None
    where there is none.
    """

    label: str
    positions: Floats
    losses: Floats
    loss: float | None
    accuracy: float | None
    verdict: Verdict
    test_loss: float | None = None


class Lane:
    """One trainer of the race, and its loss curve. A lane that has diverged stays where it is."""

    def __init__(self, label: str, trainer: Trainer) -> None:
        self.label, self.trainer = label, trainer
        self._start = trainer.state()
        self._updates_per_point = -(-POINT_EXAMPLES // trainer.batch_size)
        self.restart()

    def restart(self) -> None:
        """Go back to the start."""
        self.trainer.restore(self._start)
        self.divergence: Diverged | None = None
        self.steps: list[int] = []
        self.losses: list[float] = []
        self._next_point: list[float] = []

    def advance(self, unit: RaceUnit, target: int) -> None:
        """Make updates as long as they use at most `target` steps or examples in all."""
        while self.divergence is None and self._position_after(unit, self.trainer.step + 1) <= target:
            try:
                self._record(self.trainer.update())
            except Diverged as error:
                self.divergence = error

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

    def test_score(self, evaluate_now: bool) -> Score | None:
        """Return the score on the test part: that of now, or the newest that the training itself recorded.

        None for a lane that has diverged, and where nothing is held out. A regression has no accuracy.
        """
        if self.divergence or self.trainer.test_part is None:
            return None
        if evaluate_now:
            return self.trainer.test_score()
        scores = self.trainer.history.test_scores()
        return Score(float(scores.loss[-1]), float(scores.accuracy[-1]) if self.trainer.classification else None)


class Race:
    """Advances all lanes alike: by steps, or by examples where the lanes' batch sizes differ.

    `position` and `end` are in that unit.
    """

    def __init__(self, lanes: Sequence[Lane], unit: RaceUnit, length: int) -> None:
        """`length` is in steps or examples; `extend` adds as much again."""
        self.lanes, self.unit, self.length = tuple(lanes), unit, length
        self._stride = 1 if unit == "steps" else POINT_EXAMPLES
        self.start_loss = lanes[0].trainer.evaluate().train.loss
        self.position, self.end = 0, length
        self._verdicts = self._make_verdicts()

    def _make_verdicts(self) -> dict[Lane, SteadyVerdict]:
        return {lane: SteadyVerdict(PATIENCE * self.length) for lane in self.lanes}

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
        before, self.position = self.position, min(self.position + self._stride, self.end)
        for lane in self.lanes:
            lane.advance(self.unit, self.position)
        if self.position * JUDGED // self.length > before * JUDGED // self.length:
            self._settle_verdicts()

    def extend(self) -> None:
        """Move the end as far away again."""
        self.end += self.length

    def restart(self) -> None:
        """Send all lanes back to the start."""
        self.position, self.end = 0, self.length
        self._verdicts = self._make_verdicts()
        for lane in self.lanes:
            lane.restart()

    def standings(self, evaluate_now: bool = False) -> tuple[LaneStanding, ...]:
        """Return how every lane stands; `evaluate_now` scores each on the whole test part, which takes time."""
        lowest = self._find_lowest()
        return tuple(self._find_standing(lane, lowest, evaluate_now) for lane in self.lanes)

    def _find_standing(self, lane: Lane, lowest: Lane, evaluate_now: bool) -> LaneStanding:
        score = lane.test_score(evaluate_now)
        return LaneStanding(
            lane.label,
            lane.positions(self.unit),
            np.array(lane.losses),
            average_recent_losses(lane.losses) if lane.losses else None,
            score.accuracy if score else None,
            self._describe(lane, lowest),
            score.loss if score else None,
        )

    def _find_lowest(self) -> Lane:
        """Return the lane with the lowest loss now that has not diverged; the first if there is none."""
        going = [lane for lane in self.lanes if lane.losses and not lane.divergence]
        return min(going, key=lambda lane: average_recent_losses(lane.losses), default=self.lanes[0])

    def _settle_verdicts(self) -> None:
        lowest = self._find_lowest()
        for lane in self.lanes:
            if lane.losses and not lane.divergence:
                self._verdicts[lane].settle(self._judge(lane, lowest), self.position, *self._compare(lane, lowest))

    def _describe(self, lane: Lane, lowest: Lane) -> Verdict:
        found = self._judge(lane, lowest)
        if lane.divergence or not lane.losses:
            return found
        return self._verdicts[lane].describe(found, *self._compare(lane, lowest))

    def _compare(self, lane: Lane, lowest: Lane) -> tuple[float, float, bool]:
        """Return the loss now, that of the lowest lane, and whether the lane has left the plot."""
        off_plot = max(lane.losses) > PLOT_TOP * self.start_loss
        return average_recent_losses(lane.losses), average_recent_losses(lowest.losses), off_plot

    def _judge(self, lane: Lane, lowest: Lane) -> Verdict:
        """Return the verdict on a lane as it stands now."""
        if lane.divergence is not None:
            return judge_divergence(lane.divergence)
        if not lane.losses:
            return TOO_EARLY
        larger_rate = self.unit == "steps" and lane.trainer.learning_rate > lowest.trainer.learning_rate
        lowest_loss = average_recent_losses(lowest.losses)
        verdict = judge_losses(lane.steps, lane.losses, self.start_loss, lowest_loss, larger_rate)
        early = self.position < EARLY * self.length and verdict.kind != "diverging"
        return TOO_EARLY if early else verdict
