"""A weight or a bias that a person sets, and what the network does before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Layer, Network
from gradstep.core.observation.example import Example, ExampleView
from gradstep.core.observation.snapshot import Snapshot, take_snapshot
from gradstep.core.training.evaluation import Score
from gradstep.core.training.timeline import TrainerChange
from gradstep.core.training.trainer import Trainer


@dataclass(frozen=True, slots=True)
class ParameterIndex:
    """Which parameter: the layer from 1, the unit from 0, and from 0 the input of a weight; None is the bias."""

    layer_number: int
    unit: int
    source: int | None

    def read_from(self, trainer: Trainer) -> float:
        """Return the parameter's present value."""
        return self.read(trainer.network)

    def read(self, network: Network) -> float:
        """Return the parameter's value in a network."""
        return self.find_in(network.layers)

    def find_in(self, layers: Sequence[Layer]) -> float:
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


@dataclass(frozen=True, slots=True, eq=False)
class NetworkReading:
    """How the network does: its score, one example, and the outputs for it (outputs,).

    The score is on the watched part, or on the training part where nothing is held out.
    """

    score: Score
    example: ExampleView
    outputs: Floats


@dataclass(frozen=True, slots=True, eq=False)
class EditEffect:
    """A parameter that was set from `old` to `new`, and how the network did before and after."""

    parameter: ParameterIndex
    old: float
    new: float
    before: NetworkReading
    after: NetworkReading


def make_parameter_change(parameter: ParameterIndex, value: float) -> TrainerChange:
    """Return the change that sets this parameter."""
    return lambda trainer: trainer.network.set_parameter(
        parameter.layer_number, parameter.unit, parameter.source, value
    )


def edit_parameter(trainer: Trainer, parameter: ParameterIndex, value: float, example: Example) -> EditEffect:
    """Set a parameter, and read the network before and after; raises GradstepError for a value not finite."""
    old, before = parameter.read_from(trainer), read_network(trainer, example)
    make_parameter_change(parameter, value)(trainer)
    return EditEffect(parameter, old, parameter.read_from(trainer), before, read_network(trainer, example))


def read_effect_again(trainer: Trainer, effect: EditEffect, example: Example) -> EditEffect | None:
    """Return the effect of an edit on another example; None if the parameter has changed since.

    The parameter is put back for the reading before the edit. Afterwards the network is as it was.
    """
    if effect.parameter.read_from(trainer) != effect.new:
        return None
    after = read_network(trainer, example)
    make_parameter_change(effect.parameter, effect.old)(trainer)
    before = read_network(trainer, example)
    make_parameter_change(effect.parameter, effect.new)(trainer)
    return replace(effect, before=before, after=after)


def read_network(trainer: Trainer, example: Example) -> NetworkReading:
    """Return how the network does now."""
    score = trainer.watched_score() or trainer.evaluator.score(trainer.training_part)
    snapshot = take_snapshot(trainer, example)
    return NetworkReading(score, snapshot.example, snapshot.layers[-1].a)


def find_heaviest_weight(snapshot: Snapshot) -> ParameterIndex:
    """Return the heaviest weight into the largest output, the one most important for the prediction."""
    last = snapshot.layers[-1]
    neuron = int(last.a.argmax())
    return ParameterIndex(len(snapshot.layers), neuron, int(np.abs(last.weights[neuron]).argmax()))
