"""Ladders of round numbers: the values that a key turns a setting through, and those that stand at an axis."""

import math
from collections.abc import Sequence
from itertools import count

DIGITS = (1, 2, 5)
"""The digits of the 1-2-5 ladder."""


def ladder(first: int, last: int, digits: Sequence[int] = DIGITS) -> list[float]:
    """The digits times each power of ten from 10^first to 10^last, in order: 1, 2, 5, 10, 20, 50, ..."""
    return [float(f"{digit}e{exponent}") for exponent in range(first, last + 1) for digit in digits]


def next_on_ladder(steps: Sequence[float], value: float, direction: int) -> float | None:
    """The nearest of the ascending steps above (1) or below (−1) the value; None past either end."""
    if direction > 0:
        return next((step for step in steps if step > value), None)
    return next((step for step in reversed(steps) if step < value), None)


# settings

PACES = tuple(ladder(0, 4)[:-2])
"""Steps a second that < and > go through: 1 to 10,000. After them comes None, which is no limit."""

LAYER_SIZES = tuple(2**power for power in range(11))
"""Neurons that a hidden layer grows and shrinks through: 1 to 1024 in powers of two."""


def next_pace(pace: float | None, direction: int) -> float | None:
    """The neighbour of `pace` among PACES; the slowest and None are the ends."""
    following = next_on_ladder(PACES, math.inf if pace is None else pace, direction)
    return following if following is not None or direction > 0 else pace


def next_round_number(value: float, direction: int) -> float:
    """The neighbour of `value` among 1, 2, 5 times the powers of ten from 1e-9 to 1e9; itself past the ends."""
    # a value that is off a step by rounding counts as standing on it
    following = next_on_ladder(ladder(-9, 9), value * (1 + direction * 1e-9), direction)
    return value if following is None else following


def next_round_count(value: int, direction: int) -> int:
    """The neighbour of a count among 1, 2, 5, 10, 20, ...; itself past the ends."""
    following = next_on_ladder(ladder(0, 11), value, direction)
    return value if following is None else int(following)


def next_layer_size(size: int, direction: int) -> int:
    """The neighbour of a number of neurons among LAYER_SIZES; itself past the ends."""
    following = next_on_ladder(LAYER_SIZES, size, direction)
    return size if following is None else int(following)


# axes

AXIS_END_FACTORS = (2, 3, 4, 6, 8, 10, 15)
"""Times a power of ten: the ends of an axis that grows with the training, close enough to waste little room."""

LEAST_REACH, FARTHEST = 6.0, 1e6
"""How far an axis around 0 goes at least to both sides, and the size from which on a value has no place on it."""

SMALLEST_SPAN = 1e-300


def ticks_between(low: float, high: float, most: int) -> list[float]:
    """At most `most` of 1, 2, 5, 10, 20, ... in the range, or of the powers of ten alone where those are too many."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for digits in (DIGITS, (1, 3), (1,)):
        values = [value for value in ladder(first, last, digits) if low <= value <= high]
        if len(values) <= most:
            return values
    return values[:: -(-len(values) // most)]


def axis_end(value: int) -> int:
    """The end of an axis from 0 that has room for the value: 20, 30, 40, 60, 80, 100, 150, 200, ..."""
    ends = (int(factor * 10**decade) for decade in count(1) for factor in AXIS_END_FACTORS)
    return next(end for end in ends if end >= value)


def axis_grain(span: float) -> float:
    """Half the power of ten below the span: limits that are multiples of it stay still while values move a little."""
    return float(10 ** math.floor(math.log10(span))) / 2 if span > SMALLEST_SPAN else 1.0


def axis_reach(value: float) -> float:
    """How far an axis around 0 goes to both sides, so that this value stands on it: 6, 8, 16, 32, ...

    A value that is no finite number, or beyond FARTHEST, gets the shortest axis.
    """
    size = abs(value) if math.isfinite(value) and abs(value) < FARTHEST else 0.0
    return LEAST_REACH if size < LEAST_REACH else float(2 ** math.ceil(math.log2(size * 1.05)))
