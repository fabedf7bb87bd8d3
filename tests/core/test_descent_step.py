"""The next step is found without being made, and is the one that training makes."""

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.training.descent_step import find_next_step, find_step_of
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import record_update
from tests.core.problems import problem, small_trainer, train


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_landing_is_bit_for_bit_the_step_that_training_makes(optimizer: str, dtype: type) -> None:
    trainer, _ = problem(
        [3, 5, 4, 2], ["tanh", "relu", "softmax"], 7, dtype=dtype, optimizer=optimizer, l1=0.01, l2=0.1
    )
    for _ in range(4):
        step = find_next_step(trainer)
        trainer.update()
        assert step.step == trainer.step
        assert np.array_equal(step.landing, trainer.network.parameters)
        assert np.array_equal(step.change, trainer.optimizer.change)


def test_it_is_of_the_batch_that_comes_next() -> None:
    trainer = small_trainer()
    for _ in range(5):
        rows = trainer.upcoming_rows().copy()
        assert np.array_equal(find_next_step(trainer).x, trainer.training_part.with_ones[rows, :-1])
        trainer.update()


def test_finding_it_changes_nothing_in_the_trainer() -> None:
    trainer = small_trainer(optimizer="adam")
    train(trainer, 4)
    before, gradient = trainer.state(), trainer.network.gradient.copy()
    assert trainer.last_pass is not None
    delta = trainer.last_pass.output.delta.copy()
    find_next_step(trainer)
    assert np.array_equal(trainer.network.gradient, gradient)
    assert np.array_equal(trainer.last_pass.output.delta, delta)
    assert trainer.state().values == before.values
    assert all(np.array_equal(trainer.state().arrays[name], array) for name, array in before.arrays.items())


@pytest.mark.parametrize("train_biases", [True, False])
def test_the_step_of_a_recorded_update_is_the_one_that_was_found_before_it(train_biases: bool) -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "linear"], loss="mse", l2=0.1, train_biases=train_biases)
    found = find_next_step(trainer)
    recorded = find_step_of(record_update(trainer), trainer.network)
    for name in ("x", "y", "gradient", "change", "landing", "step", "learning_rate", "l1", "l2", "train_biases"):
        assert np.array_equal(getattr(found, name), getattr(recorded, name)), name
    assert np.array_equal(found.network.parameters, recorded.network.parameters)


def test_the_predicted_change_of_plain_descent_is_the_rate_times_the_squared_length_of_the_gradient() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], learning_rate=0.3, l1=0.02)
    gradient = oracle.gradient(trainer.network.parameters)
    assert find_next_step(trainer).predicted_change == pytest.approx(-0.3 * gradient @ gradient, rel=1e-12)


def test_a_step_whose_numbers_leave_the_range_of_a_float_says_so() -> None:
    network = Network([1, 1], ["linear"])
    network.set([[[1e200]]])
    trainer = Trainer(network, Part([[1.0]], [[0.0]]), None, TrainingOptions(loss="mse"), classification=False)
    with pytest.raises(Diverged):
        find_next_step(trainer)
