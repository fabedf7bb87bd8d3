"""Small plots of what each hidden neuron adds to an output, one beside the other on a common scale."""

from itertools import pairwise

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from gradstep.core.network.activation import Activation
from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats
from gradstep.core.observation.contributions import Contributions, find_contributions
from gradstep.core.observation.snapshot import Snapshot
from gradstep.tui.drawing.braille import BrailleCanvas
from gradstep.tui.drawing.function_plot import LARGEST
from gradstep.tui.drawing.palette import BLUE, DIM, FAINT, ORANGE, PLAIN
from gradstep.tui.drawing.strips import join_blocks, longest_fitting, make_line
from gradstep.tui.numbers import format_number

LEAST_WIDTH, LEAST_HEIGHT, TALLEST = 16, 4, 8
"""Cells of the narrowest plot with the gap beside it; lines of the lowest and the tallest with its name."""

GAP = 2


def draw_contributions(snapshot: Snapshot, output: int, name: str, width: int, height: int) -> list[Strip]:
    """Draw a plot for each neuron; where there are too many, for the largest, and one for what the others add.

    `output` is the index of an output, and `name` its name, empty for the only one. Returns nothing if there is no
    room, or no hidden layer.
    """
    columns, rows = width // LEAST_WIDTH, (height - 1) // LEAST_HEIGHT
    found = find_contributions(snapshot, output)
    if found is None or columns < 1 or rows < 1:
        return []
    plots = name_plots(found, columns * rows)
    rows = -(-len(plots) // columns)
    columns = -(-len(plots) // rows)
    tall, wide = min(TALLEST, (height - 1) // rows), width // columns
    values = np.concatenate([part for _, part in plots])
    low, high = _find_limits(values)
    activation = activation_named(snapshot.layers[-1].activation)
    words = longest_fitting(_list_words(found, activation, name, len(snapshot.layers) > 2), width)
    strips = [make_line((words, PLAIN))]
    for first in range(0, len(plots), columns):
        blocks = [
            [make_line((label, DIM)), *_draw_part(part, low, high, wide - GAP, tall - 1)]
            for label, part in plots[first : first + columns]
        ]
        strips += join_blocks(blocks, [wide] * len(blocks))
    return strips


def name_plots(found: Contributions, most: int) -> list[tuple[str, Floats]]:
    """Return at most so many names with values (points,), which with the bias add up to z."""
    count = found.parts.shape[1]
    if count <= most:
        return [(f"n{unit + 1}", found.parts[:, unit]) for unit in range(count)]
    taken, others = found.take_largest(most - 1)
    return [*((f"n{unit + 1}", found.parts[:, unit]) for unit in taken), ("all others", others)]


def _find_limits(values: Floats) -> tuple[float, float]:
    """Return the range of all plots, which contains 0."""
    # beyond it the span of the plots overflows
    finite = np.clip(values[np.isfinite(values)], -LARGEST, LARGEST)
    low, high = min(0.0, float(finite.min(initial=0.0))), max(0.0, float(finite.max(initial=0.0)))
    return (low, high) if high > low else (-1.0, 1.0)


def _list_words(found: Contributions, output: Activation, name: str, deep: bool) -> list[str]:
    """Say what the plots add up to, the longest form first. With `deep` there are other hidden layers below theirs."""
    whole = "the curve" if output.is_identity else f"z, and f(z) ({output.name}) is the curve"
    whole = f"{whole} of {name}" if name else whole
    bias = f"b = {format_number(found.bias, 0)}"
    each = "neuron of the last hidden layer" if deep else "hidden neuron"
    return [
        f"what each {each} adds, w·a(x), all on one scale: with {bias} they add up to {whole}",
        f"each neuron's w·a(x), on one scale: with {bias} they add up to {whole}",
        f"each neuron's w·a(x), with {bias} they add up to {whole}",
        f"w·a(x) of each; with {bias} the sum is {whole}",
        "what each neuron adds",
    ]


def _draw_part(values: Floats, low: float, high: float, columns: int, rows: int) -> list[Strip]:
    """Draw one curve in braille over a line at 0: blue above it, orange below."""
    canvas = BrailleCanvas(columns, rows)
    at = np.linspace(0, len(values) - 1, 2 * columns).round().astype(np.intp)
    shares = np.nan_to_num((high - values[at].astype(np.float64)) / (high - low), nan=-1)
    dots = np.clip(np.round(shares * (4 * rows - 1)), -1, 4 * rows).astype(int).tolist()
    for x, (before, dot) in enumerate(pairwise((dots[0], *dots))):
        canvas.set_segment(x, before, dot)
    zero = min(rows - 1, int(high / (high - low) * rows))
    strips = []
    for row in range(rows):
        style = BLUE if row < zero or (row == zero and low == 0) else ORANGE if row > zero or high == 0 else PLAIN
        cells = [
            Segment(canvas.character(column, row), style)
            if canvas.bits[row, column]
            else Segment("┄", FAINT)
            if row == zero
            else Segment(" ")
            for column in range(columns)
        ]
        strips.append(Strip(cells).simplify())
    return strips
