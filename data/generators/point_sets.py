"""Points that were made, as a data set."""

import numpy as np
from numpy.typing import NDArray

from gradstep.data.dataset import Array, Dataset


def labelled_points(
    name: str, points: Array, labels: NDArray[np.integer | np.bool_], classes: str, source: str
) -> Dataset:
    """Points of a plane, with a class each; `classes` are their names, with spaces between."""
    return Dataset(
        name=name,
        task="classification",
        inputs=points,
        labels=labels.astype(np.intp),
        targets=None,
        feature_names=("x", "y"),
        class_names=tuple(classes.split()),
        source=source,
        auto_scale="none",
    )


def valued_points(name: str, inputs: Array, values: Array, source: str) -> Dataset:
    """Points of a plane or of a line, with a number each."""
    names = ("x", "y", "value")
    features = inputs.shape[1]
    return Dataset(
        name=name,
        task="regression",
        inputs=inputs,
        labels=None,
        targets=values[:, None],
        feature_names=names[:features],
        target_names=(names[features],),
        source=source,
        auto_scale="none",
    )
