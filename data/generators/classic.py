"""Two classic sets of points: scikit-learn's moons and the spiral of CS231n."""

import numpy as np

from gradstep.data.dataset import Dataset
from gradstep.data.generators.point_sets import make_classification
from gradstep.data.seeds import make_random_generator


def moons(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Two interleaving half circles, as scikit-learn's make_moons. `noise` is a standard deviation."""
    rng = make_random_generator(seed, "points")
    lower = np.arange(points) % 2
    angle = rng.uniform(0, np.pi, points)
    side = np.where(lower, -1.0, 1.0)
    clean = np.column_stack([side * np.cos(angle) + lower, side * np.sin(angle) + 0.5 * lower])
    noisy = clean + rng.normal(0, noise, clean.shape)
    return make_classification("moons", noisy, lower, "upper lower", "made as scikit-learn's make_moons does")


def spiral3(seed: int, points: int = 300, noise: float = 0.0) -> Dataset:
    """Three arms of radius 0 to 1 over 4 radians each; `noise` is a standard deviation of the angle.

    A noise of 0.2 gives the set of Stanford's CS231n ("Putting it together: Minimal Neural Network Case Study").
    """
    rng = make_random_generator(seed, "points")
    arm = np.arange(points) % 3
    radius = np.arange(points) // 3 / max(1, -(-points // 3) - 1)
    angle = 4 * (arm + radius) + rng.normal(0, noise, points)
    inputs = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    return make_classification(
        "spiral3", inputs, arm, "first second third", "made as Stanford's course CS231n makes it"
    )
