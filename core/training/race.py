"""The race: several trainers from the same start, in lock step, each with a verdict in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.trainer import Diverged, Trainer

Unit = Literal["steps", "examples"]
Kind = Literal["begun", "slow", "good", "overshoots", "diverging", "diverged"]

POINT_EXAMPLES = 32
"""A point of a curve is the mean loss over at least so many examples, that a batch of 1 can be told from chance."""

RECENT = 0.1
"""The loss now is the mean over this last share of the points, 50 at most."""

EARLY = 0.1
"""Before this share of the race is run there is no verdict, but for one that diverged."""

GOOD = 0.9
"""Good is who has come at least this share of the way from the start down to the lowest lane."""

LEAPT = 1.5
"""Not good, and once so many times the starting loss: overshot."""

JUMPS = 0.25
"""Not good, and from one point to the next it goes up and down by this share of the starting loss: overshoots. So does
a lane that is not good where shorter steps than its own are.
"""

DIVERGING = 10.0
"""So many times the starting loss, and still rising: diverging, though it is a number yet."""

LARGEST = 1e300


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a lane: in one word, in a sentence, and in a few words."""

    kind: Kind
    words: str
    brief: str


TOO_EARLY = Verdict("begun", "too early to say", "too early to say")


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """How a lane stands: its curve of losses over `seen` steps or examples (points,), and what came of it.

    `loss` is the loss now, None before the first point, `accuracy` that on the test part, None where there is none.
    """

    label: str
    seen: Floats
    losses: Floats
    loss: float | None
    accuracy: float | None
    verdict: Verdict


class Lane:
    """One trainer of the race, and its curve. One that diverged stands still."""

    def __init__(self, label: str, trainer: Trainer) -> None:
        self.label, self.trainer = label, trainer
        self._start = trainer.state()
        self._updates_a_point = -(-POINT_EXAMPLES // trainer.batch_size)
        self.restart()

    def restart(self) -> None:
        """Go back to the start."""
        self.trainer.restore(self._start)
        self.divergence: Diverged | None = None
        self.steps: list[int] = []
        self.losses: list[float] = []
        self._open: list[float] = []

    def advance(self, unit: Unit, target: int) -> None:
        """Make updates as long as no more than `target` steps, or examples, are seen."""
        while self.divergence is None and self._seen(unit, self.trainer.step + 1) <= target:
            try:
                self._record(self.trainer.update())
            except Diverged as error:
                self.divergence = error

    def _record(self, loss: float) -> None:
        self._open.append(min(loss, LARGEST))
        if len(self._open) == self._updates_a_point:
            self.steps.append(self.trainer.step)
            self.losses.append(sum(each / len(self._open) for each in self._open))
            self._open.clear()

    def seen(self, unit: Unit) -> Floats:
        """Where on the way each point of the curve stands (points,)."""
        return np.array([self._seen(unit, step) for step in self.steps], dtype=np.float64)

    def _seen(self, unit: Unit, step: int) -> int:
        """Steps, or examples, that so many updates see; the last batch of an epoch may be smaller."""
        epochs, rest = divmod(step, self.trainer.steps_per_epoch)
        return step if unit == "steps" else epochs * len(self.trainer.train) + rest * self.trainer.batch_size

    def accuracy(self, exact: bool) -> float | None:
        """On the test part: now, or at the newest look that the training itself took; None of one that diverged."""
        if self.divergence or self.trainer.test is None or not self.trainer.classification:
            return None
        if exact:
            test = self.trainer.evaluate().test
            return None if test is None else test.accuracy
        return float(self.trainer.history.test_scores().accuracy[-1])


class Race:
    """Advances all lanes alike: by steps, or by examples where their batches differ."""

    def __init__(self, lanes: Sequence[Lane], unit: Unit, length: int) -> None:
        """`length` is in steps or examples; `further` runs as many again."""
        self.lanes, self.unit, self.length = tuple(lanes), unit, length
        self._stride = 1 if unit == "steps" else POINT_EXAMPLES
        self.start_loss = lanes[0].trainer.evaluate().train.loss
        self.at, self.end = 0, length

    @property
    def stride(self) -> int:
        """Steps, or examples, that one `advance` makes."""
        return self._stride

    @property
    def finished(self) -> bool:
        """Whether the end is reached, or nobody is left to reach it."""
        return self.at >= self.end or all(lane.divergence for lane in self.lanes)

    def advance(self) -> None:
        """Let every lane go as far as the others; nobody sees more than anybody else may."""
        self.at = min(self.at + self._stride, self.end)
        for lane in self.lanes:
            lane.advance(self.unit, self.at)

    def further(self) -> None:
        """Put the end as far away again."""
        self.end += self.length

    def restart(self) -> None:
        """Back to the start, all of them."""
        self.at, self.end = 0, self.length
        for lane in self.lanes:
            lane.restart()

    def standings(self, exact: bool = False) -> tuple[LaneStanding, ...]:
        """How every lane stands; `exact` evaluates the test part now, which takes its time."""
        going = [lane for lane in self.lanes if lane.losses and not lane.divergence]
        lowest = min(going, key=lambda lane: recent(lane.losses), default=self.lanes[0])
        return tuple(
            LaneStanding(
                lane.label,
                lane.seen(self.unit),
                np.array(lane.losses),
                recent(lane.losses) if lane.losses else None,
                lane.accuracy(exact),
                self._verdict(lane, lowest),
            )
            for lane in self.lanes
        )

    def _verdict(self, lane: Lane, lowest: Lane) -> Verdict:
        if lane.divergence is not None:
            return diverged(lane.divergence)
        if not lane.losses:
            return TOO_EARLY
        longer = self.unit == "steps" and lane.trainer.learning_rate > lowest.trainer.learning_rate
        found = verdict(lane.steps, lane.losses, self.start_loss, recent(lowest.losses), longer)
        early = self.at < EARLY * self.length and found.kind != "diverging"
        return TOO_EARLY if early else found


def recent(losses: Sequence[float]) -> float:
    """The loss now, of a curve of one point or more."""
    newest = losses[-_window(losses) :]
    return sum(each / len(newest) for each in newest)


def _window(losses: Sequence[float]) -> int:
    return max(1, min(50, round(RECENT * len(losses))))


def diverged(error: Diverged) -> Verdict:
    """What is said of a lane that has come to a number that is none."""
    at = f"diverged at step {error.step:,}"
    return Verdict("diverged", f"{at}: {error.quantity} of layer {error.layer} is no longer a finite number", at)


def verdict(
    steps: Sequence[int], losses: Sequence[float], start: float, lowest: float, longer: bool = False
) -> Verdict:
    """Judge a curve of losses after `steps` updates, from the loss `start`, beside the lowest lane's loss now.

    `longer` says that this lane takes longer steps than that one. The thresholds are the constants of this module.
    """
    now, highest = recent(losses), max(losses)
    if now > DIVERGING * start and losses[-1] >= max(losses[: -_window(losses)], default=start):
        return Verdict("diverging", f"diverging: {now:.3g} and rising, from {start:.3g} at the start", "diverging")
    if start - now >= GOOD * (start - lowest) > 0:
        if now <= lowest:
            return Verdict("good", "good: lowest so far", "good: lowest")
        return Verdict("good", "good: close behind the lowest", "good")
    if highest > LEAPT * start:
        at = steps[losses.index(highest)]
        return Verdict("overshoots", f"overshoots: leapt to {highest:.3g} at step {at:,}", "overshoots: leapt up")
    if _mean_jump(losses[-2 * _window(losses) :]) > JUMPS * start:
        return Verdict("overshoots", f"overshoots: jumps up and down around {now:.3g}", "overshoots: jumps")
    if longer:
        return Verdict("overshoots", f"overshoots: too long steps, still at {now:.3g}", "overshoots")
    return Verdict("slow", f"slow: after {steps[-1]:,} steps still at {now:.3g}", f"slow: still at {now:.3g}")


def _mean_jump(losses: Sequence[float]) -> float:
    """How far it is from one point to the next, on average."""
    jumps = np.abs(np.diff(losses))
    return float(jumps.mean()) if len(jumps) else 0.0
