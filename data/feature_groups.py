"""Which inputs of a network were made of the same column of a file, such as one for each category."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Indices
from gradstep.data.dataset import Dataset


@dataclass(frozen=True, slots=True, eq=False)
class FeatureGroup:
    """A column of the data, and the indices (count,) of the inputs that it became."""

    name: str
    inputs: Indices


def group_features(dataset: Dataset) -> tuple[FeatureGroup, ...]:
    """Return the columns of a file in their order; for other data, each input by itself."""
    columns = getattr(dataset.encoder, "columns", None)
    if columns is None or dataset.features:
        return tuple(FeatureGroup(name, np.array([index])) for index, name in enumerate(dataset.feature_names))
    groups, first = [], 0
    for column in columns:
        count = len(column.feature_names)
        groups.append(FeatureGroup(column.name, np.arange(first, first + count)))
        first += count
    return tuple(groups)
