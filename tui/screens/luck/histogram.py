"""The losses of all seeds as a histogram, with that of the run's own network."""

import math

import numpy as np
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.tui.drawing.axis import find_share
from gradstep.tui.drawing.fan_plot import OWN
from gradstep.tui.drawing.loss_curves import SMALLEST
from gradstep.tui.drawing.palette import BLUE, DIM, PLAIN
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.numbers import draw_sparkline, format_number
from gradstep.tui.screens.luck.words import name_measure
from gradstep.tui.session.luck_view import LuckView
from gradstep.tui.widgets.panel import Panel

MOST_GUESSES = 2.0
"""What is above so many times the loss of a constant guess is counted in words and not drawn."""

BAR = 2
"""Columns of a bar."""

LEAST_ROWS, LEAST_COLUMNS = 2, 12

OWN_SIGN = "↑"
"""Stands below the bar that the loss of the run itself is in."""

OWN_NAME = "yours"


class LuckHistogram(Panel[LuckView], can_focus=False):
    """Draws how many networks have which loss on the part that they are compared on."""

    BORDER_TITLE = "How many have which loss"

    def lines(self, view: LuckView, width: int, height: int) -> list[Strip]:
        alive = view.losses[view.sort_members(view.find_members(0))]
        shown = alive[alive <= MOST_GUESSES * view.guess] if view.guess > 0 else alive
        own = None if view.own is None or view.diverged[view.own] else float(view.losses[view.own])
        above = len(alive) - len(shown)
        strips = [_draw_headline(view, above, width)]
        rows, columns = height - 3, width - 4
        if rows < LEAST_ROWS or columns < LEAST_COLUMNS or not len(shown):
            return strips[:height]
        seen = shown if own is None or not own <= MOST_GUESSES * view.guess else np.append(shown, own)
        logarithmic = view.logarithmic and float(seen.min()) > SMALLEST
        low, high = find_ends(seen, logarithmic)
        bars = columns // BAR
        counts = count_losses(shown, (low, high), bars, logarithmic)
        tallest = str(max(counts))
        margin = len(tallest) + 1
        doubled = tuple(count for count in counts for _ in range(BAR))
        for row in reversed(range(rows)):
            label = tallest if row == rows - 1 else "0" if row == 0 else ""
            axis = label.rjust(margin - 1) + ("┤" if label else "│")
            strips.append(make_line((axis, DIM), (draw_sparkline(doubled, rows, row), BLUE)))
        strips.append(make_line((" " * margin + _write_axis((low, high), BAR * bars, logarithmic), DIM)))
        if own is not None and low <= own <= high:
            column = margin + BAR * find_bar(own, (low, high), bars, logarithmic)
            strips.append(_draw_own(column, width))
        return strips


def _draw_own(column: int, width: int) -> Strip:
    """Draw the sign of the run below its bar, with its name on the side where there is room."""
    if column + 1 + len(OWN_NAME) + 1 <= width:
        return make_line((" " * column + OWN_SIGN, OWN), (f" {OWN_NAME}", PLAIN))
    return make_line((" " * (column - len(OWN_NAME) - 1) + f"{OWN_NAME} ", PLAIN), (OWN_SIGN, OWN))


def _draw_headline(view: LuckView, above: int, width: int) -> Strip:
    more = f" · {above} higher than shown" if above else ""
    step = f"{view.scored_step:,}"
    forms = [
        f"{name_measure(view)} after step {step}{more}",
        f"{name_measure(view)}, step {step}",
        name_measure(view),
        "loss",
    ]
    return make_line((longest_fitting(forms, width), PLAIN))


def _write_axis(ends: tuple[float, float], columns: int, logarithmic: bool) -> str:
    """Return the numbers below the bars: both ends, and the middle where there is room."""
    low, high = ends
    centre = math.sqrt(low) * math.sqrt(high) if logarithmic else low / 2 + high / 2
    left, middle, right = (format_number(loss, 0) for loss in (low, centre, high))
    if len(left) + len(right) >= columns:
        return ""
    room = columns - len(left) - len(right)
    return left + (middle.center(room) if len(middle) + 2 <= room else " " * room) + right


def find_ends(losses: Floats, logarithmic: bool) -> tuple[float, float]:
    """Return the ends of the axis: the lowest and the highest of the losses, a little apart if they are equal."""
    low, high = float(losses.min()), float(losses.max())
    if low < high:
        return low, high
    return (low / 1.5, high * 1.5) if logarithmic else (low - 0.5 * abs(low), high + 0.5 * abs(high) or 1.0)


def find_bar(loss: float, ends: tuple[float, float], bars: int, logarithmic: bool) -> int:
    """Return the index of the bar that a loss within these ends is counted in."""
    low, high, at = (math.log(each) for each in (*ends, loss)) if logarithmic else (*ends, loss)
    return min(bars - 1, int(find_share(low, high, at) * bars))


def count_losses(losses: Floats, ends: tuple[float, float], bars: int, logarithmic: bool) -> tuple[int, ...]:
    """Return how many losses are in each of the bars, which are of equal width on the axis."""
    counts = [0] * bars
    for loss in losses.tolist():
        counts[find_bar(loss, ends, bars, logarithmic)] += 1
    return tuple(counts)
