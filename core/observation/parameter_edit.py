"""A weight or a bias that a person sets, and what the network does before and after."""

from dataclasses import dataclass

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.example import Example, ExampleView
from gradstep.core.observation.snapshot import take_snapshot
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
        layer = trainer.network.layers[self.layer_number - 1]
        return float(layer.biases[self.unit] if self.source is None else layer.weights[self.unit, self.source])


@dataclass(frozen=True, slots=True, eq=False)
class NetworkReading:
    """How the network does: its score, one example, and the outputs for it (outputs,).

    The score is on the test part, or on the training part where nothing is held out.
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


def read_network(trainer: Trainer, example: Example) -> NetworkReading:
    """Return how the network does now."""
    evaluation, snapshot = trainer.evaluate(), take_snapshot(trainer, example)
    return NetworkReading(evaluation.test or evaluation.train, snapshot.example, snapshot.layers[-1].a)
