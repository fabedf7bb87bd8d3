"""The statistics of a layer: shares, norms and the histogram."""

import numpy as np
import pytest

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.network import Network
from gradstep.core.observation.layer_statistics import HISTOGRAM_BINS, LayerStatistics, measure_layer

ROWS = np.array([[-1.0, 0.5], [-2.0, 3.0], [-0.5, -1.0]])
"""z of two neurons for three examples: the first is never positive."""


def statistics(
    activation: str, z: np.ndarray = ROWS, ratio: float = 1e-3, gradient: float = 1.0, slope_matters: bool = True
) -> LayerStatistics:
    """A layer of two neurons and three inputs with weights 1, its gradients from −`gradient` to +`gradient`."""
    network = Network([3, 2], [activation])
    layer = network.layers[0]
    layer.weights[:] = 1
    layer.weight_gradient[:] = gradient * np.linspace(-1, 1, 6).reshape(2, 3)
    a = np.empty_like(z)
    ACTIVATIONS[activation].f(z, a)
    return measure_layer(layer, a, np.full((2, 3), ratio), slope_matters)


@pytest.mark.parametrize("activation", ["relu", "step"])
def test_a_neuron_that_is_0_for_every_example_is_silent(activation: str) -> None:
    assert statistics(activation).silent_share == 0.5


@pytest.mark.parametrize(("activation", "dead"), [("relu", 1), ("step", 0)])
def test_at_zero_a_step_fires_and_a_relu_does_not(activation: str, dead: float) -> None:
    assert statistics(activation, np.zeros((3, 2))).silent_share == dead


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "leaky_relu", "softmax"])
def test_only_relu_and_step_can_be_silent(activation: str) -> None:
    assert statistics(activation).silent_share is None


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_saturation_is_the_share_of_activations_near_an_end(activation: str) -> None:
    assert statistics(activation, np.array([[-9.0, 0.1], [9.0, 0.2]])).saturated_share == 0.5


def test_sigmoid_and_tanh_saturate_at_the_same_point_of_their_range() -> None:
    """σ(2z) is tanh z moved to 0..1."""
    z = np.linspace(-3, 3, 40).reshape(20, 2)
    assert statistics("sigmoid", 2 * z).saturated_share == statistics("tanh", z).saturated_share


@pytest.mark.parametrize("activation", ["linear", "relu", "leaky_relu", "step", "softmax"])
def test_only_sigmoid_and_tanh_saturate(activation: str) -> None:
    assert statistics(activation).saturated_share is None


def test_the_norm_is_of_the_weights_gradient_alone() -> None:
    network = Network([3, 2], ["linear"])
    network.gradient[:] = 1
    result = measure_layer(network.layers[0], np.zeros((1, 2)), np.zeros((2, 3)))
    assert result.gradient_norm == pytest.approx(6**0.5)


def test_the_ratio_is_of_the_change_to_the_weights() -> None:
    assert statistics("linear", ratio=0.25).update_ratio == pytest.approx(0.25)


def test_weights_that_are_all_zero_have_no_ratio() -> None:
    network = Network([3, 2], ["linear"])
    network.gradient[:] = 1
    result = measure_layer(network.layers[0], ROWS, np.zeros((2, 3)))
    assert result.update_ratio is None


def test_the_histogram_counts_every_weights_gradient() -> None:
    result = statistics("linear", gradient=3.0)
    expected, _ = np.histogram(3 * np.linspace(-1, 1, 6), bins=HISTOGRAM_BINS, range=(-3, 3))
    assert result.histogram == tuple(expected)
    assert result.extent == 3


def test_the_histogram_of_no_gradient_is_empty() -> None:
    result = statistics("linear", gradient=0.0)
    assert (result.histogram, result.extent) == ((0,) * HISTOGRAM_BINS, 0)


def test_statistics_with_a_number_that_is_not_finite_say_so() -> None:
    assert statistics("linear").is_finite
    assert not statistics("linear", ratio=np.inf).is_finite
    assert not statistics("linear", gradient=np.nan).is_finite
