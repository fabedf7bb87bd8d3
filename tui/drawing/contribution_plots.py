"""Small plots of what each hidden neuron adds to an output, one beside the other on a common scale."""

from dataclasses import dataclass
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
from gradstep.tui.drawing.fitted_curve import EXAMPLE
from gradstep.tui.drawing.function_plot import LARGEST
from gradstep.tui.drawing.palette import BLUE, DIM, FAINT, MARKED, ORANGE, PLAIN
from gradstep.tui.drawing.strips import join_blocks, longest_fitting, make_line
from gradstep.tui.numbers import format_number

LEAST_WIDTH, COMFORTABLE_WIDTH, LEAST_HEIGHT, TALLEST = 9, 16, 4, 8
"""Cells of the narrowest plot with the gap beside it, and of one with room for a number; lines of the lowest and the
tallest with its name.
"""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Part:
    """What a neuron adds, or several together: at the points of the grid `values` (points,), and for the example."""

    name: str
    values: Floats
    of_example: float


def draw_contributions(
    snapshot: Snapshot, output: int, name: str, width: int, height: int, scaled: bool = False
) -> list[Strip]:
    """Draw a plot for each neuron; where there are too many, for the largest, and one for what the others add.

    `output` is the index of an output, and `name` its name, empty for the only one. `scaled` says that the curve is
    drawn in another unit than that of the network. Returns nothing if there is no room, or no hidden layer.
    """
    rows = (height - 1) // LEAST_HEIGHT
    found = find_contributions(snapshot, output)
    if found is None or width < LEAST_WIDTH or rows < 1:
        return []
    columns = _count_columns(found.parts.shape[1], width, rows)
    parts = name_parts(found, columns * rows)
    rows = -(-len(parts) // columns)
    columns = -(-len(parts) // rows)
    tall, wide = min(TALLEST, (height - 1) // rows), width // columns
    gap = 2 if wide >= COMFORTABLE_WIDTH else 1
    low, high = _find_limits(np.concatenate([part.values for part in parts]))
    labels = _write_labels(parts, wide - gap)
    activation = activation_named(snapshot.layers[-1].activation)
    words = longest_fitting(_list_words(found, activation, name, len(snapshot.layers) > 2, scaled), width)
    strips = [make_line((words, PLAIN))]
    for first in range(0, len(parts), columns):
        blocks = [
            [label, *_draw_part(part.values, low, high, wide - gap, tall - 1)]
            for label, part in list(zip(labels, parts, strict=True))[first : first + columns]
        ]
        strips += join_blocks(blocks, [wide] * len(blocks))
    return strips


def _count_columns(neurons: int, width: int, rows: int) -> int:
    """Count the plots side by side: as few as show every neuron in `rows`, and no narrower ones than they must be."""
    return max(1, min(width // LEAST_WIDTH, max(width // COMFORTABLE_WIDTH, -(-neurons // rows))))


def name_parts(found: Contributions, most: int) -> list[Part]:
    """Return at most so many parts, which with the bias add up to z."""
    count = found.parts.shape[1]
    taken, others = (list(range(count)), []) if count <= most else found.take_largest(most - 1)
    parts = [Part(f"n{unit + 1}", found.parts[:, unit], float(found.example_parts[unit])) for unit in taken]
    if not others:
        return parts
    together = found.parts[:, others].sum(axis=1)
    return [*parts, Part(f"{len(others)} others", together, float(found.example_parts[others].sum()))]


def _write_labels(parts: list[Part], width: int) -> list[Strip]:
    """Name the parts, with the number of the example where there is room for that of each."""
    labels = [
        make_line((f"{part.name} ", DIM), (EXAMPLE, MARKED), (f" {format_number(part.of_example, 0)}", PLAIN))
        for part in parts
    ]
    if all(label.cell_length <= width for label in labels):
        return labels
    return [make_line((part.name if len(part.name) <= width else "others", DIM)) for part in parts]


def _find_limits(values: Floats) -> tuple[float, float]:
    """Return the range of all plots, which contains 0."""
    # beyond it the span of the plots overflows
    finite = np.clip(values[np.isfinite(values)], -LARGEST, LARGEST)
    low, high = min(0.0, float(finite.min(initial=0.0))), max(0.0, float(finite.max(initial=0.0)))
    return (low, high) if high > low else (-1.0, 1.0)


def _list_words(found: Contributions, output: Activation, name: str, deep: bool, scaled: bool) -> list[str]:
    """Say what the plots add up to, the longest form first. With `deep` there are other hidden layers below theirs."""
    curve = "the scaled curve" if scaled else "the curve"
    curve = f"{curve} of {name}" if name else curve
    z = format_number(found.example_z, 0)
    if output.is_identity:
        whole, numbers = curve, f"{curve}, at {EXAMPLE} to {z}"
    else:
        whole = f"z, and f(z) ({output.name}) is {curve}"
        numbers = f"z, at {EXAMPLE} to {z}, and f(z) ({output.name}) is {curve}"
    bias = f"b = {format_number(found.bias, 0)}"
    each = "neuron of the last hidden layer" if deep else "hidden neuron"
    return [
        f"what each {each} adds, w·a(x), all on one scale: with {bias} they add up to {numbers}",
        f"what each {each} adds, w·a(x): with {bias} they add up to {numbers}",
        f"each neuron's w·a(x), with {bias} they add up to {numbers}",
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
