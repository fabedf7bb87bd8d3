"""The graph of a network: a column of neurons for each layer, coloured by value, with edges coloured by weight."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.tui.drawing.braille import BrailleCanvas
from gradstep.tui.drawing.cells import count_cells
from gradstep.tui.drawing.palette import DIM, FAINT, LEVELS, MARKED, PLAIN, make_style, signed_colour, signed_level
from gradstep.tui.drawing.strips import make_line
from gradstep.tui.drawing.unit_names import NO_NAMES, Signs, UnitNames, draw_input_names, draw_output_names
from gradstep.tui.numbers import NOT_COMPUTED, format_number
from gradstep.tui.terminal.capabilities import TerminalCapabilities

EDGES_PER_ROW = {"braille": 1.5, "block": 0.6, "ascii": 0.6}
"""Edges drawn between two layers for each line of the panel, the heaviest of them. More would overlap."""

MOST_APART = 6
"""The largest distance between two neurons of a small layer, in lines."""

VALUE_WIDTH = 8
"""Cells of the longest number under a neuron."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerDrawing:
    """A layer to draw.

    `values` (neurons,) are those of its neurons, None while they are not computed. `weights` (neurons, inputs) lead
    into it, None for the inputs. `chosen` is the index of a neuron to mark. `highlighted` says whether its edges have
    the full colours of their weights. `edge` is the pair (neuron, input) of the only edge to highlight, if any; None in
    it stands for every neuron, or every input.
    """

    values: Floats | None
    weights: Floats | None
    chosen: int | None = None
    highlighted: bool = True
    edge: tuple[int | None, int | None] | None = None


@dataclass(frozen=True, slots=True)
class LayerColumn:
    """The position of a layer.

    `x` is its first cell. `shown` are the indices of the neurons drawn, and `half_rows` their distances from the top in
    half lines. A `dense` layer has two neurons on a line.
    """

    x: int
    neurons: int
    shown: tuple[int, ...]
    half_rows: tuple[int, ...]
    dense: bool


def count_drawn_edges(rows: int, capabilities: TerminalCapabilities) -> int:
    """Return how many edges are drawn between two layers on so many lines."""
    return round(EDGES_PER_ROW[capabilities.glyphs] * rows)


def place_columns(
    sizes: list[int],
    width: int,
    rows: int,
    chosen: list[int | None] | None = None,
    names: UnitNames = NO_NAMES,
) -> list[LayerColumn]:
    """Spread the layers over the width that the names leave, and each layer's neurons over the height.

    A layer with more neurons than lines has two on a line. Of a still larger layer an even choice of neurons is shown,
    with its `chosen` neuron among them.
    """
    columns = []
    for index, neurons in enumerate(sizes):
        x = names.left + round(index * (width - names.left - names.right - 2) / max(1, len(sizes) - 1))
        dense = neurons > rows
        shown = min(neurons, 2 * rows)
        indices = _choose_evenly(neurons, shown, chosen[index] if chosen else None)
        if dense:
            first = rows - shown // 2 - shown % 2
            half_rows = tuple(first + i for i in range(shown))
        else:
            apart = min(MOST_APART, (rows - 1) // max(1, shown - 1))
            first_row = (rows - 1 - apart * (shown - 1)) // 2
            half_rows = tuple(2 * (first_row + apart * i) for i in range(shown))
        columns.append(LayerColumn(x, neurons, indices, half_rows, dense))
    return columns


def _choose_evenly(neurons: int, shown: int, chosen: int | None) -> tuple[int, ...]:
    indices = np.linspace(0, neurons - 1, shown).round().astype(int)
    if chosen is not None:
        indices[np.abs(indices - chosen).argmin()] = chosen
    return tuple(int(index) for index in indices)


def draw_layer_names(columns: list[LayerColumn], names: list[str], width: int) -> Strip:
    """Draw the activation and size of each layer over its column, and how many neurons are shown if not all."""
    sizes = [
        f"{len(column.shown)} of {column.neurons}" if len(column.shown) < column.neurons else f"{column.neurons}"
        for column in columns
    ]
    labels = [f"{name} {size}" for name, size in zip(names, sizes, strict=True)]
    if sum(map(len, labels)) + len(labels) > width:
        labels = sizes
    text = ""
    for index, (column, label) in enumerate(zip(columns, labels, strict=True)):
        after = sum(len(label) + 1 for label in labels[index + 1 :])
        start = min(max(column.x, len(text) + 1 if text else 0), width - after - len(label))
        text = text.ljust(start) + label
    return make_line((text[:width], DIM))


def draw_graph(
    layers: list[LayerDrawing],
    columns: list[LayerColumn],
    width: int,
    rows: int,
    capabilities: TerminalCapabilities,
    names: UnitNames = NO_NAMES,
) -> list[Strip]:
    """Draw the edges in braille, and the neurons and the names over them."""
    canvas = BrailleCanvas(width, rows)
    colour = np.zeros((rows, width), np.int64)
    for left, right, layer in zip(columns, columns[1:], layers[1:], strict=False):
        if layer.weights is not None:
            highlighted = layer.highlighted and layer.edge is None
            _draw_edges(canvas, colour, left, right, layer.weights, highlighted, count_drawn_edges(rows, capabilities))
            if layer.edge is not None:
                limit = count_drawn_edges(rows, capabilities)
                _draw_edges(canvas, colour, *_keep_edge_ends(left, right, layer.edge), layer.weights, True, limit)
    neurons: Signs = {}
    for column, layer in zip(columns, layers, strict=True):
        if layer.values is None:
            neurons |= _draw_dashes(column)
        else:
            neurons |= _draw_neurons(column, layer.values, capabilities)
            others = [other.x for other in columns if other is not column]
            neurons |= _draw_values(column, layer.values, others, width, rows)
        neurons |= _draw_mark(column, layer.chosen)
    first, last = columns[0], columns[-1]
    neurons |= draw_input_names(names, first.shown, first.half_rows)
    neurons |= draw_output_names(names, last.shown, last.half_rows, last.x + 2)
    over: list[dict[int, Segment]] = [{} for _ in range(rows)]
    for (y, x), sign in neurons.items():
        over[y][x] = sign
    return [_draw_row(*row) for row in zip(canvas.lines(), colour.tolist(), over, strict=True)]


def _draw_edges(
    canvas: BrailleCanvas,
    colour: NDArray[np.int64],
    left: LayerColumn,
    right: LayerColumn,
    weights: Floats,
    highlighted: bool,
    limit: int,
) -> None:
    """Draw the `limit` heaviest edges, the lightest of them first, so that a cell has the colour of the heaviest."""
    rows = len(canvas.bits)
    shown = weights[np.ix_(right.shown, left.shown)]
    heaviest = np.argsort(np.abs(shown), axis=None)[-limit:]
    to, origin = np.unravel_index(heaviest, shown.shape)
    first, last = 2 * (left.x + 2), 2 * right.x - 1
    if last - first < 2:
        return
    x = np.arange(first, last + 1)
    start, end = (np.array(column.half_rows)[chosen] * 2 for column, chosen in ((left, origin), (right, to)))
    offset = 1 if not (left.dense and right.dense) else 0
    y = np.round(start[:, None] + (end - start)[:, None] * np.linspace(0, 1, len(x)) + offset).astype(int)
    y = np.clip(y, 0, 4 * rows - 1)
    values = shown.ravel()[heaviest]
    largest = float(np.abs(weights).max())
    # a negative weight is a dashed line, so that its sign can be seen without colours
    drawn = (values[:, None] >= 0) | ((x + 3 * to[:, None]) % 6 < 3)
    signs = [1 if value >= 0 else -1 for value in values]
    levels = [
        (highlighted and signed_level(float(value), largest)) or sign for value, sign in zip(values, signs, strict=True)
    ]
    columns, lines = np.broadcast_to(x, y.shape)[drawn], y[drawn]
    canvas.set_dots(columns, lines)
    colour[lines // 4, columns // 2] = np.repeat(levels, drawn.sum(axis=1))


def _keep_edge_ends(
    left: LayerColumn, right: LayerColumn, edge: tuple[int | None, int | None]
) -> tuple[LayerColumn, LayerColumn]:
    """Return the two columns with only the ends of this edge (neuron, input), which must be shown; None keeps all."""
    return _keep_neuron(left, edge[1]), _keep_neuron(right, edge[0])


def _keep_neuron(column: LayerColumn, neuron: int | None) -> LayerColumn:
    if neuron is None:
        return column
    return replace(column, shown=(neuron,), half_rows=(column.half_rows[column.shown.index(neuron)],))


def _draw_neurons(column: LayerColumn, values: Floats, capabilities: TerminalCapabilities) -> Signs:
    """Draw the neurons by cell (row, x): ● positive, ○ negative, · zero; of a dense layer, two as halves of a block.

    A neuron is drawn beside the largest of its layer; one that is alone beside 1. Without shades a small value has a
    small sign, and the two neurons on a line stand side by side, the upper first. NaN is a dash.
    """
    chosen = values[list(column.shown)].tolist()
    largest = float(np.abs(values[~np.isnan(values)]).max(initial=0.0))
    levels = [signed_level(value, max(largest, 1.0) if len(values) == 1 else largest) for value in chosen]
    neurons = list(zip(column.half_rows, levels, chosen, strict=True))
    zero = "." if capabilities.glyphs == "ascii" else "·"
    if not column.dense:
        signs = f"○○{zero}●●" if capabilities.shaded else f"○◦{zero}•●"
        return {(half // 2, column.x): _draw_neuron(signs, value, level, " ") for half, level, value in neurons}
    if not capabilities.shaded or capabilities.glyphs == "ascii":
        signs = f"−−{zero}++"
        return {(half // 2, column.x + half % 2): _draw_neuron(signs, value, level) for half, level, value in neurons}
    halves = dict(zip(column.half_rows, levels, strict=True))
    blocks = {
        (row, column.x): Segment("▀▀", _make_half_block_style(halves.get(2 * row), halves.get(2 * row + 1)))
        for row in {half // 2 for half in column.half_rows}
    }
    return blocks | {(half // 2, column.x): Segment(2 * NOT_COMPUTED, DIM) for half, _, a in neurons if math.isnan(a)}


def _draw_neuron(signs: str, value: float, level: int, after: str = "") -> Segment:
    """Draw a neuron with one of five signs, for far below 0, below, 0, above and far above, in the level's colour."""
    if math.isnan(value):
        return Segment(NOT_COMPUTED + after, DIM)
    much = 1 + (abs(level) >= LEVELS / 2)
    sign = signs[2 + (much if value > 0 else -much if value < 0 else 0)]
    return Segment(sign + after, make_style(signed_colour(level)) if level else FAINT)


def _draw_dashes(column: LayerColumn) -> Signs:
    """Draw neurons whose values are not computed yet."""
    return {(half // 2, column.x): Segment(NOT_COMPUTED + " ", DIM) for half in column.half_rows}


def _draw_mark(column: LayerColumn, chosen: int | None) -> Signs:
    """Mark the chosen neuron."""
    if chosen is None or chosen not in column.shown:
        return {}
    row = column.half_rows[column.shown.index(chosen)] // 2
    return {(row, column.x): Segment("◉ ", MARKED)}


def _draw_values(column: LayerColumn, values: Floats, others: list[int], width: int, rows: int) -> Signs:
    """Write the value under each neuron if the neurons are far enough apart, and the other columns too."""
    if column.dense or (len(column.half_rows) > 1 and column.half_rows[1] - column.half_rows[0] < 6):
        return {}
    x = min(column.x, width - VALUE_WIDTH)
    if any(x - 2 < other < x + VALUE_WIDTH for other in others):
        return {}
    return {
        (half // 2 + 1, x): Segment(format_number(float(values[index]), 0).ljust(VALUE_WIDTH), DIM)
        for half, index in zip(column.half_rows, column.shown, strict=True)
        if half // 2 + 1 < rows
    }


def _make_half_block_style(upper: int | None, lower: int | None) -> Style:
    return make_style(signed_colour(upper or 0), None if lower is None else signed_colour(lower))


def _draw_row(text: str, colours: list[int], over: dict[int, Segment]) -> Strip:
    """Draw the cells of a row in their colours, 0 for none, and over them the signs that begin at these cells."""
    segments: list[Segment] = []
    x, width = 0, len(text)
    while x < width:
        if x in over:
            segments.append(over[x])
            x += count_cells(over[x].text)
            continue
        # a blank takes the colour of the cell before it, which needs fewer bytes
        end, shade = x, 0
        while end < width and end not in over and ((colour := colours[end]) == 0 or shade in (0, colour)):
            shade = shade or colour
            end += 1
        segments.append(Segment(text[x:end], make_style(signed_colour(shade)) if shade else PLAIN))
        x = end
    return Strip(segments).crop(0, width)
