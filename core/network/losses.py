"""Loss functions, each paired with the output activation that it is measured on.

E is the loss of one example, L its mean over the batch; logarithms are natural. A pair knows δ = ∂L/∂z of the output
layer, so that backpropagation never asks which loss it starts from (after Nielsen, network2.py).

To add a loss, write its class here and name it in LOSSES. Nothing elsewhere asks for a loss's name.
"""

from abc import abstractmethod

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats
from gradstep.core.network.cross_entropy import BinaryCrossEntropy, CrossEntropy
from gradstep.core.network.loss import Loss, LossOfOutputs
from gradstep.core.notation import factor, fold_sum, joined_with_signs, number


class SquaredError(LossOfOutputs):
    """A coefficient times Σ (y − ŷ)²."""

    words = "The difference between each output and its target is squared, so that too much and too little both count."

    @classmethod
    @abstractmethod
    def coefficient(cls, outputs: int) -> float:
        """What the sum of the squares is multiplied by."""

    @classmethod
    @abstractmethod
    def write_coefficient(cls, outputs: int) -> str:
        """The coefficient in symbols, with a sign of multiplication; empty where it is 1."""

    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        rows: Floats = np.square(a - y).sum(axis=-1) * self.coefficient(y.shape[-1])
        return rows

    def output_gradient(self, a: Floats, y: Floats, examples: int = 1) -> Floats:
        error: Floats = (a - y) * (2 * self.coefficient(y.shape[-1]) / examples)
        return error

    @classmethod
    @abstractmethod
    def write_gradient_coefficient(cls, outputs: int) -> str:
        """Twice the coefficient in symbols, with a sign of multiplication; empty where it is 1."""

    def write_output_gradient(self, y: float, a: float, outputs: int) -> str:
        return f"{self.write_gradient_coefficient(outputs)}({number(a)} − {factor(y)})"

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        squares = fold_sum(np.square(y - a).tolist())
        text = squares.write(lambda index: f"({number(y[index])} − {factor(a[index])})²")
        coefficient = self.write_coefficient(len(y))
        return (f"E = {coefficient}({text})" if coefficient else f"E = {text}",)


class MeanSquaredError(SquaredError):
    """The mean of the squares over the outputs."""

    name = "mse"
    formula = "1/K Σᵢ (yᵢ − ŷᵢ)², over K outputs"
    convention = "no ½, mean over the outputs and over the batch"
    numpy_code = "((y_hat - y) ** 2).mean(axis=0)"
    gradient_code = "(y_hat - y) * (2 / len(y) / n)"
    pytorch_code = "F.mse_loss(y_hat, y)"
    pytorch_rows_code = "((y_hat - y) ** 2).mean(dim=1)"

    @classmethod
    def coefficient(cls, outputs: int) -> float:
        return 1 / outputs

    @classmethod
    def write_coefficient(cls, outputs: int) -> str:
        return "" if outputs == 1 else f"1/{outputs}·"

    @classmethod
    def write_gradient_coefficient(cls, outputs: int) -> str:
        return {1: "2·", 2: ""}.get(outputs, f"2/{outputs}·")


class HalfSumOfSquares(SquaredError):
    """Half the sum of the squares, as many textbooks have it: the ½ cancels the 2 of the derivative."""

    name = "half_sse"
    formula = "½ Σᵢ (yᵢ − ŷᵢ)²"
    convention = "½ of the sum over the outputs, mean over the batch"
    numpy_code = "((y_hat - y) ** 2).sum(axis=0) / 2"
    gradient_code = "(y_hat - y) * (1 / n)"
    pytorch_code = "((y_hat - y) ** 2).sum(dim=1).mean() / 2"
    pytorch_rows_code = "((y_hat - y) ** 2).sum(dim=1) / 2"

    @classmethod
    def coefficient(cls, outputs: int) -> float:
        return 0.5

    @classmethod
    def write_coefficient(cls, outputs: int) -> str:
        return "½·"

    @classmethod
    def write_gradient_coefficient(cls, outputs: int) -> str:
        return ""

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        """Of two or three outputs each one's share as well."""
        lines = super().write(y, a)
        if not 1 < len(y) <= 3:
            return lines
        return (*lines, f"= {joined_with_signs([number((t - o) ** 2 / 2) for t, o in zip(y, a, strict=True)])}")


LOSSES: dict[str, type[Loss]] = {
    loss.name: loss for loss in (CrossEntropy, BinaryCrossEntropy, MeanSquaredError, HalfSumOfSquares)
}


def output_loss(loss: str, output: str) -> Loss:
    """Pair the loss with the output activation; raises GradstepError where the pair makes no sense."""
    activation = activation_named(output)
    if loss not in LOSSES:
        raise GradstepError(f"unknown loss {loss!r}; known are {', '.join(LOSSES)}")
    kind = LOSSES[loss]
    if kind.needs_probabilities and not activation.is_probability:
        raise GradstepError(
            f"{kind.name} needs probabilities, and a {activation.name} output gives {activation.range}; "
            f"use a softmax or sigmoid output, or {name_losses_of_numbers()} as the loss"
        )
    return kind.paired_with(activation)


def name_losses_of_numbers() -> str:
    """Name the losses whose outputs and targets may be any numbers, as "mse or half_sse"."""
    return " or ".join(name for name, loss in LOSSES.items() if not loss.needs_probabilities)
