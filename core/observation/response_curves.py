"""Activations and losses as functions of one z, the others as they are: what a person explores."""

import numpy as np

from gradstep.core.network.activations import Activation
from gradstep.core.network.arrays import Floats
from gradstep.core.network.losses import Loss


@np.errstate(all="ignore")
def activation_curve(activation: Activation, z: Floats, unit: int, values: Floats) -> tuple[Floats, Floats]:
    """f and f′ of one unit where its z takes each of `values` (count,), the layer's other z (units,) being as they are.

    Of softmax, which mixes the units of a layer, f′ is the unit's own ∂aᵢ/∂zᵢ = aᵢ (1 − aᵢ).
    """
    rows = _rows(z, unit, values)
    a, slope = np.empty_like(rows), np.empty_like(rows)
    activation.f(rows, a)
    activation.own_derivative(rows, a, slope)
    return a[:, unit], slope[:, unit]


@np.errstate(all="ignore")
def loss_curve(loss: Loss, z: Floats, y: Floats, unit: int, values: Floats) -> tuple[Floats, Floats]:
    """The loss E of one example with target y (outputs,), and its slope δ, where one output's z takes each value."""
    rows, targets = _rows(z, unit, values), np.tile(y, (len(values), 1))
    a, delta = np.empty_like(rows), np.empty_like(rows)
    loss.output.f(rows, a)
    loss.delta(rows, a, targets, delta)
    # the mean over the rows is taken apart again: each is an example of its own
    return loss.per_example(rows, a, targets), delta[:, unit] * len(rows)


def _rows(z: Floats, unit: int, values: Floats) -> Floats:
    """A row for each value: z with the value in the unit's place."""
    rows = np.tile(z, (len(values), 1))
    rows[:, unit] = values
    return rows
