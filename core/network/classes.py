"""Which class a row of outputs or targets stands for."""

import numpy as np

from gradstep.core.network.arrays import Floats, Indices


def find_classes(outputs: Floats, threshold: float) -> Indices:
    """Return the class (..., rows) of each row of outputs or targets (..., rows, outputs).

    A single column is compared with the threshold; of several columns the largest decides.
    """
    if outputs.shape[-1] == 1:
        return (outputs[..., 0] > threshold).astype(np.intp)
    largest: Indices = outputs.argmax(axis=-1)
    return largest
