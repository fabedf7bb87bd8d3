"""The pocket calculator reads formulas as they are written on the screen."""

import math

import pytest

from gradstep.core.calculator import calculate


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("0.25·0.05 + 0.3·0.1 + 0.35", 0.3925),
        ("2 − 3 − 4", -5),
        ("−0.5²", -0.25),
        ("(−0.5)²", 0.25),
        ("8 / 4 / 2", 1),
        ("1 / (1 + e^−0.5)", 1 / (1 + math.exp(-0.5))),
        ("1 / (1 + e^−(−0.5))", 1 / (1 + math.exp(0.5))),
        ("½·((1 − 3)² + (2 − 1)²)", 2.5),
        ("1/3·(1 + 2)", 1),
        ("−(0.5·ln 0.25 + ln(1 − 0.5))", -(0.5 * math.log(0.25) + math.log(0.5))),
        ("max(0, −3)", 0),
        ("−2 if −2 > 0, else 0.01·(−2)", -0.02),
        ("1 if 0 ≥ 0, else 0", 1),
        ("tanh −0.5", math.tanh(-0.5)),
        ("0.1 + 0.05·sign(−3)", 0.05),
        ("3 / (√4 + 1e−8)", 3 / (2 + 1e-8)),
        ("0.5 / (1 − 0.9^2)", 0.5 / 0.19),
        ("5 − 2 + … 780 more terms, together −0.5", 2.5),
        ("(1 + … 3 more terms, together 6) / 4", 1.75),
    ],
)
def test_a_formula_in_numbers_has_its_value(formula: str, value: float) -> None:
    assert calculate(formula) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    "formula", ["", "a·(1 − a)", "1 +", "(1", "1 2", "m̂ / 3", "1 / 0", "ln 0", "√", "e^1000", "sin 1"]
)
def test_what_has_no_value_is_refused(formula: str) -> None:
    with pytest.raises(ValueError):
        calculate(formula)
