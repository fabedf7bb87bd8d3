"""Activation functions. Everything that is known of one stands in its class: f, f′, both as formulas and with numbers.

To add one, write its class here and name it in ACTIVATIONS. Code elsewhere reads these attributes. What is made for one
activation alone asks for its class: cross-entropy and the walkthrough of softmax.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.notation import factor, number


class Activation(ABC):
    """One activation function, computed element by element. It holds no state: there is one object of each class.

    name                its name in experiment files
    formula             f(z) in symbols
    derivative_formula  f′(z) in symbols, of z or of the activation a
    range               the values that f takes, in words
    words               what a neuron does with its weighted sum, in a sentence
    kink                the z where f′ jumps; None where it does not
    limits              the two values that f comes close to where it saturates; None where it does not saturate
    middle              the activation that is neither low nor high: the border on a map of the inputs
    backward_code       δ of an output with this f, in numpy
    can_be_silent       f and f′ are both 0 on one side of the kink: a neuron there gives nothing and learns nothing
    has_slope           False where f′ is 0 for every z: neither this layer nor any layer before it can learn
    is_elementwise      False where f mixes the units of a row, as softmax does
    is_probability      the outputs are probabilities
    scales_targets      the targets of a regression are scaled like the inputs for outputs of this f
    bends               f is no straight line: layers of it draw more than one linear map
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    derivative_formula: ClassVar[str]
    range: ClassVar[str]
    words: ClassVar[str]
    kink: ClassVar[float | None] = None
    limits: ClassVar[tuple[float, float] | None] = None
    middle: ClassVar[float] = 0.0
    backward_code: ClassVar[str] = "dloss_dyhat * f_prime(z)"
    can_be_silent: ClassVar[bool] = False
    has_slope: ClassVar[bool] = True
    is_elementwise: ClassVar[bool] = True
    is_probability: ClassVar[bool] = False
    scales_targets: ClassVar[bool] = False
    bends: ClassVar[bool] = True

    @abstractmethod
    def f(self, z: Floats, a: Floats) -> None:
        """Write f(z) into `a`; both (rows, units)."""

    @abstractmethod
    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        """Write f′(z) into `out`; `a` is f(z). All (rows, units)."""

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
        """Write ∂L/∂z into `out`, given ∂L/∂a: the gradient times f′(z). All (rows, units)."""
        self.derivative(z, a, out)
        np.multiply(out, gradient, out=out)


class Step(Activation):
    """McCulloch and Pitts 1943: the neuron fires or it does not."""

    name = "step"
    formula = "1 if z ≥ 0, else 0"
    derivative_formula = "0"
    range = "0 or 1"
    words = "The neuron fires and gives 1, or it does not and gives 0. There is nothing in between."
    kink = 0.0
    middle = 0.5
    can_be_silent = True
    has_slope = False

    def f(self, z: Floats, a: Floats) -> None:
        np.greater_equal(z, 0, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        out.fill(0)

    def write(self, z: float) -> str:
        return f"1 if {number(z)} ≥ 0, else 0"

    def write_derivative(self, z: float, a: float) -> str:
        return "0"


class Linear(Activation):
    """The identity: a layer of it is a linear map."""

    name = "linear"
    formula = "z"
    derivative_formula = "1"
    range = "any number"
    words = "The neuron passes its sum on as it is."
    scales_targets = True
    bends = False

    def f(self, z: Floats, a: Floats) -> None:
        np.copyto(a, z)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        out.fill(1)

    def write(self, z: float) -> str:
        return number(z)

    def write_derivative(self, z: float, a: float) -> str:
        return "1"


class Sigmoid(Activation):
    """The logistic function, as in logistic regression."""

    name = "sigmoid"
    formula = "1 / (1 + e^−z)"
    derivative_formula = "a·(1 − a)"
    range = "0 to 1"
    words = "The sum is squeezed between 0 and 1: a very negative sum gives almost 0, a very positive one almost 1."
    limits = (0.0, 1.0)
    middle = 0.5
    is_probability = True

    def f(self, z: Floats, a: Floats) -> None:
        # e^−z may overflow to infinity for very negative z; 1 / (1 + ∞) = 0 is then the right answer
        with np.errstate(over="ignore"):
            np.negative(z, out=a)
            np.exp(a, out=a)
        np.add(a, 1, out=a)
        np.reciprocal(a, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.subtract(1, a, out=out)
        np.multiply(out, a, out=out)

    def write(self, z: float) -> str:
        return f"1 / (1 + e^−{factor(z)})"

    def write_derivative(self, z: float, a: float) -> str:
        return f"{self.derivative_formula} = {factor(a)}·(1 − {factor(a)})"


class Tanh(Activation):
    """The hyperbolic tangent: a sigmoid that is stretched to −1 .. 1."""

    name = "tanh"
    formula = "tanh z"
    derivative_formula = "1 − a²"
    range = "−1 to 1"
    words = "The sum is squeezed between −1 and 1: a very negative sum gives almost −1, a very positive one almost 1."
    limits = (-1.0, 1.0)

    def f(self, z: Floats, a: Floats) -> None:
        np.tanh(z, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.multiply(a, a, out=out)
        np.subtract(1, out, out=out)

    def write(self, z: float) -> str:
        return f"tanh {number(z)}"

    def write_derivative(self, z: float, a: float) -> str:
        return f"{self.derivative_formula} = 1 − {factor(a)}²"


class ReLU(Activation):
    """The rectified linear unit."""

    name = "relu"
    formula = "max(0, z)"
    derivative_formula = "1 if z > 0, else 0"
    range = "0 and up"
    words = "A negative sum becomes 0: the neuron is silent. A positive one stays as it is."
    kink = 0.0
    can_be_silent = True

    def f(self, z: Floats, a: Floats) -> None:
        np.maximum(z, 0, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        # a is never negative, so its sign is 0 or 1; writing a comparison into floats would take longer
        np.sign(a, out=out)

    def write(self, z: float) -> str:
        return f"max(0, {number(z)})"

    def write_derivative(self, z: float, a: float) -> str:
        return f"1 if {number(z)} > 0, else 0"


class LeakyReLU(Activation):
    """Maas, Hannun and Ng 2013: a ReLU with a small slope below 0."""

    LEAK = 0.01

    name = "leaky_relu"
    formula = f"z if z > 0, else {LEAK}·z"
    derivative_formula = f"1 if z > 0, else {LEAK}"
    range = "any number"
    words = "A positive sum stays as it is, a negative one is divided by 100."
    kink = 0.0

    def f(self, z: Floats, a: Floats) -> None:
        # for a slope between 0 and 1 the larger of the two lines is the function
        np.multiply(z, self.LEAK, out=a)
        np.maximum(z, a, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.greater(z, 0, out=out)
        np.multiply(out, 1 - self.LEAK, out=out)
        np.add(out, self.LEAK, out=out)

    def write(self, z: float) -> str:
        return f"{number(z)} if {number(z)} > 0, else {self.LEAK}·{factor(z)}"

    def write_derivative(self, z: float, a: float) -> str:
        return f"1 if {number(z)} > 0, else {self.LEAK}"

    def describe_slope(self, slope: float) -> str:
        if slope == 1:
            return super().describe_slope(slope)
        return "a hundredth of the gradient that comes back goes through, where relu lets nothing through."


class Softmax(Activation):
    """Probabilities that add up to 1, for the output. It works row by row and mixes the units of a row."""

    name = "softmax"
    formula = "e^zᵢ / Σⱼ e^zⱼ"
    derivative_formula = "aᵢ (1 if i = j, else 0) − aᵢ aⱼ"
    range = "0 to 1, sum 1"
    words = "Each output is its e^z as a share of their sum: probabilities that add up to 1."
    middle = 0.5
    backward_code = "y_hat * (d - (d * y_hat).sum(axis=1, keepdims=True)), where d = dloss_dyhat"
    is_elementwise = False
    is_probability = True

    def f(self, z: Floats, a: Floats) -> None:
        # the largest logit is subtracted first: the quotient stays the same, and e^z cannot overflow
        np.subtract(z, np.maximum.reduce(z, axis=1, keepdims=True), out=a)
        np.exp(a, out=a)
        np.divide(a, np.add.reduce(a, axis=1, keepdims=True), out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        raise TypeError("softmax mixes the units of a row: its derivative is a matrix, see backward")

    def own_derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        """Write ∂aᵢ/∂zᵢ = aᵢ (1 − aᵢ) into `out`."""
        np.subtract(1, a, out=out)
        np.multiply(a, out, out=out)

    def backward(self, z: Floats, a: Floats, gradient: Floats, out: Floats) -> None:
        """Write ∂L/∂z = aᵢ (gᵢ − Σⱼ gⱼ aⱼ) into `out`, given g = ∂L/∂a: the Jacobian times the gradient."""
        np.subtract(gradient, (gradient * a).sum(axis=1, keepdims=True), out=out)
        np.multiply(out, a, out=out)

    def describe_slope(self, slope: float) -> str:
        return (
            "that is for its own z. Each z also changes the other outputs, and δ adds up what comes from all of them."
        )

    def write(self, z: float) -> str:
        return f"e^{factor(z)} / Σⱼ e^zⱼ"

    def write_derivative(self, z: float, a: float) -> str:
        return f"a·(1 − a) = {factor(a)}·(1 − {factor(a)}), for its own z"


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation for activation in (Step(), Linear(), Sigmoid(), Tanh(), ReLU(), LeakyReLU(), Softmax())
}


def activation_named(name: str) -> Activation:
    """The activation called `name`; raises GradstepError with the known names."""
    if name not in ACTIVATIONS:
        raise GradstepError(f"unknown activation {name!r}; known are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]
