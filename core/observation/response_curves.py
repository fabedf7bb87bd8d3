"""Activations and losses as functions of one z of a layer, while its other z stay as they are."""

import numpy as np

from gradstep.core.network.activation import Activation
from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import Loss


@np.errstate(all="ignore")
def compute_activation_curve(activation: Activation, z: Floats, unit: int, values: Floats) -> tuple[Floats, Floats]:
    """Return f and f′ of one unit, both (count,), for each of `values` (count,) as its z.

    `z` (units,) is the whole layer's. Softmax depends on all of it; its f′ here is ∂aᵢ/∂zᵢ = aᵢ (1 − aᵢ).
    """
    rows = _vary_unit(z, unit, values)
    a, slope = np.empty_like(rows), np.empty_like(rows)
    activation.f(rows, a)
    activation.own_derivative(rows, a, slope)
    return a[:, unit], slope[:, unit]


@np.errstate(all="ignore")
def compute_loss_curve(loss: Loss, z: Floats, y: Floats, unit: int, values: Floats) -> tuple[Floats, Floats]:
    """Return the loss E of one example and its δ, both (count,), for each of `values` (count,) as one output's z.

    `z` and the target `y` are (outputs,).
    """
    rows, targets = _vary_unit(z, unit, values), np.tile(y, (len(values), 1))
    a, delta = np.empty_like(rows), np.empty_like(rows)
    loss.output.f(rows, a)
    loss.delta(rows, a, targets, delta)
    # delta is of the mean over the rows; times their number it is of each row's own loss
    return loss.per_example(rows, a, targets), delta[:, unit] * len(rows)


def _vary_unit(z: Floats, unit: int, values: Floats) -> Floats:
    """Return a copy of z for each value, with the value as the unit's z (count, units)."""
    rows = np.tile(z, (len(values), 1))
    rows[:, unit] = values
    return rows
