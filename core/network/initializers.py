"""How the weights start. Biases start at 0."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError

Initializer = Callable[[np.random.Generator, int, int], NDArray[np.float64]]
"""Takes the random generator, units and inputs; gives weights (units, inputs)."""


def _uniform(rng: np.random.Generator, units: int, inputs: int) -> NDArray[np.float64]:
    """U(−½, ½), as TensorFlow Playground starts."""
    return rng.uniform(-0.5, 0.5, (units, inputs))


def _normal(rng: np.random.Generator, units: int, inputs: int) -> NDArray[np.float64]:
    """N(0, 1), as Nielsen's network.py starts: wide layers saturate at once, which is worth seeing."""
    return rng.standard_normal((units, inputs))


def _xavier(rng: np.random.Generator, units: int, inputs: int) -> NDArray[np.float64]:
    """U(±√(6 / (inputs + units))): Glorot and Bengio 2010, for tanh and sigmoid."""
    limit = math.sqrt(6 / (inputs + units))
    return rng.uniform(-limit, limit, (units, inputs))


def _he(rng: np.random.Generator, units: int, inputs: int) -> NDArray[np.float64]:
    """N(0, 2 / inputs): He et al. 2015, for ReLU."""
    return rng.standard_normal((units, inputs)) * math.sqrt(2 / inputs)


def _zeros(rng: np.random.Generator, units: int, inputs: int) -> NDArray[np.float64]:
    """All 0: every neuron of a layer then learns the same, so the layer acts as one neuron."""
    return np.zeros((units, inputs))


INITIALIZERS: dict[str, Initializer] = {
    "uniform": _uniform,
    "normal": _normal,
    "xavier": _xavier,
    "he": _he,
    "zeros": _zeros,
}

NUMPY_CODE: dict[str, str] = {
    "uniform": "rng.uniform(-0.5, 0.5, (units, inputs))",
    "normal": "rng.standard_normal((units, inputs))",
    "xavier": "limit = np.sqrt(6 / (inputs + units))\nrng.uniform(-limit, limit, (units, inputs))",
    "he": "rng.standard_normal((units, inputs)) * np.sqrt(2 / inputs)",
    "zeros": "np.zeros((units, inputs))",
}
"""The same in numpy code; of several lines the last is the result."""


def initializer_named(name: str) -> Initializer:
    """Return the initializer called `name`; raises GradstepError with the known names."""
    if name not in INITIALIZERS:
        raise GradstepError(f"unknown init {name!r}; known are {', '.join(INITIALIZERS)}")
    return INITIALIZERS[name]
