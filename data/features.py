"""Features: what a network reads of two inputs, as in the TensorFlow Playground."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.data.dataset import Dataset, RawInputs
from gradstep.data.toml_value import quote_value


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """A function of both inputs, each of shape (rows,).

    `name` is its name by those of the inputs, and `numpy_code` what it computes of x1 and x2.
    """

    compute: Callable[[Floats, Floats], Floats]
    name: Callable[[str, str], str]
    numpy_code: str


FEATURES: dict[str, Feature] = {
    "x1": Feature(lambda x1, x2: x1, lambda x1, x2: x1, "x1"),
    "x2": Feature(lambda x1, x2: x2, lambda x1, x2: x2, "x2"),
    "x1^2": Feature(lambda x1, x2: x1 * x1, lambda x1, x2: f"{x1}²", "x1 * x1"),
    "x2^2": Feature(lambda x1, x2: x2 * x2, lambda x1, x2: f"{x2}²", "x2 * x2"),
    "x1*x2": Feature(lambda x1, x2: x1 * x2, lambda x1, x2: f"{x1}·{x2}", "x1 * x2"),
    "sin x1": Feature(lambda x1, x2: np.sin(x1), lambda x1, x2: f"sin {x1}", "np.sin(x1)"),
    "sin x2": Feature(lambda x1, x2: np.sin(x2), lambda x1, x2: f"sin {x2}", "np.sin(x2)"),
}
"""The features by their name in an experiment, in the order in which the form shows them."""

INPUTS = ("x1", "x2")
"""The features that are the inputs themselves."""


def has_two_inputs(dataset: Dataset) -> bool:
    """Whether features can be computed from the rows of a data set."""
    return len(dataset.points.T) == len(INPUTS)


def choose_features(dataset: Dataset, features: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the features, by default both inputs; None for data that do not have two inputs.

    Raises GradstepError for features of such data.
    """
    if has_two_inputs(dataset):
        return features or INPUTS
    if features is not None:
        count = dataset.points.shape[1]
        raise GradstepError(
            f"data.features = {quote_value(features)}: only for data with two inputs, and {dataset.name} has {count}"
        )
    return None


def with_features(dataset: Dataset, features: tuple[str, ...] | None) -> Dataset:
    """Return the data set whose inputs are features of its two inputs, not scaled.

    Raises GradstepError for data that do not have two inputs, and for features too large for a float.
    """
    chosen = choose_features(dataset, features)
    if chosen is None or chosen == INPUTS:
        return dataset
    inputs = compute_features(dataset.points, chosen)
    for row, column in np.argwhere(~np.isfinite(inputs))[:1]:
        raise GradstepError(f"data.features: {chosen[column]} is too large to be computed in row {row + 1} of the data")
    return replace(
        dataset,
        inputs=inputs,
        feature_names=tuple(FEATURES[name].name(*dataset.feature_names) for name in chosen),
        image_shape=None,
        features=chosen,
        points_of_features=dataset.points,
    )


def compute_inputs(dataset: Dataset, points: Floats) -> Floats:
    """Return what a network reads of points (points, given inputs), not scaled: their features, if it reads any."""
    return compute_features(points, dataset.features) if dataset.features else points


def compute_features(points: RawInputs, features: Sequence[str]) -> Floats:
    """Return the features (points, features) of points (points, 2)."""
    # bytes would overflow
    x1, x2 = points.astype(np.float64).T
    with np.errstate(over="ignore"):
        return np.column_stack([FEATURES[name].compute(x1, x2) for name in features])
