"""An equation is written with the digits that its result needs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.equation import write_equation
from gradstep.core.notation import exact, factor, number, results_with
from tests.core.arithmetic import assert_last_digit_is_right, read_equations
from tests.core.walks import some_foci, walked

FLOATS = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda value: abs(value) > 1e-6)


@given(FLOATS, FLOATS)
def test_a_product_comes_to_all_twelve_digits_of_its_result(a: float, b: float) -> None:
    equation = write_equation(lambda: f"p = {number(a)}·{factor(b)}", a * b)
    assert equation.is_right
    (read,) = read_equations(equation.lines())
    assert_last_digit_is_right(read)


def test_short_numbers_are_written_short() -> None:
    assert write_equation(lambda: f"z = {number(0.25)}·{number(0.05)}", 0.0125).line() == "z = 0.25·0.05 = 0.0125"


def test_each_form_of_a_formula_and_its_notes() -> None:
    equation = write_equation(
        lambda: f"d = a·b = {number(0.5)}·{number(3)}   a note\n  = {number(1)} + {number(0.5)}", 1.5
    )
    assert equation.lines("  ") == ("d = a·b = 0.5·3   a note", "  = 1 + 0.5", "  = 1.5")
    assert equation.is_right


def test_a_result_that_the_formula_does_not_have_is_not_right() -> None:
    assert not write_equation(lambda: f"s = {number(1)} + {number(1)}", 3.0).is_right


def test_what_cancels_out_has_fewer_digits_and_they_are_right() -> None:
    a, b = 1 / 3, 1 / 3 + 1e-9
    difference = float(np.float64(a) - np.float64(b)) * (1 + 1e-7)
    equation = write_equation(lambda: f"d = {number(a)} − {number(b)}", difference)
    assert equation.is_right and len(equation.result) < len(exact(difference))


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
def test_in_float32_every_equation_is_right_in_the_digits_it_shows(loss: str) -> None:
    walk = walked((7, 6, 3), ("tanh", "softmax"), loss=loss, dtype=np.float32, updates=2)
    for focus in some_foci(walk.update):
        for step in walk.steps:
            for equation in read_equations(step.at(focus).lines):
                assert_last_digit_is_right(equation, fewest_digits=3)


@given(FLOATS, FLOATS)
def test_a_result_with_few_digits_needs_few_in_its_formula(a: float, b: float) -> None:
    with results_with(6):
        equation = write_equation(lambda: f"p = {number(a)}·{factor(b)}", a * b)
    assert equation.is_right and equation.result == f"{a * b:.6g}".replace("-", "−")
    (read,) = read_equations(equation.lines())
    assert_last_digit_is_right(read, fewest_digits=6)
