"""The verdict on a lane of a race: judged from its losses, beside the lane with the lowest loss, at any time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.training.divergence import Diverged

VerdictKind = Literal["begun", "slow", "good", "overshoots", "diverging", "diverged"]

RECENT = 0.1
"""The loss now is the mean over this last share of the points, 50 points at most."""

GOOD = 0.9
"""A lane is good when it has come at least this share of the way from the start down to the lowest lane."""

LEAPT = 1.5
"""A lane that is not good overshoots when its loss was once this many times the starting loss."""

JUMPS = 0.25
"""A lane that is not good overshoots when its loss jumps, point by point, by this share of the starting loss.

It also overshoots when a lane with a smaller learning rate does better.
"""

DIVERGING = 10.0
"""A lane is diverging when its loss is this many times the starting loss and still rises, though it is finite yet."""


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
    words = f"{brief}: {error.quantity} of layer {error.layer_number} is no longer a finite number"
    return Verdict("diverged", words, brief)


def judge_losses(
    steps: Sequence[int], losses: Sequence[float], start: float, lowest: float, larger_rate: bool = False
) -> Verdict:
    """Judge a lane by its `losses` after so many `steps`, from the loss `start`.

    `lowest` is the loss now of the lowest lane, and `larger_rate` says that this lane's learning rate is larger than
    that one's. The thresholds are the constants of this module.
    """
    now, highest = average_recent_losses(losses), max(losses)
    if now > DIVERGING * start and losses[-1] >= max(losses[: -_count_recent(losses)], default=start):
        return Verdict("diverging", f"diverging: {now:.3g} and rising, from {start:.3g} at the start", "diverging")
    if start - now >= GOOD * (start - lowest) > 0:
        if now <= lowest:
            return Verdict("good", "good: lowest so far", "good: lowest")
        return Verdict("good", "good: close behind the lowest", "good")
    if highest > LEAPT * start:
        step = steps[losses.index(highest)]
        return Verdict("overshoots", f"overshoots: leapt to {highest:.3g} at step {step:,}", "overshoots: leapt up")
    if _average_jump(losses[-2 * _count_recent(losses) :]) > JUMPS * start:
        return Verdict("overshoots", f"overshoots: jumps up and down around {now:.3g}", "overshoots: jumps")
    if larger_rate:
        return Verdict("overshoots", f"overshoots: too long steps, still at {now:.3g}", "overshoots")
    return Verdict("slow", f"slow: after {steps[-1]:,} steps still at {now:.3g}", f"slow: still at {now:.3g}")


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
