"""Which rows are trained on and which are held out, and the scaling that the first part alone decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.data.dataset import Array, Dataset, Indices, Raw, Scale
from gradstep.data.seeds import random_generator
from gradstep.data.value_text import quote_value


@dataclass(frozen=True, eq=False)
class Scaling:
    """x ↦ (x − shift) / scale, one shift and scale for each column (columns,)."""

    kind: Scale
    shift: Array
    scale: Array

    def apply(self, x: Raw) -> Array:
        """Scale raw rows (rows, features)."""
        scaled = x - self.shift
        # in place: of many images there is room for one array of numbers more, not for two
        scaled /= self.scale
        return scaled

    def undo(self, x: Array) -> Array:
        """Turn scaled rows (rows, features) back into raw ones."""
        return x * self.scale + self.shift


@dataclass(frozen=True, eq=False)
class Split:
    """The two parts as the network gets them: inputs by `scaling`, targets encoded and by `target_scaling`.

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
    target_scaling: Scaling
    threshold: float


def split_dataset(
    dataset: Dataset, output: str, test_fraction: float, scale: Scale | Literal["auto"], seed: int
) -> Split:
    """Hold `test_fraction` of the rows out, drawn by `seed`, and scale both parts by what the training part shows.

    Rows that the data set has for testing only are what is held out, whatever `test_fraction` says. `scale` is none,
    standard, minmax or auto. Numbers to learn are scaled like the inputs if `output` is linear, which can reach any
    number but learns those near 1 best. Raises GradstepError if no training row would be left.
    """
    train_rows, test_rows = _parts(dataset, test_fraction, seed)
    kind = dataset.auto_scale if scale == "auto" else scale
    train_x = dataset.inputs[train_rows]
    scaling = fit_scaling(train_x, kind, dataset.feature_names, together=dataset.image_shape is not None)
    y, threshold = dataset.encode(output)
    train_y = y[train_rows]
    as_inputs = dataset.task == "regression" and output == "linear"
    target_scaling = fit_scaling(train_y, kind if as_inputs else "none", dataset.target_names)
    return Split(
        dataset,
        scaling.apply(train_x),
        target_scaling.apply(train_y),
        scaling.apply(dataset.inputs[test_rows]),
        target_scaling.apply(y[test_rows]),
        train_rows,
        test_rows,
        scaling,
        target_scaling,
        threshold,
    )


def fit_scaling(rows: Raw, kind: Scale, names: Sequence[str], together: bool = False) -> Scaling:
    """Fit a scaling to the training rows (rows, columns): standard to mean 0 and deviation 1, minmax to 0..1.

    `together` gives all columns one minmax range, so that the brightness of an image survives. A column that never
    changes is only shifted. Raises GradstepError with the name of a column whose numbers are too large for that.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        shift, spread = _shift_and_spread(rows, kind, together)
    for column in np.flatnonzero(~np.isfinite(shift) | ~np.isfinite(spread))[:1]:
        name = quote_value(names[column])
        raise GradstepError(
            f'column {name} has numbers too large to be scaled; a larger unit or scale = "none" may help'
        )
    return Scaling(kind, shift, np.where(spread == 0, 1.0, spread))


def _shift_and_spread(rows: Raw, kind: str, together: bool) -> tuple[Array, Array]:
    columns = rows.shape[1]
    if kind == "standard":
        return rows.mean(axis=0), rows.std(axis=0)
    if kind == "minmax":
        axis = None if together else 0
        low, high = (np.asarray(limit(axis=axis), np.float64) for limit in (rows.min, rows.max))
        return np.broadcast_to(low, columns), np.broadcast_to(high - low, columns)
    return np.zeros(columns), np.ones(columns)


def _parts(dataset: Dataset, test_fraction: float, seed: int) -> tuple[Indices, Indices]:
    """The rows to train on and the rows held out, both in the order of the data set."""
    count = len(dataset.inputs)
    if dataset.test_rows:
        return np.arange(count - dataset.test_rows), np.arange(count - dataset.test_rows, count)
    held_out = round(count * test_fraction)
    if not 0 <= held_out < count:
        raise GradstepError(f"data.test_fraction = {test_fraction}: leaves no training row out of {count}")
    order = random_generator(seed, "split").permutation(count)
    # the rows keep their order: to shuffle is the trainer's work, and a lesson's rows stay as they were written
    return np.sort(order[held_out:]), np.sort(order[:held_out])
