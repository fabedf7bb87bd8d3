"""Other sets of points that courses use."""

import numpy as np

from gradstep.data.dataset import Dataset
from gradstep.data.generators.point_sets import labelled_points
from gradstep.data.seeds import random_generator


def moons(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Two half circles, each reaching into the other (scikit-learn's make_moons). `noise` is a standard deviation."""
    rng = random_generator(seed, "points")
    lower = np.arange(points) % 2
    angle = rng.uniform(0, np.pi, points)
    side = np.where(lower, -1.0, 1.0)
    clean = np.column_stack([side * np.cos(angle) + lower, side * np.sin(angle) + 0.5 * lower])
    moved = clean + rng.normal(0, noise, clean.shape)
    return labelled_points("moons", moved, lower, "upper lower", "made as scikit-learn's make_moons does")


def spiral3(seed: int, points: int = 300, noise: float = 0.0) -> Dataset:
    """Three arms of radius 0 to 1 over 4 radians each; `noise` is a standard deviation of the angle.

    With a noise of 0.2 it is that of Stanford's CS231n ("Putting it together: Minimal Neural Network Case Study").
    """
    rng = random_generator(seed, "points")
    arm = np.arange(points) % 3
    way = np.arange(points) // 3 / max(1, -(-points // 3) - 1)
    angle = 4 * (arm + way) + rng.normal(0, noise, points)
    inputs = np.column_stack([way * np.sin(angle), way * np.cos(angle)])
    return labelled_points("spiral3", inputs, arm, "first second third", "made as Stanford's course CS231n makes it")
