"""What the micro-steps write: sums, signs, words, and arithmetic that comes to what is written below it."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.ledger.micro_step import Focus
from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.notation import exact, number, written_sum
from tests.core.walks import Walked, some_foci, walked
from tests.oracle import HIDDEN, PAIRS

WALKED = walked(optimizer="momentum", l2=0.1)
PYTHON = {
    r"−": "-",
    r"·": "*",
    r"²": "**2",
    r"\((\d+) more: ": "(",
    r"√([\d.e-]+)": r"(\1)**0.5",
    r"e\^(-?\(?-?[\d.e-]+\)?)": r"exp(\1)",
    r"½ ": "0.5*",
    r"1/(\d+) \(": r"1/\1*(",
    r"ln ([\d.e-]+)": r"log(\1)",
    r"tanh (-?[\d.e-]+)": r"tanh(\1)",
    r"≥": ">=",
    r", else": " else",
    r", the bias b|   without .*": "",
}
"""How a written formula becomes an expression of Python, in this order."""


def value_of(formula: str) -> float | None:
    """What a formula with numbers in it comes to; None for one in symbols."""
    for written, python in PYTHON.items():
        formula = re.sub(written, python, formula)
    try:
        names = {"exp": np.exp, "log": np.log, "tanh": np.tanh, "sign": np.sign, "max": max}
        return float(eval(formula.strip(), {"__builtins__": {}}, names))
    except (NameError, SyntaxError):
        return None


def chains_of(lines: tuple[str, ...]) -> list[list[float]]:
    """For each name = formula = ... = number what every part comes to, as far as it is written in numbers."""
    # a line that begins with a sign goes on with the one above it
    text = re.sub(r"\n +(?== |[+−] [^\n]*the bias)", " ", "\n".join(lines))
    chains = [[value_of(part) for part in line.split(" = ")[1:]] for line in text.split("\n")]
    return [[value for value in chain if value is not None] for chain in chains]


def assert_arithmetic_is_right(walk: Walked, silent: tuple[str, ...] = ()) -> None:
    """Every micro-step but those called `silent` writes at least one formula with numbers, and all are right."""
    for focus in some_foci(walk.update):
        for step in walk.steps:
            chains = chains_of(step.at(focus).lines)
            for chain in chains:
                assert chain == pytest.approx(chain[-1:] * len(chain), rel=2e-4, abs=2e-5), step.at(focus).lines
            says_something = max(map(len, chains), default=0) > 1
            assert says_something or step.key.split()[0] in (*silent, "batch", "again", "check", "∂"), step.key


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
    # more than three terms of a binary cross-entropy are not written out; softmax mixes all outputs in its δ
    silent = ("loss", "δ") if loss.endswith("cross_entropy") or output == "softmax" else ()
    assert_arithmetic_is_right(walked((3, 4, outputs), ("tanh", output), loss=loss, updates=1), silent)


def test_adam_writes_both_moments_and_their_corrections() -> None:
    walk = walked(optimizer="adam", updates=4)
    mean, square, corrected, _, _ = walk.step("adam 2").at(some_foci(walk.update)[0]).lines
    assert re.fullmatch(r"m = 0.9·\S+ \+ 0.1·\S+ = \S+", mean)
    assert re.fullmatch(r"s = 0.999·\S+ \+ 0.001·\S+² = \S+", square)
    for line in (mean, square):
        formula, number = (value_of(part) for part in line.split(" = ")[1:])
        assert formula == pytest.approx(number, rel=1e-4)
    assert "m̂ = m / (1 − 0.9^4) = " in corrected
    assert "ŝ = s / (1 − 0.999^4) = " in corrected


def test_the_check_shows_the_predicted_and_the_actual_loss() -> None:
    update, lines = WALKED.update, WALKED.step("check").at(some_foci(WALKED.update)[0]).lines
    before, after = update.loss + update.penalty, update.loss_after + update.penalty_after
    predicted = before + update.predicted_change
    assert lines == (
        f"L before    {exact(before)}",
        f"predicted   −Σ g·change = {number(update.predicted_change)}, that is {exact(predicted)}",
        f"L after     {exact(after)}",
        f"it changed by {number(after - before)}",
    )


def test_the_loss_of_an_example_is_told_before_and_after() -> None:
    update, focus = WALKED.update, some_foci(WALKED.update)[1]
    before, after = exact(update.losses[4]), exact(update.losses_after[4])
    assert WALKED.step("again").at(focus).lines == (f"example 5: E was {before}", f"  now {after}")


def test_the_entry_of_w_that_a_path_goes_through_is_marked() -> None:
    focus = Focus(1, (2, 1, 2), (0, 5, 0))
    deltas, weights = (table for table in WALKED.step("paths 2").reads)
    assert deltas.marked(focus) == (1, 2)
    assert weights.marked(focus) == (2, 1)
    path = deltas.values[1, 2] * weights.values[2, 1]
    assert f"from neuron 3: w·δ = {weights.values[2, 1]:.6g}".replace("-", "−") in text_of(WALKED, "paths 2", focus)
    assert f"= {exact(path)}\n" in text_of(WALKED, "paths 2", focus)


def text_of(walk: Walked, key: str, focus: Focus) -> str:
    return "\n".join(walk.step(key).at(focus).lines)


def test_frozen_biases_say_so_wherever_they_would_move() -> None:
    walk = walked(optimizer="momentum", l2=0.1, train_biases=False)
    on_bias = some_foci(walk.update)[2]
    for key in ("penalty 2", "momentum 2", "new 2"):
        assert "the biases are frozen in this experiment" in text_of(walk, key, on_bias)
        assert "frozen" not in text_of(walk, key, some_foci(walk.update)[0])
    assert walk.step("new 2").at(on_bias).result == walk.update.layers[1].old[2, -1]


def test_a_bias_has_no_penalty() -> None:
    assert "no l1/l2 term for a bias" in text_of(WALKED, "penalty 1", some_foci(WALKED.update)[2])


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
    assert written.lines[1] == f"     {sign} {abs(b):.6g}, the bias b"


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
    text = written_sum([float(term) for term in terms], [exact(term) for term in terms], chosen)
    folded = re.search(r"\((\d+) more: (.*)\)", text)
    plain = re.sub(r"\(\d+ more: (.*)\)", r"\1", text).replace("−", "-").replace("- ", "+ -")
    parts = [int(float(part)) for part in plain.split(" + ") for part in part.split("+ ") if part]
    assert sum(parts) == sum(terms)
    if len(terms) <= 5:
        assert folded is None and parts == terms
    else:
        assert folded is not None and (len(parts), int(folded[1])) == (5, len(terms) - 4)
        assert chosen is None or chosen == len(terms) or terms[chosen] in parts[:4]


def test_of_a_long_sum_the_largest_terms_are_shown_in_their_order() -> None:
    terms = [1.0, -50.0, 2.0, 30.0, 3.0, 40.0, 4.0]
    texts = [exact(term) for term in terms]
    assert written_sum(terms, texts, None) == "−50 + 30 + 40 + 4 + (3 more: 6)"
    assert written_sum(terms, texts, 0) == "1 − 50 + 30 + 40 + (3 more: 9)"
