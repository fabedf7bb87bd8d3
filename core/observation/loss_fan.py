"""The loss curves of many networks as a fan: the lowest, the quartiles, the median and the highest at each point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.training.recent_loss import smooth_losses

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""The shares of the networks that are at or below each line of a fan."""

FAR = 1e3
"""A loss is drawn as at most so many times the larger of the first median and the loss of a constant guess."""


LARGEST = 1e300
"""A loss is drawn as at most this, so that a sum of them is finite."""


@dataclass(frozen=True, slots=True, eq=False)
class LossFan:
    """The losses of a group over the steps (points,).

    `lines` (5, points) has one line for each of SHARES. A network that has diverged is above all others from then on,
    at infinity. `own` (points,) is the curve of the run's own network, NaN from where it stands still; None if it is
    not one of them.
    """

    steps: Indices
    lines: Floats
    own: Floats | None


def make_fan(steps: Indices, losses: Floats, diverged: NDArray[np.bool_], own: Floats | None, most: float) -> LossFan:
    """Make the fan of the loss curves (points, members), each smoothed as the curves of a race are.

    `own` (points,) is the curve of the run's own network, and `most` what a loss is cut off at.
    """
    smoothed = _smooth(losses, most)
    ends = len(losses) - np.isnan(losses)[::-1].argmin(axis=0) - 1 if len(losses) else np.zeros(0, int)
    for member in np.flatnonzero(np.isnan(losses[-1:]).any(axis=0)):
        is_empty = np.isnan(losses[0, member])
        last = np.inf if diverged[member] or is_empty else smoothed[ends[member], member]
        smoothed[0 if is_empty else ends[member] + 1 :, member] = last
    # each line is one of the losses, so that an infinite one does not spoil its neighbours
    lines = np.quantile(smoothed, SHARES, axis=1, method="inverted_cdf") if len(losses) else np.zeros((len(SHARES), 0))
    return LossFan(steps, lines, None if own is None else _smooth(own, most))


def _smooth(losses: Floats, most: float) -> Floats:
    """Smooth curves (points, members) with their losses cut off at `most`. NaN stays NaN."""
    finite = np.where(np.isnan(losses), 0.0, np.minimum(losses, min(most, LARGEST)))
    return np.where(np.isnan(losses), np.nan, smooth_losses(finite))
