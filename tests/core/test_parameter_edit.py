"""Parameters set by hand: one changes, nothing else, and the run that goes on from it can be repeated."""

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.network import Network
from gradstep.core.observation.parameter_edit import edit_parameter, make_parameter_change
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.observation.snapshot import ExampleIndex
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.timeline import Timeline
from gradstep.core.training.trainer import Trainer
from tests.core.problems import small_trainer, train


@pytest.mark.parametrize(
    "parameter",
    [ParameterIndex(1, 2, 0), ParameterIndex(2, 1, 3), ParameterIndex(1, 0, None), ParameterIndex(2, 1, None)],
)
def test_one_parameter_changes_and_no_other(parameter: ParameterIndex) -> None:
    trainer = small_trainer()
    before = trainer.network.parameters.copy()
    trainer.network.set_parameter(parameter.layer_number, parameter.unit, parameter.source, 1.25)
    assert parameter.value_in(trainer.network.layers) == 1.25
    assert np.count_nonzero(trainer.network.parameters != before) == 1


@pytest.mark.parametrize(
    ("value", "dtype"), [(np.inf, "float64"), (-np.inf, "float64"), (np.nan, "float64"), (1e300, "float32")]
)
def test_a_value_that_is_not_finite_is_refused_with_nothing_changed(value: float, dtype: str) -> None:
    network = Network([1, 1], ["linear"], np.dtype(dtype))
    trainer = Trainer(network, Part([[1.0]], [[1.0]]), None, TrainingOptions(loss="mse"), classification=False)
    before = network.parameters.copy()
    with pytest.raises(GradstepError, match="not a finite number"):
        trainer.network.set_parameter(1, 0, 0, value)
    assert (network.parameters == before).all()


def test_the_effect_is_the_score_and_the_output_before_and_after() -> None:
    trainer = small_trainer(held_out=5)
    train(trainer, 4)
    before = trainer.evaluate().test
    effect = edit_parameter(trainer, ParameterIndex(2, 0, None), 9.0, ExampleIndex("test", 0))
    assert (effect.before.score, effect.after.score) == (before, trainer.evaluate().test)
    assert effect.new == 9.0
    assert effect.after.outputs[0] > 0.99 > effect.before.outputs[0]


def test_where_nothing_is_held_out_the_training_part_is_scored() -> None:
    trainer = small_trainer()
    effect = edit_parameter(trainer, ParameterIndex(2, 0, None), 9.0, ExampleIndex("training", 0))
    assert effect.after.score == trainer.evaluate().train


def changed_at_100(timeline: Timeline, trainer: Trainer) -> None:
    """A run to step 150, with a weight set and the rate changed at step 100."""
    run_to(timeline, trainer, 100)
    for change in (
        make_parameter_change(ParameterIndex(1, 0, 0), 3.0),
        make_parameter_change(ParameterIndex(1, 0, 0), 2.0),
        make_parameter_change(ParameterIndex(2, 1, None), -1.0),
    ):
        change(trainer)
        timeline.record_change(change)
    trainer.learning_rate = 0.05
    timeline.record_rate_change()
    run_to(timeline, trainer, 150)


def run_to(timeline: Timeline, trainer: Trainer, step: int) -> None:
    while trainer.step < step:
        trainer.update()
        timeline.record()


@pytest.mark.parametrize("back_to", [0, 1, 63, 64, 65, 99, 100, 101, 127, 128, 149])
def test_going_back_and_on_again_repeats_the_change_at_its_step(back_to: int) -> None:
    trainer = small_trainer(optimizer="adam", learning_rate=0.01)
    timeline = Timeline(trainer)
    changed_at_100(timeline, trainer)
    end = trainer.state()
    timeline.go_to(back_to)
    run_to(timeline, trainer, 150)
    assert trainer.state().values == end.values
    assert all(np.array_equal(trainer.state().arrays[name], end.arrays[name]) for name in end.arrays)


def test_before_the_change_the_run_is_what_it_was() -> None:
    trainer, alone = small_trainer(), small_trainer()
    timeline = Timeline(trainer)
    changed_at_100(timeline, trainer)
    timeline.go_to(99)
    train(alone, 99)
    assert (trainer.network.parameters == alone.network.parameters).all()
    timeline.go_to(100)
    layers = trainer.network.layers
    assert (ParameterIndex(1, 0, 0).value_in(layers), ParameterIndex(2, 1, None).value_in(layers)) == (2.0, -1.0)


def test_a_change_in_the_past_forgets_the_later_steps() -> None:
    trainer = small_trainer()
    timeline = Timeline(trainer)
    changed_at_100(timeline, trainer)
    timeline.go_to(50)
    change = make_parameter_change(ParameterIndex(1, 0, 0), 0.5)
    change(trainer)
    timeline.record_change(change)
    assert timeline.newest_step == 50
    run_to(timeline, trainer, 150)
    assert trainer.learning_rate != 0.05


def test_a_copy_of_a_timeline_is_independent() -> None:
    trainer = small_trainer()
    timeline = Timeline(trainer)
    run_to(timeline, trainer, 150)
    end = trainer.network.parameters.copy()
    other = timeline.copy()
    other.go_to(70)
    trainer.network.set_parameter(1, 0, 0, 2.0)
    other.record_change(make_parameter_change(ParameterIndex(1, 0, 0), 2.0))
    assert (other.newest_step, timeline.newest_step) == (70, 150)
    timeline.go_to(150)
    assert (trainer.network.parameters == end).all()
