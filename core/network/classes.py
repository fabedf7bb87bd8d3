"""Which class a row of outputs or targets stands for."""

import numpy as np

from gradstep.core.network.arrays import Floats, Indices

NO_CLASS = -1
"""Stands for the class of outputs that are no longer finite: they predict none."""


def find_classes(outputs: Floats, threshold: float) -> Indices:
    """Return the class (..., rows) of each row of outputs or targets (..., rows, outputs), or NO_CLASS.

    A single column is compared with the threshold; of several columns the largest decides.
    """
    if outputs.shape[-1] == 1:
        single = outputs[..., 0]
        return np.where(np.isnan(single), NO_CLASS, single > threshold)
    largest = outputs.argmax(axis=-1, keepdims=True)
    # NaN counts as the largest
    finite = np.isfinite(np.take_along_axis(outputs, largest, axis=-1))
    classes: Indices = np.where(finite, largest, NO_CLASS)[..., 0]
    return classes
