"""The verdicts on the members of a population: what each of them has come to."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.outcome import LEAST_GAIN
from gradstep.core.training.race_verdict import CLOSE, GOOD

MemberVerdict = Literal["diverged", "no better", "flat", "falling", "good"]
"""From the worst to the best:

- diverged: an update had a number that is not finite
- no better: not better than a constant guess by LEAST_GAIN of its loss
- flat, falling: better than that, but not good; the batch losses fall by no more than chance, or by more
- good: it has come GOOD of the way down from the constant guess to the lowest of all
"""

MEMBER_VERDICTS: tuple[MemberVerdict, ...] = get_args(MemberVerdict)

NEWEST = 0.2
"""The newest points of a curve are this share of it."""

LEAST_FALL = 0.01
"""A member falls while the mean of its newest points is lower by this share than that of as many before them."""

Mask = NDArray[np.bool_]


def find_no_better(scores: Floats, guess: float) -> Mask:
    """Whether each score, a loss, is not better than that of a constant guess."""
    return ~(scores < (1 - LEAST_GAIN) * guess)


@np.errstate(all="ignore")
def find_falling(losses: Floats) -> Mask:
    """Whether each of the loss curves (points, members) falls at its end, by more than chance.

    The standard errors are those of the race. A member without a newest point does not fall.
    """
    count = max(1, round(NEWEST * len(losses)))
    if len(losses) < 2 * count:
        return np.zeros(losses.shape[1], bool)
    now, before = losses[-count:], losses[-2 * count : -count]
    fall = before.mean(axis=0) - now.mean(axis=0)
    error = np.sqrt(_measure_variance(now) + _measure_variance(before))
    found: Mask = (fall > CLOSE * error) & (fall > LEAST_FALL * before.mean(axis=0))
    return found


def _measure_variance(losses: Floats) -> Floats:
    """Return the variance of the mean of the points (points, members); see `recent_loss`."""
    differences = np.diff(losses, axis=0)
    count = max(1, len(differences))
    variance: Floats = (differences**2).sum(axis=0) / (2 * count) / len(losses)
    return variance


def judge_members(scores: Floats, diverged: Mask, falling: Mask, guess: float) -> tuple[MemberVerdict, ...]:
    """Judge members by their scores, which are losses on one part of the data; all of these are (members,).

    `guess` is the loss of a constant guess on that part. Where it is infinite, as it is no yardstick, good is measured
    from the highest of all.
    """
    alive = scores[~diverged & np.isfinite(scores)]
    lowest = float(alive.min()) if len(alive) else np.inf
    top = guess if np.isfinite(guess) else float(alive.max(initial=lowest))
    enough = top - GOOD * (top - lowest)
    better = ~find_no_better(scores, guess)
    choices: Sequence[tuple[Mask, MemberVerdict]] = (
        (diverged, "diverged"),
        (~better, "no better"),
        (scores <= enough, "good"),
        (falling, "falling"),
    )
    found = np.select([mask for mask, _ in choices], [MEMBER_VERDICTS.index(kind) for _, kind in choices], default=2)
    return tuple(MEMBER_VERDICTS[index] for index in found.tolist())
