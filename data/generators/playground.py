"""TensorFlow Playground's sets, made as its src/dataset.ts makes them.

`noise` goes from 0 to 0.5. Where it moves points before they are labelled, the points returned stay where they were:
near a border the labels become wrong.
"""

import numpy as np

from gradstep.data.dataset import Array, Dataset
from gradstep.data.generators.point_sets import labelled_points, valued_points
from gradstep.data.seeds import random_generator

SOURCE = "made as TensorFlow Playground makes it"
RADIUS = 5.0
# of the square that the two regressions draw from
WIDER = 6.0
# xor: how far a point is pushed away from either axis
PADDING = 0.3
# spiral: half turns that each arm makes
HALF_TURNS = 3.5
# multi_gauss: a centre and the sign of its hill; a hill is gone at this distance
HILLS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))
REACH = 2.0


def circle(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Half the points within 2.5 of the origin, half in the ring from 3.5 to 5. `noise` moves what is labelled."""
    rng = random_generator(seed, "points")
    inside = points - points // 2
    radius = np.concatenate([rng.uniform(0, RADIUS / 2, inside), rng.uniform(0.7 * RADIUS, RADIUS, points - inside)])
    clean = _polar(radius, rng.uniform(0, 2 * np.pi, points))
    labelled = _moved(clean, RADIUS, noise, rng)
    return labelled_points("circle", clean, np.hypot(*labelled.T) < RADIUS / 2, "outside inside", SOURCE)


def xor(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Points of a square; the class: whether both coordinates have the same sign. `noise` moves what is labelled."""
    rng = random_generator(seed, "points")
    clean = rng.uniform(-RADIUS, RADIUS, (points, 2))
    clean += np.where(clean > 0, PADDING, -PADDING)
    labelled = _moved(clean, RADIUS, noise, rng)
    return labelled_points("xor", clean, labelled.prod(axis=1) >= 0, "opposite same", SOURCE)


def gauss(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Two clouds, around (−2, −2) and (2, 2), of a variance that grows with the noise from 0.5 to 4."""
    rng = random_generator(seed, "points")
    upper = np.arange(points) % 2 == 0
    centres = np.where(upper, 2.0, -2.0)[:, None]
    spread = np.sqrt(0.5 + 7 * noise)
    return labelled_points("gauss", centres + rng.normal(0, spread, (points, 2)), upper, "lower upper", SOURCE)


def spiral(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Two arms that turn around each other from the origin outwards. `noise` moves each point by up to that much."""
    rng = random_generator(seed, "points")
    arm = np.arange(points) % 2
    way = np.arange(points) // 2 / (points / 2)
    clean = _polar(RADIUS * way, np.pi * (HALF_TURNS * way + arm))
    return labelled_points("spiral", _moved(clean, 1.0, noise, rng), arm == 0, "second first", SOURCE)


def plane(seed: int, points: int = 1200, noise: float = 0.0) -> Dataset:
    """(x + y) / 10 over a square. `noise` moves what is measured."""
    rng = random_generator(seed, "points")
    clean = rng.uniform(-WIDER, WIDER, (points, 2))
    return valued_points("plane", clean, _moved(clean, WIDER, noise, rng).sum(axis=1) / 10, SOURCE)


def multi_gauss(seed: int, points: int = 1200, noise: float = 0.0) -> Dataset:
    """Six round hills, up and down by turns, over a square. `noise` moves what is measured."""
    rng = random_generator(seed, "points")
    clean = rng.uniform(-WIDER, WIDER, (points, 2))
    hills = np.array(HILLS)
    distance = np.linalg.norm(_moved(clean, WIDER, noise, rng)[:, None] - hills[:, :2], axis=2)
    heights = hills[:, 2] * np.clip(1 - distance / REACH, 0, 1)
    foremost = np.abs(heights).argmax(axis=1)
    return valued_points("multi_gauss", clean, heights[np.arange(points), foremost], SOURCE)


def _polar(radius: Array, angle: Array) -> Array:
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


def _moved(points: Array, reach: float, noise: float, rng: np.random.Generator) -> Array:
    """The points, each coordinate moved by up to `reach` times the noise."""
    return points + noise * rng.uniform(-reach, reach, points.shape)
