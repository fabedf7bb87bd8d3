"""Small two-dimensional sets, made as TensorFlow Playground makes them (its src/dataset.ts)."""

import numpy as np
from numpy.typing import NDArray

from data.dataset import Array, Dataset
from data.seeds import generator

RADIUS = 5.0
# xor: how far a point is pushed away from either axis
PADDING = 0.3


def circle(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Half the points within 2.5 of the origin, half in the ring from 3.5 to 5.

    `noise` 0..0.5 moves the point that is labelled, by up to 5 · noise in each coordinate, and not the one that is
    returned: near the border labels become wrong.
    """
    rng = generator(seed, "points")
    inside = points - points // 2
    radius = np.concatenate([rng.uniform(0, RADIUS / 2, inside), rng.uniform(0.7 * RADIUS, RADIUS, points - inside)])
    angle = rng.uniform(0, 2 * np.pi, points)
    clean = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    labelled = clean + noise * rng.uniform(-RADIUS, RADIUS, clean.shape)
    return _two_classes("circle", clean, np.hypot(*labelled.T) < RADIUS / 2, ("outside", "inside"))


def xor(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Points of a square; the class says whether both coordinates have the same sign. `noise` as for the circle."""
    rng = generator(seed, "points")
    clean = rng.uniform(-RADIUS, RADIUS, (points, 2))
    clean += np.where(clean > 0, PADDING, -PADDING)
    labelled = clean + noise * rng.uniform(-RADIUS, RADIUS, clean.shape)
    return _two_classes("xor", clean, labelled.prod(axis=1) >= 0, ("opposite", "same"))


def _two_classes(name: str, points: Array, second: NDArray[np.bool_], class_names: tuple[str, str]) -> Dataset:
    return Dataset(
        name=name,
        task="classification",
        inputs=points,
        labels=second.astype(np.intp),
        targets=None,
        feature_names=("x", "y"),
        class_names=class_names,
        source="made as TensorFlow Playground makes it",
        auto_scale="none",
    )
