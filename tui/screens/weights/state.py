"""What the weights screen draws, and the moves from one parameter to another."""

from dataclasses import dataclass, replace

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.parameter_edit import EditEffect
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.observation.parameter_line import ParameterLine
from gradstep.core.observation.snapshot import Snapshot
from gradstep.data.dataset import Dataset
from gradstep.tui.widgets.typed_number import read_number


@dataclass(frozen=True, slots=True, eq=False)
class WeightsView:
    """A snapshot, and the chosen parameter in it.

    - `typed` is the text typed so far.
    - `effect` is the effect of the last edit.
    - `undoable` is the number of edits that can be undone.
    - `line` is the loss over the parameter, on the next batch; None until it is measured.
    - `trouble` says why the last value was refused.
    """

    snapshot: Snapshot
    dataset: Dataset
    parameter: ParameterIndex
    typed: str = ""
    effect: EditEffect | None = None
    undoable: int = 0
    line: ParameterLine | None = None
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
        return self._at(self.parameter.move_layer(self._weights, direction))

    def with_neuron(self, direction: int) -> "WeightsView":
        """Return the view of the next (1) or previous (−1) neuron of the layer."""
        return self._at(self.parameter.move_neuron(self._weights, direction))

    def with_input(self, direction: int) -> "WeightsView":
        """Return the view of the next (1) or previous (−1) input of the neuron. The bias comes after the last input."""
        return self._at(self.parameter.move_source(self._weights, direction))

    @property
    def _weights(self) -> list[Floats]:
        return [layer.weights for layer in self.snapshot.layers]

    def _at(self, parameter: ParameterIndex) -> "WeightsView":
        return replace(self, parameter=parameter, typed="", line=None, effect=None, trouble="")
