"""Loss functions, each paired with the output activation that it is measured on.

E is the loss of one example, L its mean over the batch; logarithms are natural. A pair knows δ = ∂L/∂z of the output
layer, so that backpropagation never asks which loss it starts from (after Nielsen, network2.py).

To add a loss, write its class here and name it in LOSSES. Nothing elsewhere asks for a loss's name.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import Activation, Sigmoid, Softmax, activation_named
from gradstep.core.network.arrays import Floats
from gradstep.core.notation import exact, factor, number, written_sum


class Loss(ABC):
    """A loss function on the output a = f(z) with targets y; all arrays (rows, outputs).

    name                 its name in experiment files
    formula              E in symbols
    convention           what is summed and what is averaged, in words
    words                what it measures, in a sentence
    cancels_slope        f′ of the output has cancelled out of δ = ŷ − y, so a saturated output still learns
    needs_probabilities  the targets must be from 0 to 1
    """

    name: str
    formula: ClassVar[str]
    convention: ClassVar[str]
    words: ClassVar[str]
    cancels_slope: ClassVar[bool] = False
    needs_probabilities: ClassVar[bool] = False

    def __init__(self, output: Activation) -> None:
        self.output = output

    @classmethod
    def paired_with(cls, output: Activation) -> "Loss":
        """This loss on outputs of this activation; raises GradstepError where the pair makes no sense."""
        return cls(output)

    @abstractmethod
    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        """E of each row (rows,)."""

    @abstractmethod
    def delta(self, z: Floats, a: Floats, y: Floats, out: Floats) -> None:
        """Write δ = ∂L/∂z of the batch's mean loss into `out`."""

    def forward(self, z: Floats, a: Floats, y: Floats) -> float:
        """Write the activation into `a` and return L, the mean loss of the batch."""
        self.output.f(z, a)
        return float(np.add.reduce(self.per_example(z, a, y))) / len(z)

    @abstractmethod
    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        """`E = ...` with the numbers of one example put in; y and a are (outputs,)."""


class LossOfOutputs(Loss):
    """A loss whose δ is the chain rule written out: ∂E/∂ŷ, pulled back through f of the output."""

    @abstractmethod
    def output_gradient(self, a: Floats, y: Floats, examples: int = 1) -> Floats:
        """∂E/∂ŷ of each row, divided by the number of `examples` that a mean is taken over."""

    @abstractmethod
    def write_output_gradient(self, y: float, a: float, outputs: int) -> str:
        """∂E/∂ŷ of one of so many outputs with its numbers put in."""

    def delta(self, z: Floats, a: Floats, y: Floats, out: Floats) -> None:
        self.output.backward(z, a, self.output_gradient(a, y, len(y)), out)


class LossOfLogits(Loss):
    """A cross-entropy of probabilities, computed from the logits: f′ cancels, and δ = (ŷ − y) / rows is left.

    Both hold for softmax and sigmoid only, so each subclass accepts only its own of the two.
    """

    cancels_slope = True
    needs_probabilities = True
    words = "The smaller the predicted probability of the target, the larger the loss."

    def delta(self, z: Floats, a: Floats, y: Floats, out: Floats) -> None:
        np.subtract(a, y, out=out)
        np.multiply(out, 1 / len(out), out=out)

    @classmethod
    def refuse(cls, output: Activation) -> GradstepError:
        """Return the error for an output that is neither softmax nor sigmoid."""
        return GradstepError(
            f"{cls.name} needs probabilities, and a {output.name} output gives {output.range}; "
            "use a softmax or sigmoid output, or mse or half_sse as the loss"
        )


class CrossEntropy(LossOfLogits):
    """H(y, ŷ) of softmax outputs. With sigmoid outputs it is paired as the binary cross-entropy of each output."""

    name = "cross_entropy"
    formula = "−Σᵢ yᵢ ln ŷᵢ"
    convention = "natural log, mean over the batch"

    @classmethod
    def paired_with(cls, output: Activation) -> Loss:
        if isinstance(output, Sigmoid):
            return BinaryCrossEntropy(output, cls.name)
        if not isinstance(output, Softmax):
            raise cls.refuse(output)
        return cls(output)

    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        """From the logits, ln Σ e^z − z·y, so that no probability that rounds to 0 meets the logarithm."""
        shifted = z - z.max(axis=1, keepdims=True)
        rows: Floats = np.log(np.exp(shifted).sum(axis=1)) - (shifted * y).sum(axis=1)
        return rows

    def forward(self, z: Floats, a: Floats, y: Floats) -> float:
        """Softmax and the mean loss, with the shift, the exponentials and their sum computed once."""
        # transposed, so that the reductions run over the first axis and need no keepdims
        logits, p = z.T, a.T
        np.subtract(logits, np.maximum.reduce(logits), out=p)
        chosen = np.vdot(p, y.T)
        np.exp(p, out=p)
        total = np.add.reduce(p)
        np.divide(p, total, out=p)
        return float(np.add.reduce(np.log(total)) - chosen) / len(z)

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        kept = np.flatnonzero(y)
        texts = [f"{'' if y[j] == 1 else number(y[j]) + '·'}ln {number(a[j])}" for j in kept]
        zero_terms = len(y) - len(kept)
        note = f"   without {zero_terms} of {len(y)} terms, where y is 0" if zero_terms else ""
        return (f"E = −({' + '.join(texts)}){note}",)


class BinaryCrossEntropy(LossOfLogits):
    """The cross-entropy of each output with its own target from 0 to 1, added up over the outputs."""

    name = "binary_cross_entropy"
    formula = "−Σᵢ (yᵢ ln ŷᵢ + (1 − yᵢ) ln(1 − ŷᵢ))"
    convention = "natural log, sum over the outputs, mean over the batch"

    def __init__(self, output: Activation, name: str = name) -> None:
        """The loss goes by `name`: on sigmoid outputs cross_entropy is this one as well."""
        super().__init__(output)
        self.name = name

    @classmethod
    def paired_with(cls, output: Activation) -> Loss:
        if isinstance(output, Softmax):
            raise GradstepError(
                f"{cls.name} needs a sigmoid output, not {output.name}; with {output.name} use cross_entropy"
            )
        if not isinstance(output, Sigmoid):
            raise cls.refuse(output)
        return cls(output)

    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        """From the logits: max(z, 0) − z·y + ln(1 + e^−|z|), exact where a sigmoid has rounded to 0 or 1."""
        rows: Floats = (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(axis=1)
        return rows

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        texts = [f"{number(t)}·ln {number(o)} + {number(1 - t)}·ln {number(1 - o)}" for t, o in zip(y, a, strict=True)]
        return (f"E = −({' + '.join(texts[:3])}{' + …' if len(texts) > 3 else ''})",)


class SquaredError(LossOfOutputs):
    """A weight times Σ (y − ŷ)²."""

    words = "The difference between each output and its target, squared, so that too much and too little both count."

    @classmethod
    @abstractmethod
    def weight(cls, outputs: int) -> float:
        """What the sum of the squares is multiplied by."""

    @classmethod
    @abstractmethod
    def write_weight(cls, outputs: int) -> str:
        """The weight in symbols."""

    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        rows: Floats = np.square(a - y).sum(axis=1) * self.weight(y.shape[1])
        return rows

    def output_gradient(self, a: Floats, y: Floats, examples: int = 1) -> Floats:
        error: Floats = (a - y) * (2 * self.weight(y.shape[1]) / examples)
        return error

    def write_output_gradient(self, y: float, a: float, outputs: int) -> str:
        weight = 2 * self.weight(outputs)
        return f"{'' if weight == 1 else number(weight) + '·'}({number(a)} − {factor(y)})"

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        terms = [float((t - o) ** 2) for t, o in zip(y, a, strict=True)]
        texts = [f"({number(t)} − {factor(o)})²" for t, o in zip(y, a, strict=True)]
        return (f"E = {self.write_weight(len(y))} ({written_sum(terms, texts, None)})",)


class MeanSquaredError(SquaredError):
    """The mean of the squares over the outputs."""

    name = "mse"
    formula = "1/n Σᵢ (yᵢ − ŷᵢ)²"
    convention = "no ½, mean over the outputs and over the batch"

    @classmethod
    def weight(cls, outputs: int) -> float:
        return 1 / outputs

    @classmethod
    def write_weight(cls, outputs: int) -> str:
        return f"1/{outputs}"


class HalfSumOfSquares(SquaredError):
    """Half the sum of the squares, as many textbooks have it: the ½ cancels the 2 of the derivative."""

    name = "half_sse"
    formula = "½ Σᵢ (yᵢ − ŷᵢ)²"
    convention = "½ of the sum over the outputs, mean over the batch"

    @classmethod
    def weight(cls, outputs: int) -> float:
        return 0.5

    @classmethod
    def write_weight(cls, outputs: int) -> str:
        return "½"

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        """Of two or three outputs each one's share as well."""
        lines = super().write(y, a)
        if not 1 < len(y) <= 3:
            return lines
        return (*lines, f"  = {' + '.join(exact((t - o) ** 2 / 2) for t, o in zip(y, a, strict=True))}")


LOSSES: dict[str, type[Loss]] = {
    loss.name: loss for loss in (CrossEntropy, BinaryCrossEntropy, MeanSquaredError, HalfSumOfSquares)
}


def output_loss(loss: str, output: str) -> Loss:
    """Pair the loss with the output activation; raises GradstepError where the pair makes no sense."""
    activation = activation_named(output)
    if loss not in LOSSES:
        raise GradstepError(f"unknown loss {loss!r}; known are {', '.join(LOSSES)}")
    return LOSSES[loss].paired_with(activation)
