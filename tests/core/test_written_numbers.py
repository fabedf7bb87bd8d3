"""What the micro-steps write: sums, signs, words, and arithmetic that comes to what is written below it."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.ledger.check import judge_prediction
from gradstep.core.ledger.micro_step import Focus
from gradstep.core.ledger.order import micro_steps
from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.network import Network
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.notation import exact, fold_sum, number
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import Update, record_update
from tests.core.arithmetic import assert_last_digit_is_right, read_equations, value_of
from tests.core.walks import Walked, some_foci, walked
from tests.oracle import HIDDEN, PAIRS

WALKED = walked(optimizer="momentum", l2=0.1)


def assert_arithmetic_is_right(walk: Walked, silent: tuple[str, ...] = ()) -> None:
    """Every micro-step but those called `silent` writes a formula with numbers, and all come to their last digit."""
    for focus in some_foci(walk.update):
        for step in walk.steps:
            equations = read_equations(step.at(focus).lines)
            for equation in equations:
                assert_last_digit_is_right(equation)
            assert equations or step.key.split()[0] in (*silent, "batch", "again", "∂"), step.key


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("penalty", [{}, {"l1": 0.05}, {"l2": 0.1}, {"l1": 0.05, "l2": 0.1}], ids=str)
def test_what_is_written_comes_to_what_stands_below_it(optimizer: str, penalty: dict[str, float]) -> None:
    # on a bias the penalty has no formula: it is the gradient as it was
    assert_arithmetic_is_right(walked(optimizer=optimizer, **penalty), silent=("penalty",))


@pytest.mark.parametrize("hidden", HIDDEN)
def test_the_arithmetic_of_every_activation_is_right(hidden: str) -> None:
    assert_arithmetic_is_right(walked((3, 7, 4, 2), (hidden, hidden, "softmax")))


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("outputs", [1, 3, 8])
def test_the_arithmetic_of_every_output_is_right(loss: str, output: str, outputs: int) -> None:
    assert_arithmetic_is_right(walked((3, 4, outputs), ("tanh", output), loss=loss, updates=1))


def test_adam_writes_both_moments_and_their_corrections() -> None:
    walk = walked(optimizer="adam", updates=4)
    mean, square, corrected_mean, corrected_square, _, _ = walk.step("adam 2").at(some_foci(walk.update)[0]).lines
    assert re.fullmatch(r"m = 0.9·\S+ \+ 0.1·\S+ = \S+", mean)
    assert re.fullmatch(r"s = 0.999·\S+ \+ 0.001·\S+² = \S+", square)
    assert re.fullmatch(r"m̂ = m / \(1 − 0.9\^4\) = \S+ / \(1 − 0.9\^4\) = \S+", corrected_mean)
    assert re.fullmatch(r"ŝ = s / \(1 − 0.999\^4\) = \S+ / \(1 − 0.999\^4\) = \S+", corrected_square)


def test_the_check_shows_the_predicted_and_the_actual_loss() -> None:
    update, lines = WALKED.update, WALKED.step("check").at(some_foci(WALKED.update)[0]).lines
    before, after = update.loss + update.penalty, update.loss_after + update.penalty_after
    assert lines[0] == f"L before = {exact(before)}"
    assert lines[1].startswith("L predicted = L before − Σ g·change = ")
    assert lines[1].endswith(f" = {exact(before + update.predicted_change)}")
    assert lines[2] == f"L after = {exact(after)}"
    assert lines[3].startswith("L after − L before = ")
    verdict = judge_prediction(update.predicted_change, after - before)
    changed = f"{'fell' if after < before else 'rose'} by {number(abs(after - before))}"
    assert lines[4] == f"The loss of the batch {changed}{verdict}."


@pytest.mark.parametrize(
    ("predicted", "change", "words"),
    [
        (-0.113966, -0.0738907, ", 0.65 times as much as predicted"),
        (-0.0073078, -0.0073433, ", about as much as predicted"),
        (-0.1, -1.7, ", 17 times as much as predicted"),
        (-0.1, 0.2, "; predicted was a fall"),
        (0.1, 0.0, "; predicted was a rise"),
        (0.0, 0.0, ""),
        (-0.1, math.inf, ", which was not predicted"),
        (0.1, 0.1, ", about as much as predicted"),
    ],
)
def test_the_check_answers_whether_the_loss_changed_as_predicted(predicted: float, change: float, words: str) -> None:
    assert judge_prediction(predicted, change) == words


def test_the_outputs_and_the_loss_of_an_example_are_told_before_and_after() -> None:
    update, focus = WALKED.update, some_foci(WALKED.update)[1]
    before, after = update.losses[4], update.losses_after[4]
    outputs = zip(update.layers[-1].a[4], update.activations_after[-1][4], update.y[4], strict=True)
    assert WALKED.step("again").at(focus).lines == (
        *(
            f"ŷ{index} was {exact(old)}, is now {exact(new)}; target {target:.0f}"
            for index, (old, new, target) in zip("₁₂₃", outputs, strict=True)
        ),
        f"E was {exact(before)}, is now {exact(after)}",
        f"The loss of this example {'fell' if after < before else 'rose'} by {number(abs(after - before))}.",
    )


def test_the_new_activations_are_those_of_the_next_forward_pass() -> None:
    first, second = walked(rows=5, updates=1).update, walked(rows=5, updates=2).update
    assert np.array_equal(first.rows, second.rows)
    for new, layer in zip(first.activations_after, second.layers, strict=True):
        np.testing.assert_allclose(new, layer.a, rtol=1e-12)


@pytest.mark.parametrize(
    ("rate", "learnt", "word"), [(0.05, False, "fell"), (5000.0, False, "rose"), (0.05, True, "did not change")]
)
def test_the_sentences_on_the_changed_loss_follow_what_happened(rate: float, learnt: bool, word: str) -> None:
    update = one_weight(learning_rate=rate, target=0.5 if learnt else 0.0)
    steps = {step.key: step for step in micro_steps(update)}
    focus = Focus(0, (0,), (0,))
    assert any(line.startswith(f"The loss of this example {word}") for line in steps["again"].at(focus).lines)
    assert any(line.startswith(f"The loss of the batch {word}") for line in steps["check"].at(focus).lines)
    assert f"Their mean loss {word}" in steps["again"].words


def one_weight(learning_rate: float, target: float) -> Update:
    """The first update of a linear neuron with w = 0.5 and b = 0 on two examples of x = 1."""
    network = Network([1, 1], ["linear"])
    network.set([[[0.5]]], [[0.0]])
    options = TrainingOptions(loss="mse", learning_rate=learning_rate, batch_size="full")
    part = Part(np.ones((2, 1)), np.full((2, 1), target))
    return record_update(Trainer(network, part, None, options, classification=False))


def test_the_entry_of_w_that_a_path_goes_through_is_marked() -> None:
    focus = Focus(1, (2, 1, 2), (0, 5, 0))
    deltas, weights = (table for table in WALKED.step("paths 2").reads)
    assert deltas.marked(focus) == (1, 2)
    assert weights.marked(focus) == (2, 1)
    path = deltas.values[1, 2] * weights.values[2, 1]
    assert re.search(f"from neuron 3: w·δ₃ = \\S+ = {exact(path)}\n", text_of(WALKED, "paths 2", focus))


def text_of(walk: Walked, key: str, focus: Focus) -> str:
    return "\n".join(walk.step(key).at(focus).lines)


def test_frozen_biases_say_so_wherever_they_would_move() -> None:
    walk = walked(optimizer="momentum", l2=0.1, train_biases=False)
    on_bias = some_foci(walk.update)[2]
    for key in ("penalty 2", "momentum 2", "new 2"):
        assert "the biases are frozen in this experiment" in text_of(walk, key, on_bias)
        said = "nothing is subtracted from b: the biases are frozen" in text_of(walk, key, some_foci(walk.update)[0])
        assert said == (key == "new 2")
    assert "frozen" not in text_of(WALKED, "new 2", some_foci(WALKED.update)[0])
    assert walk.step("new 2").at(on_bias).result == walk.update.layers[1].old[2, -1]


def test_a_bias_has_no_penalty() -> None:
    assert "a bias has no l1/l2 term" in text_of(WALKED, "penalty 1", some_foci(WALKED.update)[2])


def test_of_a_one_hot_target_the_terms_that_do_not_count_are_left_out() -> None:
    focus = some_foci(WALKED.update)[0]
    text = text_of(WALKED, "loss", focus)
    assert text.count("ln") == 1
    assert "without 2 of 3 terms, where y is 0" in text


def test_a_weighted_sum_is_written_out_term_by_term() -> None:
    walk = walked((2, 1), ("sigmoid",))
    (w1, w2, b), (x1, x2) = walk.update.layers[0].old[0], walk.update.x[0]
    written = walk.step("z 1").at(some_foci(walk.update)[0])
    terms = written.lines[0].removeprefix("z₁ = ").replace("−", "-").replace(" - ", " + -").split(" + ")
    products = [np.prod([float(part.strip("()")) for part in term.split("·")]) for term in terms]
    assert products == pytest.approx([w1 * x1, w2 * x2], rel=1e-5)
    sign = "−" if b < 0 else "+"
    assert value_of(written.lines[1].partition("   the bias b")[0]) == pytest.approx(b, rel=1e-5)
    assert written.lines[1].strip().startswith(sign) and written.lines[1].endswith("   the bias b")


@pytest.mark.parametrize(
    ("activation", "text"),
    [
        ("step", "1 if −0.5 ≥ 0, else 0"),
        ("linear", "−0.5"),
        ("sigmoid", "1 / (1 + e^−(−0.5))"),
        ("tanh", "tanh −0.5"),
        ("relu", "max(0, −0.5)"),
        ("leaky_relu", "−0.5 if −0.5 > 0, else 0.01·(−0.5)"),
    ],
)
def test_an_activation_is_written_with_its_number(activation: str, text: str) -> None:
    assert ACTIVATIONS[activation].write(-0.5) == text


@pytest.mark.parametrize(
    ("activation", "text"),
    [
        ("step", "0"),
        ("linear", "1"),
        ("sigmoid", "a·(1 − a) = (−0.25)·(1 − (−0.25))"),
        ("tanh", "1 − a² = 1 − (−0.25)²"),
        ("relu", "1 if −0.5 > 0, else 0"),
        ("leaky_relu", "1 if −0.5 > 0, else 0.01"),
    ],
)
def test_a_slope_is_written_with_its_numbers(activation: str, text: str) -> None:
    assert ACTIVATIONS[activation].write_derivative(-0.5, -0.25) == text


def test_no_line_holds_two_signs_in_a_row() -> None:
    for options in ({}, *({"optimizer": optimizer, "l1": 0.1, "l2": 0.1} for optimizer in OPTIMIZERS)):
        walk = walked(**options)
        for focus in some_foci(walk.update):
            text = "\n".join(line for step in walk.steps for line in step.at(focus).lines)
            assert not re.search(r"[+−·] ?−\d", text), text


def test_every_micro_step_speaks() -> None:
    for step in WALKED.steps:
        assert all((step.title, step.formula, step.code, step.words)), step.key
        assert step.words.endswith(".")


@pytest.mark.parametrize(
    ("optimizer", "prediction"), [("sgd", "L after ≈ L before − α·‖g‖²"), ("adam", "L after ≈ L before − Σ g·change")]
)
def test_the_prediction_is_that_of_the_optimizer(optimizer: str, prediction: str) -> None:
    walk = walked(optimizer=optimizer)
    assert walk.step("check").formula == prediction
    predicted = walk.step("check").reads[1].values.item()
    assert predicted == pytest.approx(walk.update.loss + walk.update.predicted_change, rel=1e-12)


@given(st.lists(st.integers(-99999, 99999), min_size=1, max_size=40), st.data())
def test_a_long_sum_is_folded_and_its_parts_add_up(terms: list[int], data: st.DataObject) -> None:
    chosen = data.draw(st.none() | st.integers(0, len(terms)))
    text = fold_sum(terms, chosen).write(lambda index: exact(terms[index]))
    folded = re.search(r"… (\d+) more terms, together (−?\d+)$", text)
    assert value_of(text) == sum(terms)
    if len(terms) <= 5:
        assert folded is None
        return
    assert folded is not None and int(folded[1]) == len(terms) - 4
    shown = fold_sum(terms, chosen).shown
    assert len(shown) == 4 and (chosen is None or chosen == len(terms) or chosen in shown)


def test_of_a_long_sum_the_largest_terms_are_shown_in_their_order() -> None:
    terms = [1.0, -50.0, 2.0, 30.0, 3.0, 40.0, 4.0]
    assert written_sum(terms, None) == "−50 + 30 + 40 + 4 + … 3 more terms, together 6"
    assert written_sum(terms, 0) == "1 − 50 + 30 + 40 + … 3 more terms, together 9"


def written_sum(terms: list[float], chosen: int | None) -> str:
    return fold_sum(terms, chosen).write(lambda index: exact(terms[index]))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_only_plain_descent_is_said_to_go_against_the_gradient(optimizer: str) -> None:
    words = walked(optimizer=optimizer).step("new 1").words
    assert ("moves against it" in words) == (optimizer == "sgd")
    assert ("Plain descent" in words) == (optimizer != "sgd")


def test_outputs_and_examples_are_counted_by_different_letters() -> None:
    walk = walked((3, 2), ("linear",), loss="mse")
    assert walk.step("loss").formula == "E = 1/K Σᵢ (yᵢ − ŷᵢ)², over K outputs"
    assert walk.step("mean").formula.startswith("L = 1/N Σ E")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_formulas_have_one_minus_sign_and_numpy_its_own(optimizer: str) -> None:
    walk = walked(optimizer=optimizer, l1=0.05, l2=0.1)
    for step in walk.steps:
        for focus in some_foci(walk.update):
            assert not re.search(r"(?<![a-z])-|e-\d", "\n".join((step.formula, *step.at(focus).lines))), step.key
        assert "−" not in step.code
