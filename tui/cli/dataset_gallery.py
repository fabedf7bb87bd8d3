"""The built-in data sets as text, each with a small picture."""

from collections.abc import Iterable
from itertools import cycle
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.dataset import Dataset
from gradstep.data.registry import GENERATED
from gradstep.tui.drawing.braille import BrailleCanvas

WIDTH, HEIGHT = 26, 8
"""The size of a picture, in cells."""

SIGNS = "○●×" + ascii_uppercase
"""The signs of the classes, by their index; after the last they begin again."""

SHADES = " ░▒▓█"
"""The characters for a pixel, from the darkest to the brightest."""

IMAGES = 3
"""How many images are drawn of a data set of images."""


def draw_gallery(datasets: Iterable[Dataset]) -> str:
    """Draw every data set: on the left a picture, on the right its name, its task and its size."""
    return "\n\n".join(map(_draw_entry, datasets))


def _draw_entry(dataset: Dataset) -> str:
    picture, facts = _draw_picture(dataset), _describe_dataset(dataset)
    facts += [""] * (len(picture) - len(facts))
    return "\n".join(f"{left:<{WIDTH}}  {right}".rstrip() for left, right in zip(picture, facts, strict=True))


def _describe_dataset(dataset: Dataset) -> list[str]:
    rows, features = dataset.inputs.shape
    facts = [dataset.name, f"{dataset.task}: {rows} rows, {features} input{'s' * (features > 1)}"]
    if dataset.class_names:
        names = list(dataset.class_names)
        if not dataset.image_shape:
            names = [f"{sign} {name}" for sign, name in zip(cycle(SIGNS), names, strict=False)]
        facts.append(f"{len(names)} classes: {', '.join(names)}")
    elif features > 1:
        facts.append("+ above 0, - below, · near it")
    if dataset.name in GENERATED:
        facts.append("--noise 0 to 0.5")
    elif not dataset.image_shape:
        facts.append(f"drawn: {dataset.feature_names[-2]} → {dataset.feature_names[-1]} ↑")
    return facts


def _draw_picture(dataset: Dataset) -> list[str]:
    x = dataset.inputs.astype(np.float64)
    if dataset.image_shape:
        return _draw_images(x[:IMAGES].reshape(-1, *dataset.image_shape))
    if dataset.labels is not None:
        # there are two axes: of more features the last two are drawn
        return _draw_classes(x[:, -2:], dataset.labels)
    assert dataset.targets is not None
    y = dataset.targets[:, 0]
    return _draw_curve(x[:, 0], y) if x.shape[1] == 1 else _draw_heights(x, y)


def _draw_classes(points: Floats, labels: Indices) -> list[str]:
    """Draw in each cell the sign of the most frequent class among its points (rows, 2)."""
    counts = np.array([_sum_in_cells(points, labels == index) for index in range(labels.max() + 1)])
    signs = np.where(counts.any(axis=0), np.array(list(SIGNS))[counts.argmax(axis=0) % len(SIGNS)], " ")
    return ["".join(row) for row in signs]


def _draw_heights(points: Floats, y: Floats) -> list[str]:
    """Draw the mean of y in each cell: + above and - below a quarter of the largest mean, · between them."""
    sums, counts = _sum_in_cells(points, y), _sum_in_cells(points, np.ones(len(y)))
    means = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    least = np.abs(means).max() / 4
    return ["".join("+" if mean > least else "-" if mean < -least else "·" for mean in row) for row in means]


def _draw_curve(x: Floats, y: Floats) -> list[str]:
    """Draw the points (x, y) as braille dots."""
    counts = _sum_in_cells(np.column_stack([x, y]), np.ones(len(x)), width=2 * WIDTH, height=4 * HEIGHT)
    canvas = BrailleCanvas(WIDTH, HEIGHT)
    row, column = np.nonzero(counts)
    canvas.set_dots(column, row)
    return canvas.lines()


def _draw_images(images: Floats) -> list[str]:
    """Draw images (images, height, width) side by side, one cell a pixel."""
    shades = np.array(list(SHADES))[np.rint(images / images.max() * (len(SHADES) - 1)).astype(int)]
    return [" ".join("".join(image[row]) for image in shades) for row in range(len(shades[0]))]


def _sum_in_cells(
    points: Floats, weights: Floats | NDArray[np.bool_], width: int = WIDTH, height: int = HEIGHT
) -> Floats:
    """Sum the weights of the points (rows, 2) in each cell (height, width); the second coordinate grows upwards."""
    sums: Floats = np.histogram2d(points[:, 1], points[:, 0], bins=(height, width), weights=weights)[0]
    return sums[::-1]
