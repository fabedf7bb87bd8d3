"""Finds the step to go back to after a divergence."""

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.history import LossCurve

GOOD_FACTOR = 2.0
"""A loss counts as good up to this many times the lowest one. Batches differ by less, a ruined network by more."""


def find_last_good_step(curve: LossCurve, steps_per_epoch: int) -> int:
    """Return the last step after which the network was still good; 0 is the start.

    A loss is good when it and the mean of the epoch up to it are at most GOOD_FACTOR times the lowest such mean. A
    step's loss is measured before its update, so it belongs to the network after the step before.
    """
    if not len(curve.mean):
        return 0
    buckets_per_epoch = max(1, steps_per_epoch // curve.bucket_size)
    epoch_means = _compute_running_means(curve.mean, buckets_per_epoch)
    limit = GOOD_FACTOR * epoch_means.min()
    good = np.flatnonzero((epoch_means <= limit) & (curve.mean <= limit))
    index = int(good[-1]) if len(good) else int(epoch_means.argmin())
    return int(curve.step[index - 1]) if index else 0


def _compute_running_means(values: Floats, span: int) -> Floats:
    """For each value, return the mean of it and of up to `span` − 1 values before it.

    Differences of a running sum would be faster, but lose small values beside a loss of 1e300.
    """
    padded = np.concatenate((np.full(span - 1, np.nan), values))
    with np.errstate(over="ignore"):
        means: Floats = np.nanmean(np.lib.stride_tricks.sliding_window_view(padded, span), axis=1)
    return means
