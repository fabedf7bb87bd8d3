"""Each classic bug makes its own numbers wrong, from its own place on, and no others."""

from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.ledger.bugs import BUGS, NEW_WEIGHTS, NO_SLOPE, NOT_RESET, SUMMED, Bug, with_bug
from gradstep.core.ledger.micro_step import Focus
from gradstep.core.ledger.order import micro_steps
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.update import Update, record_update
from tests.core.arithmetic import assert_last_digit_is_right, read_equations
from tests.core.problems import gradient_of, problem

FOCUS = Focus(0, (1, 1, 1), (0, 0, 0))
DEEP = ([3, 4, 5, 2], ["tanh", "sigmoid", "softmax"])


def two_updates(*shape: object, **options: object) -> tuple[Update, Update]:
    """An update and the one before it."""
    trainer, _ = problem(*(shape or DEEP), **options)
    before = record_update(trainer)
    return record_update(trainer), before


def buggy(bug: Bug, *shape: object, **options: object) -> tuple[Update, Update]:
    """The update with the bug, and the right one."""
    right, before = two_updates(*shape, **options)
    return with_bug(right, bug, before), right


def wrong_steps(wrong: Update, right: Update, focus: Focus = FOCUS) -> list[str]:
    """The micro-steps whose result or tables are not, to the last bit, the right ones."""
    keys = []
    for one, other in zip(micro_steps(wrong), micro_steps(right), strict=True):
        assert one.key == other.key
        tables = zip(one.writes, other.writes, strict=True)
        same = all(np.array_equal(a.values, b.values) for a, b in tables)
        if not same or one.at(focus).result != other.at(focus).result:
            keys.append(one.key)
    return keys


def assert_unchanged(wrong: Update, right: Update) -> None:
    assert wrong_steps(wrong, right, Focus(0, (0,) * len(right.layers), (0,) * len(right.layers))) == []
    assert (wrong.loss_after, wrong.penalty_after) == (right.loss_after, right.penalty_after)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    ("bug", "first"), [(NEW_WEIGHTS, "paths 2"), (NO_SLOPE, "δ 2"), (SUMMED, "mean 1"), (NOT_RESET, "mean 1")]
)
def test_the_first_number_that_goes_wrong(bug: Bug, first: str, optimizer: str) -> None:
    assert wrong_steps(*buggy(bug, optimizer=optimizer, l2=0.1))[0] == first


@pytest.mark.parametrize("loss", ["mse", "half_sse"])
def test_with_squared_error_the_output_forgets_its_slope_too(loss: str) -> None:
    wrong, right = buggy(NO_SLOPE, [3, 4, 2], ["tanh", "sigmoid"], loss=loss)
    assert wrong_steps(wrong, right, Focus(0, (1, 1), (0, 0)))[0] == "δ 2"
    factor = {"mse": 2 / 2, "half_sse": 1}[loss]
    np.testing.assert_allclose(wrong.layers[1].delta, factor * (right.layers[1].a - right.y), rtol=1e-12)


def test_what_came_before_the_bug_stays_right() -> None:
    wrong, right = buggy(NEW_WEIGHTS)
    steps = wrong_steps(wrong, right)
    assert not [key for key in steps if key.split()[0] in ("batch", "z", "a", "loss")]
    assert not [key for key in steps if key in ("δ 3", "∂ 3", "mean 3", "new 3")]


def test_stale_delta_comes_back_through_the_new_weights_of_every_layer() -> None:
    wrong, right = buggy(NEW_WEIGHTS)
    first, second, output = wrong.layers
    assert output is right.layers[2]
    np.testing.assert_allclose(second.activation_gradient, output.delta @ output.new[:, :-1], rtol=1e-12)
    np.testing.assert_allclose(second.delta, second.activation_gradient * second.slope, rtol=1e-12)
    np.testing.assert_allclose(first.activation_gradient, second.delta @ second.new[:, :-1], rtol=1e-12)
    assert not np.allclose(second.new, right.layers[1].new, rtol=1e-12)


def test_a_forgotten_slope_passes_on_what_came_back() -> None:
    wrong, right = buggy(NO_SLOPE)
    assert wrong.layers[2] is right.layers[2]
    for layer, next_layer in zip(wrong.layers, wrong.layers[1:], strict=False):
        np.testing.assert_allclose(layer.delta, next_layer.delta @ next_layer.old[:, :-1], rtol=1e-12)


def test_summed_gradients_are_the_mean_times_the_batch() -> None:
    wrong, right = buggy(SUMMED)
    for layer, other in zip(wrong.layers, right.layers, strict=True):
        assert layer.delta is other.delta
        np.testing.assert_allclose(layer.data_gradient, 5 * other.data_gradient, rtol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
@pytest.mark.parametrize("shape", [DEEP, ([3, 4, 2], ["tanh", "sigmoid"])], ids=["softmax", "sigmoid"])
def test_every_equation_of_a_bug_is_true(shape: tuple[list[int], list[str]], bug: Bug, optimizer: str) -> None:
    loss = "cross_entropy" if shape is DEEP else "mse"
    wrong, _ = buggy(bug, *shape, optimizer=optimizer, loss=loss, l2=0.1)
    count = len(wrong.layers)
    for step in micro_steps(wrong):
        if step.phase in ("backward", "update"):
            for equation in read_equations(step.at(Focus(0, (1,) * count, (0,) * count)).lines):
                assert_last_digit_is_right(equation, 3)


@pytest.mark.parametrize(
    ("bug", "key", "code"),
    [
        (NO_SLOPE, "δ 2", "delta = dloss_dyhat"), (NO_SLOPE, "δ 1", "delta1 = back"),
        (SUMMED, "mean 2", "g = delta2.T @ a1"), (NOT_RESET, "mean 2", "g += delta2.T @ a1 / N"),
    ],
)  # fmt: skip
def test_the_line_of_numpy_is_what_the_bug_does(bug: Bug, key: str, code: str) -> None:
    wrong, _ = buggy(bug, [3, 4, 2], ["tanh", "sigmoid"], loss="mse")
    assert next(step.code for step in micro_steps(wrong) if step.key == key) == code


def test_gradients_that_were_not_reset_hold_those_of_the_step_before() -> None:
    right, before = two_updates()
    wrong = with_bug(right, NOT_RESET, before)
    for layer, other, old in zip(wrong.layers, right.layers, before.layers, strict=True):
        assert layer.delta is other.delta
        np.testing.assert_allclose(layer.data_gradient, other.data_gradient + old.gradient, rtol=1e-12)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_penalty_is_added_to_the_wrong_gradient_as_to_the_right_one(bug: Bug) -> None:
    wrong, _ = buggy(bug, l1=0.01, l2=0.1)
    for layer in wrong.layers:
        weights = layer.old[:, :-1]
        penalty = np.column_stack((0.1 * weights + 0.01 * np.sign(weights), np.zeros(len(weights))))
        np.testing.assert_allclose(layer.gradient, layer.data_gradient + penalty, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_new_parameters_are_what_the_optimizer_makes_of_the_wrong_gradient(optimizer: str, bug: Bug) -> None:
    trainer, _ = problem(*DEEP, optimizer=optimizer, l2=0.1)
    before, state = record_update(trainer), trainer.state()
    wrong = with_bug(record_update(trainer), bug, before)
    trainer.restore(state)
    trainer.optimizer.update(trainer.network.parameters, gradient_of(wrong), wrong.learning_rate)
    views = trainer.network.layer_views
    for layer, change, new in zip(
        wrong.layers, views(trainer.optimizer.change), views(trainer.network.parameters), strict=True
    ):
        assert np.array_equal(layer.change, change)
        assert np.array_equal(layer.new, new)
    for name, array in trainer.optimizer.memory.items():
        assert all(
            np.array_equal(layer.memory[name], own) for layer, own in zip(wrong.layers, views(array), strict=True)
        )


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_loss_after_is_that_of_the_wrong_parameters(bug: Bug) -> None:
    trainer, oracle = problem(*DEEP, l1=0.01, l2=0.1)
    before, right = record_update(trainer), record_update(trainer)
    wrong = with_bug(right, bug, before)
    parameters = np.concatenate([layer.new.ravel() for layer in wrong.layers])
    assert wrong.loss_after == pytest.approx(oracle.loss(parameters), rel=1e-12)
    assert wrong.losses_after == pytest.approx(oracle.losses(parameters), rel=1e-12)
    assert wrong.penalty_after == pytest.approx(oracle.penalty(parameters), rel=1e-12)
    assert wrong.loss_after != right.loss_after


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_right_update_is_left_as_it_is(bug: Bug) -> None:
    right, before = two_updates(optimizer="adam", l2=0.1)
    numbers = [array.copy() for layer in right.layers for array in (layer.delta, layer.gradient, layer.old, layer.new)]
    with_bug(right, bug, before)
    after = [array for layer in right.layers for array in (layer.delta, layer.gradient, layer.old, layer.new)]
    assert all(np.array_equal(one, other) for one, other in zip(numbers, after, strict=True))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_frozen_biases_stay_frozen(optimizer: str, bug: Bug) -> None:
    wrong, _ = buggy(bug, optimizer=optimizer, train_biases=False)
    for layer in wrong.layers:
        assert not layer.gradient[:, -1].any()
        assert np.array_equal(layer.new[:, -1], layer.old[:, -1])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_sum_over_one_example_is_the_mean(optimizer: str) -> None:
    assert_unchanged(*buggy(SUMMED, rows=1, optimizer=optimizer, l2=0.1))


def test_without_a_step_before_nothing_is_left_over() -> None:
    right, _ = two_updates(l2=0.1)
    assert_unchanged(with_bug(right, NOT_RESET, None), right)


@pytest.mark.parametrize("bug", [NEW_WEIGHTS, NO_SLOPE], ids=lambda bug: bug.name)
def test_with_one_layer_no_delta_is_passed_back(bug: Bug) -> None:
    assert_unchanged(*buggy(bug, [3, 2], ["softmax"]))


@pytest.mark.parametrize("loss", ["mse", "half_sse"])
def test_a_slope_of_one_may_be_forgotten(loss: str) -> None:
    assert_unchanged(*buggy(NO_SLOPE, [3, 4, 2], ["linear", "linear"], loss=loss, learning_rate=0.01))


def test_float32_stays_float32() -> None:
    for bug in BUGS:
        wrong, _ = buggy(bug, dtype=np.float32, optimizer="momentum")
        assert {layer.new.dtype for layer in wrong.layers} == {np.dtype(np.float32)}


def test_a_bug_that_makes_numbers_overflow_warns_of_nothing() -> None:
    trainer, _ = problem([3, 4, 1], ["linear", "linear"], loss="mse", learning_rate=1e100)
    assert not np.isfinite(with_bug(record_update(trainer), SUMMED, None).loss_after)


@pytest.mark.parametrize("rate", [1e300, 1e308])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_whose_numbers_are_too_large_is_infinite_and_can_be_walked_through(
    bug: Bug, optimizer: str, rate: float
) -> None:
    trainer, _ = problem(*DEEP, optimizer=optimizer)
    try:
        before = record_update(trainer)
        trainer.learning_rate = rate
        right = record_update(trainer)
    except Diverged:
        return  # there is no such update
    wrong = with_bug(right, bug, before)
    for layer, other in zip(wrong.layers, right.layers, strict=True):
        assert layer.new is other.new or np.array_equal(layer.new, layer.old - layer.change, equal_nan=True)
    for step in micro_steps(wrong):
        assert step.at(FOCUS).lines
    if bug in (SUMMED, NOT_RESET):
        assert wrong_steps(wrong, right)


def test_a_sum_instead_of_a_mean_may_leave_the_range_of_a_float() -> None:
    trainer, _ = problem(*DEEP)
    trainer.learning_rate = 1e308
    right = record_update(trainer)
    grown = replace(right, layers=tuple(replace(each, data_gradient=each.data_gradient * 1e3) for each in right.layers))
    wrong = with_bug(grown, SUMMED, None)
    assert not all(np.isfinite(layer.new).all() for layer in wrong.layers)
    assert wrong_steps(wrong, grown)[0] == "mean 1"
