"""One unit of a snapshot, an input, a neuron or an output: its numbers for the example, and its weights by size."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.network.activation import Activation
from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.observation.layer_statistics import find_saturated
from gradstep.core.observation.limits import SATURATED_RANGE_SHARE
from gradstep.core.observation.snapshot import Snapshot

Condition = Literal["silent", "saturated", "active"]


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """Which unit: the number of its layer, 0 for the inputs, and its index there, from 0."""

    layer_number: int
    unit: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class UnitView:
    """A unit of the network for one example.

    - `z`, `delta` and `bias` are None for an input. `a` of an input is x, as the network reads it.
    - `target` is that of an output, else None.
    - `weights` (count,) are the weights into the unit, the heaviest first; of an input those that lead out of it.
    - `others` (count,) are the indices of the units at their other ends, and `values` (count,) those units' a, or x.
    - `before` is the activation of the layer before; None for a unit that reads inputs, and for an input.
    - `condition` is what f does to z: silent, saturated or active; None where f has none of these.
    """

    index: UnitIndex
    activation: Activation | None
    z: float | None
    a: float
    delta: float | None
    bias: float | None
    target: float | None
    weights: Floats
    others: Indices
    values: Floats
    condition: Condition | None
    before: Activation | None = None

    @property
    def products(self) -> Floats:
        """The terms w·a of z (count,)."""
        return self.weights * self.values

    def find_heaviest_free(self) -> int | None:
        """Return the index of the heaviest weight whose source can still change so that z rises; None if there is none.

        An input cannot: it is a number of the example. A neuron cannot where f has come to its end, as a silent ReLU,
        whose a cannot be smaller.
        """
        if self.before is None:
            return None
        low, high = self.before.ends
        margin = (1 - SATURATED_RANGE_SHARE) / 2 * (high - low) if math.isfinite(high - low) else 0.0
        rises = self.weights > 0
        free = np.where(rises, self.values < high - margin, self.values > low + margin) & (self.weights != 0)
        return int(np.argmax(free)) if free.any() else None


def view_unit(snapshot: Snapshot, index: UnitIndex) -> UnitView:
    """Return a unit of the snapshot. Raises IndexError if the network has no such unit."""
    layer_number, unit = index.layer_number, index.unit
    if layer_number == 0:
        first, x = snapshot.layers[0], snapshot.example.x
        order = _sort_by_size(first.weights[:, unit])
        return UnitView(
            index, None, None, float(x[unit]), None, None, None, first.weights[order, unit], order, first.a[order], None
        )
    layer = snapshot.layers[layer_number - 1]
    before = snapshot.layers[layer_number - 2].a if layer_number > 1 else snapshot.example.x
    order = _sort_by_size(layer.weights[unit])
    activation = activation_named(layer.activation)
    return UnitView(
        index=index,
        activation=activation,
        z=float(layer.z[unit]),
        a=float(layer.a[unit]),
        delta=float(layer.delta[unit]),
        bias=float(layer.biases[unit]),
        target=float(snapshot.example.y[unit]) if layer_number == len(snapshot.layers) else None,
        weights=layer.weights[unit, order],
        others=order,
        values=before[order],
        condition=_find_condition(activation, layer.a[unit : unit + 1]),
        before=activation_named(snapshot.layers[layer_number - 2].activation) if layer_number > 1 else None,
    )


def _sort_by_size(weights: Floats) -> Indices:
    order: Indices = np.argsort(-np.abs(weights), kind="stable")
    return order


def _find_condition(activation: Activation, a: Floats) -> Condition | None:
    """Return what f made of the z of a unit, whose activation is the one entry of `a`."""
    if activation.can_be_silent:
        return "active" if a[0] > 0 else "silent"
    return "saturated" if find_saturated(activation, a)[0] else None
