"""Backpropagation against autograd and against central differences."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradstep.core.observation.gradient_check import GradientChecker
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import record_update
from tests.core.problems import gradient_of, problem
from tests.oracle import HIDDEN, PAIRS, Oracle

LARGEST_LOGIT = 8.0
"""Beyond it the oracle itself, which takes ln(1 − ŷ) as it stands, loses too many digits."""

FAR_ENOUGH = 1e-3
"""A central difference must not step over a kink."""


def assert_gradient_is_right(trainer: Trainer, oracle: Oracle) -> None:
    parameters = trainer.network.parameters.copy()
    noise = 1e-7 * max(1.0, oracle.total(parameters))
    update = record_update(trainer)
    np.testing.assert_allclose(gradient_of(update), oracle.gradient(parameters), rtol=1e-9, atol=1e-11)
    checker = GradientChecker(update)
    for number, layer in enumerate(update.layers, start=1):
        for (neuron, weight), backprop in np.ndenumerate(layer.gradient):
            check = checker.check(number, neuron, weight)
            assert check.backprop == backprop
            assert check.numerical == pytest.approx(backprop, rel=1e-4, abs=noise)


def data_gradient(trainer: Trainer, rows: list[int]) -> np.ndarray:
    """∂/∂θ of the mean loss of these rows, without the l1/l2 term."""
    trainer.backpropagate(np.array(rows))
    return trainer.network.gradient.copy()


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_every_activation_below_every_output(loss: str, output: str, hidden: str) -> None:
    trainer, oracle = problem([3, 4, 3], [hidden, output], loss=loss, seed=3)
    assert oracle.distance_to_kink(trainer.network.parameters) > FAR_ENOUGH
    assert_gradient_is_right(trainer, oracle)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@settings(max_examples=15)
@given(
    hidden=st.lists(st.tuples(st.integers(1, 5), st.sampled_from(HIDDEN)), max_size=3),
    inputs=st.integers(1, 5),
    outputs=st.integers(1, 4),
    rows=st.integers(1, 6),
    l1=st.sampled_from([0.0, 0.01, 0.3]),
    l2=st.sampled_from([0.0, 0.01, 0.3]),
    seed=st.integers(0, 2**32),
)
def test_every_shape(
    loss: str,
    output: str,
    hidden: list[tuple[int, str]],
    inputs: int,
    outputs: int,
    rows: int,
    l1: float,
    l2: float,
    seed: int,
) -> None:
    sizes = [inputs, *(units for units, _ in hidden), outputs]
    activations = [*(name for _, name in hidden), output]
    trainer, oracle = problem(sizes, activations, rows, seed, loss=loss, l1=l1, l2=l2)
    parameters = trainer.network.parameters
    assume(min(oracle.distance_to_kink(parameters), np.abs(parameters).min()) > FAR_ENOUGH)
    assume(oracle.largest_logit(parameters) < LARGEST_LOGIT)
    assert_gradient_is_right(trainer, oracle)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_float32_agrees_to_its_own_precision(loss: str, output: str) -> None:
    trainer, oracle = problem([3, 4, 3], ["tanh", output], dtype=np.float32, loss=loss)
    parameters = trainer.network.parameters.astype(np.float64)
    backprop = gradient_of(record_update(trainer))
    assert backprop.dtype == np.float32
    np.testing.assert_allclose(backprop, oracle.gradient(parameters), rtol=1e-4, atol=1e-6)


def test_the_gradient_of_a_batch_is_the_mean_of_its_examples() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"], rows=6)
    apart = [data_gradient(trainer, [row]) for row in range(6)]
    np.testing.assert_allclose(data_gradient(trainer, list(range(6))), np.mean(apart, axis=0), rtol=1e-12)


def test_the_gradient_of_some_rows_is_that_of_the_same_rows_alone() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], rows=6)
    rows = [4, 1]
    alone = replace(oracle, x=oracle.x[rows], y=oracle.y[rows])
    np.testing.assert_allclose(data_gradient(trainer, rows), alone.gradient(trainer.network.parameters), rtol=1e-10)


def test_below_a_step_no_gradient_arrives() -> None:
    trainer, _ = problem([3, 4, 4, 2], ["tanh", "step", "softmax"], rows=6)
    below, step, above = record_update(trainer).layers
    assert not below.gradient.any()
    assert not step.gradient.any()
    assert above.gradient.any()


def test_a_perceptron_with_a_step_output_learns_nothing() -> None:
    trainer, oracle = problem([2, 1], ["step"], loss="half_sse", learning_rate=1.0)
    before = trainer.network.parameters.copy()
    assert trainer.update() == oracle.loss(before) > 0
    assert np.array_equal(trainer.network.parameters, before)


def test_neurons_that_start_alike_get_the_same_gradient() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"])
    hidden, output = trainer.network.layers
    hidden.matrix[:] = 0.3
    output.weights[:] = [[0.5], [-0.2]]
    gradient = record_update(trainer).layers[0].gradient
    assert gradient.any()
    np.testing.assert_allclose(gradient, gradient[:1].repeat(4, axis=0), rtol=1e-13)
