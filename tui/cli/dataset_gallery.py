"""The built-in data sets as lines of text, a small picture beside each."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.dataset import Dataset
from gradstep.data.registry import GENERATED
from gradstep.tui.drawing.braille import BrailleCanvas

WIDTH, HEIGHT = 26, 8
"""Of a picture, in cells."""

SIGNS = "○●×"
"""For the classes, in their order."""

SHADES = " ░▒▓█"
IMAGES = 3


def draw_gallery(datasets: Iterable[Dataset]) -> str:
    """Every set: on the left a picture, on the right its name, its task and its size."""
    return "\n\n".join(map(_entry, datasets))


def _entry(dataset: Dataset) -> str:
    picture, facts = _picture(dataset), _facts(dataset)
    facts += [""] * (len(picture) - len(facts))
    return "\n".join(f"{left:<{WIDTH}}  {right}".rstrip() for left, right in zip(picture, facts, strict=True))


def _facts(dataset: Dataset) -> list[str]:
    rows, features = dataset.inputs.shape
    facts = [dataset.name, f"{dataset.task}: {rows} rows, {features} input{'s' * (features > 1)}"]
    if dataset.class_names:
        signs = [""] * len(dataset.class_names) if dataset.image_shape else [f"{sign} " for sign in SIGNS]
        named = zip(signs, dataset.class_names, strict=False)
        facts.append(f"{len(dataset.class_names)} classes: " + ", ".join(sign + name for sign, name in named))
    elif features > 1:
        facts.append("+ above 0, - below, · near it")
    if dataset.name in GENERATED:
        facts.append("--noise 0 to 0.5")
    elif not dataset.image_shape:
        facts.append(f"drawn: {dataset.feature_names[-2]} → {dataset.feature_names[-1]} ↑")
    return facts


def _picture(dataset: Dataset) -> list[str]:
    x = dataset.inputs.astype(np.float64)
    if dataset.image_shape:
        return _images(x[:IMAGES].reshape(-1, *dataset.image_shape))
    if dataset.labels is not None:
        # of many features the last two
        return _classes(x[:, -2:], dataset.labels)
    assert dataset.targets is not None
    y = dataset.targets[:, 0]
    return _curve(x[:, 0], y) if x.shape[1] == 1 else _heights(x, y)


def _classes(points: Floats, labels: Indices) -> list[str]:
    """In each cell the sign of the class that most of its points have."""
    counts = np.array([_counted(points, labels == index) for index in range(labels.max() + 1)])
    signs = np.where(counts.any(axis=0), np.array(list(SIGNS))[counts.argmax(axis=0)], " ")
    return ["".join(row) for row in signs]


def _heights(points: Floats, y: Floats) -> list[str]:
    """In each cell the mean: + above 0 and - below, where it is at least a quarter of the largest."""
    sums, counts = _counted(points, y), _counted(points, np.ones(len(y)))
    means = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    least = np.abs(means).max() / 4
    return ["".join("+" if mean > least else "-" if mean < -least else "·" for mean in row) for row in means]


def _curve(x: Floats, y: Floats) -> list[str]:
    """The points as the dots of braille."""
    counts = _counted(np.column_stack([x, y]), np.ones(len(x)), width=2 * WIDTH, height=4 * HEIGHT)
    canvas = BrailleCanvas(WIDTH, HEIGHT)
    row, column = np.nonzero(counts)
    canvas.set_dots(column, row)
    return canvas.lines()


def _images(images: Floats) -> list[str]:
    """Images side by side, a cell for each pixel."""
    shades = np.array(list(SHADES))[np.rint(images / images.max() * (len(SHADES) - 1)).astype(int)]
    return [" ".join("".join(image[row]) for image in shades) for row in range(len(shades[0]))]


def _counted(points: Floats, weights: Floats | NDArray[np.bool_], width: int = WIDTH, height: int = HEIGHT) -> Floats:
    """The sum of the weights of the points in each cell (height, width), the largest second coordinate on top."""
    sums: Floats = np.histogram2d(points[:, 1], points[:, 0], bins=(height, width), weights=weights)[0]
    return sums[::-1]
