"""Backpropagation's gradient against central differences, for any parameter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.activations import Floats
from core.losses import OutputLoss
from core.network import Network, Pass
from core.trainer import Trainer

STEP = 1e-5


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """One parameter: its place in the flat vector, backprop's ∂L/∂θ and (L(θ+h) − L(θ−h)) / 2h."""

    index: int
    backprop: float
    numerical: float
    h: float

    @property
    def relative_error(self) -> float:
        """|difference| over the larger of the two, 0 where both are 0."""
        largest = max(abs(self.backprop), abs(self.numerical))
        return abs(self.backprop - self.numerical) / largest if largest else 0.0


def check_gradient(trainer: Trainer, rows: NDArray[np.intp], index: int) -> GradientCheck:
    """Check parameter `index` of the flat vector on these rows of the training part; nothing is trained.

    Backprop's number is computed in the network's own dtype, the differences always in float64.
    """
    backprop = float(trainer.gradient(rows)[index])
    network = _in_float64(trainer.network)
    work = Pass(network, len(rows))
    work.with_ones[0][:] = trainer.train.with_ones[rows]
    y = trainer.train.y[rows].astype(np.float64)
    options = trainer.options
    is_weight = bool(network.weight_mask()[index])
    start = float(network.parameters[index])
    h = STEP * max(1.0, abs(start))

    def total_loss(value: float) -> float:
        network.parameters[index] = value
        penalty = options.l1 * abs(value) + options.l2 / 2 * value**2 if is_weight else 0.0
        return _loss(work, trainer.loss, y) + penalty

    frozen = not is_weight and not options.train_biases
    numerical = 0.0 if frozen else (total_loss(start + h) - total_loss(start - h)) / (2 * h)
    return GradientCheck(index, backprop, numerical, h)


def _loss(work: Pass, loss: OutputLoss, y: Floats) -> float:
    work.forward_to_logits()
    return loss.forward(work.z[-1], work.a[-1], y)


def _in_float64(network: Network) -> Network:
    twin = Network(network.sizes, [layer.activation.name for layer in network.layers])
    twin.parameters[:] = network.parameters
    return twin
