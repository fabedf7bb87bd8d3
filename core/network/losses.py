"""Losses, each beside its delta for the output activation that it is paired with.

Every loss is a mean over the batch, with the natural logarithm. A pair knows ∂L/∂z of the output layer, so that
backpropagation never has to ask which loss it walks back from (after Nielsen, network2.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import Activation, activation_named
from gradstep.core.network.arrays import Floats

LOSSES = ("cross_entropy", "binary_cross_entropy", "mse", "half_sse")


@dataclass(frozen=True, slots=True)
class OutputLoss:
    """A loss together with the output activation that it is measured on.

    `per_example(z, a, y)` gives the loss of each row (batch,); their mean is the loss of the batch.
    `delta(z, a, y, out)` writes ∂L/∂z of the batch's mean loss into `out` (batch, outputs).
    `forward(z, a, y)` writes the activation into `a` and returns the batch's mean loss.
    """

    name: str
    output: Activation
    formula: str
    convention: str
    per_example: Callable[[Floats, Floats, Floats], Floats]
    delta: Callable[[Floats, Floats, Floats, Floats], None]
    forward: Callable[[Floats, Floats, Floats], float]


def output_loss(loss: str, output: str) -> OutputLoss:
    """Pair the loss with the output activation; raises GradstepError where the pair makes no sense."""
    activation = activation_named(output)
    if loss not in LOSSES:
        raise GradstepError(f"unknown loss {loss!r}; known are {', '.join(LOSSES)}")
    if loss in ("mse", "half_sse"):
        return _squared_error(loss, activation)
    if output == "softmax" and loss == "cross_entropy":
        return OutputLoss(
            loss, activation, "−Σᵢ yᵢ ln ŷᵢ", "natural log, mean over the batch",
            _softmax_cross_entropy_rows, _difference, _softmax_cross_entropy,
        )  # fmt: skip
    if output == "sigmoid":
        return OutputLoss(
            loss, activation, "−Σᵢ (yᵢ ln ŷᵢ + (1 − yᵢ) ln(1 − ŷᵢ))",
            "natural log, sum over the outputs, mean over the batch",
            _binary_cross_entropy_rows, _difference, _apart(activation, _binary_cross_entropy_rows),
        )  # fmt: skip
    if output == "softmax":
        raise GradstepError("binary_cross_entropy needs a sigmoid output, not softmax; with softmax use cross_entropy")
    raise GradstepError(
        f"{loss} needs probabilities, and a {output} output gives {activation.range}; "
        "use a softmax or sigmoid output, or mse or half_sse as the loss"
    )


def _apart(activation: Activation, rows: Callable[[Floats, Floats, Floats], Floats]) -> Callable[..., float]:
    """Forward of a pair whose activation and loss share no work."""

    def forward(z: Floats, a: Floats, y: Floats) -> float:
        activation.f(z, a)
        return float(np.add.reduce(rows(z, a, y))) / len(z)

    return forward


def _difference(z: Floats, a: Floats, y: Floats, out: Floats) -> None:
    """∂L/∂z = (ŷ − y) / batch: softmax with cross-entropy, and sigmoid with binary cross-entropy."""
    np.subtract(a, y, out=out)
    np.multiply(out, 1 / len(out), out=out)


def _softmax_cross_entropy_rows(z: Floats, a: Floats, y: Floats) -> Floats:
    """From the logits, ln Σ e^z − z·y, so that no probability that rounds to 0 meets the logarithm."""
    shifted = z - z.max(axis=1, keepdims=True)
    rows: Floats = np.log(np.exp(shifted).sum(axis=1)) - (shifted * y).sum(axis=1)
    return rows


def _softmax_cross_entropy(z: Floats, a: Floats, y: Floats) -> float:
    """The same loss as the mean of the rows, with the shift, the exponentials and their sum computed once."""
    # transposed, so that the reductions run over the first axis and need no keepdims
    logits, p = z.T, a.T
    np.subtract(logits, np.maximum.reduce(logits), out=p)
    chosen = np.vdot(p, y.T)
    np.exp(p, out=p)
    total = np.add.reduce(p)
    np.divide(p, total, out=p)
    return float(np.add.reduce(np.log(total)) - chosen) / len(z)


def _binary_cross_entropy_rows(z: Floats, a: Floats, y: Floats) -> Floats:
    """From the logits: max(z, 0) − z·y + ln(1 + e^−|z|), exact where a sigmoid has rounded to 0 or 1."""
    rows: Floats = (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(axis=1)
    return rows


def _squared_error(name: str, activation: Activation) -> OutputLoss:
    half_sse = name == "half_sse"

    def weight(y: Floats) -> float:
        return 0.5 if half_sse else 1 / y.shape[1]

    def per_example(z: Floats, a: Floats, y: Floats) -> Floats:
        rows: Floats = np.square(a - y).sum(axis=1) * weight(y)
        return rows

    def delta(z: Floats, a: Floats, y: Floats, out: Floats) -> None:
        gradient = (a - y) * (2 * weight(y) / len(y))
        if activation.name == "softmax":
            # the Jacobian of softmax times the gradient: aᵢ (gᵢ − Σⱼ gⱼ aⱼ)
            np.subtract(gradient, (gradient * a).sum(axis=1, keepdims=True), out=out)
            np.multiply(out, a, out=out)
        else:
            activation.derivative(z, a, out)
            np.multiply(out, gradient, out=out)

    formula, convention = (
        ("½ Σᵢ (yᵢ − ŷᵢ)²", "½ of the sum over the outputs, mean over the batch")
        if half_sse
        else ("1/n Σᵢ (yᵢ − ŷᵢ)²", "no ½, mean over the outputs and over the batch")
    )
    return OutputLoss(name, activation, formula, convention, per_example, delta, _apart(activation, per_example))
