"""What a loss is: its value, and δ of the output layer that backpropagation starts from."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.activation import Activation
from gradstep.core.network.arrays import Floats

LEAST_PROBABILITY = 1e-6
"""The least probability that a logit is found for: that of 0 would be infinite. Both dtypes tell 1 from 1 less it."""


class Loss(ABC):
    """A loss function on the output a = f(z) with targets y.

    All arrays are (..., rows, outputs): an axis before the rows, if there is one, counts networks.

    name                 its name in experiment files
    formula              E in symbols
    convention           what is summed and what is averaged, in words
    words                what it measures, in a sentence
    cancels_slope        f′ of the output has cancelled out of δ = ŷ − y, so a saturated output still learns
    needs_probabilities  the targets must be from 0 to 1
    numpy_code           E of each example, in numpy, from z, y_hat and y (outputs, examples); the last line is it
    gradient_code        ∂L/∂ŷ of n examples, in numpy; of a loss of logits δ
    pytorch_code         L in PyTorch, where torch.nn.functional is F, from y_hat (rows, outputs); or from z, of logits
    pytorch_rows_code    E of each row in PyTorch, from the same
    """

    name: str
    formula: str
    convention: str
    words: str
    cancels_slope: ClassVar[bool] = False
    needs_probabilities: ClassVar[bool] = False
    numpy_code: ClassVar[str | None] = None
    gradient_code: ClassVar[str | None] = None
    pytorch_code: ClassVar[str | None] = None
    pytorch_rows_code: ClassVar[str | None] = None

    def __init__(self, output: Activation) -> None:
        self.output = output

    @classmethod
    def paired_with(cls, output: Activation) -> "Loss":
        """This loss on outputs of this activation; raises GradstepError where the pair makes no sense."""
        return cls(output)

    @abstractmethod
    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        """E of each row (..., rows)."""

    @abstractmethod
    def delta(self, z: Floats, a: Floats, y: Floats, out: Floats) -> None:
        """Write δ = ∂L/∂z of the batch's mean loss into `out`; of several networks each one's own."""

    def forward(self, z: Floats, a: Floats, y: Floats) -> float:
        """Write the activation of one network into `a` and return L, the mean loss of the batch."""
        self.output.f(z, a)
        return float(np.add.reduce(self.per_example(z, a, y))) / len(z)

    def forward_each(self, z: Floats, a: Floats, y: Floats) -> Floats:
        """Write the activations of several networks into `a` and return L of each (networks,)."""
        self.output.f(z, a)
        means: Floats = np.add.reduce(self.per_example(z, a, y), axis=-1) / z.shape[-2]
        return means

    def weigh(self, y: Floats) -> Floats:
        """Return what the loss of each row of targets (..., rows) is multiplied by; 1 without class weights."""
        return np.ones(y.shape[:-1], y.dtype)

    def write_weight_of(self, y: Floats) -> str:
        """Return the weight of an example with targets y (outputs,), and a multiplication sign; empty without one."""
        return ""

    def find_logits(self, a: Floats) -> Floats:
        """Return pre-activations (rows, outputs) from which `per_example` computes the loss of the outputs `a`.

        A loss that is computed from the outputs does not read them.
        """
        return a

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
        self.output.backward(z, a, self.output_gradient(a, y, y.shape[-2]), out)


@dataclass(frozen=True, slots=True)
class Derivative:
    """A derivative with its numbers put in: `write` gives `name = formula`."""

    write: Callable[[], str]
    value: float


@dataclass(frozen=True, slots=True)
class CancelledSlope:
    """The two factors of δ, and the term of theirs that cancels out."""

    output_gradient: Derivative
    slope: Derivative
    cancels: str


class LossOfLogits(Loss):
    """A cross-entropy of probabilities, computed from the logits: f′ cancels, and δ = (ŷ − y) / rows is left.

    Both hold for softmax and sigmoid only, so each subclass accepts only its own of the two.
    """

    cancels_slope = True
    needs_probabilities = True
    words = "The smaller the predicted probability of the target, the larger the loss."
    gradient_code = "(y_hat - y) * (1 / n)"

    def delta(self, z: Floats, a: Floats, y: Floats, out: Floats) -> None:
        np.subtract(a, y, out=out)
        np.multiply(out, 1 / out.shape[-2], out=out)

    @abstractmethod
    def write_from_logits(self, y: Floats, z: Floats) -> str:
        """`E = ...` of one example from its logits; y and z are (outputs,). It holds where ŷ has rounded to 0 or 1."""

    @abstractmethod
    def derive_delta(self, y: Floats, a: Floats, output: int) -> CancelledSlope | None:
        """How δ = ŷ − y of one output comes about; None where the logarithm or the quotient in it has no value."""

    @classmethod
    def refuse(cls, output: Activation) -> GradstepError:
        """Return the error for an output that is neither softmax nor sigmoid."""
        return GradstepError(
            f"{cls.name} is computed from the logits of probabilities, and {output.name} gives it none; "
            "use a softmax or sigmoid output"
        )
