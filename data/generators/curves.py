"""One input, one number: curves for a network to bend to. `noise` is a standard deviation of what is measured."""

import numpy as np

from gradstep.data.dataset import Dataset
from gradstep.data.generators.point_sets import valued_points
from gradstep.data.seeds import random_generator

SOURCE = "made by a formula"


def sine(seed: int, points: int = 200, noise: float = 0.0) -> Dataset:
    """y = sin x, for x from −π to π."""
    rng = random_generator(seed, "points")
    x = rng.uniform(-np.pi, np.pi, (points, 1))
    return valued_points("sine", x, np.sin(x[:, 0]) + rng.normal(0, noise, points), SOURCE)


def step(seed: int, points: int = 200, noise: float = 0.0) -> Dataset:
    """y = 1 from x = 0 on, and −1 before; x from −3 to 3."""
    rng = random_generator(seed, "points")
    x = rng.uniform(-3, 3, (points, 1))
    return valued_points("step", x, np.where(x[:, 0] < 0, -1.0, 1.0) + rng.normal(0, noise, points), SOURCE)
