"""The notches that a person turns the learning rate and the pace through: 1, 2, 5 in every power of ten."""

from collections.abc import Iterator
from itertools import count, islice


def round_numbers() -> Iterator[float]:
    """1, 2, 5, 10, 20, 50, ..."""
    return (float(digit * 10**decade) for decade in count() for digit in (1, 2, 5))


PACES = tuple(islice(round_numbers(), 13))
"""Steps a second that < and > go through: 1 to 10,000. After them comes None, which is no limit."""


def next_pace(pace: float | None, direction: int) -> float | None:
    """The neighbour of `pace` among PACES."""
    if direction > 0:
        return next((notch for notch in PACES if pace is not None and notch > pace), None)
    return next((notch for notch in reversed(PACES) if pace is None or notch < pace), pace)


def next_round_number(value: float, direction: int) -> float:
    """The neighbour of `value` among 1, 2, 5 times the powers of ten."""
    exponents = range(-9, 10)
    ladder = [float(f"{digit}e{exponent}") for exponent in exponents for digit in (1, 2, 5)]
    if direction > 0:
        return next((notch for notch in ladder if notch > value * (1 + 1e-9)), value)
    return next((notch for notch in reversed(ladder) if notch < value * (1 - 1e-9)), value)
