"""The way back from a divergence: where training still went well."""

import numpy as np

from gradstep.core.training.history import LossCurve

GOOD = 2.0
"""A loss is good while it is no more than so many times the lowest one: batches differ, but not a ruined network."""


def last_good_step(curve: LossCurve, steps_per_epoch: int) -> int:
    """The last step after which the network was still good, 0 for the start, by the losses of the steps 1..n.

    A loss is good when it, and the mean of the epoch up to it, are at most GOOD times the lowest such mean. It is
    measured before its own update, so the network was good after the step before.
    """
    if not len(curve.mean):
        return 0
    span = max(1, steps_per_epoch // curve.bucket)
    means = _running_means(curve.mean, span)
    limit = GOOD * means.min()
    good = np.flatnonzero((means <= limit) & (curve.mean <= limit))
    index = int(good[-1]) if len(good) else int(means.argmin())
    return int(curve.step[index - 1]) if index else 0


def _running_means(values: np.ndarray, span: int) -> np.ndarray:
    """For each value the mean of it and of up to span − 1 before it.

    Not by differences of a running sum: beside a loss of 1e300 they would lose the small ones.
    """
    padded = np.concatenate((np.full(span - 1, np.nan), values))
    with np.errstate(over="ignore"):
        means: np.ndarray = np.nanmean(np.lib.stride_tricks.sliding_window_view(padded, span), axis=1)
    return means
