"""Ladders of round numbers: the values that a key steps a setting through, and the ticks and ends of an axis."""

import math
from collections.abc import Sequence
from itertools import count

DIGITS = (1, 2, 5)
"""The digits of the 1-2-5 ladder."""


def make_ladder(first: int, last: int, digits: Sequence[int] = DIGITS) -> list[float]:
    """Return the digits times each power of ten from 10^first to 10^last, ascending: 1, 2, 5, 10, 20, 50, ..."""
    return [float(f"{digit}e{exponent}") for exponent in range(first, last + 1) for digit in digits]


def find_next_on_ladder(steps: Sequence[float], value: float, direction: int) -> float | None:
    """Return the nearest of the ascending steps above (direction 1) or below (−1) the value; None past an end."""
    if direction > 0:
        return next((step for step in steps if step > value), None)
    return next((step for step in reversed(steps) if step < value), None)


# settings

PACES = tuple(make_ladder(0, 4)[:-2])
"""The paces in steps a second, from 1 to 10,000. The next after the last is None, which means no limit."""

LAYER_SIZES = tuple(2**power for power in range(11))
"""The sizes of a hidden layer that the keys step through: the powers of two from 1 to 1024."""


def next_pace(pace: float | None, direction: int) -> float | None:
    """Return the pace after (direction 1) or before (−1) this one among PACES and None; itself at an end."""
    following = find_next_on_ladder(PACES, math.inf if pace is None else pace, direction)
    return following if following is not None or direction > 0 else pace


def next_round_number(value: float, direction: int) -> float:
    """Return the neighbour of the value among 1, 2, 5 times 1e-9 to 1e9; the value itself past an end."""
    # a value that rounding has moved off a round number counts as that number
    following = find_next_on_ladder(make_ladder(-9, 9), value * (1 + direction * 1e-9), direction)
    return value if following is None else following


def next_round_count(value: int, direction: int) -> int:
    """Return the neighbour of a count among 1, 2, 5, 10, 20, ...; the count itself past an end."""
    following = find_next_on_ladder(make_ladder(0, 11), value, direction)
    return value if following is None else int(following)


def next_layer_size(size: int, direction: int) -> int:
    """Return the neighbour of a number of neurons among LAYER_SIZES; the number itself past an end."""
    following = find_next_on_ladder(LAYER_SIZES, size, direction)
    return size if following is None else int(following)


# axes

AXIS_END_FACTORS = (2, 3, 4, 6, 8, 10, 15)
"""Times a power of ten, the ends of an axis that grows with the training. Close ends leave little of it empty."""

SHORTEST_AXIS, LARGEST_VALUE_ON_AXIS = 6.0, 1e6
"""The least reach of an axis around 0 to both sides, and the size from which a value does not extend it."""

SMALLEST_SPAN = 1e-300
"""Below this span a power of ten would leave the range of a float."""

LEAST_SPAN_SHARE = 1e-9
"""Below this span, as a share of the larger end, numbers at its ticks could not be told apart in a short text."""


def choose_ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most `most` ticks in the range: 1, 2, 5, 10, ..., or fewer digits, or every n-th power of ten."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for digits in (DIGITS, (1, 3), (1,)):
        values = [value for value in make_ladder(first, last, digits) if low <= value <= high]
        if len(values) <= most:
            return values
    return values[:: -(-len(values) // most)]


def choose_round_ticks(low: float, high: float, most: int) -> list[float]:
    """Return 2 to `most` ticks in the range, multiples of 1, 2 or 5 times a power of ten; 0 among them is exact.

    If the span is not a normal number, the ends are returned.
    """
    span = high - low
    if not SMALLEST_SPAN < span < math.inf or span < LEAST_SPAN_SHARE * max(abs(low), abs(high)):
        return [low, high]
    exponent = math.floor(math.log10(span))
    ticks: list[float] = []
    for step in reversed(make_ladder(exponent - len(str(most)) - 1, exponent)):
        multiples = range(math.ceil(low / step), math.floor(high / step) + 1)
        if len(ticks) >= 2 and len(multiples) > most:
            break
        ticks = [float(f"{multiple * step:.12g}") for multiple in multiples]
    return ticks if len(ticks) <= most else [ticks[0], ticks[-1]]


def choose_axis_end(value: int) -> int:
    """Return the end of an axis that starts at 0 and includes the value: 20, 30, 40, 60, 80, 100, 150, 200, ..."""
    ends = (int(factor * 10**decade) for decade in count(1) for factor in AXIS_END_FACTORS)
    return next(end for end in ends if end >= value)


def choose_axis_grain(span: float) -> float:
    """Return half the power of ten below the span. Limits rounded to it stay still while the values move a little."""
    return float(10 ** math.floor(math.log10(span))) / 2 if span > SMALLEST_SPAN else 1.0


def choose_axis_reach(value: float) -> float:
    """Return how far an axis around 0 reaches to both sides to include this value: 6, 8, 16, 32, ...

    A value that is not finite, or from LARGEST_VALUE_ON_AXIS on, gets the shortest axis.
    """
    size = abs(value) if math.isfinite(value) and abs(value) < LARGEST_VALUE_ON_AXIS else 0.0
    return SHORTEST_AXIS if size < SHORTEST_AXIS else float(2 ** math.ceil(math.log2(size * 1.05)))
