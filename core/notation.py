"""Numbers and sums as formulas write them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

DIGITS, DIGITS_OF_RESULT = 6, 12
"""The significant digits of a number in a formula and of a result, unless `written_with` and `results_with` choose
others."""

_digits = ContextVar("digits", default=DIGITS)
_digits_of_result = ContextVar("digits_of_result", default=DIGITS_OF_RESULT)


@contextmanager
def written_with(digits: int) -> Iterator[None]:
    """Within this block `number` and `factor` write so many significant digits."""
    token = _digits.set(digits)
    try:
        yield
    finally:
        _digits.reset(token)


@contextmanager
def results_with(digits: int) -> Iterator[None]:
    """Within this block `exact` and equations write results with so many significant digits."""
    token = _digits_of_result.set(digits)
    try:
        yield
    finally:
        _digits_of_result.reset(token)


def digits_of_result() -> int:
    """The significant digits of a result: twelve, or as many as `results_with` chooses."""
    return _digits_of_result.get()


def number(value: float) -> str:
    """A number inside a formula: six digits, or as many as `written_with` chooses."""
    return rounded(value, _digits.get())


def exact(value: float) -> str:
    """A result: twelve digits, or as many as `results_with` chooses."""
    return rounded(value, digits_of_result())


def rounded(value: float, digits: int) -> str:
    """The number with so many significant digits, with the minus sign −; negative zero is written 0."""
    text = f"{float(value):.{digits}g}"
    return "0" if text == "-0" else text.replace("-", "−")


def factor(value: float) -> str:
    """A number after a sign: negative ones in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


def subscript(index: int) -> str:
    """An index from 0 as a subscript from 1."""
    return str(index + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


@dataclass(frozen=True, slots=True)
class FoldedSum:
    """A sum of which the terms at `shown` are written out, and of the other `hidden` terms only their sum, `rest`."""

    shown: tuple[int, ...]
    hidden: int
    rest: float

    def write(self, write_term: Callable[[int], str]) -> str:
        """The terms in a row, and then the sum of the others."""
        texts = [write_term(index) for index in self.shown]
        if self.hidden:
            texts.append(f"… {self.hidden} more terms, together {number(self.rest)}")
        return joined_with_signs(texts)

    def write_divided(self, write_term: Callable[[int], str], count: int) -> str:
        """The sum divided by a count, in brackets if it has more than one term."""
        text = self.write(write_term)
        return f"{text} / {count}" if len(self.shown) == 1 else f"({text}) / {count}"


def fold_sum(terms: Sequence[float], chosen: int | None = None, most: int = 4) -> FoldedSum:
    """Choose the terms of a sum that are written out: of a long sum the `most` largest, among them the chosen one."""
    if len(terms) <= most + 1:
        return FoldedSum(tuple(range(len(terms))), 0, 0.0)
    largest = sorted(range(len(terms)), key=lambda index: -abs(terms[index]))
    if chosen is not None and chosen < len(terms):
        largest = [chosen, *(index for index in largest if index != chosen)]
    return FoldedSum(
        tuple(sorted(largest[:most])), len(terms) - most, float(sum(terms[index] for index in largest[most:]))
    )


def joined_with_signs(texts: list[str]) -> str:
    """The terms of a sum in a row, with − instead of + before negative ones."""
    return " + ".join(texts).replace("+ −", "− ")
