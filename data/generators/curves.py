"""Regressions of one input. `noise` is the standard deviation of an error added to the target."""

import numpy as np

from gradstep.data.dataset import Dataset
from gradstep.data.generators.point_sets import make_regression
from gradstep.data.seeds import make_random_generator

SOURCE = "made by a formula"


def sine(seed: int, points: int = 200, noise: float = 0.0) -> Dataset:
    """y = sin x, for x from −π to π."""
    rng = make_random_generator(seed, "points")
    x = rng.uniform(-np.pi, np.pi, (points, 1))
    return make_regression("sine", x, np.sin(x[:, 0]) + rng.normal(0, noise, points), SOURCE)


def step(seed: int, points: int = 200, noise: float = 0.0) -> Dataset:
    """y = 1 from x = 0 on, and −1 before; x from −3 to 3."""
    rng = make_random_generator(seed, "points")
    x = rng.uniform(-3, 3, (points, 1))
    return make_regression("step", x, np.where(x[:, 0] < 0, -1.0, 1.0) + rng.normal(0, noise, points), SOURCE)
