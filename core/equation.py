"""Equations that a reader can check: the numbers of a formula have the digits that its result needs.

A formula is text of one or more lines. A line that begins with "=" is another form of it, any other line goes on with
the line above. A note may stand at the end of a line, after three spaces.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from gradstep.core.calculator import calculate
from gradstep.core.notation import DIGITS, digits_of_result, exact, rounded, written_with

MOST_DIGITS = 17
"""Enough for any float."""

FEWEST_DIGITS_OF_RESULT = 3

Writer = Callable[[], str]
"""Writes a formula, each of its numbers with `number` or `factor`."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A formula with numbers, `name = formula`, and its result; `is_right` if the formula comes to the result."""

    formula: str
    result: str
    is_right: bool

    def lines(self, indent: str = "   ") -> tuple[str, ...]:
        """The formula, and below it the result."""
        return (*self.formula.split("\n"), f"{indent}= {self.result}")

    def line(self) -> str:
        """The formula and the result in one line."""
        return f"{self.formula} = {self.result}"


def write_equation(write: Writer, result: float) -> Equation:
    """Write the formula with the fewest digits that give the result, which has as many digits as the formula yields.

    A computation in float32, or one in which almost everything cancels out, yields fewer than twelve, or than
    `results_with` chooses.
    """
    texts: dict[int, tuple[str, list[float]]] = {}

    def yields(digits: int, shown: str, kept: int) -> bool:
        if digits not in texts:
            text = _write_with(write, digits)
            texts[digits] = text, _calculate_forms(text)
        values = texts[digits][1]
        return bool(values) and all(rounded(value, kept) == shown for value in values)

    for kept in range(digits_of_result(), FEWEST_DIGITS_OF_RESULT - 1, -1):
        shown = rounded(result, kept)
        if not yields(MOST_DIGITS, shown, kept):
            continue
        for digits in range(min(DIGITS, digits_of_result()), MOST_DIGITS + 1):
            if yields(digits, shown, kept):
                return Equation(texts[digits][0], shown, is_right=True)
    return Equation(_write_with(write, digits_of_result()), exact(result), is_right=not math.isfinite(result))


def _write_with(write: Writer, digits: int) -> str:
    with written_with(digits):
        return write()


def _calculate_forms(text: str) -> list[float]:
    """What each form of the formula comes to that is written in numbers."""
    whole = " ".join(line.strip().split("   ")[0] for line in text.split("\n"))
    values = []
    for form in whole.split(" = ")[1:]:
        try:
            values.append(calculate(form))
        except ValueError:
            continue
    return values
