"""TensorFlow Playground's data sets, made as its src/dataset.ts makes them.

`noise` goes from 0 to 0.5. In circle, xor, plane and multi_gauss the target is computed from a moved copy of the point,
and the point itself is returned, so that near a border some labels are wrong.
"""

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.dataset import Dataset
from gradstep.data.generators.point_sets import make_classification, make_regression
from gradstep.data.seeds import make_random_generator

SOURCE = "made as TensorFlow Playground makes it"
RADIUS = 5.0
# half the side of the square that the points of the two regressions are in
REGRESSION_RADIUS = 6.0
# xor: how far a point is pushed away from either axis
PADDING = 0.3
# spiral: half turns that each arm makes
HALF_TURNS = 3.5
# multi_gauss: the centre and the sign of each hill; at this distance from the centre its height is 0
HILLS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))
REACH = 2.0


def circle(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Half the points within 2.5 of the origin, half in the ring from 3.5 to 5."""
    rng = make_random_generator(seed, "points")
    inside = points - points // 2
    radius = np.concatenate([rng.uniform(0, RADIUS / 2, inside), rng.uniform(0.7 * RADIUS, RADIUS, points - inside)])
    clean = _from_polar(radius, rng.uniform(0, 2 * np.pi, points))
    labelled = _move(clean, RADIUS, noise, rng)
    return make_classification("circle", clean, np.hypot(*labelled.T) < RADIUS / 2, "outside inside", SOURCE)


def xor(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Points of a square, classified by whether both coordinates have the same sign."""
    rng = make_random_generator(seed, "points")
    clean = rng.uniform(-RADIUS, RADIUS, (points, 2))
    clean += np.where(clean > 0, PADDING, -PADDING)
    labelled = _move(clean, RADIUS, noise, rng)
    return make_classification("xor", clean, labelled.prod(axis=1) >= 0, "opposite same", SOURCE)


def gauss(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Two normal clouds around (−2, −2) and (2, 2), with a variance from 0.5 to 4 that grows with the noise."""
    rng = make_random_generator(seed, "points")
    upper = np.arange(points) % 2 == 0
    centres = np.where(upper, 2.0, -2.0)[:, None]
    spread = np.sqrt(0.5 + 7 * noise)
    return make_classification("gauss", centres + rng.normal(0, spread, (points, 2)), upper, "lower upper", SOURCE)


def spiral(seed: int, points: int = 500, noise: float = 0.0) -> Dataset:
    """Two spiral arms from the origin outwards. Each coordinate is moved by up to `noise`."""
    rng = make_random_generator(seed, "points")
    arm = np.arange(points) % 2
    distance = np.arange(points) // 2 / (points / 2)
    clean = _from_polar(RADIUS * distance, np.pi * (HALF_TURNS * distance + arm))
    return make_classification("spiral", _move(clean, 1.0, noise, rng), arm == 0, "second first", SOURCE)


def plane(seed: int, points: int = 1200, noise: float = 0.0) -> Dataset:
    """The regression of (x + y) / 10 over a square."""
    rng = make_random_generator(seed, "points")
    clean = rng.uniform(-REGRESSION_RADIUS, REGRESSION_RADIUS, (points, 2))
    return make_regression("plane", clean, _move(clean, REGRESSION_RADIUS, noise, rng).sum(axis=1) / 10, SOURCE)


def multi_gauss(seed: int, points: int = 1200, noise: float = 0.0) -> Dataset:
    """The regression of six round hills, alternately up and down, over a square."""
    rng = make_random_generator(seed, "points")
    clean = rng.uniform(-REGRESSION_RADIUS, REGRESSION_RADIUS, (points, 2))
    hills = np.array(HILLS)
    distance = np.linalg.norm(_move(clean, REGRESSION_RADIUS, noise, rng)[:, None] - hills[:, :2], axis=2)
    heights = hills[:, 2] * np.clip(1 - distance / REACH, 0, 1)
    highest = np.abs(heights).argmax(axis=1)
    return make_regression("multi_gauss", clean, heights[np.arange(points), highest], SOURCE)


def _from_polar(radius: Floats, angle: Floats) -> Floats:
    """Return points (points, 2); the angle is measured from the second axis."""
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


def _move(points: Floats, reach: float, noise: float, rng: np.random.Generator) -> Floats:
    """Return the points with each coordinate moved by up to `reach` times the noise."""
    return points + noise * rng.uniform(-reach, reach, points.shape)
