"""A loss whose examples count as much as the weights of their classes say: E = c·E₀, E₀ being the loss without them."""

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.classes import find_classes
from gradstep.core.network.loss import CancelledSlope, Loss, LossOfLogits, LossOfOutputs
from gradstep.core.notation import number

NOTE = "   "
"""What stands between a formula and a note on it."""


class WeightedLoss(Loss):
    """What the two kinds of weighted losses share. `weights` (classes,) are those of the classes."""

    def __init__(self, base: Loss, weights: Floats, threshold: float) -> None:
        """Weigh the examples of `base`; `threshold` is the class boundary of a single column of targets."""
        super().__init__(base.output)
        self.base, self.weights, self._threshold = base, weights, threshold
        self.name = base.name
        self.formula = f"c·({base.formula})"
        self.convention = f"{base.convention}; each example times the weight c of its class"
        self.words = f"{base.words} Each example counts as much as the weight c of its class says."

    def weigh(self, y: Floats) -> Floats:
        """Return the weight of each row of targets (..., rows)."""
        weights: Floats = self.weights[find_classes(y, self._threshold)].astype(y.dtype)
        return weights

    def per_example(self, z: Floats, a: Floats, y: Floats) -> Floats:
        return self.weigh(y) * self.base.per_example(z, a, y)

    def delta(self, z: Floats, a: Floats, y: Floats, out: Floats) -> None:
        self.base.delta(z, a, y, out)
        np.multiply(out, self.weigh(y)[..., None], out=out)

    def find_logits(self, a: Floats) -> Floats:
        return self.base.find_logits(a)

    def write_weight_of(self, y: Floats) -> str:
        return f"{number(float(self.weigh(y[None])[0]))}·"

    def write(self, y: Floats, a: Floats) -> tuple[str, ...]:
        return (self._multiply(self.base.write(y, a)[0], y),)

    def _multiply(self, written: str, y: Floats) -> str:
        """Put the weight before `E = ...`, and the note on it, if there is one, at the end."""
        formula, note, words = written.removeprefix("E = ").partition(NOTE)
        return f"E = {self.write_weight_of(y)}({formula}){note}{words}"


class WeightedLossOfOutputs(WeightedLoss, LossOfOutputs):
    """A weighted loss whose δ is the chain rule written out."""

    def output_gradient(self, a: Floats, y: Floats, examples: int = 1) -> Floats:
        assert isinstance(self.base, LossOfOutputs)
        gradient: Floats = self.weigh(y)[..., None] * self.base.output_gradient(a, y, examples)
        return gradient

    def write_output_gradient(self, y: float, a: float, outputs: int) -> str:
        """∂E₀/∂ŷ of one of so many outputs, without the weight, which only the whole row tells."""
        assert isinstance(self.base, LossOfOutputs)
        return self.base.write_output_gradient(y, a, outputs)


class WeightedLossOfLogits(WeightedLoss, LossOfLogits):
    """A weighted cross-entropy: δ = c·(ŷ − y) / rows."""

    def write_from_logits(self, y: Floats, z: Floats) -> str:
        assert isinstance(self.base, LossOfLogits)
        written = self.base.write_from_logits(y, z)
        # of a chain of equations the last one has the numbers
        return self._multiply(f"E = {written.rsplit(' = ', 1)[1]}", y)

    def derive_delta(self, y: Floats, a: Floats, output: int) -> CancelledSlope | None:
        """None: the two factors are those of the loss without weights."""
        return None


def weigh_loss(base: Loss, weights: Floats, threshold: float) -> WeightedLoss:
    """Return the loss with the examples of each class weighted."""
    if isinstance(base, LossOfLogits):
        return WeightedLossOfLogits(base, weights, threshold)
    assert isinstance(base, LossOfOutputs)
    return WeightedLossOfOutputs(base, weights, threshold)
