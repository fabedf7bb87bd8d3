"""Every update rule against its published formula, written out plainly, on autograd's gradients."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.optimizers import OPTIMIZERS, optimizer_named
from tests.core.problems import problem, train
from tests.oracle import HIDDEN, PAIRS, Oracle

Rule = Callable[[np.ndarray, Callable[[np.ndarray], np.ndarray], float], Iterator[np.ndarray]]
"""From a start, a gradient and a learning rate: the parameters after each update."""


def sgd(p, gradient, rate):
    while True:
        p = p - rate * gradient(p)
        yield p


def momentum(p, gradient, rate):
    """PyTorch, torch.optim.SGD(momentum=0.9)."""
    v = 0
    while True:
        v = 0.9 * v + gradient(p)
        p = p - rate * v
        yield p


def nesterov(p, gradient, rate):
    """PyTorch, torch.optim.SGD(momentum=0.9, nesterov=True)."""
    v = 0
    while True:
        g = gradient(p)
        v = 0.9 * v + g
        p = p - rate * (g + 0.9 * v)
        yield p


def rmsprop(p, gradient, rate):
    """Tieleman and Hinton 2012, lecture 6.5."""
    s = 0
    while True:
        g = gradient(p)
        s = 0.9 * s + 0.1 * g**2
        p = p - rate * g / (s**0.5 + 1e-8)
        yield p


def adam(p, gradient, rate):
    """Kingma and Ba 2015, algorithm 1."""
    m = s = t = 0
    while True:
        g, t = gradient(p), t + 1
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * g**2
        p = p - rate * (m / (1 - 0.9**t)) / ((s / (1 - 0.999**t)) ** 0.5 + 1e-8)
        yield p


RULES: dict[str, Rule] = {rule.__name__: rule for rule in (sgd, momentum, nesterov, rmsprop, adam)}


def after(name: str, start: np.ndarray, oracle: Oracle, rate: float, updates: int) -> np.ndarray:
    path = RULES[name](start, oracle.gradient, rate)
    return [next(path) for _ in range(updates)][-1]


def test_every_optimizer_has_its_formula_here() -> None:
    assert set(OPTIMIZERS) == set(RULES)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_several_updates_follow_the_formula(name: str) -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], optimizer=name, learning_rate=0.05)
    start = trainer.network.parameters.copy()
    train(trainer, 6)
    np.testing.assert_allclose(trainer.network.parameters, after(name, start, oracle, 0.05, 6), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_one_update_of_every_network_follows_the_formula(loss: str, output: str, hidden: str, name: str) -> None:
    trainer, oracle = problem([2, 3, 2], [hidden, output], loss=loss, optimizer=name, seed=3, l2=0.1)
    start = trainer.network.parameters.copy()
    trainer.update()
    np.testing.assert_allclose(trainer.network.parameters, after(name, start, oracle, 0.1, 1), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_change_is_what_the_parameters_lost(name: str) -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"], optimizer=name)
    train(trainer, 3)
    before = trainer.network.parameters.copy()
    trainer.update()
    assert np.array_equal(before - trainer.optimizer.change, trainer.network.parameters)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_change_is_the_rate_times_the_gradient_where_an_optimizer_says_so(name: str) -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"], optimizer=name, learning_rate=0.3)
    train(trainer, 3)
    gradient_alone = np.array_equal(trainer.optimizer.change, 0.3 * trainer.network.gradient)
    assert OPTIMIZERS[name].subtracts_gradient == gradient_alone


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_float32_stays_float32(name: str) -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"], optimizer=name, dtype=np.float32)
    trainer.update()
    assert trainer.network.parameters.dtype == trainer.optimizer.change.dtype == np.float32


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_without_a_gradient_nothing_moves(name: str) -> None:
    parameters = np.array([1.0, -2.0])
    optimizer = optimizer_named(name)(parameters)
    for _ in range(3):
        optimizer.update(parameters, np.zeros(2), 0.1)
    assert parameters.tolist() == [1.0, -2.0]


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(GradstepError, match="unknown optimizer 'adamw'; known are sgd, momentum"):
        optimizer_named("adamw")
