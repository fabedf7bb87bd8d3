"""Random generators: one for each purpose, made from the seeds of the experiment."""

from typing import Literal

import numpy as np

Purpose = Literal["points", "split", "init"]
# counted from 1, because numpy takes the seed (s, 0) for the seed s, which the trainer shuffles by
STREAMS: dict[Purpose, int] = {"points": 1, "split": 2, "init": 3}


def make_random_generator(seed: int, purpose: Purpose) -> np.random.Generator:
    """Return a new generator for this purpose.

    The same seed gives the same numbers, whatever the generators of other purposes are used for.
    """
    return np.random.default_rng([seed, STREAMS[purpose]])
