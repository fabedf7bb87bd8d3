"""What an activation function is. Everything that is known of one stands in its class."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from gradstep.core.network.arrays import Floats


class Activation(ABC):
    """One activation function, computed element by element. It holds no state: there is one object of each class.

    All arrays are (..., rows, units): an axis before the rows, if there is one, counts networks.

    name                its name in experiment files
    formula             f(z) in symbols
    derivative_formula  f′(z) in symbols, of z or of the activation a
    range               the values that f takes, in words
    words               what a neuron does with its weighted sum, in a sentence
    kink                the z where f′ jumps; None where it does not
    limits              the two values that f comes close to where it saturates; None where it does not saturate
    ends                the smallest and the largest value that f takes or comes close to; infinite where there is none
    middle              the activation that is neither low nor high: the border on a map of the inputs
    backward_code       δ of an output with this f, in numpy
    can_be_silent       f and f′ are both 0 on one side of the kink: a neuron there gives nothing and learns nothing
    has_slope           False where f′ is 0 for every z: neither this layer nor any layer before it can learn
    is_elementwise      False where f mixes the units of a row, as softmax does
    is_probability      the outputs are probabilities
    scales_targets      the targets of a regression are scaled like the inputs for outputs of this f
    is_identity         f(z) is z itself
    bends               f is no straight line: layers of it draw more than one linear map
    numpy_code          f(z) in numpy, where a column is an example; of several lines the last is the result
    numpy_overflow      why an overflow in it does no harm; None where there is none
    slope_code          f′(z) in numpy, of z or of a = f(z)
    pytorch_code        f as a module of PyTorch, where torch.nn is nn
    sklearn_name        what scikit-learn calls it, or what comes next to it there; None where nothing does
    is_in_sklearn       False where scikit-learn has only what comes next to it
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    derivative_formula: ClassVar[str]
    range: ClassVar[str]
    words: ClassVar[str]
    kink: ClassVar[float | None] = None
    limits: ClassVar[tuple[float, float] | None] = None
    ends: ClassVar[tuple[float, float]] = (-math.inf, math.inf)
    middle: ClassVar[float] = 0.0
    backward_code: ClassVar[str] = "dloss_dyhat * f_prime(z)"
    can_be_silent: ClassVar[bool] = False
    has_slope: ClassVar[bool] = True
    is_elementwise: ClassVar[bool] = True
    is_probability: ClassVar[bool] = False
    scales_targets: ClassVar[bool] = False
    is_identity: ClassVar[bool] = False
    bends: ClassVar[bool] = True
    numpy_code: ClassVar[str | None] = None
    numpy_overflow: ClassVar[str | None] = None
    slope_code: ClassVar[str | None] = None
    pytorch_code: ClassVar[str | None] = None
    sklearn_name: ClassVar[str | None] = None
    is_in_sklearn: ClassVar[bool] = True

    @abstractmethod
    def f(self, z: Floats, a: Floats) -> None:
        """Write f(z) into `a`."""

    @abstractmethod
    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        """Write f′(z) into `out`; `a` is f(z)."""

    def own_derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        """Write ∂aᵢ/∂zᵢ, how each activation changes with its own z, into `out`: f′(z), unless f mixes the units."""
        self.derivative(z, a, out)

    @abstractmethod
    def write(self, z: float) -> str:
        """The formula of f with this z put in."""

    @abstractmethod
    def write_derivative(self, z: float, a: float) -> str:
        """The formula of f′ with this z, or this a = f(z), put in."""

    def describe_slope(self, slope: float) -> str:
        """What f′ does to the gradient that comes back through a neuron, where f′ is this and not near 0."""
        if slope == 1:
            return "the gradient that comes back goes through as it is."
        return "of the gradient that comes back, that share goes through."

    def backward(self, z: Floats, a: Floats, gradient: Floats, out: Floats) -> None:
        """Write ∂L/∂z into `out`, given ∂L/∂a: the gradient times f′(z)."""
        self.derivative(z, a, out)
        np.multiply(out, gradient, out=out)
