"""The record of one update: each number follows from those before it."""

from copy import deepcopy

import numpy as np
import pytest

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import Update, record_update
from tests.core.problems import gradient_of, problem, small_trainer, train
from tests.oracle import Oracle


def recorded(**options: object) -> tuple[Update, Trainer, Oracle, np.ndarray]:
    """The fourth update, its trainer, the oracle, and the parameters before it."""
    trainer, oracle = problem([3, 4, 5, 2], ["tanh", "sigmoid", "softmax"], **options)
    train(trainer, 3)
    before = trainer.network.parameters.copy()
    return record_update(trainer), trainer, oracle, before


def test_the_forward_pass_is_the_old_parameters() -> None:
    update, _, oracle, before = recorded()
    for layer, (z, a) in zip(update.layers, oracle.forward(before), strict=True):
        np.testing.assert_allclose(layer.z, z, rtol=1e-12)
        np.testing.assert_allclose(layer.a, a, rtol=1e-12)


def test_each_layer_follows_from_the_layer_before() -> None:
    update, *_ = recorded()
    inputs = update.x
    for layer in update.layers:
        assert np.array_equal(layer.inputs, inputs)
        np.testing.assert_allclose(layer.z, inputs @ layer.old[:, :-1].T + layer.old[:, -1], rtol=1e-12)
        np.testing.assert_allclose(layer.data_gradient[:, :-1], layer.delta.T @ inputs / 5, rtol=1e-10)
        np.testing.assert_allclose(layer.data_gradient[:, -1], layer.delta.mean(axis=0), rtol=1e-10)
        inputs = layer.a


def test_each_delta_follows_from_that_of_the_next_layer() -> None:
    update, *_ = recorded()
    first, second, output = update.layers
    np.testing.assert_allclose(output.delta, output.a - update.y, rtol=1e-10)
    for layer, next_layer, slope in ((second, output, second.a * (1 - second.a)), (first, second, 1 - first.a**2)):
        assert layer.next_weights is not None and np.array_equal(layer.next_weights, next_layer.old[:, :-1])
        np.testing.assert_allclose(layer.activation_gradient, next_layer.delta @ layer.next_weights, rtol=1e-10)
        np.testing.assert_allclose(layer.slope, slope, rtol=1e-10)
        np.testing.assert_allclose(layer.delta, layer.activation_gradient * slope, rtol=1e-10)


def test_the_output_has_no_next_weights_and_softmax_no_slope() -> None:
    output = recorded()[0].layers[-1]
    assert (output.next_weights, output.activation_gradient, output.slope) == (None, None, None)


def test_the_gradients_agree_with_autograd_penalty_included() -> None:
    update, _, oracle, before = recorded(l1=0.1, l2=0.2)
    np.testing.assert_allclose(gradient_of(update), oracle.gradient(before), rtol=1e-9, atol=1e-12)


def test_frozen_biases_have_a_data_gradient_and_a_gradient_of_0() -> None:
    update, *_ = recorded(train_biases=False)
    for layer in update.layers:
        assert layer.data_gradient[:, -1].all()
        assert not layer.gradient[:, -1].any()
        assert np.array_equal(layer.new[:, -1], layer.old[:, -1])


def test_with_sgd_old_minus_rate_times_gradient_is_new() -> None:
    update, *_ = recorded(learning_rate=0.5)
    for layer in update.layers:
        assert np.array_equal(layer.old - 0.5 * layer.gradient, layer.new)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_replaying_the_changes_gives_the_trained_parameters_bit_for_bit(optimizer: str) -> None:
    plain, recording = (small_trainer(optimizer=optimizer, l2=0.01, learning_rate=0.05) for _ in range(2))
    replayed = [layer.matrix.copy() for layer in plain.network.layers]
    train(plain, 10)
    for _ in range(10):
        update = record_update(recording)
        for matrix, layer in zip(replayed, update.layers, strict=True):
            assert np.array_equal(matrix, layer.old)
            matrix -= layer.change
            assert np.array_equal(matrix, layer.new)
    trained = [layer.matrix for layer in plain.network.layers]
    assert all(np.array_equal(one, other) for one, other in zip(replayed, trained, strict=True))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_the_optimizer_remembers_after_one_update_is_what_it_remembers_before_the_next(optimizer: str) -> None:
    trainer = small_trainer(optimizer=optimizer)
    first, second = record_update(trainer), record_update(trainer)
    assert (first.optimizer_updates, second.optimizer_updates) == (1, 2)
    for one, other in zip(first.layers, second.layers, strict=True):
        assert one.memory.keys() == other.memory_before.keys() == set(OPTIMIZERS[optimizer].remembers)
        assert all(np.array_equal(one.memory[name], other.memory_before[name]) for name in one.memory)
        assert not any(array.any() for array in one.memory_before.values())


def test_the_loss_is_the_mean_of_the_examples() -> None:
    update, _, oracle, before = recorded(l2=0.3)
    assert update.losses.shape == (5,)
    assert update.losses.mean() == pytest.approx(update.loss, rel=1e-12)
    assert update.loss == pytest.approx(oracle.loss(before), rel=1e-12)
    assert update.penalty == pytest.approx(oracle.penalty(before), rel=1e-12)


def test_the_loss_after_is_of_the_same_batch_with_the_new_parameters() -> None:
    update, trainer, oracle, _ = recorded(l1=0.1, l2=0.2)
    after = trainer.network.parameters
    assert update.losses_after == pytest.approx(oracle.losses(after), rel=1e-12)
    assert update.loss_after == pytest.approx(oracle.loss(after), rel=1e-12)
    assert update.penalty_after == pytest.approx(oracle.penalty(after), rel=1e-12)


def test_with_sgd_the_predicted_change_is_minus_rate_times_the_squared_norm() -> None:
    update, _, oracle, before = recorded(learning_rate=0.3, l2=0.2)
    assert update.predicted_change == pytest.approx(-0.3 * (oracle.gradient(before) ** 2).sum(), rel=1e-10)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_small_step_changes_the_loss_as_predicted(optimizer: str) -> None:
    update, *_ = recorded(learning_rate=1e-6, optimizer=optimizer, l2=0.2)
    actual = update.loss_after + update.penalty_after - update.loss - update.penalty
    assert actual == pytest.approx(update.predicted_change, rel=1e-3)


def test_the_record_holds_its_step_rows_and_options() -> None:
    trainer = small_trainer(learning_rate=0.3, optimizer="momentum")
    train(trainer, 4)
    rows = trainer.upcoming_rows().copy()
    update = record_update(trainer)
    assert (update.step, update.epoch, update.learning_rate, update.optimizer) == (5, 2, 0.3, OPTIMIZERS["momentum"])
    assert (update.loss_function.name, update.loss_function.convention) == (
        "cross_entropy",
        "natural log, mean over the batch",
    )
    assert update.batch == 4
    assert np.array_equal(update.rows, rows)
    assert np.array_equal(update.x, trainer.training_part.with_ones[rows, :-1])
    assert np.array_equal(update.y, trainer.training_part.y[rows])
    assert [layer.activation for layer in update.layers] == [ACTIVATIONS["tanh"], ACTIVATIONS["softmax"]]


def test_recorded_training_is_the_same_training() -> None:
    recording, plain = small_trainer(held_out=5), small_trainer(held_out=5)
    losses = [record_update(recording).loss for _ in range(10)]
    assert losses == train(plain, 10)
    assert np.array_equal(recording.network.parameters, plain.network.parameters)


def test_a_record_is_not_changed_by_later_updates() -> None:
    trainer = small_trainer(optimizer="adam", held_out=5)
    train(trainer, 2)
    update = record_update(trainer)
    before = deepcopy(update)
    train(trainer, 30)
    pairs = [(update, before), *zip(update.layers, before.layers, strict=True)]
    for one, other in pairs:
        for name in one.__slots__:
            if isinstance(getattr(one, name), np.ndarray):
                assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for one, other in pairs[1:]:
        assert all(np.array_equal(one.memory[name], other.memory[name]) for name in ("mean", "square"))
        assert all(np.array_equal(one.memory_before[name], other.memory_before[name]) for name in ("mean", "square"))
