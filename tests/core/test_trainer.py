"""The trainer: its updates, their number and learning rate, and the options and data it refuses."""

from collections.abc import Callable

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.network import Network
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from tests.core.problems import problem, small_trainer, train


def never() -> bool:
    return False


def calls_until_true(count: int) -> Callable[[], bool]:
    answers = iter([False] * (count - 1) + [True])
    return lambda: next(answers)


def test_an_update_counts_as_one_step() -> None:
    trainer = small_trainer()
    assert (trainer.step, trainer.epoch, trainer.batch_loss, trainer.last_pass) == (0, 0, None, None)
    loss = trainer.update()
    assert (trainer.step, trainer.batch_loss) == (1, loss)


def test_the_loss_of_an_update_is_that_before_it_and_without_the_penalty() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], l1=0.1, l2=0.1)
    before = trainer.network.parameters.copy()
    assert trainer.update() == pytest.approx(oracle.loss(before), rel=1e-12)


def test_the_penalty_is_the_l1_l2_term() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], l1=0.1, l2=0.2)
    assert trainer.compute_penalty() == pytest.approx(oracle.penalty(trainer.network.parameters), rel=1e-12)


def test_training_lowers_the_loss() -> None:
    trainer = small_trainer(learning_rate=0.5)
    before = trainer.evaluate().train.loss
    train(trainer, 300)
    assert trainer.evaluate().train.loss < 0.5 * before


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_same_seed_gives_the_same_numbers(optimizer: str) -> None:
    first, second = small_trainer(optimizer=optimizer), small_trainer(optimizer=optimizer)
    assert train(first, 20) == train(second, 20)
    assert np.array_equal(first.network.parameters, second.network.parameters)


def test_run_makes_the_same_updates_as_update() -> None:
    one, other = small_trainer(), small_trainer()
    train(one, 20)
    assert other.run(never, until=20) == 20
    assert np.array_equal(one.network.parameters, other.network.parameters)


def test_run_ends_after_the_update_at_which_stop_is_true() -> None:
    trainer = small_trainer()
    assert trainer.run(calls_until_true(1)) == 1
    assert trainer.run(calls_until_true(5)) == 5
    assert trainer.step == 6


def test_until_counts_all_steps_of_the_trainer() -> None:
    trainer = small_trainer()
    assert trainer.run(never, until=5) == 5
    assert trainer.run(never, until=7) == 2
    assert trainer.run(never, until=7) == 0
    assert trainer.step == 7


def test_the_learning_rate_acts_on_the_very_next_update() -> None:
    slow, fast = small_trainer(learning_rate=0.1), small_trainer(learning_rate=0.1)
    start = slow.network.parameters.copy()
    fast.learning_rate = 0.2
    slow.update()
    fast.update()
    np.testing.assert_allclose(fast.network.parameters - start, 2 * (slow.network.parameters - start), rtol=1e-9)


def test_changes_of_the_learning_rate_are_recorded_with_their_step() -> None:
    trainer = small_trainer(learning_rate=0.1)
    train(trainer, 3)
    trainer.learning_rate = 0.2
    trainer.learning_rate = 0.2
    assert trainer.history.rate_changes == ((0, 0.1), (3, 0.2))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_frozen_biases_stay_where_they_are(optimizer: str) -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"], optimizer=optimizer, train_biases=False, l1=0.1, l2=0.1)
    before = [layer.matrix.copy() for layer in trainer.network.layers]
    train(trainer, 5)
    for old, layer in zip(before, trainer.network.layers, strict=True):
        assert np.array_equal(old[:, -1], layer.biases)
        assert not np.array_equal(old[:, :-1], layer.weights)


def test_backpropagate_changes_no_parameter() -> None:
    asked, other = small_trainer(), small_trainer()
    train(asked, 2)
    asked.backpropagate(np.array([0, 1]))
    train(asked, 3)
    train(other, 5)
    assert np.array_equal(asked.network.parameters, other.network.parameters)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, 'batch_size = 0: must be "full" or a whole number from 1'),
        ({"learning_rate": -0.1}, "learning_rate = -0.1: must be a number above 0"),
        ({"learning_rate": 0.0}, "learning_rate = 0.0: must be a number above 0"),
        ({"learning_rate": float("nan")}, "learning_rate = nan: must be a number above 0"),
        ({"l1": -1.0}, "l1 = -1.0: must be a number from 0"),
        ({"l2": float("inf")}, "l2 = inf: must be a number from 0"),
        ({"optimizer": "adamw"}, "unknown optimizer 'adamw'"),
        ({"loss": "binary_cross_entropy"}, "needs a sigmoid output, not softmax"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(GradstepError, match=message):
        small_trainer(**options)


def test_a_learning_rate_that_makes_no_sense_is_refused_while_training() -> None:
    trainer = small_trainer(learning_rate=0.1)
    with pytest.raises(GradstepError, match="learning_rate = -1: must be a number above 0"):
        trainer.learning_rate = -1
    assert trainer.learning_rate == 0.1


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.ones((4, 2)), np.ones((4, 2)), r"the training part has inputs \(4, 2\) .* takes 3 inputs and gives 2"),
        (np.ones((4, 3)), np.ones((4, 1)), r"targets \(4, 1\)"),
        (np.ones((4, 3)), np.ones((5, 2)), r"inputs \(4, 3\) and targets \(5, 2\)"),
        (np.ones((0, 3)), np.ones((0, 2)), "the training part is empty"),
        (np.full((4, 3), np.nan), np.ones((4, 2)), "the training part holds a value that is not a finite number"),
    ],
)
def test_data_that_does_not_fit_the_network_is_refused(x: np.ndarray, y: np.ndarray, message: str) -> None:
    with pytest.raises(GradstepError, match=message):
        Trainer(Network([3, 2], ["softmax"]), Part(x, y), None, TrainingOptions())
