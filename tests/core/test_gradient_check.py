"""The gradient check itself: what it measures, what it warns of, and that it can fail."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from gradstep.core.ledger.bugs import BUGS, NEW_WEIGHTS, NO_SLOPE, NOT_RESET, SUMMED, Bug, with_bug
from gradstep.core.network.network import Network
from gradstep.core.observation.gradient_check import MOST_CHECKS, GradientCheck, GradientChecker
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import Update, record_update
from tests.core.problems import problem, targets
from tests.oracle import HIDDEN, PAIRS


def recorded(*shape: object, **options: object) -> tuple[Update, np.ndarray]:
    """An update of such a problem, and autograd's gradient (count,)."""
    trainer, oracle = problem(*(shape or ([3, 4, 2], ["tanh", "softmax"])), **options)
    gradient = oracle.gradient(trainer.network.parameters)
    return record_update(trainer), gradient


def one_relu(weight: float, l1: float = 0.0) -> Update:
    """One ReLU neuron without a bias that looks at x = 1: z is the weight itself."""
    network = Network([1, 1], ["relu"])
    network.set([[[weight]]])
    options = TrainingOptions(loss="mse", l1=l1, train_biases=False)
    return record_update(Trainer(network, Part([[1.0]], [[1.0]]), None, options, classification=False))


def spoilt(update: Update, layer: int, neuron: int, weight: int) -> Update:
    """The update with one entry of its gradient a hundredth too large."""
    layers = list(update.layers)
    gradient = layers[layer - 1].gradient.copy()
    gradient[neuron, weight] *= 1.01
    layers[layer - 1] = replace(layers[layer - 1], gradient=gradient)
    return replace(update, layers=tuple(layers))


def test_a_check_changes_nothing_in_the_trainer() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"])
    update = record_update(trainer)
    parameters, old = trainer.network.parameters.copy(), [layer.old.copy() for layer in update.layers]
    checker = GradientChecker(update)
    checker.check(1, 0, 3)
    checker.find_worst(2)
    assert np.array_equal(trainer.network.parameters, parameters)
    assert all(np.array_equal(layer.old, before) for layer, before in zip(update.layers, old, strict=True))
    assert trainer.step == 1


def test_one_check_leaves_nothing_behind_for_the_next() -> None:
    update, _ = recorded()
    checker = GradientChecker(update)
    first = checker.check(1, 2, 1)
    checker.check(2, 0, 0)
    assert checker.check(1, 2, 1) == first


def test_the_check_is_of_the_parameters_before_the_update() -> None:
    update, gradient = recorded(learning_rate=5.0)
    assert GradientChecker(update).check(1, 0, 2).numerical == pytest.approx(gradient[2], rel=1e-6)


def test_the_differences_do_not_come_from_backpropagation() -> None:
    update, gradient = recorded()
    check = GradientChecker(spoilt(update, 1, 0, 3)).check(1, 0, 3)
    assert check.numerical == pytest.approx(gradient[3], rel=1e-6)
    assert check.backprop == pytest.approx(1.01 * gradient[3], rel=1e-6)
    assert check.relative_error == pytest.approx(0.01 / 1.01, rel=1e-3)


def test_the_penalty_of_a_weight_is_in_both_numbers() -> None:
    update, gradient = recorded([3, 2], ["softmax"], l1=0.5, l2=0.5)
    check = GradientChecker(update).check(1, 0, 0)
    assert check.backprop == pytest.approx(gradient[0], rel=1e-10)
    assert check.relative_error < 1e-7


def test_a_bias_has_no_penalty() -> None:
    with_penalty, without = (recorded([3, 2], ["softmax"], l1=l, l2=l)[0] for l in (0.5, 0.0))  # noqa: E741
    one, other = (GradientChecker(update).check(1, 0, 3) for update in (with_penalty, without))
    assert one.backprop == other.backprop
    assert one.numerical == pytest.approx(other.numerical, rel=1e-8)


def test_a_frozen_bias_has_no_gradient_in_either_number() -> None:
    update, _ = recorded([3, 2], ["softmax"], train_biases=False)
    check = GradientChecker(update).check(1, 0, 3)
    assert (check.backprop, check.numerical, check.relative_error) == (0, 0, 0)


def test_float32_is_compared_with_differences_in_float64() -> None:
    update, gradient = recorded(dtype=np.float32)
    checker = GradientChecker(update)
    assert checker.check(1, 0, 0).numerical == pytest.approx(gradient[0], rel=1e-5)
    assert max(checker.find_worst(layer)[0].relative_error for layer in (1, 2)) < 1e-4


def test_the_relative_error_is_of_the_larger_number() -> None:
    assert GradientCheck(1, 0, 0, backprop=2.0, numerical=1.0, h=1e-5).relative_error == 0.5


def test_two_zeros_agree() -> None:
    assert GradientCheck(1, 0, 0, backprop=0.0, numerical=0.0, h=1e-5).relative_error == 0


def test_a_relu_in_its_corner_is_a_kink() -> None:
    check = GradientChecker(one_relu(0.0)).check(1, 0, 0)
    assert check.kink
    assert check.relative_error > 0.1
    assert (check.verdict, check.kinks, check.examples) == ("kink", 1, 0)


@pytest.mark.parametrize("weight", [5e-6, -5e-6, 2e-5, -2e-5, 0.5])
def test_beside_the_corner_of_a_relu_a_smaller_h_is_found(weight: float) -> None:
    check = GradientChecker(one_relu(weight)).check(1, 0, 0)
    assert not check.kink
    assert check.h < abs(weight)
    assert check.relative_error < 1e-6
    assert check.verdict == "agrees"


def test_examples_with_a_kink_are_left_out() -> None:
    network = Network([1, 1], ["relu"])
    network.set([[[1.0]]], [[-1.0]])
    part = Part([[1.0], [2.0], [3.0]], [[0.0], [0.0], [0.0]])
    options = TrainingOptions(loss="mse", batch_size="full")
    update = record_update(Trainer(network, part, None, options, classification=False))
    check = GradientChecker(update).check(1, 0, 0)
    assert (check.verdict, check.kinks, check.examples, check.affected) == ("agrees", 1, 2, 3)
    assert GradientChecker(spoilt(update, 1, 0, 0)).check(1, 0, 0).verdict == "wrong"


@pytest.mark.parametrize(("activation", "kink"), [("step", True), ("leaky_relu", True), ("tanh", False)])
def test_only_functions_with_a_corner_or_a_jump_have_kinks(activation: str, kink: bool) -> None:
    network = Network([1, 1], [activation])
    trainer = Trainer(network, Part([[1.0]], [[1.0]]), None, TrainingOptions(loss="mse"), classification=False)
    assert GradientChecker(record_update(trainer)).check(1, 0, 0).kink == kink


@pytest.mark.parametrize("weight", [5e-6, -5e-6, 2e-5, 1.0])
@pytest.mark.parametrize("l1", [0.0, 0.1])
def test_an_h_is_found_that_does_not_cross_the_kink_of_l1(weight: float, l1: float) -> None:
    network = Network([1, 1], ["linear"])
    network.set([[[weight]]], [[0.0]])
    trainer = Trainer(network, Part([[1.0]], [[1.0]]), None, TrainingOptions(loss="mse", l1=l1))
    checker = GradientChecker(record_update(trainer))
    for column in (0, 1):
        check = checker.check(1, 0, column)
        assert not check.kink
        assert check.verdict == "agrees"


def test_a_weight_too_near_to_0_for_any_h_is_a_kink_of_l1() -> None:
    network = Network([1, 1], ["linear"])
    network.set([[[1e-200]]], [[0.0]])
    trainer = Trainer(network, Part([[1.0]], [[1.0]]), None, TrainingOptions(loss="mse", l1=0.1))
    check = GradientChecker(record_update(trainer)).check(1, 0, 0)
    assert check.weight_kink
    assert check.verdict == "kink"


@pytest.mark.parametrize(("layer", "neuron", "weight"), [(1, 0, 0), (1, 3, 3), (2, 1, 2)])
def test_find_worst_finds_the_wrong_gradient(layer: int, neuron: int, weight: int) -> None:
    update, _ = recorded()
    worst, count = GradientChecker(spoilt(update, layer, neuron, weight)).find_worst(layer)
    assert (worst.layer_number, worst.neuron, worst.weight) == (layer, neuron, weight)
    assert worst.relative_error == pytest.approx(0.01 / 1.01, rel=1e-2)
    assert count == update.layers[layer - 1].old.size


def test_the_worst_of_a_correct_layer_agrees() -> None:
    update, _ = recorded()
    assert GradientChecker(update).find_worst(1)[0].relative_error < 1e-5


def test_a_kink_is_the_worst_only_if_all_are_kinks() -> None:
    trainer, _ = problem([2, 3, 2], ["relu", "softmax"], rows=4)
    # of the second neuron every z is 0: whichever weight moves, some example crosses the corner
    trainer.network.layers[0].matrix[1] = 0
    checker = GradientChecker(record_update(trainer))
    assert checker.check(1, 1, 0).kink
    assert not checker.find_worst(1)[0].kink


def test_of_a_large_layer_an_evenly_spread_choice_is_checked() -> None:
    update, _ = recorded([40, 30, 2], ["tanh", "softmax"], rows=2)
    worst, count = GradientChecker(spoilt(update, 1, 29, 40)).find_worst(1)
    assert 10 < count <= MOST_CHECKS < update.layers[0].old.size
    assert (worst.neuron, worst.weight) == (29, 40)


def test_the_two_losses_give_the_slope() -> None:
    update, _ = recorded(rows=7, l1=0.1, l2=0.1)
    for layer_number, layer in enumerate(update.layers, start=1):
        for neuron, weight in np.ndindex(layer.old.shape):
            check = GradientChecker(update).check(layer_number, neuron, weight)
            slope = (check.loss_above - check.loss_below) / (2 * check.h)
            assert slope == pytest.approx(check.numerical, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("bug", [SUMMED, NO_SLOPE, NOT_RESET, NEW_WEIGHTS])
def test_of_a_large_batch_a_choice_of_the_examples_finds_a_bug(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.core.observation.gradient_check.WORK", 20_000)
    trainer, _ = problem([3, 4, 4, 2], ["tanh", "relu", "softmax"], rows=500)
    before, update = record_update(trainer), record_update(trainer)
    correct, wrong = (
        GradientChecker(update).check(1, 0, 0),
        GradientChecker(with_bug(update, bug, before)).check(1, 0, 0),
    )
    assert 0 < correct.examples < correct.affected
    assert (correct.verdict, wrong.verdict) == ("agrees", "wrong")


MAGNITUDES = st.floats(-6, 6).map(lambda exponent: 10.0**exponent)


@settings(max_examples=150)
@given(
    pair=st.sampled_from(PAIRS),
    hidden=st.lists(st.tuples(st.integers(1, 4), st.sampled_from(HIDDEN)), max_size=3),
    rows=st.sampled_from([1, 2, 5, 40]),
    inputs=st.lists(MAGNITUDES, min_size=1, max_size=4),
    weights=st.lists(MAGNITUDES | st.just(1.0), min_size=4, max_size=4),
    penalties=st.sampled_from([(0.0, 0.0), (0.01, 0.0), (0.0, 0.1)]),
    dtype=st.sampled_from([np.float64, np.float32]),
    seed=st.integers(0, 2**32),
)
def test_whatever_the_inputs_and_weights_right_is_never_called_wrong_and_a_bug_is(
    pair: tuple[str, str],
    hidden: list[tuple[int, str]],
    rows: int,
    inputs: list[float],
    weights: list[float],
    penalties: tuple[float, float],
    dtype: type,
    seed: int,
) -> None:
    loss, output = pair
    sizes = [len(inputs), *(units for units, _ in hidden), 3]
    rng = np.random.default_rng(seed)
    network = Network(sizes, [*(name for _, name in hidden), output], dtype)
    for layer, magnitude in zip(network.layers, weights, strict=False):
        layer.matrix[:] = rng.normal(size=layer.matrix.shape) * magnitude
    part = Part(rng.normal(size=(rows, len(inputs))) * inputs, targets(output, rows, 3, rng))
    options = TrainingOptions(loss=loss, batch_size="full", learning_rate=1e-3, l1=penalties[0], l2=penalties[1])
    try:
        trainer = Trainer(network, part, None, options, classification=False)
        before, update = record_update(trainer), record_update(trainer)
    except Diverged:
        reject()
    checker, verdicts = GradientChecker(update), {}
    for layer_number, layer in enumerate(update.layers, start=1):
        for neuron, weight in np.ndindex(layer.old.shape):
            check = checker.check(layer_number, neuron, weight)
            assert check.verdict != "wrong", check
            verdicts[layer_number, neuron, weight] = check
    for bug in BUGS:
        try:
            wrong = with_bug(update, bug, before)
        except FloatingPointError:
            continue
        checker = GradientChecker(wrong)
        for (layer_number, neuron, weight), correct in verdicts.items():
            gradient = float(wrong.layers[layer_number - 1].gradient[neuron, weight])
            off = abs(gradient - correct.backprop)
            if correct.verdict == "agrees" and not correct.kink and off > 0.02 * max(abs(gradient), off):
                check = checker.check(layer_number, neuron, weight)
                assert check.verdict in ("wrong", "unresolved") or check.kink, check
                assert check.verdict == "wrong" or check.kink or off < 100 * check.uncertainty, check
