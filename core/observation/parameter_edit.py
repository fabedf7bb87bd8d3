"""A weight or a bias that a person sets, and what the network does before and after."""

from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.example import ExampleIndex, ExampleView, find_part
from gradstep.core.observation.no_effect import Cause, find_cause
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.observation.snapshot import Snapshot, take_snapshot
from gradstep.core.training.evaluation import Score
from gradstep.core.training.timeline import TrainerChange
from gradstep.core.training.trainer import Trainer


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
    """A parameter that was set from `old` to `new`, and how the network did before and after.

    `example_cause` says why the outputs for the example are the same, and `part_cause` why the score is; None where
    they changed, or where old and new are one number.
    """

    parameter: ParameterIndex
    old: float
    new: float
    before: NetworkReading
    after: NetworkReading
    example_cause: Cause | None = None
    part_cause: Cause | None = None


def make_parameter_change(parameter: ParameterIndex, value: float) -> TrainerChange:
    """Return the change that sets this parameter."""
    return lambda trainer: trainer.network.set_parameter(
        parameter.layer_number, parameter.unit, parameter.source, value
    )


def edit_parameter(trainer: Trainer, parameter: ParameterIndex, value: float, example: ExampleIndex) -> EditEffect:
    """Set a parameter, and read the network before and after; raises GradstepError for a value not finite."""
    old, before = parameter.value_in(trainer.network.layers), read_network(trainer, example)
    make_parameter_change(parameter, value)(trainer)
    new, after = parameter.value_in(trainer.network.layers), read_network(trainer, example)
    return EditEffect(parameter, old, new, before, after, *_find_causes(trainer, parameter, (old, new), before, after))


def read_effect_again(trainer: Trainer, effect: EditEffect, example: ExampleIndex) -> EditEffect | None:
    """Return the effect of an edit on another example; None if the parameter has changed since.

    The parameter is put back for the reading before the edit. Afterwards the network is as it was.
    """
    if effect.parameter.value_in(trainer.network.layers) != effect.new:
        return None
    after = read_network(trainer, example)
    make_parameter_change(effect.parameter, effect.old)(trainer)
    before = read_network(trainer, example)
    make_parameter_change(effect.parameter, effect.new)(trainer)
    values = effect.old, effect.new
    example_cause, part_cause = _find_causes(trainer, effect.parameter, values, before, after)
    return replace(effect, before=before, after=after, example_cause=example_cause, part_cause=part_cause)


def _find_causes(
    trainer: Trainer,
    parameter: ParameterIndex,
    values: tuple[float, float],
    before: NetworkReading,
    after: NetworkReading,
) -> tuple[Cause | None, Cause | None]:
    """Return why the outputs for the example and the score are what they were before, if they are."""
    if values[0] == values[1]:
        return None, None
    example, part = after.example.x[None], find_part(trainer, trainer.watched_name).with_ones[:, :-1]
    unmoved = np.array_equal(before.outputs, after.outputs), before.score.loss == after.score.loss
    found = (
        find_cause(trainer.network, rows, parameter, values) if same else None
        for rows, same in zip((example, part), unmoved, strict=True)
    )
    return next(found), next(found)


def read_network(trainer: Trainer, example: ExampleIndex) -> NetworkReading:
    """Return how the network does now."""
    score = trainer.watched_score() or trainer.evaluator.score(trainer.training_part)
    snapshot = take_snapshot(trainer, example)
    return NetworkReading(score, snapshot.example, snapshot.layers[-1].a)


def find_heaviest_weight(snapshot: Snapshot) -> ParameterIndex:
    """Return the heaviest weight into the largest output, the one most important for the prediction.

    Weights whose input is 0 for the example come last: no value of theirs would change anything for it.
    """
    last = snapshot.layers[-1]
    inputs = snapshot.layers[-2].a if len(snapshot.layers) > 1 else snapshot.example.x
    neuron = int(last.a.argmax())
    sizes = np.abs(last.weights[neuron])
    matters = np.where(inputs != 0, sizes, -1.0)
    return ParameterIndex(len(snapshot.layers), neuron, int((matters if (inputs != 0).any() else sizes).argmax()))
