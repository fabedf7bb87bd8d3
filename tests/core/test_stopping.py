"""Stop conditions: checked after every complete epoch, and kept in the state."""

import json

import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.network import Network
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.stopping import StopConditions, StoppingProgress, update_progress
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.trainer_state import TrainerState
from tests.core.problems import small_trainer, train


def after(conditions: StopConditions, *losses: float, accuracy: float | None = None) -> StoppingProgress:
    progress = StoppingProgress()
    for loss in losses:
        progress = update_progress(progress, conditions, loss, accuracy)
    return progress


def test_without_a_condition_nothing_is_reached() -> None:
    assert not StopConditions().any
    assert after(StopConditions(), 0.0, accuracy=1.0).reached is None


@pytest.mark.parametrize(("loss", "reached"), [(0.21, None), (0.2, "target_loss"), (0.1, "target_loss")])
def test_the_target_loss_is_reached_at_or_below_it(loss: float, reached: str | None) -> None:
    assert after(StopConditions(target_loss=0.2), loss).reached == reached


@pytest.mark.parametrize(("accuracy", "reached"), [(0.89, None), (0.9, "target_accuracy"), (None, None)])
def test_the_target_accuracy_is_reached_at_or_above_it(accuracy: float | None, reached: str | None) -> None:
    assert after(StopConditions(target_accuracy=0.9), 1.0, accuracy=accuracy).reached == reached


def test_patience_counts_the_epochs_since_the_lowest_loss() -> None:
    conditions = StopConditions(patience=2)
    assert after(conditions, 3, 2, 2.5).reached is None
    assert after(conditions, 3, 2, 2.5, 2.4).reached == "patience"
    assert after(conditions, 3, 2, 2.5, 1.9, 2.0).reached is None


def test_an_equal_loss_is_no_improvement() -> None:
    assert after(StopConditions(patience=1), 2, 2).reached == "patience"


def test_a_loss_of_nan_is_no_improvement() -> None:
    assert after(StopConditions(patience=1), float("nan")).reached == "patience"


@pytest.mark.parametrize("held_out", [0, 5])
@pytest.mark.parametrize("validated", [0, 6])
def test_the_validation_part_is_judged_or_else_the_training_part_and_never_the_test_part(
    held_out: int, validated: int
) -> None:
    trainer = small_trainer(held_out, validated, stop=StopConditions(patience=10**6))
    train(trainer, trainer.steps_per_epoch)
    evaluation = trainer.evaluate()
    assert trainer.state().values["progress"]["lowest"] == (evaluation.validation or evaluation.train).loss
    assert (evaluation.validation is None, evaluation.test is None) == (not validated, not held_out)


def test_conditions_are_checked_after_complete_epochs_only() -> None:
    trainer = small_trainer(stop=StopConditions(target_loss=100.0))
    reached = [trainer.stop_reason for _ in range(7) if trainer.update() is not None]
    assert reached == [None, None, "target_loss", None, None, "target_loss", None]


def test_without_a_condition_no_epoch_is_scored() -> None:
    trainer = small_trainer(held_out=5)
    train(trainer, 30)
    assert trainer.state().values["progress"] == {"lowest": None, "epochs_since": 0, "reached": None}


@pytest.mark.parametrize("updates", [29, 30, 31])
def test_the_state_holds_what_patience_remembers(updates: int) -> None:
    def patient() -> Trainer:
        return small_trainer(validated=5, learning_rate=0.5, stop=StopConditions(patience=50))

    whole, first, second = patient(), patient(), patient()
    train(whole, 60)
    train(first, updates)
    state = first.state()
    second.restore(TrainerState(state.arrays, json.loads(json.dumps(state.values))))
    assert second.stop_reason == first.stop_reason
    train(second, 60 - updates)
    assert second.state().values == whole.state().values
    assert whole.state().values["progress"]["epochs_since"] > 0


def test_a_condition_does_not_change_training() -> None:
    with_one, without = small_trainer(held_out=5, stop=StopConditions(patience=1)), small_trainer(held_out=5)
    assert train(with_one, 50) == train(without, 50)
    assert (with_one.network.parameters == without.network.parameters).all()


def test_a_regression_has_no_accuracy_to_reach() -> None:
    options = TrainingOptions(loss="mse", stop=StopConditions(target_accuracy=0.9))
    with pytest.raises(GradstepError, match=r"target_accuracy = 0\.9: a regression has no accuracy"):
        Trainer(Network([1, 1], ["linear"]), Part([[1.0]], [[1.0]]), None, options, classification=False)
