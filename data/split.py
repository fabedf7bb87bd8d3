"""Which rows are trained on and which are held out, and the scaling that the first part alone decides."""

from dataclasses import dataclass

import numpy as np

from core.errors import GradstepError
from data.dataset import Array, Dataset, Indices, Scale
from data.seeds import generator


@dataclass(frozen=True, eq=False)
class Scaling:
    """x ↦ (x − shift) / scale, one shift and scale for each feature (features,)."""

    kind: Scale
    shift: Array
    scale: Array

    def apply(self, x: Array) -> Array:
        """Scale raw rows (rows, features)."""
        return (x - self.shift) / self.scale

    def undo(self, x: Array) -> Array:
        """Turn scaled rows (rows, features) back into raw ones."""
        return x * self.scale + self.shift


@dataclass(frozen=True, eq=False)
class Split:
    """The two parts as the network gets them: inputs scaled, targets encoded.

    `train_rows` and `test_rows` are indices into the data set, both in its order; the test part may be empty.
    `threshold` is the class boundary of a single output column.
    """

    dataset: Dataset
    train_x: Array
    train_y: Array
    test_x: Array
    test_y: Array
    train_rows: Indices
    test_rows: Indices
    scaling: Scaling
    threshold: float


def split(dataset: Dataset, output: str, test_fraction: float, scale: str, seed: int) -> Split:
    """Hold `test_fraction` of the rows out, drawn by `seed`, and scale both parts by what the training part shows.

    `scale` is none, standard, minmax or auto. Raises GradstepError if no training row would be left.
    """
    count = len(dataset.inputs)
    held_out = round(count * test_fraction)
    if not 0 <= held_out < count:
        raise GradstepError(f"data.test_fraction = {test_fraction}: leaves no training row out of {count}")
    order = generator(seed, "split").permutation(count)
    # the rows keep their order: to shuffle is the trainer's work, and a lesson's rows stay as they were written
    test_rows, train_rows = np.sort(order[:held_out]), np.sort(order[held_out:])
    scaling = fit_scaling(dataset, train_rows, scale)
    x = scaling.apply(dataset.inputs)
    y, threshold = dataset.encode(output)
    return Split(
        dataset, x[train_rows], y[train_rows], x[test_rows], y[test_rows], train_rows, test_rows, scaling, threshold
    )


def fit_scaling(dataset: Dataset, train_rows: Indices, scale: str) -> Scaling:
    """Fit the scaling to the training rows: standard to mean 0 and deviation 1, minmax to 0..1.

    The pixels of an image share one minmax range, so that its brightness survives. A feature that never changes is
    only shifted.
    """
    x = dataset.inputs[train_rows]
    features = x.shape[1]
    kind = dataset.auto_scale if scale == "auto" else scale
    if kind == "standard":
        spread = x.std(axis=0)
        return Scaling("standard", x.mean(axis=0), np.where(spread == 0, 1.0, spread))
    if kind == "minmax":
        together = None if dataset.image_shape else 0
        low = np.broadcast_to(x.min(axis=together), features)
        spread = np.broadcast_to(x.max(axis=together), features) - low
        return Scaling("minmax", low, np.where(spread == 0, 1.0, spread))
    if kind == "none":
        return Scaling("none", np.zeros(features), np.ones(features))
    raise GradstepError(f'data.scale = "{scale}": must be "auto", "none", "standard" or "minmax"')
