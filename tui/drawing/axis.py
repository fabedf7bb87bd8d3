"""The numbers at the axes of a plot: round, short, and never cut."""

import math
from collections.abc import Sequence
from itertools import pairwise

from gradstep.tui.numbers import MINUS
from gradstep.tui.round_numbers import choose_round_ticks

LARGEST_PLAIN, MOST_DECIMALS = 1e6, 5
"""From this size, or with more decimals than these, the numbers have a power of ten."""

LEAST_APART = 2
"""Cells between two numbers of a horizontal axis."""

LEAST_UNEVEN = 3
"""Distances between the labels of a vertical axis, in rows, from which a difference of one row is hardly seen."""

COLUMNS_A_TICK = 10
"""A horizontal axis has a tick for every so many columns at most."""


def format_ticks(values: Sequence[float]) -> list[str]:
    """Format numbers of one axis, with as many decimals as tell them apart: 0, 0.5, 1, 1.5, or 0, 2e7, 4e7."""
    largest = max(map(abs, values))
    # a difference of two finite numbers can be infinite
    apart = min([largest, *(abs(b - a) for a, b in pairwise(values))]) or largest
    if not largest:
        return ["0"] * len(values)
    if not math.isfinite(largest):
        return [f"{value:.0e}" for value in values]
    # half a unit more than the logarithm, because a step such as 0.3 may be computed a little too small
    grain = math.floor(math.log10(apart) + 1e-9)
    texts = _write_to_grain(values, grain, largest)
    if any(abs(float(text) - value) > apart / 100 for text, value in zip(texts, values, strict=True)):
        texts = _write_to_grain(values, grain - 1, largest)  # −1.5 and −0.5 are 1 apart
    return ["0" if float(text) == 0 else text.replace("-", MINUS) for text in texts]


def _write_to_grain(values: Sequence[float], grain: int, largest: float) -> list[str]:
    """Write numbers down to the digit that counts 10^grain."""
    if largest < LARGEST_PLAIN and -grain <= MOST_DECIMALS:
        return [_strip_zeros(f"{value:.{max(0, -grain)}f}") for value in values]
    digits = max(0, math.floor(math.log10(largest)) - grain)
    return [_shorten_exponent(f"{value:.{digits}e}") for value in values]


def _shorten_exponent(text: str) -> str:
    """Write 2e+07 as 2e7, and 1e-05 as 1e-5."""
    mantissa, _, exponent = text.partition("e")
    return f"{_strip_zeros(mantissa)}e{int(exponent)}"


def _strip_zeros(text: str) -> str:
    """Write 1.50 as 1.5, and 1.0 as 1."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def find_share(low: float, high: float, value: float) -> float:
    """Return where a value lies from the one finite end, 0, to the other, 1; between two equal ends, in the middle.

    The difference of the ends may be infinite.
    """
    if low == high:
        return 0.5
    return (value - low) / (high - low) if math.isfinite(high - low) else (value / 2 - low / 2) / (high / 2 - low / 2)


def format_range(low: float, high: float) -> str:
    """Format a range with its ends rounded to a hundredth of it at least: −1.21 … 3.40."""
    span = high - low
    if not 0 < span < math.inf:
        return " … ".join(format_ticks([low, high]))
    grain = 10.0 ** (math.floor(math.log10(span)) - 1)
    ends = [round(end / grain) * grain for end in (low, high)]
    return " … ".join(format_ticks([ends[0], ends[0] + grain, ends[1]])[::2])


def label_rows(low: float, high: float, rows: int, room: int) -> dict[int, str]:
    """Return the labels of a vertical axis by row, counted from the top, each in at most `room` cells.

    There are at least two, at even distances; none if they do not fit, or if the range is empty.
    """
    if not low < high:
        return {}
    for most in range(max(2, rows // 2), 1, -1):
        ticks = choose_round_ticks(low, high, most)
        labels = format_ticks(ticks)
        at = [min(rows - 1, int(find_share(high, low, tick) * rows)) for tick in ticks]
        if max(map(len, labels)) <= room and are_even(at):
            return dict(zip(at, labels, strict=True))
    return {}


def are_even(rows: Sequence[int]) -> bool:
    """Whether the distances between neighbouring rows look equal: from three rows on, one may be a row longer."""
    distances = [abs(after - before) for before, after in pairwise(rows)]
    return max(distances) - min(distances) <= (1 if min(distances) >= LEAST_UNEVEN else 0)


def draw_horizontal_axis(low: float, high: float, columns: int) -> str:
    """Return a line of `columns` cells with at least two round numbers, each below its column.

    The line is blank if they do not fit, or if the range is empty.
    """
    for most in range(max(2, columns // COLUMNS_A_TICK), 1, -1) if low < high else ():
        ticks = choose_round_ticks(low, high, most)
        line = ""
        for tick, label in zip(ticks, format_ticks(ticks), strict=True):
            centre = find_share(low, high, tick) * columns
            start = min(columns - len(label), max(0, round(centre - len(label) / 2)))
            if line and start < len(line) + LEAST_APART:
                break
            line = line.ljust(start) + label
        else:
            if len(line) <= columns:
                return line.ljust(columns)
    return " " * columns
