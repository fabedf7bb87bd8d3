"""What the screen for weights by hand draws, and how a person chooses a weight there."""

from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.observation.parameter_edit import EditEffect, ParameterIndex
from gradstep.core.observation.snapshot import Snapshot
from gradstep.data.dataset import Dataset
from gradstep.tui.widgets.typed_number import read_number


@dataclass(frozen=True, slots=True, eq=False)
class WeightsView:
    """The moment, the chosen parameter, what is being typed, what the last change did, and how many can be undone.

    `trouble` is why a value was not taken.
    """

    snapshot: Snapshot
    dataset: Dataset
    parameter: ParameterIndex
    held_out: bool
    typed: str = ""
    effect: EditEffect | None = None
    undoable: int = 0
    trouble: str = ""

    @property
    def value(self) -> float:
        """The chosen parameter now."""
        layer, parameter = self.snapshot.layers[self.parameter.layer_number - 1], self.parameter
        return float(
            layer.biases[parameter.unit]
            if parameter.source is None
            else layer.weights[parameter.unit, parameter.source]
        )

    @property
    def typed_value(self) -> float | None:
        """What is typed, as a number; None while it is none."""
        return read_number(self.typed)

    def with_layer(self, direction: int) -> "WeightsView":
        """The next (1) or previous (−1) layer, there the heaviest weight of the same neuron or the last."""
        index = (self.parameter.layer_number - 1 + direction) % len(self.snapshot.layers)
        weights = self.snapshot.layers[index].weights
        unit = min(self.parameter.unit, len(weights) - 1)
        return self._at(ParameterIndex(index + 1, unit, int(np.abs(weights[unit]).argmax())))

    def with_neuron(self, direction: int) -> "WeightsView":
        """The next or previous neuron of the layer."""
        units = len(self.snapshot.layers[self.parameter.layer_number - 1].biases)
        return self._at(replace(self.parameter, unit=(self.parameter.unit + direction) % units))

    def with_source(self, direction: int) -> "WeightsView":
        """The next or previous input of the neuron; after the last comes the bias."""
        inputs = self.snapshot.layers[self.parameter.layer_number - 1].weights.shape[1]
        now = inputs if self.parameter.source is None else self.parameter.source
        after = (now + direction) % (inputs + 1)
        return self._at(replace(self.parameter, source=None if after == inputs else after))

    def _at(self, parameter: ParameterIndex) -> "WeightsView":
        return replace(self, parameter=parameter, typed="", trouble="")


def find_heaviest_weight(snapshot: Snapshot) -> ParameterIndex:
    """The weight that matters most for what the network says: the heaviest into the output that is largest."""
    last = snapshot.layers[-1]
    unit = int(last.a.argmax())
    return ParameterIndex(len(snapshot.layers), unit, int(np.abs(last.weights[unit]).argmax()))
