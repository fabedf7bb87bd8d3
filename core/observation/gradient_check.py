"""Backpropagation's gradient against central differences, for any parameter of a recorded update."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.network import Network
from gradstep.core.network.passes import Pass
from gradstep.core.training.update import Update

STEP = 1e-5
MOST = 500
WORK = 2_000_000
"""Parameters of one layer that are checked at most: each takes two forward passes, which in a large network are long.
There so many are checked that this is about the number of weights gone through, but never fewer than 10.
"""


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """One parameter of layer `layer` (1 is the first): backprop's ∂L/∂θ and (L(θ+h) − L(θ−h)) / 2h.

    `weight` is the number of inputs for the bias. `kink` says that between θ − h and θ + h some ReLU or step changes
    sides, or the weight its sign under l1: there the loss has no derivative, and the two numbers may differ without
    either being wrong.
    """

    layer: int
    neuron: int
    weight: int
    backprop: float
    numerical: float
    h: float
    kink: bool

    @property
    def relative_error(self) -> float:
        """|difference| over the larger of the two, 0 where both are 0."""
        largest = max(abs(self.backprop), abs(self.numerical))
        return abs(self.backprop - self.numerical) / largest if largest else 0.0


class GradientChecker:
    """Checks parameters of one update, always in float64, on a network of its own: nothing is trained."""

    def __init__(self, update: Update) -> None:
        self._update = update
        self._y = update.y.astype(np.float64)
        sizes = [update.x.shape[1], *(layer.z.shape[1] for layer in update.layers)]
        self._network = Network(sizes, [layer.activation.name for layer in update.layers])
        for mine, layer in zip(self._network.layers, update.layers, strict=True):
            mine.matrix[:] = layer.old
        self._work = Pass(self._network, update.batch)
        self._work.x[:] = update.x

    def check(self, layer: int, neuron: int, weight: int) -> GradientCheck:
        """Check one parameter."""
        matrix = self._network.layers[layer - 1].matrix
        start = float(matrix[neuron, weight])
        h = STEP * max(1.0, abs(start))
        is_bias = weight == matrix.shape[1] - 1
        matrix[neuron, weight] = start + h
        above, sides_above = self._total_loss(), self._sides()
        matrix[neuron, weight] = start - h
        below, sides_below = self._total_loss(), self._sides()
        matrix[neuron, weight] = start
        frozen = is_bias and not self._update.train_biases
        numerical = 0.0 if frozen else (above - below) / (2 * h)
        backprop = float(self._update.layers[layer - 1].gradient[neuron, weight])
        kink = any((one != other).any() for one, other in zip(sides_above, sides_below, strict=True))
        kink = kink or (bool(self._update.l1) and not is_bias and abs(start) < h)
        return GradientCheck(layer, neuron, weight, backprop, numerical, h, kink)

    def worst(self, layer: int) -> tuple[GradientCheck, int]:
        """The parameter of the layer with the largest relative error away from kinks, and how many were checked.

        Of a large layer an even choice of 500 is checked.
        """
        units, columns = self._network.layers[layer - 1].matrix.shape
        most = min(MOST, max(10, WORK // self._network.parameters.size), units * columns)
        places = np.unique(np.linspace(0, units * columns - 1, most).astype(int))
        checks = [self.check(layer, *divmod(int(index), columns)) for index in places]
        smooth = [check for check in checks if not check.kink] or checks
        return max(smooth, key=lambda check: _noteworthy(check)), len(checks)

    def _total_loss(self) -> float:
        update, work = self._update, self._work
        work.forward_to_logits()
        loss = update.loss_function.forward(work.output.z, work.output.a, self._y)
        if not (update.l1 or update.l2):
            return loss
        weights = [layer.weights for layer in self._network.layers]
        return loss + sum(float(update.l1 * np.abs(w).sum() + update.l2 / 2 * np.square(w).sum()) for w in weights)

    def _sides(self) -> list[np.ndarray]:
        """On which side of its kink each pre-activation of the batch is, for activations that have one."""
        layers = ((layer.z, layer.layer.activation.kink) for layer in self._work.layers)
        return [z > kink for z, kink in layers if kink is not None]


def _noteworthy(check: GradientCheck) -> float:
    """The relative error, where the gradient is large enough for the differences to have digits left."""
    largest = max(abs(check.backprop), abs(check.numerical))
    return check.relative_error if largest > 1e-7 else 0.0
