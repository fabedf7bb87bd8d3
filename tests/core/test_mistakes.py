"""The hints for a wrong number: each mistake is made here by hand, from the numbers of the oracle, and recognized."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.ledger import mistakes as m
from gradstep.core.ledger.micro_step import Focus, MicroStep
from gradstep.core.ledger.mistakes import Given, Mistake, WrongAnswer, find_mistake, is_right
from gradstep.core.ledger.wanted import name_wanted
from gradstep.core.ledger.wrong_answers import find_old, list_wrong_answers
from tests.core.walks import Walked, every_focus, walked

Made = Iterator[tuple[Mistake, float]]
NETWORKS = {
    "softmax": walked((4, 3, 3, 3), ("tanh", "sigmoid", "softmax"), learning_rate=0.5, l2=0.05),
    "sigmoid": walked((3, 4, 2), ("relu", "sigmoid"), learning_rate=0.5),
    "half_sse": walked((2, 3, 3, 2), ("tanh", "leaky_relu", "linear"), loss="half_sse", train_biases=False),
    "mse": walked((3, 2, 2), ("sigmoid", "tanh"), loss="mse", optimizer="momentum"),
    "one path": walked((2, 3, 1), ("tanh", "linear"), loss="mse", l1=0.05),
    "softmax of squares": walked((3, 4, 3), ("relu", "softmax"), loss="half_sse", optimizer="adam"),
}
MADE_SOMEWHERE = {each for each in vars(m).values() if isinstance(each, Mistake)} - {m.OTHER_NEURON, m.OTHER_WEIGHT}


def make_by_hand(walk: Walked, step: MicroStep, focus: Focus) -> Made:
    """The numbers that a person gets who makes a mistake, from the numbers that autograd and the textbook give."""
    right, update, layer_number = walk.expected, walk.update, step.layer
    kind, i, last = step.key.split()[0], focus.example, len(update.layers)
    n = update.batch
    if layer_number:
        layer = update.layers[layer_number - 1]
        j, k = focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        bias = k == layer.inputs.shape[1]
        z, f = right[f"z {layer_number}"][i], right[f"a {layer_number}"][i]
        inputs = update.x[i] if layer_number == 1 else right[f"a {layer_number - 1}"][i]
        w, b = layer.old[j, :-1].tolist(), float(layer.old[j, -1])
    match kind:
        case "z":
            products = [one * other for one, other in zip(w, inputs, strict=True)]
            yield m.SIGN, -(sum(products) + b)
            yield m.NO_BIAS, sum(products)
            for product in products:
                yield m.ONE_PRODUCT, product + b
        case "a" if layer_number == last and layer.slope is None:
            powers = [math.exp(each - max(z)) for each in z]
            yield m.NOT_DIVIDED, powers[j]
            yield m.UPSIDE_DOWN, sum(powers) / powers[j]
        case "a":
            yield m.NO_F, z[j]
            yield m.SLOPE_FOR_F, slope(walk, layer_number, i, j)
        case "shift":
            yield m.NO_SHIFT, z[j]
            yield m.SIGN, max(z) - z[j]
        case "exp":
            yield m.NO_SHIFT, math.exp(z[j])
            yield m.NO_POWER, z[j] - max(z)
        case "sum":
            yield m.NO_SHIFT, sum(map(math.exp, z))
            yield m.ONE_POWER, math.exp(z[j] - max(z))
        case "loss" | "again":
            value = float(right[kind][i, 0])
            if kind == "again":
                yield m.BEFORE, float(right["loss"][i, 0])
            if update.loss_function.cancels_slope:
                yield m.OTHER_LOGARITHM, value / math.log(10)
                yield m.OTHER_LOGARITHM, value / math.log(2)
            elif kind == "loss":
                squares = [(one - other) ** 2 for one, other in zip(right[f"a {last}"][i], update.y[i], strict=True)]
                factor = value / sum(squares)
                yield m.NO_FACTOR, sum(squares)
                for square in squares:
                    yield m.ONE_SQUARE, factor * square
        case "mean" if not layer_number:
            losses, penalty = right["loss"][:, 0].tolist(), float(right["mean"][0, 0] - right["loss"].mean())
            yield m.SUM, sum(losses) + penalty
            yield m.ONE_EXAMPLE, losses[i] + penalty
            yield m.NO_PENALTY, sum(losses) / n
        case "check":
            yield m.BEFORE, float(right["mean"][0, 0])
        case "δ" if layer_number == last and update.loss_function.cancels_slope:
            yield m.NO_TARGET, f[j]
            yield m.SIGN, update.y[i, j] - f[j]
            yield m.EXTRA_SLOPE, (f[j] - update.y[i, j]) * f[j] * (1 - f[j])
        case "δ" if layer_number == last:
            error = 2 * (f[j] - update.y[i, j]) * (0.5 if update.loss_function.name == "half_sse" else 1 / len(f))
            yield m.NO_SLOPE, error
            if layer.slope is not None:
                yield m.F_FOR_SLOPE, error * f[j]
        case "δ" | "paths":
            deltas = right[f"δ {layer_number + 1}"][i].tolist()
            following = update.layers[layer_number]
            factor = slope(walk, layer_number, i, j) if kind == "δ" else 1.0
            old, new = following.old[:, j].tolist(), right[f"new {layer_number + 1}"][:, j].tolist()
            paths = [one * other for one, other in zip(old, deltas, strict=True)]
            for path in paths if len(paths) > 1 else ():
                yield m.ONE_PATH, path * factor
            yield m.NEW_WEIGHTS, sum(one * other for one, other in zip(new, deltas, strict=True)) * factor
            yield m.SIGN, -sum(paths) * factor
            if kind == "δ":
                yield m.NO_SLOPE, sum(paths)
                yield m.F_FOR_SLOPE, sum(paths) * f[j]
            else:
                yield m.NO_WEIGHTS, sum(deltas)
                if len(deltas) == following.old.shape[1] - 1:
                    row = following.old[j, :-1].tolist()
                    yield m.ROW_FOR_COLUMN, sum(one * other for one, other in zip(row, deltas, strict=True))
        case "∂" if not bias:
            delta = float(right[f"δ {layer_number}"][i, j])
            yield m.NO_INPUT, delta
            yield m.NO_DELTA, float(inputs[k])
            yield m.WEIGHT_FOR_INPUT, delta * w[k]
            yield m.REQUEST, -delta * float(inputs[k])
        case "mean":
            each = right[f"∂ {layer_number}"][:, j, k].tolist()
            yield m.SUM, sum(each)
            yield m.ONE_EXAMPLE, each[i]
            yield m.SIGN, -sum(each) / n
        case "penalty":
            yield m.NO_PENALTY, float(right[f"mean {layer_number}"][j, k])
        case "new":
            old, new = float(layer.old[j, k]), float(right[f"new {layer_number}"][j, k])
            yield m.UPHILL, old + (old - new)
            yield m.NO_RATE, old - (old - new) / update.learning_rate
            yield m.CHANGE_ALONE, old - new
            yield m.NOT_CHANGED, old
            if update.optimizer.name == "sgd" and (update.train_biases or not bias):
                mean = float(right[f"mean {layer_number}"][j, k])
                yield m.SUM, new - update.learning_rate * (n - 1) * mean


def slope(walk: Walked, layer_number: int, i: int, j: int) -> float:
    """f′(z), as a central difference."""
    activation, z = walk.update.layers[layer_number - 1].activation, walk.expected[f"z {layer_number}"][i, j]
    above, below = np.empty((1, 1)), np.empty((1, 1))
    activation.f(np.array([[z + 1e-6]]), above)
    activation.f(np.array([[z - 1e-6]]), below)
    return float((above - below)[0, 0] / 2e-6)


@pytest.mark.parametrize("network", NETWORKS)
@given(data=st.data(), other=st.floats(-5, 5))
@settings(max_examples=6)
def test_a_wrong_number_gets_the_hint_of_the_mistake_that_makes_it_and_no_other_number_gets_one(
    network: str, data: st.DataObject, other: float
) -> None:
    walk = NETWORKS[network]
    focus = data.draw(every_focus(walk.update))
    for step in walk.steps[1:]:
        result = step.at(focus).result
        answers = list_wrong_answers(walk.update, step, focus, result)
        made = list(make_by_hand(walk, step, focus))
        for mistake, value in made:
            if math.isclose(value, result, rel_tol=1e-6) or abs(value) < 1e-9:
                continue
            given, old = Given(value), find_old(walk.update, step, focus)
            as_near = {each.mistake for each in answers if math.isclose(value, each.value, rel_tol=1e-5, abs_tol=1e-9)}
            assert mistake in as_near, (step.key, mistake.hint, value, result)
            found = find_mistake(given, result, answers, old)
            assert found in as_near or len(as_near) > 1, (step.key, mistake.hint)
        values = [*(value for _, value in made), *(each.value for each in answers)]
        if not any(abs(other - value) <= 0.0011 * abs(value) + 1e-9 for value in values):
            assert find_mistake(Given(other), result, answers) is None


def test_every_mistake_is_made_somewhere() -> None:
    seen = set()
    for walk in NETWORKS.values():
        for neuron in range(2):
            focus = Focus(
                1,
                tuple(min(neuron, layer.z.shape[1] - 1) for layer in walk.update.layers),
                (1,) * len(walk.update.layers),
            )
            for step in walk.steps[1:]:
                seen |= {mistake for mistake, _ in make_by_hand(walk, step, focus)}
    assert seen == MADE_SOMEWHERE


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (Given(0.5933, 5e-5), True), (Given(0.59, 5e-3), True), (Given(0.6, 0.05), True), (Given(0.61, 5e-3), False),
        (Given(-0.5933, 5e-5), False), (Given(0.0, 0.5), False),
    ],
)  # fmt: skip
def test_a_number_is_right_within_2_percent(given: Given, right: bool) -> None:
    assert is_right(given, 0.593269992107, 0.0, ()) is right


def test_a_result_of_0_has_to_be_met_exactly() -> None:
    assert is_right(Given(0.0), 0.0, 0.0, ()) and not is_right(Given(0.001), 0.0, 0.0, ())
    assert not is_right(Given(0.0), 1e-9, 0.0, ())


def test_of_a_new_number_the_change_is_judged() -> None:
    assert is_right(Given(0.2995, 5e-5), 0.299502287265, 0.3, ())
    assert not is_right(Given(0.3, 0.05), 0.299502287265, 0.3, ())
    assert not is_right(Given(0.3005, 5e-5), 0.299502287265, 0.3, ())


def test_a_number_that_stands_beside_the_wanted_one_is_not_right_unless_it_is_both_to_the_digits_given() -> None:
    beside = [WrongAnswer(m.OTHER_NEURON, 0.593269992107)]
    assert not is_right(Given(0.5933, 5e-5), 0.59688437826, 0.0, beside)
    assert is_right(Given(0.6, 0.05), 0.59688437826, 0.0, beside)
    assert is_right(Given(0.595, 5e-4), 0.59688437826, 0.0, beside)


def test_the_closest_mistake_is_named_and_of_two_that_make_the_same_number_none() -> None:
    answers = [WrongAnswer(m.NO_BIAS, 0.5), WrongAnswer(m.ONE_PRODUCT, 0.503), WrongAnswer(m.SIGN, -2.0)]
    assert find_mistake(Given(0.5, 5e-3), 2.0, answers) is m.NO_BIAS
    assert find_mistake(Given(0.503, 5e-4), 2.0, answers) is m.ONE_PRODUCT
    assert find_mistake(Given(0.5), 2.0, [*answers, WrongAnswer(m.SUM, 0.5)]) is None
    assert find_mistake(Given(0.5), 2.0, [*answers, WrongAnswer(m.NO_BIAS, 0.5)]) is m.NO_BIAS
    assert find_mistake(Given(0.5), 2.0, [*answers, WrongAnswer(m.OTHER_NEURON, 0.5)]) is m.NO_BIAS


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (Given(0.9644, 5e-5), True), (Given(0.96, 5e-3), True), (Given(0.965), True), (Given(1.0, 0.5), True),
        (Given(0.982, 5e-4), False), (Given(0.97, 5e-3), False), (Given(2.0, 0.5), False), (Given(0.9, 0.05), False),
    ],
)  # fmt: skip
def test_a_mistake_is_named_where_it_comes_to_the_digits_given(given: Given, named: bool) -> None:
    assert (find_mistake(given, 0.48219, [WrongAnswer(m.NO_FACTOR, 0.96439)]) is m.NO_FACTOR) is named


def test_a_mistake_that_is_no_closer_than_the_result_is_not_named() -> None:
    assert find_mistake(Given(0.5, 0.05), 0.499, [WrongAnswer(m.NO_BIAS, 0.502)]) is None


def test_a_number_that_is_not_finite_has_no_hint() -> None:
    walk = NETWORKS["softmax"]
    step = walk.step("loss")
    focus = Focus(0, (0, 0, 0), (0, 0, 0))
    assert list_wrong_answers(walk.update, step, focus, math.nan) == ()


@pytest.mark.parametrize("network", NETWORKS)
def test_the_terms_of_a_number_end_in_a_question_and_the_number_has_a_name(network: str) -> None:
    walk = NETWORKS[network]
    focus = Focus(1, (0,) * len(walk.update.layers), (1,) * len(walk.update.layers))
    for step in walk.steps[1:]:
        written = step.at(focus)
        assert written.terms[-1].endswith("?")
        assert written.terms[:-1] == written.lines[: len(written.terms) - 1]
        symbol, _, words = name_wanted(walk.update, step, focus).partition(": ")
        assert symbol and words
