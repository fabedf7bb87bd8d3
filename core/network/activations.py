"""Activation functions: f beside its derivative f′."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats

LEAK = 0.01


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation function, computed element by element (softmax: row by row).

    `f(z, a)` writes the activation of `z` (batch, units) into `a`; `derivative(z, a, out)` writes f′(z) into `out`
    and may read the activation `a` that `f` wrote. Softmax has no element-wise f′: its `derivative` raises.
    """

    name: str
    f: Callable[[Floats, Floats], None]
    derivative: Callable[[Floats, Floats, Floats], None]
    formula: str
    derivative_formula: str
    range: str


def _step(z: Floats, a: Floats) -> None:
    np.greater_equal(z, 0, out=a)


def _step_derivative(z: Floats, a: Floats, out: Floats) -> None:
    out.fill(0)


def _linear(z: Floats, a: Floats) -> None:
    np.copyto(a, z)


def _linear_derivative(z: Floats, a: Floats, out: Floats) -> None:
    out.fill(1)


def _sigmoid(z: Floats, a: Floats) -> None:
    # e^−z may overflow to infinity for very negative z; 1 / (1 + ∞) = 0 is then the right answer
    with np.errstate(over="ignore"):
        np.negative(z, out=a)
        np.exp(a, out=a)
    np.add(a, 1, out=a)
    np.reciprocal(a, out=a)


def _sigmoid_derivative(z: Floats, a: Floats, out: Floats) -> None:
    np.subtract(1, a, out=out)
    np.multiply(out, a, out=out)


def _tanh(z: Floats, a: Floats) -> None:
    np.tanh(z, out=a)


def _tanh_derivative(z: Floats, a: Floats, out: Floats) -> None:
    np.multiply(a, a, out=out)
    np.subtract(1, out, out=out)


def _relu(z: Floats, a: Floats) -> None:
    np.maximum(z, 0, out=a)


def _relu_derivative(z: Floats, a: Floats, out: Floats) -> None:
    # a is never negative, so its sign is 0 or 1; writing a comparison into floats would take longer
    np.sign(a, out=out)


def _leaky_relu(z: Floats, a: Floats) -> None:
    # for a slope between 0 and 1 the larger of the two lines is the function
    np.multiply(z, LEAK, out=a)
    np.maximum(z, a, out=a)


def _leaky_relu_derivative(z: Floats, a: Floats, out: Floats) -> None:
    np.greater(z, 0, out=out)
    np.multiply(out, 1 - LEAK, out=out)
    np.add(out, LEAK, out=out)


def _softmax(z: Floats, a: Floats) -> None:
    # the largest logit is subtracted first: the quotient stays the same, and e^z cannot overflow
    np.subtract(z, np.maximum.reduce(z, axis=1, keepdims=True), out=a)
    np.exp(a, out=a)
    np.divide(a, np.add.reduce(a, axis=1, keepdims=True), out=a)


def _softmax_derivative(z: Floats, a: Floats, out: Floats) -> None:
    raise TypeError("softmax mixes the units of a row: its derivative is a matrix, see gradstep.core.network.losses")


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("step", _step, _step_derivative, "1 if z ≥ 0, else 0", "0", "0 or 1"),
        Activation("linear", _linear, _linear_derivative, "z", "1", "any number"),
        Activation("sigmoid", _sigmoid, _sigmoid_derivative, "1 / (1 + e^−z)", "a·(1 − a)", "0 to 1"),
        Activation("tanh", _tanh, _tanh_derivative, "tanh z", "1 − a²", "−1 to 1"),
        Activation("relu", _relu, _relu_derivative, "max(0, z)", "1 if z > 0, else 0", "0 and up"),
        Activation(
            "leaky_relu",
            _leaky_relu,
            _leaky_relu_derivative,
            f"z if z > 0, else {LEAK}·z",
            f"1 if z > 0, else {LEAK}",
            "any number",
        ),
        Activation(
            "softmax",
            _softmax,
            _softmax_derivative,
            "e^zᵢ / Σⱼ e^zⱼ",
            "aᵢ (1 if i = j, else 0) − aᵢ aⱼ",
            "0 to 1, sum 1",
        ),
    )
}


def activation_named(name: str) -> Activation:
    """Return the activation called `name`; raises GradstepError with the known names."""
    if name not in ACTIVATIONS:
        raise GradstepError(f"unknown activation {name!r}; known are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]
