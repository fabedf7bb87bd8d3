"""Splits a data set into training, validation and test part, filled and scaled by what the training part shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.training.parts import PartName
from gradstep.data.dataset import Dataset, RawInputs, Scale
from gradstep.data.fill_missing import fill_missing
from gradstep.data.seeds import make_random_generator
from gradstep.data.stratify import draw_stratified_parts
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
    """The three parts as the network reads them: scaled inputs, and encoded and scaled targets.

    The inputs have a last column of ones, which the bias is multiplied by, so that a network need not copy them.
    `train_rows`, `validation_rows` and `test_rows` are indices into the data set, all in its order; the last two parts
    may be empty. `threshold` is the class boundary of a single output column.
    """

    dataset: Dataset
    train_with_ones: Floats
    train_y: Floats
    validation_with_ones: Floats
    validation_y: Floats
    test_with_ones: Floats
    test_y: Floats
    train_rows: Indices
    validation_rows: Indices
    test_rows: Indices
    scaling: Scaling
    target_scaling: Scaling
    threshold: float

    @property
    def train_x(self) -> Floats:
        """The inputs of the training part (rows, features)."""
        return self.train_with_ones[:, :-1]

    @property
    def validation_x(self) -> Floats:
        """The inputs of the validation part (rows, features)."""
        return self.validation_with_ones[:, :-1]

    @property
    def test_x(self) -> Floats:
        """The inputs of the test part (rows, features)."""
        return self.test_with_ones[:, :-1]

    def rows_of(self, part: PartName) -> Indices:
        """Return the indices into the data set of the rows of a part."""
        return {"training": self.train_rows, "validation": self.validation_rows, "test": self.test_rows}[part]

    def find_point(self, part: PartName, row: int) -> Floats:
        """Return the inputs that were given for a row of a part (given inputs,), before features and scaling."""
        point: Floats = self.dataset.points[self.rows_of(part)[row]].astype(np.float64)
        return point

    @property
    def held_out_name(self) -> str:
        """What the rows are that are not trained on: "test", "validation", or "held-out" if there are both."""
        if len(self.validation_rows) and len(self.test_rows):
            return "held-out"
        return "validation" if len(self.validation_rows) else "test"

    def join_parts(self) -> tuple[Indices, Floats]:
        """Return the indices (rows,) and the targets (rows, outputs) of all rows: first the training part's."""
        rows = np.concatenate((self.train_rows, self.validation_rows, self.test_rows))
        return rows, np.concatenate((self.train_y, self.validation_y, self.test_y))


def split_dataset(
    dataset: Dataset,
    output: str,
    test_fraction: float,
    scale: Scale | Literal["auto"],
    seed: int,
    validation_fraction: float = 0.0,
    stratify: bool = True,
) -> Split:
    """Hold out these shares of all rows, drawn by `seed`; fill gaps and scale by what the training part shows.

    With `stratify` every part has the share of each class that all rows have, to within one row, and every class of two
    rows or more is in every part, as far as there is room. Without it the rows are drawn whatever their class, and only
    the latter holds. A data set with test rows of its own tests with those instead. `scale` is none, standard, minmax
    or auto. The targets of a regression are scaled like the inputs if the activation `output` asks for it, as linear
    does, because small targets are learnt best. Raises GradstepError if no training row would be left.
    """
    train_rows, validation_rows, test_rows = _choose_rows(dataset, validation_fraction, test_fraction, seed, stratify)
    dataset = fill_missing(dataset, train_rows)
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
        scaling.apply_with_ones(dataset.inputs[validation_rows]),
        target_scaling.apply(y[validation_rows]),
        scaling.apply_with_ones(dataset.inputs[test_rows]),
        target_scaling.apply(y[test_rows]),
        train_rows,
        validation_rows,
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


def count_held_out_rows(dataset: Dataset, validation_fraction: float, test_fraction: float) -> tuple[int, int]:
    """Return how many rows are held out for validation and for testing.

    These are the shares of all rows; or for testing, the test rows of the data set.
    """
    count = len(dataset.inputs)
    return round(count * validation_fraction), dataset.test_rows or round(count * test_fraction)


def _choose_rows(
    dataset: Dataset, validation_fraction: float, test_fraction: float, seed: int, stratify: bool
) -> tuple[Indices, Indices, Indices]:
    """Return the indices of the training, validation and test rows, all in the order of the data set."""
    validation, test = count_held_out_rows(dataset, validation_fraction, test_fraction)
    count, drawn = len(dataset.inputs) - dataset.test_rows, 0 if dataset.test_rows else test
    if validation + drawn >= count:
        given = [("test_fraction", test_fraction if drawn else 0), ("validation_fraction", validation_fraction)]
        fields = " and ".join(f"data.{name} = {value}" for name, value in given if value)
        leave = "leave" if " and " in fields else "leaves"
        raise GradstepError(f"{fields}: {leave} no training row out of {count}")
    generator = make_random_generator(seed, "split")
    sizes = (count - validation - drawn, validation, drawn)
    if dataset.labels is not None and stratify:
        parts = draw_stratified_parts(dataset.labels[:count], sizes, generator)
    else:
        parts = _draw_parts(sizes, generator)
        if dataset.labels is not None:
            for held_out in parts[1:]:
                _bring_in_classes(dataset.labels, held_out, parts[0])
                _bring_in_classes(dataset.labels, parts[0], held_out)
    if dataset.test_rows:
        parts[2] = np.arange(count, len(dataset.inputs))
    # sorted, because the trainer does the shuffling, and the rows of a lesson stay as they were written
    train_rows, validation_rows, test_rows = map(np.sort, parts)
    return train_rows, validation_rows, test_rows


def _draw_parts(sizes: tuple[int, int, int], generator: np.random.Generator) -> list[Indices]:
    """Draw training, validation and test rows. The test rows are the same ones with and without a validation part."""
    order = generator.permutation(sum(sizes))
    _, validation, test = sizes
    return [order[test + validation :], order[test : test + validation], order[:test]]


def _bring_in_classes(labels: Indices, rows: Indices, others: Indices) -> None:
    """Exchange rows in place so that every class of two rows or more is among `rows`, as far as there is room.

    A missing class gets a row of `others` for one of the class that `rows` has most of. Nothing changes where no class
    is missing.
    """
    if not len(rows):
        return
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
