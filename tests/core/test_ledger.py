"""The record of one update: every number of it, and each follows from those before it."""

import numpy as np
import pytest

from core.ledger import Update, record_update
from core.optimizers import OPTIMIZERS
from core.trainer import Trainer
from tests.core.problems import problem, small_trainer, train
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


def test_each_layer_follows_from_the_numbers_below_it() -> None:
    update, *_ = recorded()
    below = update.x
    for layer in update.layers:
        np.testing.assert_allclose(layer.z, below @ layer.old_weights.T + layer.old_biases, rtol=1e-12)
        np.testing.assert_allclose(layer.weight_gradient, layer.delta.T @ below, rtol=1e-10)
        np.testing.assert_allclose(layer.bias_gradient, layer.delta.sum(axis=0), rtol=1e-10)
        below = layer.a


def test_each_delta_follows_from_the_one_above_it() -> None:
    update, *_ = recorded()
    first, second, output = update.layers
    np.testing.assert_allclose(output.delta, (output.a - update.y) / len(update.y), rtol=1e-10)
    np.testing.assert_allclose(second.delta, output.delta @ output.old_weights * second.a * (1 - second.a), rtol=1e-10)
    np.testing.assert_allclose(first.delta, second.delta @ second.old_weights * (1 - first.a**2), rtol=1e-10)


def test_the_gradients_agree_with_autograd_penalty_included() -> None:
    update, trainer, oracle, before = recorded(l1=0.1, l2=0.2)
    gradients = trainer.network.layer_views(oracle.gradient(before))
    for layer, expected in zip(update.layers, gradients, strict=True):
        np.testing.assert_allclose(layer.weight_gradient, expected[:, :-1], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(layer.bias_gradient, expected[:, -1], rtol=1e-9, atol=1e-12)


def test_with_sgd_old_minus_rate_times_gradient_is_new() -> None:
    update, *_ = recorded(learning_rate=0.5)
    for layer in update.layers:
        assert np.array_equal(layer.old_weights - 0.5 * layer.weight_gradient, layer.new_weights)
        assert np.array_equal(layer.old_biases - 0.5 * layer.bias_gradient, layer.new_biases)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_old_minus_the_change_is_new(optimizer: str) -> None:
    update, trainer, _, _ = recorded(optimizer=optimizer)
    for layer, change in zip(update.layers, trainer.network.layer_views(trainer.optimizer.change), strict=True):
        assert np.array_equal(layer.old_weights - change[:, :-1], layer.new_weights)
        assert np.array_equal(layer.old_biases - change[:, -1], layer.new_biases)


def test_the_loss_is_the_mean_of_the_examples() -> None:
    update, _, oracle, before = recorded(l2=0.3)
    assert update.losses.shape == (5,)
    assert update.losses.mean() == pytest.approx(update.loss, rel=1e-12)
    assert update.loss == pytest.approx(oracle.loss(before), rel=1e-12)
    assert update.regularization == pytest.approx(oracle.penalty(before), rel=1e-12)


def test_the_loss_after_is_of_the_same_batch_with_the_new_parameters() -> None:
    update, trainer, oracle, _ = recorded()
    assert update.loss_after == pytest.approx(oracle.loss(trainer.network.parameters), rel=1e-12)


def test_the_record_tells_what_it_is_of() -> None:
    trainer = small_trainer(learning_rate=0.3, optimizer="momentum")
    train(trainer, 4)
    rows = trainer.upcoming_rows().copy()
    update = record_update(trainer)
    assert (update.step, update.epoch, update.learning_rate, update.optimizer) == (5, 2, 0.3, "momentum")
    assert (update.loss_name, update.convention) == ("cross_entropy", "natural log, mean over the batch")
    assert np.array_equal(update.rows, rows)
    assert np.array_equal(update.x, trainer.train.with_ones[rows, :-1])
    assert np.array_equal(update.y, trainer.train.y[rows])
    assert [layer.activation for layer in update.layers] == ["tanh", "softmax"]


def test_recorded_training_is_the_same_training() -> None:
    recording, plain = small_trainer(held_out=5), small_trainer(held_out=5)
    losses = [record_update(recording).loss for _ in range(10)]
    assert losses == train(plain, 10)
    assert np.array_equal(recording.network.parameters, plain.network.parameters)


def test_a_record_is_not_changed_by_later_updates() -> None:
    trainer = small_trainer()
    update = record_update(trainer)
    fields = [getattr(layer, name).copy() for layer in update.layers for name in layer.__slots__[1:]]
    train(trainer, 30)
    after = [getattr(layer, name) for layer in update.layers for name in layer.__slots__[1:]]
    assert all(np.array_equal(old, new) for old, new in zip(fields, after, strict=True))
