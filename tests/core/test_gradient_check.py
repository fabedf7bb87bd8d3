"""The gradient check itself: what it measures, and that it can fail."""

import numpy as np
import pytest

from core.gradient_check import GradientCheck, check_gradient
from tests.core.problems import problem

ROWS = np.arange(5)


def test_nothing_is_trained() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"])
    before = trainer.network.parameters.copy()
    check_gradient(trainer, ROWS, 3)
    assert np.array_equal(trainer.network.parameters, before)
    assert trainer.step == 0


def test_the_differences_do_not_come_from_backpropagation(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"])
    monkeypatch.setattr(trainer, "gradient", lambda rows: np.full_like(trainer.network.parameters, 123.0))
    check = check_gradient(trainer, ROWS, 3)
    assert check.numerical == pytest.approx(oracle.gradient(trainer.network.parameters)[3], rel=1e-6)
    assert check.relative_error == pytest.approx(1, rel=0.1)


def test_the_penalty_of_a_weight_is_in_both_numbers() -> None:
    trainer, oracle = problem([3, 2], ["softmax"], l1=0.5, l2=0.5)
    check = check_gradient(trainer, ROWS, 0)
    assert check.backprop == pytest.approx(oracle.gradient(trainer.network.parameters)[0], rel=1e-10)
    assert check.relative_error < 1e-7


def test_a_bias_has_no_penalty() -> None:
    bias = 3
    with_penalty, _ = problem([3, 2], ["softmax"], l1=0.5, l2=0.5)
    without, _ = problem([3, 2], ["softmax"])
    assert check_gradient(with_penalty, ROWS, bias) == check_gradient(without, ROWS, bias)


def test_a_frozen_bias_has_no_gradient_in_either_number() -> None:
    trainer, _ = problem([3, 2], ["softmax"], train_biases=False)
    check = check_gradient(trainer, ROWS, 3)
    assert (check.backprop, check.numerical, check.relative_error) == (0, 0, 0)


def test_float32_is_compared_with_differences_in_float64() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"], dtype=np.float32)
    assert all(check_gradient(trainer, ROWS, i).relative_error < 1e-4 for i in range(len(trainer.network.parameters)))


def test_the_relative_error_is_of_the_larger_number() -> None:
    assert GradientCheck(0, backprop=2.0, numerical=1.0, h=1e-5).relative_error == 0.5
