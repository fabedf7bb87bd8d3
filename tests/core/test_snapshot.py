"""A snapshot: what the network computed, copied, with nothing disturbed."""

import numpy as np
import pytest

from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.snapshot import take_snapshot
from tests.core.problems import problem, small_trainer, train

FIRST = ExampleIndex("training", 0)


def test_every_layer_shows_the_examples_own_numbers() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"])
    snapshot = take_snapshot(trainer, ExampleIndex("training", 2))
    for layer, (z, a) in zip(snapshot.layers, oracle.forward(trainer.network.parameters), strict=True):
        np.testing.assert_allclose(layer.z, z[2], rtol=1e-12)
        np.testing.assert_allclose(layer.a, a[2], rtol=1e-12)


def test_every_layer_shows_its_parameters() -> None:
    trainer = small_trainer()
    train(trainer, 3)
    for view, layer in zip(take_snapshot(trainer, FIRST).layers, trainer.network.layers, strict=True):
        assert view.activation == layer.activation.name
        assert np.array_equal(view.weights, layer.weights)
        assert np.array_equal(view.biases, layer.biases)


def test_the_example_is_shown_with_its_loss_and_classes() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"])
    example = take_snapshot(trainer, ExampleIndex("training", 2)).example
    probabilities = oracle.outputs(trainer.network.parameters)[2]
    assert np.array_equal(example.x, oracle.x[2])
    assert np.array_equal(example.y, oracle.y[2])
    assert example.loss == pytest.approx(-np.log(probabilities[oracle.y[2].argmax()]), rel=1e-12)
    assert (example.target_class, example.predicted_class) == (oracle.y[2].argmax(), probabilities.argmax())


def test_an_example_of_the_test_part_can_be_shown() -> None:
    trainer = small_trainer(held_out=5)
    assert trainer.test_part is not None
    assert np.array_equal(take_snapshot(trainer, ExampleIndex("test", 4)).example.y, trainer.test_part.y[4])


def test_a_regression_has_no_classes() -> None:
    trainer, _ = problem([3, 2], ["linear"], loss="mse")
    trainer.classification = False
    example = take_snapshot(trainer, FIRST).example
    assert (example.target_class, example.predicted_class) == (None, None)


def test_a_snapshot_has_step_epoch_update_options_and_losses() -> None:
    trainer = small_trainer(learning_rate=0.3)
    losses = train(trainer, 7)
    snapshot = take_snapshot(trainer, FIRST)
    assert (snapshot.step, snapshot.epoch, snapshot.steps_per_epoch) == (7, 2, 3)
    assert (snapshot.learning_rate, snapshot.batch_loss) == (0.3, losses[-1])
    assert (snapshot.batch_size, snapshot.optimizer) == (trainer.batch_size, trainer.optimizer.name)
    assert snapshot.loss_curve.mean.tolist() == losses
    assert snapshot.rate_changes == ((0, 0.3),)


def test_before_the_first_update_there_is_no_loss_and_there_are_no_statistics() -> None:
    snapshot = take_snapshot(small_trainer(), FIRST)
    assert snapshot.batch_loss is None
    assert [layer.statistics for layer in snapshot.layers] == [None, None]


def test_statistics_are_of_the_last_update() -> None:
    trainer = small_trainer()
    before = trainer.network.layers[0].weights.copy()
    trainer.update()
    layer = trainer.network.layers[0]
    statistics = take_snapshot(trainer, FIRST).layers[0].statistics
    assert statistics is not None
    assert statistics.gradient_norm == pytest.approx(np.sqrt((layer.weight_gradient**2).sum()), rel=1e-12)
    change = np.sqrt(((layer.weights - before) ** 2).sum())
    assert statistics.update_ratio == pytest.approx(change / np.sqrt((layer.weights**2).sum()), rel=1e-9)


def test_a_snapshot_does_not_change_training() -> None:
    watched, alone = small_trainer(held_out=5), small_trainer(held_out=5)
    for step in range(20):
        take_snapshot(watched, ExampleIndex("test", step % 5))
        watched.update()
    train(alone, 20)
    assert np.array_equal(watched.network.parameters, alone.network.parameters)
    assert watched.history.loss_curve().mean.tolist() == alone.history.loss_curve().mean.tolist()


def test_later_updates_do_not_change_a_snapshot() -> None:
    trainer = small_trainer()
    train(trainer, 3)
    snapshot, again = take_snapshot(trainer, FIRST), take_snapshot(trainer, FIRST)
    train(trainer, 300)
    for layer, same in zip(snapshot.layers, again.layers, strict=True):
        for name in ("weights", "biases", "z", "a"):
            assert np.array_equal(getattr(layer, name), getattr(same, name))
            assert not np.shares_memory(getattr(layer, name), trainer.network.parameters)
    assert snapshot.loss_curve.step.tolist() == [1, 2, 3]
    assert not np.array_equal(snapshot.layers[0].weights, trainer.network.layers[0].weights)
