"""What the weights screen draws, and the moves from one parameter to another."""

from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.observation.parameter_edit import EditEffect, ParameterIndex
from gradstep.core.observation.snapshot import Snapshot
from gradstep.data.dataset import Dataset
from gradstep.tui.widgets.typed_number import read_number


@dataclass(frozen=True, slots=True, eq=False)
class WeightsView:
    """A snapshot, and the chosen parameter in it.

    - `held_out` says whether there is a test part.
    - `typed` is the text typed so far.
    - `effect` is the effect of the last edit.
    - `undoable` is the number of edits that can be undone.
    - `trouble` says why the last value was refused.
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
        """The present value of the chosen parameter."""
        layer, parameter = self.snapshot.layers[self.parameter.layer_number - 1], self.parameter
        return float(
            layer.biases[parameter.unit]
            if parameter.source is None
            else layer.weights[parameter.unit, parameter.source]
        )

    @property
    def typed_value(self) -> float | None:
        """The typed text as a number; None if it is not a number."""
        return read_number(self.typed)

    def with_layer(self, direction: int) -> "WeightsView":
        """Return the view of the next (1) or previous (−1) layer, at a neuron's heaviest weight."""
        index = (self.parameter.layer_number - 1 + direction) % len(self.snapshot.layers)
        weights = self.snapshot.layers[index].weights
        neuron = min(self.parameter.unit, len(weights) - 1)
        return self._at(ParameterIndex(index + 1, neuron, int(np.abs(weights[neuron]).argmax())))

    def with_neuron(self, direction: int) -> "WeightsView":
        """Return the view of the next (1) or previous (−1) neuron of the layer."""
        neurons = len(self.snapshot.layers[self.parameter.layer_number - 1].biases)
        return self._at(replace(self.parameter, unit=(self.parameter.unit + direction) % neurons))

    def with_input(self, direction: int) -> "WeightsView":
        """Return the view of the next (1) or previous (−1) input of the neuron. The bias comes after the last input."""
        inputs = self.snapshot.layers[self.parameter.layer_number - 1].weights.shape[1]
        now = inputs if self.parameter.source is None else self.parameter.source
        after = (now + direction) % (inputs + 1)
        return self._at(replace(self.parameter, source=None if after == inputs else after))

    def _at(self, parameter: ParameterIndex) -> "WeightsView":
        return replace(self, parameter=parameter, typed="", trouble="")


def find_heaviest_weight(snapshot: Snapshot) -> ParameterIndex:
    """Return the heaviest weight into the largest output, the one most important for the prediction."""
    last = snapshot.layers[-1]
    neuron = int(last.a.argmax())
    return ParameterIndex(len(snapshot.layers), neuron, int(np.abs(last.weights[neuron]).argmax()))
