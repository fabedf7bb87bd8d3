"""The gradient check: backpropagation's gradient against central differences, for parameters of a recorded update."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.network import Network
from gradstep.core.network.passes import Pass
from gradstep.core.training.penalty import compute_penalty
from gradstep.core.training.update import Update

RELATIVE_STEP = 1e-5
"""h as a share of the parameter's size, and h itself for a parameter below 1."""

MOST_CHECKS = 500
LEAST_CHECKS = 10
MOST_WEIGHTS = 2_000_000
"""How many parameters of one layer are checked.

Each check takes two forward passes. Together the checks go through about MOST_WEIGHTS weights, but there are at least
LEAST_CHECKS and at most MOST_CHECKS of them.
"""

SMALLEST_GRADIENT = 1e-7
"""Below this a central difference has no digits left to compare."""


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """One parameter of a layer (from 1): backprop's ∂L/∂θ beside (L(θ+h) − L(θ−h)) / 2h.

    `weight` is the index of the input, or the number of inputs for the bias. `kink` says that between θ − h and θ + h
    some unit crosses the kink of its activation, or the weight crosses 0 under l1. The loss has no derivative there,
    so the two numbers may differ although both are right.
    """

    layer_number: int
    neuron: int
    weight: int
    backprop: float
    numerical: float
    h: float
    kink: bool

    @property
    def relative_error(self) -> float:
        """|difference| / the larger of the two numbers; 0 where both are 0."""
        largest = max(abs(self.backprop), abs(self.numerical))
        return abs(self.backprop - self.numerical) / largest if largest else 0.0


class GradientChecker:
    """Checks parameters of one update, in float64 and on a network of its own. Nothing is trained."""

    def __init__(self, update: Update) -> None:
        self._update = update
        self._y = update.y.astype(np.float64)
        sizes = [update.x.shape[1], *(layer.z.shape[1] for layer in update.layers)]
        self._network = Network(sizes, [layer.activation.name for layer in update.layers])
        for own, layer in zip(self._network.layers, update.layers, strict=True):
            own.matrix[:] = layer.old
        self._work = Pass(self._network, update.batch)
        self._work.x[:] = update.x

    def check(self, layer_number: int, neuron: int, weight: int) -> GradientCheck:
        """Check one parameter."""
        matrix = self._network.layers[layer_number - 1].matrix
        value = float(matrix[neuron, weight])
        h = RELATIVE_STEP * max(1.0, abs(value))
        is_bias = weight == matrix.shape[1] - 1
        matrix[neuron, weight] = value + h
        loss_above, sides_above = self._compute_loss(), self._find_kink_sides()
        matrix[neuron, weight] = value - h
        loss_below, sides_below = self._compute_loss(), self._find_kink_sides()
        matrix[neuron, weight] = value
        frozen = is_bias and not self._update.train_biases
        numerical = 0.0 if frozen else (loss_above - loss_below) / (2 * h)
        backprop = float(self._update.layers[layer_number - 1].gradient[neuron, weight])
        kink = any((above != below).any() for above, below in zip(sides_above, sides_below, strict=True))
        kink = kink or (bool(self._update.l1) and not is_bias and abs(value) < h)
        return GradientCheck(layer_number, neuron, weight, backprop, numerical, h, kink)

    def find_worst(self, layer_number: int) -> tuple[GradientCheck, int]:
        """Return the check of the layer with the largest relative error away from kinks, and how many were made.

        Of a layer with too many parameters, an evenly spread choice is checked.
        """
        units, columns = self._network.layers[layer_number - 1].matrix.shape
        affordable = max(LEAST_CHECKS, MOST_WEIGHTS // self._network.parameters.size)
        count = min(MOST_CHECKS, affordable, units * columns)
        indices = np.unique(np.linspace(0, units * columns - 1, count).astype(int))
        checks = [self.check(layer_number, *divmod(int(index), columns)) for index in indices]
        smooth = [check for check in checks if not check.kink] or checks
        return max(smooth, key=_compute_comparable_error), len(checks)

    def _compute_loss(self) -> float:
        """Return the batch's mean loss with the l1/l2 term."""
        update, batch_pass = self._update, self._work
        batch_pass.forward_to_logits()
        loss = update.loss_function.forward(batch_pass.output.z, batch_pass.output.a, self._y)
        if not (update.l1 or update.l2):
            return loss
        return loss + compute_penalty([layer.weights for layer in self._network.layers], update.l1, update.l2)

    def _find_kink_sides(self) -> list[np.ndarray]:
        """Return, for each layer whose activation has a kink, on which side of it each z is."""
        layers = ((layer.z, layer.layer.activation.kink) for layer in self._work.layers)
        return [z > kink for z, kink in layers if kink is not None]


def _compute_comparable_error(check: GradientCheck) -> float:
    """Return the relative error; 0 where the gradient is too small for it to mean anything."""
    largest = max(abs(check.backprop), abs(check.numerical))
    return check.relative_error if largest > SMALLEST_GRADIENT else 0.0
