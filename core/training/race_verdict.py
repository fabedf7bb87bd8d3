"""The verdict on a lane of a race: read off its losses as they are plotted, beside the lane with the lowest loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.training.divergence import Diverged

VerdictKind = Literal["begun", "slow", "good", "overshoots", "diverging", "diverged"]

RECENT = 0.1
"""The loss now is the mean over this last share of the points, 50 points at most."""

PLOT_TOP = 50.0
"""The top of the plot of a race, in starting losses. A lane whose loss was once higher has left the plot."""

GOOD = 0.9
"""A lane is good when it has come at least this share of the way from the start down to the lowest lane."""

FAR = 10.0
"""A lane whose loss is this many times the lowest is not good, however far it has come."""

CLOSE = 2.0
"""A good lane is close behind the lowest up to this many times its loss."""

LEAPT = 1.5
"""A lane that is not good overshoots when its loss was once this many times the starting loss."""

JUMPS = 0.25
"""A lane that is not good overshoots when its loss jumps, point by point, by this share of the starting loss.

It also overshoots when a lane with a smaller learning rate does better.
"""

DIVERGING = 10.0
"""A lane is diverging when its loss is this many times the starting loss and still rises, though it is finite yet."""

RISING = 1.05
"""A loss rises when the mean of its last points is this many times the mean of as many points before them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a lane does: the kind of verdict, a sentence with its numbers, and the same in a few words."""

    kind: VerdictKind
    words: str
    brief: str


TOO_EARLY = Verdict("begun", "too early to say", "too early to say")


def judge_divergence(error: Diverged) -> Verdict:
    """Return the verdict on a lane that has diverged."""
    brief = f"diverged at step {error.step:,}"
    words = f"{brief}: {error.what} is no longer a finite number"
    return Verdict("diverged", words, brief)


def judge_losses(
    steps: Sequence[int], losses: Sequence[float], start: float, lowest: float, larger_rate: bool = False
) -> Verdict:
    """Judge a lane by its `losses` after so many `steps`, from the loss `start`.

    `lowest` is the loss now of the lowest lane, and `larger_rate` says that this lane's learning rate is larger than
    that one's. The thresholds are the constants of this module.
    """
    now, highest = average_recent_losses(losses), max(losses)
    left = find_step_off_plot(steps, losses, start)
    off = "" if left is None else f"left the plot at step {left:,}"
    if now > DIVERGING * start and is_rising(losses):
        words = f"{now:.3g} and rising, from {start:.3g} at the start"
        return Verdict("diverging", f"diverging: {off}, {words}" if off else f"diverging: {words}", "diverging")
    if off and now > PLOT_TOP * start:
        return Verdict("overshoots", f"overshoots: {off}, now at {now:.3g}", "left the plot")
    if off:
        place = "the lowest now" if now <= lowest else f"back at {now:.3g}"
        return Verdict("overshoots", f"overshoots: {off}, {place}", "left the plot")
    if start - now >= GOOD * (start - lowest) > 0 and now <= FAR * lowest:
        return _praise(now, lowest)
    if highest > LEAPT * start:
        step = steps[losses.index(highest)]
        return Verdict("overshoots", f"overshoots: leapt to {highest:.3g} at step {step:,}", "overshoots: leapt up")
    if _average_jump(losses[-2 * _count_recent(losses) :]) > JUMPS * start:
        return Verdict("overshoots", f"overshoots: jumps up and down around {now:.3g}", "overshoots: jumps")
    if larger_rate:
        return Verdict("overshoots", f"overshoots: too long steps, still at {now:.3g}", "overshoots")
    return Verdict("slow", f"slow: after {steps[-1]:,} steps still at {now:.3g}", f"slow: still at {now:.3g}")


class SteadyVerdict:
    """Keeps the kind of a lane's verdict until another kind has been found for a while.

    A lane that diverges, that has left the plot, or that is far from good is called that at once.
    """

    def __init__(self, patience: float) -> None:
        """`patience` is how long another kind has to be found, in the unit of the positions."""
        self._patience = patience
        self._kind: VerdictKind = "begun"
        self._other: tuple[VerdictKind, float] | None = None

    def settle(self, found: Verdict, position: float, now: float, lowest: float, off_plot: bool) -> None:
        """Take note of the verdict found at this position."""
        if found.kind == self._kind or self._changes_at_once(found, now, lowest, off_plot):
            self._kind, self._other = found.kind, None
        elif self._other is None or self._other[0] != found.kind:
            self._other = found.kind, position
        elif position - self._other[1] >= self._patience:
            self._kind, self._other = found.kind, None

    def describe(self, found: Verdict, now: float, lowest: float, off_plot: bool) -> Verdict:
        """Return the verdict found, or that of the kind that is kept, with what is true of it now."""
        if found.kind == self._kind or self._changes_at_once(found, now, lowest, off_plot):
            return found
        beside = "the lowest" if now <= lowest else f"{now / lowest:.3g} times the lowest"
        words = f"{self._kind}: at {now:.3g} now, {beside}" if lowest > 0 else f"{self._kind}: at {now:.3g} now"
        return Verdict(self._kind, words, self._kind)

    def _changes_at_once(self, found: Verdict, now: float, lowest: float, off_plot: bool) -> bool:
        passing = ("begun", "diverging", "diverged")
        far = self._kind == "good" and now > FAR**2 * lowest
        return off_plot or far or self._kind in passing or found.kind in passing


def _praise(now: float, lowest: float) -> Verdict:
    if now <= lowest:
        return Verdict("good", "good: lowest so far", "good: lowest")
    if now <= CLOSE * lowest:
        return Verdict("good", "good: close behind the lowest", "good")
    return Verdict("good", f"good: {now / lowest:.1f} times the lowest", "good")


def find_step_off_plot(steps: Sequence[int], losses: Sequence[float], start: float) -> int | None:
    """Return the first step at which the loss was above the plot; None if it never was."""
    return next((step for step, loss in zip(steps, losses, strict=True) if loss > PLOT_TOP * start), None)


def is_rising(losses: Sequence[float]) -> bool:
    """Whether the last points are higher than as many before them; of fewer than four points, whether the last is."""
    count = max(1, min(_count_recent(losses), len(losses) // 2))
    now, before = losses[-count:], losses[-2 * count : -count]
    return bool(before) and sum(loss / count for loss in now) > RISING * sum(loss / count for loss in before)


def average_recent_losses(losses: Sequence[float]) -> float:
    """Return the loss now: the mean of the last points of a curve of at least one."""
    newest = losses[-_count_recent(losses) :]
    return sum(loss / len(newest) for loss in newest)


def _count_recent(losses: Sequence[float]) -> int:
    return max(1, min(50, round(RECENT * len(losses))))


def _average_jump(losses: Sequence[float]) -> float:
    """Return the mean distance from one point to the next."""
    jumps = np.abs(np.diff(losses))
    return float(jumps.mean()) if len(jumps) else 0.0
