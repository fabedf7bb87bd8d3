"""What the screen for weights by hand draws, and how a person chooses a weight there."""

from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.observation.parameter_edit import Effect, Place
from gradstep.core.observation.snapshot import Snapshot
from gradstep.data.dataset import Dataset
from gradstep.tui.widgets.guess import Prediction


@dataclass(frozen=True, slots=True, eq=False)
class WeightsView:
    """The moment, the chosen parameter, what is being typed, what the last change did, and how many can be undone.

    `trouble` is why a value was not taken.
    """

    snapshot: Snapshot
    dataset: Dataset
    place: Place
    held_out: bool
    typed: str = ""
    effect: Effect | None = None
    undoable: int = 0
    trouble: str = ""

    @property
    def value(self) -> float:
        """The chosen parameter now."""
        layer, place = self.snapshot.layers[self.place.layer - 1], self.place
        return float(layer.biases[place.unit] if place.source is None else layer.weights[place.unit, place.source])

    @property
    def number(self) -> float | None:
        """What is typed, as a number; None while it is none."""
        return Prediction(self.typed).value

    def with_layer(self, direction: int) -> "WeightsView":
        """The next (1) or previous (−1) layer, there the heaviest weight of the same neuron or the last."""
        number = (self.place.layer - 1 + direction) % len(self.snapshot.layers)
        weights = self.snapshot.layers[number].weights
        unit = min(self.place.unit, len(weights) - 1)
        return self._at(Place(number + 1, unit, int(np.abs(weights[unit]).argmax())))

    def with_neuron(self, direction: int) -> "WeightsView":
        """The next or previous neuron of the layer."""
        units = len(self.snapshot.layers[self.place.layer - 1].biases)
        return self._at(replace(self.place, unit=(self.place.unit + direction) % units))

    def with_source(self, direction: int) -> "WeightsView":
        """The next or previous input of the neuron; after the last comes the bias."""
        inputs = self.snapshot.layers[self.place.layer - 1].weights.shape[1]
        now = inputs if self.place.source is None else self.place.source
        after = (now + direction) % (inputs + 1)
        return self._at(replace(self.place, source=None if after == inputs else after))

    def _at(self, place: Place) -> "WeightsView":
        return replace(self, place=place, typed="", trouble="")


def heaviest(snapshot: Snapshot) -> Place:
    """The weight that matters most for what the network says: the heaviest into the output that is largest."""
    last = snapshot.layers[-1]
    unit = int(last.a.argmax())
    return Place(len(snapshot.layers), unit, int(np.abs(last.weights[unit]).argmax()))
