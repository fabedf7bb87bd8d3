"""∂E/∂w is written as a product along the chain: its factors by name, with numbers that agree with autograd."""

import re

import numpy as np
import pytest

from gradstep.core.ledger.bugs import BUGS, with_bug
from gradstep.core.ledger.micro_step import Focus
from gradstep.core.ledger.order import micro_steps
from gradstep.core.notation import subscript
from tests.core.arithmetic import assert_last_digit_is_right, read_equations, value_of
from tests.core.problems import problem
from tests.core.walks import some_foci, walked
from tests.oracle import HIDDEN, PAIRS


@pytest.mark.parametrize("hidden", HIDDEN)
def test_every_hidden_activation_has_its_factors(hidden: str) -> None:
    assert_factors_agree((3, 4, 4, 2), (hidden, hidden, "softmax"), "cross_entropy")


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_every_output_has_its_factors(loss: str, output: str) -> None:
    assert_factors_agree((3, 4, 3), ("tanh", output), loss)


def assert_factors_agree(sizes: tuple[int, ...], activations: tuple[str, ...], loss: str) -> None:
    """∂E/∂a and ∂E/∂z are autograd's, and the last factor is the entry of x, of the activation before, or 1."""
    walk = walked(sizes, activations, loss=loss, updates=1)
    _, oracle = problem(sizes, activations, loss=loss)
    parameters = np.concatenate([layer.old.ravel() for layer in walk.update.layers])
    on_z, on_a = oracle.wishes(parameters)
    read = [oracle.x, *(a for _, a in oracle.forward(parameters))]
    for focus in some_foci(walk.update):
        for number in range(1, len(activations) + 1):
            i, j, k = focus.example, focus.neurons[number - 1], focus.weights[number - 1]
            is_output, is_bias = number == len(activations), k == sizes[number - 1]
            stands_for_both = is_output and (loss.endswith("entropy") or activations[-1] == "softmax")
            last = 1.0 if is_bias else read[number - 1][i, k]
            lines = walk.step(f"∂ {number}").at(focus).lines
            names, factors = read_chain(lines)
            n, w, a = subscript(j), "b" if is_bias else "w", "ŷ" if is_output else "a"
            whole = [line for line in lines if line.startswith(f"∂E/∂z{n} is δ{n}, computed before as a whole: ")]
            assert bool(whole) == stands_for_both
            if stands_for_both and loss.endswith("entropy"):
                assert whole[0].endswith(f"ŷ{n} − y{n}")
            general = walk.step(f"∂ {number}").formula.partition(":")[0]
            assert general == "∂E/∂w = " + ("∂E/∂z · ∂z/∂w" if stands_for_both else "∂E/∂a · ∂a/∂z · ∂z/∂w")
            if stands_for_both:
                assert names == [f"∂E/∂z{n}", f"∂z{n}/∂{w}"]
                assert factors == pytest.approx([on_z[number - 1][i, j], last], rel=1e-5, abs=1e-12)
            else:
                assert names == [f"∂E/∂{a}{n}", f"∂{a}{n}/∂z{n}", f"∂z{n}/∂{w}"]
                assert [factors[0], factors[0] * factors[1], factors[2]] == pytest.approx(
                    [on_a[number - 1][i, j], on_z[number - 1][i, j], last], rel=1e-5, abs=1e-12
                )
            for equation in read_equations(lines):
                assert_last_digit_is_right(equation)


def read_chain(lines: tuple[str, ...]) -> tuple[list[str], list[float]]:
    """The factors by name, and their numbers."""
    chain = next(index for index, line in enumerate(lines) if re.match("∂E/∂[wb] = ∂E/∂", line))
    names = re.split("·", lines[chain].split(" = ")[1].split("   ")[0])
    numbers = re.split("·", lines[chain + 1].split(" = ")[-1].split("= ")[-1])
    values = [value_of(text) for text in numbers]
    assert len(names) == len(values) and None not in values
    return names, [value for value in values if value is not None]


def test_the_last_factor_is_said_to_be_the_input_or_the_activation_before() -> None:
    walk = walked((3, 4, 2), ("tanh", "sigmoid"), loss="mse")
    first, bias = Focus(0, (1, 1), (2, 3)), Focus(0, (1, 1), (3, 4))
    assert "∂z₂/∂w = x₃, the input" in walk.step("∂ 1").at(first).lines[0]
    assert "∂z₂/∂w = a₄, the activation before" in walk.step("∂ 2").at(first).lines[0]
    assert walk.step("∂ 1").at(bias).lines[0].endswith("∂z₂/∂b = 1")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_with_a_bug_no_product_is_written_that_is_not_true(bug) -> None:
    walk = walked((3, 4, 2), ("tanh", "sigmoid"), loss="mse", updates=2)
    update = with_bug(walk.update, bug, walked((3, 4, 2), ("tanh", "sigmoid"), loss="mse", updates=1).update)
    for step in micro_steps(update):
        if step.key.startswith("∂"):
            for equation in read_equations(step.at(Focus(0, (1, 1), (2, 3))).lines):
                assert_last_digit_is_right(equation)
