"""The verdict on a lane of a race: read off its losses as they are plotted, beside the lane with the lowest loss."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.training.divergence import Diverged
from gradstep.core.training.recent_loss import RecentLoss, count_recent, measure_mean, measure_recent_loss

VerdictKind = Literal["begun", "behind", "slow", "good", "overshoots", "diverging", "diverged"]

PLOT_TOP = 50.0
"""The top of the plot of a race, in starting losses. A lane whose loss was once higher has left the plot."""

GOOD = 0.9
"""A lane is good when it has come at least this share of the way from the start down to the lowest lane.

It must also have fallen by more than CLOSE standard errors, and be no worse than a constant guess.
"""

TWICE = 2.0
"""A lane whose loss is more than this many times the lowest, and not by chance, is behind and not good."""

FAR = 5.0
"""A lane whose loss is more than this many times the lowest is neither good nor behind, except one that is down."""

DOWN = 0.01
"""A lane is down when its loss is at most this share of the starting loss. It is not slow, however low others are."""

BETTER = 1.05
"""A smaller learning rate does better when the loss of a lane is more than this many times that of the smaller one."""

NEARBY = 1.25
"""A lane within the noise of the lowest is close behind it up to this many times its loss."""

CLOSE = 2.0
"""A lane is within the noise of the lowest up to this many standard errors of the difference between the two losses.

The standard errors are those of means over the recent points, whose spread is the noise of the batch losses.
"""

LEAPT = 1.5
"""A lane that is not good overshoots when its loss was once this many times the starting loss."""

JUMPS = 0.25
"""A lane that is not good overshoots when its loss jumps, point by point, by this share of the starting loss.

It also overshoots when a lane with a smaller learning rate does better.
"""

ROSE = 0.2
"""A lane that is not good overshoots when it has lost this share of the way that it had come down from the start.

That way must be more than this share of the starting loss.
"""

CHANCE = 6.0
"""Leaps, jumps and rises count from this many standard deviations on.

It is that of the loss of a batch with the weights of the start.
"""

DIVERGING = 10.0
"""A lane is diverging when its loss is this many times the starting loss and still rises, though it is finite yet."""

RISING = 1.05
"""A loss rises when the mean of its last points is this many times the mean of as many points before them.

The difference must also be more than CLOSE standard errors.
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a lane does: the kind of verdict, a sentence with its numbers, and the same in a few words."""

    kind: VerdictKind
    words: str
    brief: str


CAME_BACK = "left the plot, came back"
TOO_EARLY = Verdict("begun", "too early to say", "too early to say")


def judge_divergence(error: Diverged) -> Verdict:
    """Return the verdict on a lane that has diverged."""
    brief = f"diverged at step {error.step:,}"
    words = f"{brief}: {error.what} is no longer a finite number"
    return Verdict("diverged", words, brief)


@dataclass(frozen=True, slots=True)
class LaneCurve:
    """The loss curve of a lane, and what it is judged by.

    `step` is where the lane is. The curve has a point of `losses` at each of `steps`, and `recent_losses` are the
    recent losses there. `start` is the loss before the first update, and `noise` the standard deviation of a point that
    comes from the choice of its examples, with the weights of the start. `guess` is the loss of a constant guess,
    infinite where that is no yardstick.
    """

    step: int
    steps: Sequence[int]
    losses: Sequence[float]
    recent_losses: Sequence[RecentLoss]
    start: float
    noise: float = 0.0
    guess: float = math.inf

    @property
    def recent(self) -> RecentLoss:
        """The recent loss at the end of the curve."""
        return self.recent_losses[-1]

    @property
    def error(self) -> float:
        """The standard error of the recent loss, at least the one that the noise of the start alone would give it."""
        return max(self.recent.error, self.noise / math.sqrt(count_recent(self.losses)))


def judge_distance(curve: LaneCurve, lowest: RecentLoss) -> Verdict:
    """Judge a lane whose network is not that of the others: by how far its recent loss is above the lowest.

    Where it is not below its own start, or above a constant guess, it is slow.
    """
    recent = curve.recent
    if recent.mean >= curve.start or recent.mean > curve.guess:
        return _judge_slow(curve)
    if _is_within_noise(recent, lowest):
        return _praise(recent, lowest)
    words = describe_distance(recent.mean, lowest.mean)
    return Verdict("behind", f"at {recent.mean:.3g}, {words}", words)


def judge_losses(curve: LaneCurve, lowest: RecentLoss, larger_rate: bool = False) -> Verdict:
    """Judge a lane by its loss curve. The thresholds are the constants of this module.

    `lowest` is the recent loss of the lowest lane, and `larger_rate` says that this lane's learning rate is larger
    than that one's.
    """
    now, start = curve.recent.mean, curve.start
    left = find_step_off_plot(curve.steps, curve.losses, start)
    if now > DIVERGING * start and is_rising(curve.losses):
        off = "" if left is None else f"left the plot at step {left:,}, "
        words = f"diverging: {off}{now:.3g} and rising, from {start:.3g} at the start"
        return Verdict("diverging", words, "diverging")
    if left is not None:
        return _judge_off_plot(left, now, start, lowest.mean)
    near = now <= min(find_far(lowest.mean, start), curve.guess)
    if near and start - now > CLOSE * curve.error and start - now >= GOOD * (start - lowest.mean) > 0:
        return _praise(curve.recent, lowest)
    return _judge_overshoot(curve, lowest.mean, larger_rate) or _judge_slow(curve)


def _judge_off_plot(left: int, now: float, start: float, lowest: float) -> Verdict:
    """Judge a lane that left the plot at step `left`, and no longer rises."""
    off = f"overshoots: left the plot at step {left:,}"
    if now > PLOT_TOP * start:
        return Verdict("overshoots", f"{off}, now at {now:.3g}", "left the plot")
    where = "the lowest now" if now <= lowest else f"back at {now:.3g}"
    return Verdict("overshoots", f"{off}, {where}", CAME_BACK)


def _judge_overshoot(curve: LaneCurve, lowest: float, larger_rate: bool) -> Verdict | None:
    """Judge a lane that is not good by its leaps, jumps and rises, and by its learning rate; None if it has none."""
    now, start, highest = curve.recent.mean, curve.start, max(curve.losses)
    if highest > max(LEAPT * start, start + CHANCE * curve.noise):
        step = curve.steps[curve.losses.index(highest)]
        return Verdict("overshoots", f"overshoots: leapt to {highest:.3g} at step {step:,}", "overshoots: leapt up")
    if _average_jump(curve.losses[-2 * count_recent(curve.losses) :]) > max(JUMPS * start, CHANCE * curve.noise):
        around = measure_recent_loss(curve.losses).mean
        return Verdict("overshoots", f"overshoots: jumps up and down around {around:.3g}", "overshoots: jumps")
    # of the first quarter few points make a mean
    low = min(recent.mean for recent in curve.recent_losses[len(curve.recent_losses) // 4 :])
    if low < (1 - ROSE) * start and now - low > max(ROSE * (start - low), CHANCE * curve.error):
        words = f"overshoots: was down to {low:.3g}, rose again to {now:.3g}"
        return Verdict("overshoots", words, "overshoots: rose again")
    if larger_rate and now > BETTER * lowest:
        words = f"overshoots: steps too large, at {_describe_end(curve)}"
        return Verdict("overshoots", words, "overshoots")
    return None


def _judge_slow(curve: LaneCurve) -> Verdict:
    """Judge a lane that is not good and does not overshoot."""
    now, end = curve.recent.mean, _describe_end(curve)
    if now >= curve.start:
        return Verdict("slow", f"slow: not below the start yet, at {end}", f"slow: at {now:.3g}")
    if now > curve.guess:
        return Verdict("slow", f"slow: no better than a constant guess yet, at {end}", f"slow: at {now:.3g}")
    return Verdict("slow", f"slow: still at {end}", f"slow: still at {now:.3g}")


def _describe_end(curve: LaneCurve) -> str:
    return f"{curve.recent.mean:.3g} after {curve.step:,} steps"


def _praise(recent: RecentLoss, lowest: RecentLoss) -> Verdict:
    if recent.mean <= lowest.mean:
        return Verdict("good", "good: the lowest now", "good: lowest")
    words = describe_distance(recent.mean, lowest.mean)
    if _is_within_noise(recent, lowest) and recent.mean <= FAR * lowest.mean:
        if recent.mean <= NEARBY * lowest.mean:
            return Verdict("good", "good: close behind the lowest", "good: close behind")
        return Verdict("good", f"good: {words}, within the noise", "good")
    if recent.mean > TWICE * lowest.mean:
        return Verdict("behind", f"behind: {words}", "behind")
    return Verdict("good", f"good: {words}", "good")


def _is_within_noise(recent: RecentLoss, lowest: RecentLoss) -> bool:
    """Whether the difference between the two losses may be chance."""
    return recent.mean - lowest.mean <= CLOSE * math.hypot(recent.error, lowest.error)


def describe_distance(now: float, lowest: float) -> str:
    """Say how far a loss is above the lowest: as a share below twice as much, else as a multiple."""
    if not lowest > 0:
        return "above the lowest, which is 0"
    share = now / lowest - 1
    if not math.isfinite(share):
        return "far above the lowest"
    if share < 0.01:
        return "less than 1% above the lowest"
    if share < 1:
        return f"{share:.0%} above the lowest"
    times = now / lowest
    if times >= 1e6:
        return "more than a million times the lowest"
    return f"{times:.3g} times the lowest" if times < 100 else f"{times:.0f} times the lowest"


def find_far(lowest: float, start: float) -> float:
    """Return the loss above which a lane is neither good nor behind, however far it has come."""
    return max(FAR * lowest, DOWN * start)


def find_step_off_plot(steps: Sequence[int], losses: Sequence[float], start: float) -> int | None:
    """Return the first step at which the loss was above the plot; None if it never was."""
    if max(losses) <= PLOT_TOP * start:
        return None
    return next((step for step, loss in zip(steps, losses, strict=True) if loss > PLOT_TOP * start), None)


def is_rising(losses: Sequence[float]) -> bool:
    """Whether the last points are higher than as many before them; of fewer than four points, whether the last is."""
    count = max(1, min(count_recent(losses), len(losses) // 2))
    last, before = measure_mean(losses[-count:]), measure_mean(losses[-2 * count : -count] or losses[-count:])
    return last.mean > RISING * before.mean and last.mean - before.mean > CLOSE * math.hypot(last.error, before.error)


def _average_jump(losses: Sequence[float]) -> float:
    """Return the mean distance from one point to the next."""
    jumps = np.abs(np.diff(losses))
    return float(jumps.mean()) if len(jumps) else 0.0
