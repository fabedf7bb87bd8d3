"""What the neurons of the last hidden layer add to an output is its pre-activation, less the bias."""

import numpy as np
import pytest

from gradstep.core.observation.contributions import find_contributions
from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.snapshot import take_snapshot
from tests.core.problems import problem, train

GRID = np.linspace(-2, 2, 50)[:, None]


@pytest.mark.parametrize("output", ["linear", "sigmoid"])
@pytest.mark.parametrize("hidden", ["relu", "step", "tanh"])
def test_the_parts_and_the_bias_add_up_to_what_the_network_computes(hidden: str, output: str) -> None:
    trainer, _ = problem([1, 4, 5, 2], [hidden, hidden, output], loss="mse")
    train(trainer, 3)
    snapshot = take_snapshot(trainer, ExampleIndex("training", 0), GRID)
    assert snapshot.grid_activations is not None
    _, second, last = trainer.network.layers
    a = GRID
    for layer in trainer.network.layers[:2]:
        z = a @ layer.weights.T + layer.biases
        a = {"relu": np.maximum(z, 0), "step": (z >= 0) * 1.0, "tanh": np.tanh(z)}[hidden]
    for index in range(2):
        found = find_contributions(snapshot, index)
        assert found is not None
        assert found.parts.shape == (50, second.units)
        for unit in range(second.units):
            np.testing.assert_allclose(found.parts[:, unit], last.weights[index, unit] * a[:, unit], atol=1e-12)
        z = a @ last.weights[index] + last.biases[index]
        np.testing.assert_allclose(found.z, z, atol=1e-12)
        curve = snapshot.grid_activations[-1][:, index]
        np.testing.assert_allclose(curve, z if output == "linear" else 1 / (1 + np.exp(-z)), atol=1e-12)
        taken, others = found.take_largest(2)
        assert sorted(taken + others) == list(range(5))
        np.testing.assert_allclose(found.example_parts.sum() + found.bias, found.example_z, atol=1e-12)
        assert np.abs(found.parts[:, taken]).max(axis=0).min() >= np.median(np.abs(found.parts).max(axis=0))


def test_without_a_grid_or_a_hidden_layer_there_are_none() -> None:
    trainer, _ = problem([1, 2], ["linear"], loss="mse")
    assert find_contributions(take_snapshot(trainer, ExampleIndex("training", 0), GRID), 0) is None
    trainer, _ = problem([1, 3, 2], ["tanh", "linear"], loss="mse")
    assert find_contributions(take_snapshot(trainer, ExampleIndex("training", 0)), 0) is None
