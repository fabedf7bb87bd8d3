"""The axes of a loss plot: their limits, and ticks with labels that are never cut."""

import math
from collections.abc import Sequence
from itertools import pairwise

from gradstep.tui.drawing.axis import are_even
from gradstep.tui.numbers import format_count, typeset_minus
from gradstep.tui.round_numbers import choose_axis_grain, choose_round_ticks, choose_ticks

LEAST_WITH_QUARTERS = 60
"""Columns from which the quarters of a horizontal axis have labels."""

MIN_SPAN = 0.2
"""The least span of a logarithmic y axis, in decades, so that noise around a constant looks like noise."""

LEAST_TICKS, MOST_TICKS, LONGEST = 3, 6, 8
"""The least and the most ticks of the y axis, if there are as many round numbers, and the characters of a label."""

Tick = tuple[int, str]
"""A row or column of the plot, and the label there."""


def choose_axis_limits(low: float, high: float, logarithmic: bool) -> tuple[float, float]:
    """Return limits of the y axis that stay still while the values move a little."""
    grain = 0.25 if logarithmic else choose_axis_grain(high - min(low, 0.0))
    low = math.floor(low / grain) * grain if logarithmic else min(0.0, math.floor(low / grain) * grain)
    high = math.ceil(high / grain) * grain
    return low, max(high, low + MIN_SPAN) if logarithmic else max(high, low + grain)


def choose_y_ticks(low: float, high: float, rows: int, logarithmic: bool) -> list[Tick]:
    """Return at least two ticks in different rows, the top row being 0; `rows` is at least 2.

    The limits of a logarithmic axis are logarithms. It has three ticks where as many round numbers fit, over half of
    its rows at least; those of a linear axis are at even distances. Where fewer than two round numbers fit, the limits
    are the ticks.
    """
    most = max(2, min(MOST_TICKS, 2 * rows // 3))
    if logarithmic:
        choices = [choose_ticks(10**low, 10**high, most), choose_round_ticks(10**low, 10**high, most)]
        choices = [[value for value in values if value > 0] for values in choices]
        found = [_find_rows(values, list(map(math.log10, values)), low, high, rows) for values in choices]
        # round numbers that are all near one end leave the rest of the axis without any
        spread = [ticks for ticks in found if ticks and abs(ticks[0][0] - ticks[-1][0]) >= (rows - 1) // 2]
        enough = [(each, least) for each in (spread, found) for least in (min(most, LEAST_TICKS), 2)]
        found = [ticks for each, least in enough for ticks in each if len(ticks) >= least]
    else:
        choices = [choose_round_ticks(low, high, fewer) for fewer in range(most, 1, -1)]
        found = [_find_rows(values, values, low, high, rows) for values in choices]
        found = [ticks for ticks in found if len(ticks) >= 2 and are_even([row for row, _ in ticks])]
    ends = (10**low, 10**high) if logarithmic else (low, high)
    return found[0] if found else [(rows - 1, _format_tick(ends[0])), (0, _format_tick(ends[1]))]


def _find_rows(values: list[float], heights: list[float], low: float, high: float, rows: int) -> list[Tick]:
    """Return a tick for each value, by its height on the axis; of several in one row the last."""
    found = {_find_row(height, low, high, rows): value for height, value in zip(heights, values, strict=True)}
    return [(row, _format_tick(value)) for row, value in found.items()]


def _find_row(height: float, low: float, high: float, rows: int) -> int:
    return round((high - height) / (high - low) * (rows - 1))


def _format_tick(value: float) -> str:
    text = f"{value:.0f}" if 1000 <= value < 1e5 else f"{value:.3g}"
    return typeset_minus(text if len(text) <= LONGEST else f"{value:.1e}")


def choose_x_ticks(first: float, last: float, columns: int, margin: int) -> list[Tick]:
    """Return the first column of each label and the label: both ends, and the middle where there is room.

    Where there is much room, and they are whole, the quarters have labels too. `margin` is the number of cells left of
    the plot that a label may begin in.
    """
    left, right = format_count(int(first)), format_count(int(last))
    at_right = columns - len(right)
    start = (0, left) if at_right > len(left) else (-margin, left)
    quarters = [first + (last - first) * part / 4 for part in (1, 2, 3)]
    whole = all(step == int(step) for step in quarters) and columns >= LEAST_WITH_QUARTERS
    between = []
    for step in quarters if whole else quarters[1:2]:
        label = format_count(int(step))
        between.append(((round(2 * columns * (step - first) / (last - first)) - len(label)) // 2, label))
    labels = [start, *between, (at_right, right)]
    fits = all(before[0] + len(before[1]) < after[0] for before, after in pairwise(labels))
    return labels if fits else [start, (at_right, right)]


def write_x_labels(ticks: Sequence[Tick], columns: int, margin: int) -> str:
    """Return the line of labels below a plot."""
    line = [" "] * (margin + columns)
    for column, label in ticks:
        line[margin + column : margin + column + len(label)] = label
    return "".join(line)
