"""The state of a trainer: a restored run goes on bit for bit as one that was never interrupted."""

import json

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.trainer_state import TrainerState
from tests.core.problems import problem, small_trainer, train


def through_json(state: TrainerState) -> TrainerState:
    return TrainerState(state.arrays, json.loads(json.dumps(state.values)))


def assert_identical(one: Trainer, other: Trainer) -> None:
    first, second = one.state(), other.state()
    assert first.values == second.values
    assert first.arrays.keys() == second.arrays.keys()
    for name, array in first.arrays.items():
        assert array.dtype == second.arrays[name].dtype
        assert array.tobytes() == second.arrays[name].tobytes(), name


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("updates", [99, 100, 101], ids=["between epochs", "mid-epoch", "before a smaller batch"])
def test_a_run_in_two_parts_is_the_run_in_one(optimizer: str, updates: int) -> None:
    whole, first, second = (small_trainer(held_out=5, optimizer=optimizer, learning_rate=0.01) for _ in range(3))
    train(whole, updates + 100)
    train(first, updates)
    second.restore(through_json(first.state()))
    train(second, 100)
    assert_identical(whole, second)
    assert whole.evaluate() == second.evaluate()


def test_a_state_can_be_taken_at_the_very_start() -> None:
    whole, restored = small_trainer(), small_trainer()
    start = restored.state()
    train(restored, 7)
    restored.restore(start)
    train(restored, 10)
    train(whole, 10)
    assert_identical(whole, restored)


def test_a_state_knows_the_learning_rate_and_its_changes() -> None:
    trainer, fresh = small_trainer(learning_rate=0.1), small_trainer(learning_rate=0.1)
    train(trainer, 5)
    trainer.learning_rate = 0.05
    fresh.restore(trainer.state())
    assert fresh.learning_rate == 0.05
    assert fresh.history.rate_changes == ((0, 0.1), (5, 0.05))


def test_a_state_is_a_copy() -> None:
    trainer = small_trainer(held_out=5, optimizer="adam")
    train(trainer, 4)
    state = trainer.state()
    before = {name: array.copy() for name, array in state.arrays.items()}
    train(trainer, 300)
    assert all(np.array_equal(state.arrays[name], array, equal_nan=True) for name, array in before.items())


def test_restoring_does_not_tie_the_trainer_to_the_state() -> None:
    trainer = small_trainer(optimizer="adam")
    state = trainer.state()
    before = {name: array.copy() for name, array in state.arrays.items()}
    trainer.restore(state)
    train(trainer, 300)
    assert all(np.array_equal(state.arrays[name], array, equal_nan=True) for name, array in before.items())


def test_after_restoring_no_pass_is_left_over() -> None:
    trainer = small_trainer()
    state = trainer.state()
    trainer.update()
    trainer.restore(state)
    assert (trainer.last_pass, trainer.batch_loss) == (None, None)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (problem([3, 5, 2], ["tanh", "softmax"], rows=10, optimizer="momentum", batch_size=4)[0], "parameters"),
        (small_trainer(optimizer="nesterov"), "its optimizer is nesterov, here it is momentum"),
        (small_trainer(optimizer="sgd"), "its optimizer is sgd, here it is momentum"),
        (small_trainer(optimizer="momentum", batch_size=5), "its batch_size is 5, here it is 4"),
        (problem([3, 4, 2], ["tanh", "softmax"], rows=9, optimizer="momentum", batch_size=4)[0], "its rows is 9"),
    ],
    ids=["network", "optimizer with the same memory", "optimizer without memory", "batches", "rows"],
)
def test_a_state_of_another_trainer_is_refused_with_nothing_changed(other: Trainer, message: str) -> None:
    trainer, untouched = (small_trainer(optimizer="momentum") for _ in range(2))
    train(trainer, 5)
    train(untouched, 5)
    with pytest.raises(GradstepError, match=message):
        trainer.restore(other.state())
    assert_identical(trainer, untouched)


def test_a_state_without_the_parameters_is_refused() -> None:
    state = small_trainer().state()
    del state.arrays["parameters"]
    with pytest.raises(GradstepError, match="parameters is missing or of another shape"):
        small_trainer().restore(state)
