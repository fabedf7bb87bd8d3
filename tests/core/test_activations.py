"""Each activation against the oracle's textbook formula, and its f′ against autograd and central differences."""

import math

import numpy as np
import pytest
from autograd import elementwise_grad

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import ACTIVATIONS, activation_named
from gradstep.core.network.arrays import Floats
from tests import oracle

GRID = np.linspace(-6, 6, 49).reshape(7, 7)
AWAY_FROM_KINK = GRID[np.abs(GRID) > 0.1].reshape(-1, 1)
ELEMENTWISE = [name for name in ACTIVATIONS if name != "softmax"]


def f(name: str, z: Floats) -> Floats:
    a = np.empty_like(z)
    ACTIVATIONS[name].f(z, a)
    return a


def slope(name: str, z: Floats) -> Floats:
    out = np.empty_like(z)
    ACTIVATIONS[name].derivative(z, f(name, z), out)
    return out


def test_the_oracle_knows_every_activation() -> None:
    assert set(ACTIVATIONS) == set(oracle.ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_f_is_the_textbook_formula(name: str) -> None:
    np.testing.assert_allclose(f(name, GRID), oracle.ACTIVATIONS[name](GRID), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_f_stays_between_its_ends_and_comes_close_to_both(name: str) -> None:
    low, high = ACTIVATIONS[name].ends
    values = f(name, np.linspace(-1000, 1000, 4001).reshape(-1, 1) * [1, -1])
    assert low <= values.min() and values.max() <= high
    assert values.min() < (low + 1e-6 if math.isfinite(low) else -9)
    assert values.max() > (high - 1e-6 if math.isfinite(high) else 9)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_derivative_agrees_with_autograd(name: str) -> None:
    expected = elementwise_grad(oracle.ACTIVATIONS[name])(AWAY_FROM_KINK)
    np.testing.assert_allclose(slope(name, AWAY_FROM_KINK), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_derivative_agrees_with_central_differences(name: str) -> None:
    h = 1e-5
    expected = (f(name, AWAY_FROM_KINK + h) - f(name, AWAY_FROM_KINK - h)) / (2 * h)
    np.testing.assert_allclose(slope(name, AWAY_FROM_KINK), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "value", "derivative"),
    [
        ("step", 1, 0),
        ("linear", 0, 1),
        ("sigmoid", 0.5, 0.25),
        ("tanh", 0, 1),
        ("relu", 0, 0),
        ("leaky_relu", 0, 0.01),
    ],
)
def test_value_and_derivative_at_zero(name: str, value: float, derivative: float) -> None:
    zero = np.zeros((1, 1))
    assert (f(name, zero).item(), slope(name, zero).item()) == (value, derivative)


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_inputs_stay_finite(name: str, dtype: type) -> None:
    z = np.array([[-1000, 1000]], dtype)
    assert np.isfinite(f(name, z)).all()
    assert np.isfinite(slope(name, z)).all()


def test_sigmoid_and_tanh_reach_their_ends() -> None:
    z = np.array([[-1000.0, 1000.0]])
    assert f("sigmoid", z).tolist() == [[0, 1]]
    assert f("tanh", z).tolist() == [[-1, 1]]


def test_softmax_rows_are_probabilities() -> None:
    a = f("softmax", GRID)
    assert (a > 0).all()
    np.testing.assert_allclose(a.sum(axis=1), 1, rtol=1e-14)


def test_softmax_ignores_a_shift_of_all_logits() -> None:
    np.testing.assert_allclose(f("softmax", GRID + 1000), f("softmax", GRID), rtol=1e-12)


def test_softmax_of_extreme_logits_is_finite() -> None:
    assert f("softmax", np.array([[1000.0, -1000.0, 1000.0]])).tolist() == [[0.5, 0, 0.5]]


def test_softmax_has_no_elementwise_derivative() -> None:
    with pytest.raises(TypeError, match="derivative is a matrix"):
        slope("softmax", GRID)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(GradstepError, match="unknown activation 'swish'; known are step, linear, sigmoid"):
        activation_named("swish")


def test_sigmoid_is_the_logistic_function() -> None:
    assert f("sigmoid", np.array([[2.0]])).item() == pytest.approx(1 / (1 + math.exp(-2)), rel=1e-15)
