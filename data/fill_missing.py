"""Fills the missing values of a data set by what its training part alone shows."""

from dataclasses import replace

import numpy as np

from gradstep.core.network.arrays import Indices
from gradstep.data.dataset import Dataset
from gradstep.data.features import compute_features
from gradstep.data.table.encoder import TableEncoder
from gradstep.data.table.gaps import fill_gaps


def fill_missing(dataset: Dataset, train_rows: Indices) -> Dataset:
    """Return the data set with its gaps filled by what these rows show, and an encoder that fills new rows so.

    Filled by all rows, the training part would hold something of those that test it.
    """
    if not dataset.gaps:
        return dataset
    assert isinstance(dataset.encoder, TableEncoder)
    encoder, points = fill_gaps(dataset.encoder, dataset.points.astype(np.float64), dataset.gaps, train_rows)
    if not dataset.features:
        return replace(dataset, inputs=points, encoder=encoder)
    inputs = compute_features(points, dataset.features)
    return replace(dataset, inputs=inputs, points_of_features=points, encoder=encoder)
