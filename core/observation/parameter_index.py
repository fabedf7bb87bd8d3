"""Which weight or bias of a network is meant, and the moves from one to another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Layer


@dataclass(frozen=True, slots=True)
class ParameterIndex:
    """Which parameter: the layer from 1, the unit from 0, and from 0 the input of a weight; None is the bias."""

    layer_number: int
    unit: int
    source: int | None

    def value_in(self, layers: Sequence[Layer]) -> float:
        """Return the parameter's value in these layers of a network."""
        layer = layers[self.layer_number - 1]
        return float(layer.biases[self.unit] if self.source is None else layer.weights[self.unit, self.source])

    def move_layer(self, weights: Sequence[Floats], direction: int) -> "ParameterIndex":
        """Return a parameter of the next (1) or previous (−1) layer: the heaviest weight of the same neuron there.

        `weights` holds W (units, inputs) of each layer.
        """
        index = (self.layer_number - 1 + direction) % len(weights)
        neuron = min(self.unit, len(weights[index]) - 1)
        return ParameterIndex(index + 1, neuron, int(np.abs(weights[index][neuron]).argmax()))

    def move_neuron(self, weights: Sequence[Floats], direction: int) -> "ParameterIndex":
        """Return the same parameter of the next (1) or previous (−1) neuron of the layer."""
        return replace(self, unit=(self.unit + direction) % len(weights[self.layer_number - 1]))

    def move_source(self, weights: Sequence[Floats], direction: int) -> "ParameterIndex":
        """Return the next (1) or previous (−1) parameter of the neuron. The bias comes after the last weight."""
        inputs = weights[self.layer_number - 1].shape[1]
        now = inputs if self.source is None else self.source
        after = (now + direction) % (inputs + 1)
        return replace(self, source=None if after == inputs else after)
