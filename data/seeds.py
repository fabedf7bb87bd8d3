"""One random generator for each purpose, all from the seeds that a person sets."""

from typing import Literal

import numpy as np

Purpose = Literal["points", "split", "init"]
# counted from 1: numpy takes the seed (s, 0) for the seed s, which the trainer shuffles by
STREAMS: dict[Purpose, int] = {"points": 1, "split": 2, "init": 3}


def random_generator(seed: int, purpose: Purpose) -> np.random.Generator:
    """Return the generator of this purpose: the same seed gives the same numbers, other purposes do not disturb it."""
    return np.random.default_rng([seed, STREAMS[purpose]])
