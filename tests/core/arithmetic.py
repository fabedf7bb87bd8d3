"""Reads the equations of a micro-step, and computes what is written there, as a reader with a calculator would."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

PYTHON = {
    r"−": "-",
    r"·": "*",
    r"²": "**2",
    r"… \d+ more terms, together (-?[\d.]+(?:e-?\d+)?)": r"(\1)",
    r"√([\d.]+(?:e-?\d+)?)": r"(\1)**0.5",
    r"(?<![\d.])e\^(-?\(?-?[\d.]+(?:e-?\d+)?\)?)": r"exp(\1)",
    r"\^(\d+)": r"**\1",
    r"½": "0.5",
    r"ln (-?[\d.]+(?:e-?\d+)?)": r"log(\1)",
    r"ln ?\(": r"log(",
    r"tanh (-?[\d.]+(?:e-?\d+)?)": r"tanh(\1)",
    r"≥": ">=",
    r", else": " else",
}
"""How a written formula becomes an expression of Python, in this order."""

NAMES = {"exp": np.exp, "log": np.log, "tanh": np.tanh, "sign": np.sign, "max": max}

NOTE = re.compile(r"(?<=\S)   .*|: (up|down|no change)(, for .+ (alone|together))?$")


@dataclass(frozen=True)
class WrittenEquation:
    """What each form of a formula comes to, and the result as it is shown."""

    text: str
    values: tuple[float, ...]
    shown: str


def value_of(formula: str) -> float | None:
    """What a formula with numbers in it comes to; None for one in symbols."""
    for written, python in PYTHON.items():
        formula = re.sub(written, python, formula)
    try:
        with np.errstate(all="ignore"):
            return float(eval(formula.strip(), {"__builtins__": {}}, NAMES))
    except (NameError, SyntaxError, TypeError):
        return None


def read_equations(lines: Iterable[str]) -> list[WrittenEquation]:
    """Every formula with numbers and its result. A line that begins with a sign goes on with the one above it."""
    whole: list[str] = []
    for line in (NOTE.sub("", line.strip()) for line in lines):
        if line[:2] in ("= ", "+ ", "− ") and whole:
            whole[-1] += f" {line}"
        else:
            whole.append(line)
    found = []
    for text in whole:
        *forms, shown = text.split(" = ")[1:] or [""]
        values = tuple(value for value in map(value_of, forms) if value is not None)
        if values:
            found.append(WrittenEquation(text, values, shown))
    return found


def assert_last_digit_is_right(equation: WrittenEquation, fewest_digits: int = 9) -> None:
    """Every form comes to the result in all its digits, up to what floats of the size of its terms can hold."""
    for value in equation.values:
        rounded = {f"{value:.{digits}g}".replace("-", "−") for digits in range(fewest_digits, 13)}
        shown = float(equation.shown.replace("−", "-"))
        assert equation.shown in rounded or abs(value - shown) < 1e-15, f"{equation.text}: {value!r}"
