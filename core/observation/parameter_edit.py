"""A weight or a bias that a person sets, and what that changes at once."""

from dataclasses import dataclass

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.example import Example, ExampleView
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.core.training.evaluation import Score
from gradstep.core.training.timeline import TrainerChange
from gradstep.core.training.trainer import Trainer


@dataclass(frozen=True, slots=True)
class ParameterIndex:
    """Where a parameter is: layer from 1, neuron from 0, and the input from 0 of a weight, or None: the bias."""

    layer: int
    unit: int
    source: int | None

    def value_in(self, trainer: Trainer) -> float:
        """The parameter's value now."""
        layer = trainer.network.layers[self.layer - 1]
        return float(layer.biases[self.unit] if self.source is None else layer.weights[self.unit, self.source])


@dataclass(frozen=True, slots=True, eq=False)
class NetworkReading:
    """How the network does: the score on the held-out part, or on the training part, and an example with its output."""

    score: Score
    example: ExampleView
    outputs: Floats


@dataclass(frozen=True, slots=True, eq=False)
class EditEffect:
    """A parameter that was set from `old` to `new`, and what the network did before and after."""

    parameter: ParameterIndex
    old: float
    new: float
    before: NetworkReading
    after: NetworkReading


def change_to(parameter: ParameterIndex, value: float) -> TrainerChange:
    """The change that sets this parameter."""
    return lambda trainer: trainer.set_parameter(parameter.layer, parameter.unit, parameter.source, value)


def edit_parameter(trainer: Trainer, parameter: ParameterIndex, value: float, example: Example) -> EditEffect:
    """Set a parameter, and look at the network before and after; raises GradstepError for a value not finite."""
    old, before = parameter.value_in(trainer), read_network(trainer, example)
    change_to(parameter, value)(trainer)
    return EditEffect(parameter, old, parameter.value_in(trainer), before, read_network(trainer, example))


def read_network(trainer: Trainer, example: Example) -> NetworkReading:
    """How the network does now."""
    evaluation, snapshot = trainer.evaluate(), take_snapshot(trainer, example)
    return NetworkReading(evaluation.test or evaluation.train, snapshot.example, snapshot.layers[-1].a)
