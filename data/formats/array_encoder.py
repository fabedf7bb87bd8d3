"""The encoder of a data set that was read from arrays."""

from gradstep.data.dataset import Dataset
from gradstep.data.table.encoder import ArrayEncoder


def make_array_encoder(dataset: Dataset) -> ArrayEncoder:
    """Return how other arrays become inputs like those of this data set."""
    return ArrayEncoder(dataset.feature_names, dataset.image_shape, dataset.class_names, dataset.target_names)
