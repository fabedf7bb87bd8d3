"""A network: its shapes, its memory, how it starts, and what it refuses."""

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.network.network import Network
from gradstep.core.network.passes import predict
from tests.core.problems import problem


def network() -> Network:
    return Network([3, 4, 2], ["tanh", "softmax"])


def test_sizes_and_parameters_are_counted() -> None:
    assert network().sizes == (3, 4, 2)
    assert network().parameters.shape == network().gradient.shape == (4 * (3 + 1) + 2 * (4 + 1),)


def test_layers_are_views_of_the_one_vector() -> None:
    net = network()
    first, second = net.layers
    net.parameters[:] = np.arange(26)
    assert first.weights[1].tolist() == [4, 5, 6]
    assert first.biases.tolist() == [3, 7, 11, 15]
    assert second.biases.tolist() == [20, 25]
    second.weights[0, 0] = -1
    assert net.parameters[16] == -1


def test_the_mask_tells_weights_from_biases() -> None:
    net = network()
    net.parameters[:] = net.weight_mask()
    assert all(layer.weights.all() and not layer.biases.any() for layer in net.layers)


@pytest.mark.parametrize("hidden", [[], [4], [4, 5, 6]])
def test_predict_agrees_with_the_oracle_at_any_depth(hidden: list[int]) -> None:
    trainer, oracle = problem([3, *hidden, 2], ["tanh"] * len(hidden) + ["softmax"])
    expected = oracle.outputs(trainer.network.parameters)
    np.testing.assert_allclose(predict(trainer.network, oracle.x), expected, rtol=1e-12)


def test_predict_of_no_rows_is_empty() -> None:
    assert predict(network(), np.empty((0, 3))).shape == (0, 2)


@pytest.mark.parametrize("x", [[1.0, 2.0, 3.0], [[1.0]], [[1.0, 2.0, 3.0, 4.0]]])
def test_predict_refuses_rows_of_another_length(x: list) -> None:
    with pytest.raises(GradstepError, match="takes rows of 3"):
        predict(network(), x)


def test_float32_is_kept_throughout() -> None:
    net = Network([3, 4, 2], ["tanh", "softmax"], np.float32)
    net.initialize("he", np.random.default_rng(0))
    assert net.parameters.dtype == net.gradient.dtype == predict(net, np.ones((1, 3))).dtype == np.float32


def test_a_network_starts_with_zeros() -> None:
    assert not network().parameters.any()


@pytest.mark.parametrize("init", INITIALIZERS)
def test_the_same_seed_gives_the_same_start(init: str) -> None:
    starts = []
    for _ in range(2):
        net = network()
        net.initialize(init, np.random.default_rng(5))
        starts.append(net.parameters)
    assert np.array_equal(*starts)


@pytest.mark.parametrize("init", INITIALIZERS)
def test_biases_start_at_zero(init: str) -> None:
    net = network()
    net.parameters[:] = 1
    net.initialize(init, np.random.default_rng(5))
    assert not any(layer.biases.any() for layer in net.layers)


@pytest.mark.parametrize(
    ("init", "deviation"),
    [
        ("uniform", (1 / 12) ** 0.5),
        ("normal", 1),
        ("xavier", (2 / (200 + 100)) ** 0.5),
        ("he", (2 / 200) ** 0.5),
        ("zeros", 0),
    ],
)
def test_the_spread_of_the_start(init: str, deviation: float) -> None:
    net = Network([200, 100], ["linear"])
    net.initialize(init, np.random.default_rng(0))
    # 20,000 draws know their standard deviation to about half a percent
    assert net.layers[0].weights.std() == pytest.approx(deviation, rel=0.02)
    assert abs(net.layers[0].weights.mean()) <= 0.03 * deviation


@pytest.mark.parametrize(("init", "limit"), [("uniform", 0.5), ("xavier", (6 / 300) ** 0.5)])
def test_uniform_starts_stay_within_their_limit(init: str, limit: float) -> None:
    net = Network([200, 100], ["linear"])
    net.initialize(init, np.random.default_rng(0))
    assert 0.99 * limit < np.abs(net.layers[0].weights).max() <= limit


def test_an_unknown_init_lists_the_known_ones() -> None:
    with pytest.raises(GradstepError, match="unknown init 'glorot'; known are uniform, normal"):
        network().initialize("glorot", np.random.default_rng(0))


def test_set_takes_rows_of_neurons() -> None:
    net = Network([2, 1], ["linear"])
    net.set([[[2.0, 3.0]]], [[1.0]])
    assert predict(net, [[10.0, 100.0]]).item() == 321


def test_set_without_biases_leaves_them() -> None:
    net = Network([2, 1], ["linear"])
    net.layers[0].biases[:] = 7
    net.set([[[2.0, 3.0]]])
    assert net.layers[0].biases.tolist() == [7]


@pytest.mark.parametrize(
    ("weights", "biases", "message"),
    [
        ([[[1, 2]], [[1]]], None, "weights for 2 layers, but the network has 1"),
        ([[[1, 2, 3]]], None, "weights of layer 1 are 1 × 3, but the network needs 1 × 2, one row for each neuron"),
        ([[[1], [2]]], None, "weights of layer 1 are 2 × 1, but the network needs 1 × 2"),
        ([[[1, 2], [3]]], None, "weights of layer 1: rows of unequal length, or not numbers"),
        ([[["a", "b"]]], None, "weights of layer 1: rows of unequal length, or not numbers"),
        ([[[1, float("nan")]]], None, "weights of layer 1 hold a value that is not a finite number"),
        ([[[1, 2]]], [[1, 2]], "biases of layer 1 are 2, but the network needs 1"),
        ([[[1, 2]]], [[float("inf")]], "biases of layer 1 hold a value that is not a finite number"),
    ],
)
def test_set_refuses_what_does_not_fit_and_changes_nothing(weights: list, biases: list | None, message: str) -> None:
    net = Network([2, 1], ["linear"])
    net.parameters[:] = [5, 6, 7]
    with pytest.raises(GradstepError, match=message):
        net.set(weights, biases)
    assert net.parameters.tolist() == [5, 6, 7]


@pytest.mark.parametrize(
    ("sizes", "activations", "message"),
    [
        ([3], [], "every layer needs at least 1 unit"),
        ([3, 0, 2], ["relu", "softmax"], "every layer needs at least 1 unit"),
        ([3, 4, 2], ["softmax"], "1 activations for 2 layers"),
        ([3, 4, 2], ["softmax", "softmax"], "softmax can only be the output's"),
        ([3, 4, 2], ["relu", "swish"], "unknown activation 'swish'"),
    ],
)
def test_a_network_that_cannot_be_is_refused(sizes: list[int], activations: list[str], message: str) -> None:
    with pytest.raises(GradstepError, match=message):
        Network(sizes, activations)
