"""Splits a data set into a training part and a test part, and scales both by what the training part shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats, Indices
from gradstep.data.dataset import Dataset, RawInputs, Scale
from gradstep.data.seeds import make_random_generator
from gradstep.data.toml_value import quote_value

SMALLEST_ERROR = 1e-300
"""The least error for which a power of ten is looked for."""

ROUNDING = 8 * np.finfo(np.float64).eps
"""The share of a number that rounding can make."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """x ↦ (x − shift) / scale, one shift and scale for each column (columns,)."""

    kind: Scale
    shift: Floats
    scale: Floats

    def apply(self, x: RawInputs, out: Floats | None = None) -> Floats:
        """Scale raw rows (rows, features), into `out` if it is given."""
        scaled: Floats = np.subtract(x, self.shift, out=out)
        # in place, because many images leave room for one more array of numbers, but not for two
        scaled /= self.scale
        return scaled

    def apply_with_ones(self, x: RawInputs) -> Floats:
        """Scale raw rows (rows, features); returns them with a last column of ones (rows, features + 1)."""
        rows, features = x.shape
        with_ones = np.ones((rows, features + 1))
        self.apply(x, out=with_ones[:, :-1])
        return with_ones

    def undo(self, x: Floats) -> Floats:
        """Turn scaled rows (rows, columns), or one row (columns,), back into raw ones.

        The digits that the way there and back cannot keep are rounded away, so that a whole number comes back whole,
        and 0 as 0.
        """
        if self.kind == "none":
            return x.astype(np.float64)
        with np.errstate(all="ignore"):
            far = x.astype(np.float64) * self.scale
            error = np.finfo(x.dtype).eps * np.abs(far) + 4 * np.finfo(np.float64).eps * (
                np.abs(far) + np.abs(self.shift)
            )
            return _round_to_decimal(far + self.shift, error)


def _round_to_decimal(values: Floats, error: Floats) -> Floats:
    """Round each value to a multiple of the power of ten that its error is below. No value becomes −0."""
    exponent = np.ceil(np.log10(np.maximum(error, SMALLEST_ERROR)))
    # a negative power of ten is no float, but dividing by its inverse rounds right
    up, down = 10.0 ** np.maximum(exponent, 0), 10.0 ** np.maximum(-exponent, 0)
    rounded: Floats = np.rint(values / up * down) / down * up + 0.0
    return np.where(np.isfinite(rounded), rounded, values)


@dataclass(frozen=True, eq=False)
class Split:
    """The two parts as the network reads them: scaled inputs, and encoded and scaled targets.

    The inputs have a last column of ones, which the bias is multiplied by, so that a network need not copy them.
    `train_rows` and `test_rows` are indices into the data set, both in its order; the test part may be empty.
    `threshold` is the class boundary of a single output column.
    """

    dataset: Dataset
    train_with_ones: Floats
    train_y: Floats
    test_with_ones: Floats
    test_y: Floats
    train_rows: Indices
    test_rows: Indices
    scaling: Scaling
    target_scaling: Scaling
    threshold: float

    @property
    def train_x(self) -> Floats:
        """The inputs of the training part (rows, features)."""
        return self.train_with_ones[:, :-1]

    def find_point(self, part: Literal["training", "test"], row: int) -> Floats:
        """Return the inputs that were given for a row of a part (given inputs,), before features and scaling."""
        rows = self.train_rows if part == "training" else self.test_rows
        point: Floats = self.dataset.points[rows[row]].astype(np.float64)
        return point

    @property
    def test_x(self) -> Floats:
        """The inputs of the test part (rows, features)."""
        return self.test_with_ones[:, :-1]


def split_dataset(
    dataset: Dataset, output: str, test_fraction: float, scale: Scale | Literal["auto"], seed: int
) -> Split:
    """Hold out `test_fraction` of the rows, drawn by `seed`, and scale both parts by what the training part shows.

    Every class of two rows or more is in both parts, as far as there is room. A data set with test rows of its own
    holds out those instead. `scale` is none, standard, minmax or auto. The targets of a regression are scaled like the
    inputs if the activation `output` asks for it, as linear does, because small targets are learnt best. Raises
    GradstepError if no training row would be left.
    """
    train_rows, test_rows = _choose_rows(dataset, test_fraction, seed)
    kind = dataset.auto_scale if scale == "auto" else scale
    train_x = dataset.inputs[train_rows]
    scaling = fit_scaling(train_x, kind, dataset.feature_names, together=dataset.image_shape is not None)
    y, threshold = dataset.encode(output)
    train_y = y[train_rows]
    scale_targets = dataset.task == "regression" and activation_named(output).scales_targets
    target_scaling = fit_scaling(train_y, kind if scale_targets else "none", dataset.target_names)
    return Split(
        dataset,
        scaling.apply_with_ones(train_x),
        target_scaling.apply(train_y),
        scaling.apply_with_ones(dataset.inputs[test_rows]),
        target_scaling.apply(y[test_rows]),
        train_rows,
        test_rows,
        scaling,
        target_scaling,
        threshold,
    )


def fit_scaling(rows: RawInputs, kind: Scale, names: Sequence[str], together: bool = False) -> Scaling:
    """Fit a scaling to the training rows (rows, columns): "standard" to mean 0 and deviation 1, "minmax" to 0..1.

    `together` gives all columns the same minmax range, so that the pixels of an image keep their relative brightness. A
    column that is constant but for rounding is only shifted. Raises GradstepError with the name of a column whose
    numbers are too large.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        shift, spread = _measure_columns(rows, kind, together)
    for column in np.flatnonzero(~np.isfinite(shift) | ~np.isfinite(spread))[:1]:
        name = quote_value(names[column])
        raise GradstepError(
            f'column {name} has numbers too large to be scaled; a larger unit or scale = "none" may help'
        )
    # the spread of a column that is constant but for rounding is rounding, too
    with np.errstate(over="ignore"):
        rounding = ROUNDING * np.maximum(np.abs(rows.max(axis=0)), np.abs(rows.min(axis=0)))
    return Scaling(kind, shift, np.where(spread <= rounding, 1.0, spread))


def _measure_columns(rows: RawInputs, kind: str, together: bool) -> tuple[Floats, Floats]:
    """Return the shift and the spread of each column (columns,)."""
    columns = rows.shape[1]
    if kind == "standard":
        return rows.mean(axis=0), rows.std(axis=0)
    if kind == "minmax":
        axis = None if together else 0
        low, high = (np.asarray(limit(axis=axis), np.float64) for limit in (rows.min, rows.max))
        return np.broadcast_to(low, columns), np.broadcast_to(high - low, columns)
    return np.zeros(columns), np.ones(columns)


def count_test_rows(dataset: Dataset, test_fraction: float) -> int:
    """Return how many rows are held out: the test rows of the data set, or this share of all rows."""
    return dataset.test_rows or round(len(dataset.inputs) * test_fraction)


def _choose_rows(dataset: Dataset, test_fraction: float, seed: int) -> tuple[Indices, Indices]:
    """Return the indices of the training rows and of the test rows, both in the order of the data set."""
    count, held_out = len(dataset.inputs), count_test_rows(dataset, test_fraction)
    if dataset.test_rows:
        return np.arange(count - held_out), np.arange(count - held_out, count)
    if not 0 <= held_out < count:
        raise GradstepError(f"data.test_fraction = {test_fraction}: leaves no training row out of {count}")
    order = make_random_generator(seed, "split").permutation(count)
    test_rows, train_rows = order[:held_out], order[held_out:]
    if dataset.labels is not None and held_out:
        _bring_in_classes(dataset.labels, test_rows, train_rows)
        _bring_in_classes(dataset.labels, train_rows, test_rows)
    # sorted, because the trainer does the shuffling, and the rows of a lesson stay as they were written
    return np.sort(train_rows), np.sort(test_rows)


def _bring_in_classes(labels: Indices, rows: Indices, others: Indices) -> None:
    """Exchange rows in place so that every class of two rows or more is among `rows`, as far as there is room.

    A missing class gets a row of `others` for one of the class that `rows` has most of. Nothing changes where no class
    is missing.
    """
    counts, spare = (np.bincount(labels[part], minlength=labels.max() + 1) for part in (rows, others))
    for missing in np.flatnonzero((counts == 0) & (spare > 0)):
        largest = int(counts.argmax())
        only_one = spare[missing] == 1
        if counts[largest] < 2 or only_one:
            continue
        out, back = int(np.flatnonzero(labels[rows] == largest)[0]), int(np.flatnonzero(labels[others] == missing)[0])
        rows[out], others[back] = others[back], rows[out]
        counts[largest] -= 1
        counts[missing] += 1
        spare[missing] -= 1
