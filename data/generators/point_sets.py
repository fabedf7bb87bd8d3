"""Makes data sets of generated points."""

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats
from gradstep.data.dataset import Dataset


def make_classification(
    name: str, points: Floats, labels: NDArray[np.integer | np.bool_], classes: str, source: str
) -> Dataset:
    """Return points (points, 2) with a class each; `classes` has the names of the classes, separated by spaces."""
    return Dataset(
        name=name,
        task="classification",
        inputs=points,
        labels=labels.astype(np.intp),
        targets=None,
        feature_names=("x₁", "x₂"),
        class_names=tuple(classes.split()),
        source=source,
        auto_scale="none",
    )


def make_regression(name: str, inputs: Floats, values: Floats, source: str) -> Dataset:
    """Return inputs (points, 1 or 2) with a number each, `values` (points,)."""
    features = inputs.shape[1]
    return Dataset(
        name=name,
        task="regression",
        inputs=inputs,
        labels=None,
        targets=values[:, None],
        feature_names=("x",) if features == 1 else ("x₁", "x₂"),
        target_names=("y",),
        source=source,
        auto_scale="none",
    )
