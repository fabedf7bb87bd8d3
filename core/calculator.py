"""A pocket calculator for formulas as they are written on the screen: what a reader gets who puts them in.

It knows numbers, + − · / ², √, e^x, ln, tanh, sign, max, brackets, "a if b > c, else d", and the rest of a folded sum.
"""

import math
import re
from collections.abc import Callable

TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?(?:e[+−-]?\d+)?|[a-z]+|[()+−·/²^√½>≥,…])")

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "√": math.sqrt,
    "ln": math.log,
    "tanh": math.tanh,
    "sign": lambda x: float((x > 0) - (x < 0)),
}


def calculate(formula: str) -> float:
    """The value of a formula. Raises ValueError for one that is not written in numbers, or that has no value."""
    tokens = []
    position = 0
    formula = formula.strip()
    while position < len(formula):
        match = TOKEN.match(formula, position)
        if match is None:
            raise ValueError(f"not a formula in numbers: {formula!r}")
        tokens.append(match[1])
        position = match.end()
    reader = _Reader(tokens)
    try:
        value = reader.read_choice()
    except (ZeroDivisionError, OverflowError) as error:
        raise ValueError(f"{formula!r} has no value") from error
    if reader.tokens:
        raise ValueError(f"not a formula in numbers: {formula!r}")
    return value


class _Reader:
    """Reads a formula from the left, a method for each level of binding, and returns what it comes to."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def _take(self, *wanted: str) -> str:
        """The next token if it is one of these, or else nothing."""
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else ""

    def _demand(self, *words: str) -> None:
        for word in words:
            if not self._take(word):
                raise ValueError(f"{word!r} is missing")

    def read_choice(self) -> float:
        """A sum, or "a if b > c, else d"."""
        value = self._read_sum()
        if not self._take("if"):
            return value
        left = self._read_sum()
        relation = self._take(">", "≥")
        right = self._read_sum()
        self._demand(",", "else")
        otherwise = self.read_choice()
        return value if left > right or (relation == "≥" and left == right) else otherwise

    def _read_sum(self) -> float:
        value = self._read_product()
        while sign := self._take("+", "−"):
            term = self._read_product()
            value += term if sign == "+" else -term
        return value

    def _read_product(self) -> float:
        value = self._read_signed()
        while True:
            if self._take("/"):
                value /= self._read_signed()
            elif self._take("·") or (self.tokens and self.tokens[0] == "("):
                value *= self._read_signed()
            else:
                return value

    def _read_signed(self) -> float:
        return -self._read_signed() if self._take("−") else self._read_power()

    def _read_power(self) -> float:
        value = self._read_atom()
        if self._take("²"):
            return value * value
        return float(value ** self._read_signed()) if self._take("^") else value

    def _read_atom(self) -> float:
        token = self.tokens.pop(0) if self.tokens else ""
        if token[:1].isdigit() and token != "½":
            return float(token.replace("−", "-"))
        match token:
            case "½":
                return 0.5
            case "e":
                return math.e
            case "(":
                value = self.read_choice()
                self._demand(")")
                return value
            case "max":
                self._demand("(")
                first = self.read_choice()
                self._demand(",")
                second = self.read_choice()
                self._demand(")")
                return max(first, second)
            case "…":
                self.tokens.pop(0)
                self._demand("more", "terms", ",", "together")
                return self._read_signed()
        if token not in FUNCTIONS:
            raise ValueError(f"{token!r} is not known")
        return FUNCTIONS[token](self._read_signed())
