"""The verdict on a lane of a race: read off its losses as they are plotted, beside the lane with the lowest loss."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.divergence import Diverged

VerdictKind = Literal["begun", "behind", "slow", "good", "overshoots", "diverging", "diverged"]

RECENT, MOST_RECENT = 0.1, 50
"""The loss now is the mean over this last share of the points, and over so many points at most."""

PLOT_TOP = 50.0
"""The top of the plot of a race, in starting losses. A lane whose loss was once higher has left the plot."""

GOOD = 0.9
"""A lane is good when it has come at least this share of the way from the start down to the lowest lane.

It must also have fallen by more than CLOSE standard errors, and be no worse than a constant guess.
"""

TWICE = 2.0
"""A lane whose loss is more than this many times the lowest, and not by chance, is behind and not good."""

FAR = 5.0
"""A lane whose loss is this many times the lowest is neither good nor behind, however far it has come."""

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
class LossNow:
    """The mean over the recent points of a curve, and the standard error of that mean."""

    mean: float
    error: float = 0.0


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


def judge_distance(now: LossNow, lowest: LossNow) -> Verdict:
    """Judge a lane whose network is not that of the others: only by how far its loss now is above the lowest."""
    if _is_within_noise(now, lowest):
        return _praise(now, lowest)
    words = _describe_distance(now.mean, lowest.mean)
    return Verdict("behind", f"at {now.mean:.3g}, {words}", words)


def judge_losses(
    steps: Sequence[int],
    losses: Sequence[float],
    start: float,
    lowest: LossNow,
    larger_rate: bool = False,
    noise: float = 0.0,
    guess: float = math.inf,
    nows: Sequence[LossNow] = (),
) -> Verdict:
    """Judge a lane by its `losses` after so many `steps`, from the loss `start`.

    `lowest` is the loss now of the lowest lane, and `larger_rate` says that this lane's learning rate is larger than
    that one's. `noise` is the standard deviation of a point of the curve that comes from the choice of its examples,
    with the weights of the start, and `guess` the loss of a constant guess. `nows` are the loss now as it was at each
    point; they are measured if they are not given. The thresholds are the constants of this module.
    """
    nows = nows or [measure_loss_now(losses[:count]) for count in range(1, len(losses) + 1)]
    level, highest = nows[-1], max(losses)
    now = level.mean
    left = find_step_off_plot(steps, losses, start)
    off = "" if left is None else f"left the plot at step {left:,}"
    if now > DIVERGING * start and is_rising(losses):
        words = f"{now:.3g} and rising, from {start:.3g} at the start"
        return Verdict("diverging", f"diverging: {off}, {words}" if off else f"diverging: {words}", "diverging")
    if off and now > PLOT_TOP * start:
        return Verdict("overshoots", f"overshoots: {off}, now at {now:.3g}", "left the plot")
    if off:
        where = "the lowest now" if now <= lowest.mean else f"back at {now:.3g}"
        return Verdict("overshoots", f"overshoots: {off}, {where}", CAME_BACK)
    fallen = start - now > CLOSE * max(level.error, noise / math.sqrt(_count_recent(losses)))
    if fallen and start - now >= GOOD * (start - lowest.mean) > 0 and now <= min(FAR * lowest.mean, guess):
        return _praise(level, lowest)
    if highest > max(LEAPT * start, start + CHANCE * noise):
        step = steps[losses.index(highest)]
        return Verdict("overshoots", f"overshoots: leapt to {highest:.3g} at step {step:,}", "overshoots: leapt up")
    if _average_jump(losses[-2 * _count_recent(losses) :]) > max(JUMPS * start, CHANCE * noise):
        return Verdict("overshoots", f"overshoots: jumps up and down around {now:.3g}", "overshoots: jumps")
    # of the first quarter few points make a mean
    low = min(each.mean for each in nows[len(nows) // 4 :])
    chance = CHANCE * max(level.error, noise / math.sqrt(_count_recent(losses)))
    if low < (1 - ROSE) * start and now - low > max(ROSE * (start - low), chance):
        words = f"overshoots: was down to {low:.3g}, rose again to {now:.3g}"
        return Verdict("overshoots", words, "overshoots: rose again")
    after = f"{now:.3g} after {steps[-1]:,} steps"
    if larger_rate:
        return Verdict("overshoots", f"overshoots: steps too large, at {after}", "overshoots")
    if now >= start:
        return Verdict("slow", f"slow: not below the start yet, at {after}", f"slow: at {now:.3g}")
    if now > guess:
        return Verdict("slow", f"slow: no better than a constant guess yet, at {after}", f"slow: at {now:.3g}")
    return Verdict("slow", f"slow: still at {after}", f"slow: still at {now:.3g}")


class SteadyVerdict:
    """Keeps the kind of a lane's verdict until another kind has been found for a while.

    The first verdict, and what would be false now, change at once: a lane that has left the plot or is far from the
    lowest is not good, the lowest is not behind, and one that no longer rises is not diverging.
    """

    def __init__(self, patience: float) -> None:
        """`patience` is how long another kind has to be found, in the unit of the positions."""
        self._patience = patience
        self._kind: VerdictKind = "begun"
        self._other: tuple[VerdictKind, float] | None = None

    def settle(self, found: Verdict, position: float, now: float, lowest: float, left: int | None) -> Verdict:
        """Take note of the verdict found at this position; return it, or that of the kind that is kept.

        `left` is the step at which the lane left the plot.
        """
        if found.kind == self._kind or self._is_false_now(found, now, lowest, left is not None):
            self._kind, self._other = found.kind, None
        elif self._other is None or self._other[0] != found.kind:
            self._other = found.kind, position
        elif position - self._other[1] >= self._patience:
            self._kind, self._other = found.kind, None
        return found if found.kind == self._kind else _describe_kept(self._kind, now, lowest, left)

    def _is_false_now(self, found: Verdict, now: float, lowest: float, off_plot: bool) -> bool:
        """Whether the kind that is kept is not true of the lane any more, or says nothing yet."""
        match self._kind:
            case "good":
                return off_plot or now > TWICE * lowest
            case "behind":
                return off_plot or now <= lowest or now > FAR * lowest
            case "slow":
                return off_plot
            case "begun":
                return found.kind != "diverging"
            case "diverging":
                return True
        return False


def _describe_kept(kind: VerdictKind, now: float, lowest: float, left: int | None) -> Verdict:
    """Return a verdict of this kind that says of it only where the lane is now."""
    if kind == "begun":
        return TOO_EARLY
    if left is not None:
        return Verdict(kind, f"{kind}: left the plot at step {left:,}, now at {now:.3g}", kind)
    beside = "the lowest" if now <= lowest else _describe_distance(now, lowest)
    return Verdict(kind, f"{kind}: at {now:.3g} now, {beside}", kind)


def _praise(now: LossNow, lowest: LossNow) -> Verdict:
    if now.mean <= lowest.mean:
        return Verdict("good", "good: the lowest now", "good: lowest")
    words = _describe_distance(now.mean, lowest.mean)
    if _is_within_noise(now, lowest):
        if now.mean <= NEARBY * lowest.mean:
            return Verdict("good", "good: close behind the lowest", "good: close behind")
        return Verdict("good", f"good: {words}, within the noise", "good")
    if now.mean > TWICE * lowest.mean:
        return Verdict("behind", f"behind: {words}", "behind")
    return Verdict("good", f"good: {words}", "good")


def _is_within_noise(now: LossNow, lowest: LossNow) -> bool:
    """Whether the difference between the two losses may be chance."""
    return now.mean - lowest.mean <= CLOSE * math.hypot(now.error, lowest.error)


def _describe_distance(now: float, lowest: float) -> str:
    """Say how far a loss is above the lowest: as a share below twice as much, else as a multiple."""
    if not lowest > 0:
        return "above the lowest, which is 0"
    share = now / lowest - 1
    if not math.isfinite(share):
        return "far above the lowest"
    if share < 0.01:
        return "less than 1% above the lowest"
    return f"{share:.0%} above the lowest" if share < 1 else f"{now / lowest:.3g} times the lowest"


def find_step_off_plot(steps: Sequence[int], losses: Sequence[float], start: float) -> int | None:
    """Return the first step at which the loss was above the plot; None if it never was."""
    if max(losses) <= PLOT_TOP * start:
        return None
    return next((step for step, loss in zip(steps, losses, strict=True) if loss > PLOT_TOP * start), None)


def is_rising(losses: Sequence[float]) -> bool:
    """Whether the last points are higher than as many before them; of fewer than four points, whether the last is."""
    count = max(1, min(_count_recent(losses), len(losses) // 2))
    now, before = _measure_mean(losses[-count:]), _measure_mean(losses[-2 * count : -count] or losses[-count:])
    return now.mean > RISING * before.mean and now.mean - before.mean > CLOSE * math.hypot(now.error, before.error)


def measure_loss_now(losses: Sequence[float]) -> LossNow:
    """Return the loss now: the mean of the last points of a curve of at least one."""
    return _measure_mean(losses[-_count_recent(losses) :])


def measure_losses_then(losses: Floats) -> Floats:
    """Return the loss now as it was at each point of a curve (points,) of at least one."""
    counts = np.clip(np.round(RECENT * np.arange(1, len(losses) + 1)), 1, MOST_RECENT)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(losses, (MOST_RECENT - 1, 0)), MOST_RECENT)
    recent = np.arange(MOST_RECENT) >= MOST_RECENT - counts[:, None]
    means: Floats = np.where(recent, windows / counts[:, None], 0.0).sum(axis=1)
    return means


def _measure_mean(losses: Sequence[float]) -> LossNow:
    """Return the mean of the points and its standard error.

    The variance of a point is half the mean square of the differences between neighbours (von Neumann 1941), which a
    slow fall or rise of the curve does not enlarge.
    """
    count = len(losses)
    largest = max(losses) or 1.0  # squares of the shares do not overflow
    differences = np.diff(np.asarray(losses) / largest)
    variance = float(differences @ differences) / (2 * len(differences)) if len(differences) else 0.0
    return LossNow(sum(loss / count for loss in losses), largest * math.sqrt(variance / count))


def _count_recent(losses: Sequence[float]) -> int:
    return max(1, min(MOST_RECENT, round(RECENT * len(losses))))


def _average_jump(losses: Sequence[float]) -> float:
    """Return the mean distance from one point to the next."""
    jumps = np.abs(np.diff(losses))
    return float(jumps.mean()) if len(jumps) else 0.0
