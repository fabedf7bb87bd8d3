"""Array types, the length of a vector, and indices that are spread evenly."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]
Indices = NDArray[np.intp]

SAFE = (1e-12, 1e12)
"""A norm in this range: squares of its entries in float32 neither underflow nor overflow."""


def norm(values: ArrayLike) -> float:
    """√Σ v², also where the squares themselves would be too large or too small for the dtype."""
    array: NDArray[Any] = np.asarray(values)
    with np.errstate(all="ignore"):
        length = float(np.linalg.norm(array))
        if SAFE[0] < length < SAFE[1]:
            return length
        largest = np.abs(array).max(initial=0)
        if largest == 0 or not np.isfinite(largest):
            return float(largest)
        return float(largest) * float(np.linalg.norm(array / largest))


def spread_evenly(count: int, most: int) -> Indices:
    """Return `most` indices of so many entries, from the first to the last as evenly as can be; or all of fewer."""
    indices: Indices = np.linspace(0, count - 1, min(count, most)).round().astype(np.intp)
    return indices
