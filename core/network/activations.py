"""Activation functions. Everything that is known of one stands in its class: f, f′, both as formulas and with numbers.

To add one, write its class here and name it in ACTIVATIONS. Code elsewhere reads these attributes. What is made for one
activation alone asks for its class: cross-entropy, the walkthrough of softmax, and Step in the scripts for PyTorch.
"""

import math

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activation import Activation
from gradstep.core.network.arrays import Floats
from gradstep.core.notation import factor, number


class Step(Activation):
    """McCulloch and Pitts 1943: the neuron fires or it does not."""

    name = "step"
    formula = "1 if z ≥ 0, else 0"
    derivative_formula = "0"
    range = "0 or 1"
    words = "The neuron fires and gives 1, or it does not and gives 0. There is nothing in between."
    kink = 0.0
    ends = (0.0, 1.0)
    middle = 0.5
    can_be_silent = True
    has_slope = False
    numpy_code = "(z >= 0).astype(z.dtype)"
    slope_code = "np.zeros_like(z)"
    pytorch_code = "Step()"

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
    is_identity = True
    bends = False
    numpy_code = "z"
    slope_code = "np.ones_like(z)"
    pytorch_code = "nn.Identity()"
    sklearn_name = "identity"

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
    limits = ends = (0.0, 1.0)
    middle = 0.5
    is_probability = True
    numpy_code = "1 / (1 + np.exp(-z))"
    numpy_overflow = "where e^−z is infinite, 1 / (1 + e^−z) is 0"
    slope_code = "(1 - a) * a"
    pytorch_code = "nn.Sigmoid()"
    sklearn_name = "logistic"

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
    limits = ends = (-1.0, 1.0)
    numpy_code = "np.tanh(z)"
    slope_code = "1 - a * a"
    pytorch_code = "nn.Tanh()"
    sklearn_name = "tanh"

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
    ends = (0.0, math.inf)
    can_be_silent = True
    numpy_code = "np.maximum(z, 0)"
    slope_code = "np.sign(a)"
    pytorch_code = "nn.ReLU()"
    sklearn_name = "relu"

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
    numpy_code = f"np.maximum(z, {LEAK} * z)"
    slope_code = f"np.maximum(np.sign(z), {LEAK})"
    pytorch_code = f"nn.LeakyReLU({LEAK})"
    sklearn_name = "relu"
    is_in_sklearn = False

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
    ends = (0.0, 1.0)
    words = "Each output is its e^z as a share of their sum: probabilities that add up to 1."
    middle = 0.5
    backward_code = "y_hat * (d - (d * y_hat).sum(axis=1, keepdims=True)), where d = dloss_dyhat"
    numpy_code = "e = np.exp(z - z.max(axis=0))\ne / e.sum(axis=0)"
    pytorch_code = "nn.Softmax(dim=1)"
    is_elementwise = False
    is_probability = True

    def f(self, z: Floats, a: Floats) -> None:
        # the largest logit is subtracted first: the quotient stays the same, and e^z cannot overflow
        np.subtract(z, np.maximum.reduce(z, axis=-1, keepdims=True), out=a)
        np.exp(a, out=a)
        np.divide(a, np.add.reduce(a, axis=-1, keepdims=True), out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        raise TypeError("softmax mixes the units of a row: its derivative is a matrix, see backward")

    def own_derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        """Write ∂aᵢ/∂zᵢ = aᵢ (1 − aᵢ) into `out`."""
        np.subtract(1, a, out=out)
        np.multiply(a, out, out=out)

    def backward(self, z: Floats, a: Floats, gradient: Floats, out: Floats) -> None:
        """Write ∂L/∂z = aᵢ (gᵢ − Σⱼ gⱼ aⱼ) into `out`, given g = ∂L/∂a: the Jacobian times the gradient."""
        np.subtract(gradient, (gradient * a).sum(axis=-1, keepdims=True), out=out)
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
