"""The recent loss of a curve: the mean of its newest points, which the noise of single batches moves less."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats

RECENT, MOST_RECENT = 0.1, 50
"""The recent loss is the mean over this last share of the points, and over so many points at most."""


@dataclass(frozen=True, slots=True)
class RecentLoss:
    """The mean over the recent points of a curve, and the standard error of that mean."""

    mean: float
    error: float = 0.0


def count_recent(losses: Sequence[float]) -> int:
    """Return how many points of a curve are recent, at least one."""
    return max(1, min(MOST_RECENT, round(RECENT * len(losses))))


def measure_recent_loss(losses: Sequence[float]) -> RecentLoss:
    """Return the recent loss at the end of a curve of at least one point."""
    return measure_mean(losses[-count_recent(losses) :])


def measure_mean(losses: Sequence[float]) -> RecentLoss:
    """Return the mean of the points and its standard error.

    The variance of a point is half the mean square of the differences between neighbours (von Neumann 1941), which a
    slow fall or rise of the curve does not enlarge.
    """
    count = len(losses)
    largest = max(losses) or 1.0  # squares of the shares do not overflow
    differences = np.diff(np.asarray(losses) / largest)
    variance = float(differences @ differences) / (2 * len(differences)) if len(differences) else 0.0
    return RecentLoss(sum(loss / count for loss in losses), largest * math.sqrt(variance / count))


def smooth_losses(losses: Floats) -> Floats:
    """Return the mean of the recent loss at each point of a curve (points,), or of several (points, curves)."""
    points = len(losses)
    counts = np.clip(np.round(RECENT * np.arange(1, points + 1)), 1, MOST_RECENT)
    divisors = counts.reshape(points, *(1,) * (losses.ndim - 1))
    means = np.zeros_like(losses)
    # a running sum would be faster, but a large loss in it would round away all small ones after it
    for age in range(int(counts.max(initial=0))):
        first = int(np.searchsorted(counts, age, side="right"))
        means[first:] += losses[first - age : points - age] / divisors[first:]
    return means
