"""Architecture: the graph itself. Neurons are coloured by the example's activation, edges by their weight."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from core.activations import Floats
from core.snapshot import Snapshot
from data.assemble import Run
from tui.colours import DIM, FAINT, LEVELS, PLAIN, level, signed, style
from tui.figures import counted, figure
from tui.panels.panel import Panel, line
from tui.session import View

EDGES_PER_ROW = 1.5
"""The heaviest edges between two layers are drawn, so many for each line of the panel; more would be a blot."""

MOST_APART = 6
"""Lines between two neurons of a small layer, at most."""

VALUE_WIDTH = 8
"""Cells of the longest number that `figure` writes, and of −."""

DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint8)
"""The bit of each of the 4 × 2 dots of a braille character."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a layer stands: its first cell `x`, and for each neuron shown its number and its half row from the top."""

    x: int
    units: int
    shown: tuple[int, ...]
    half_rows: tuple[int, ...]
    dense: bool


class Architecture(Panel):
    """The layers as columns of neurons, from the inputs on the left to the outputs on the right."""

    BORDER_TITLE = "1 Architecture"

    def __init__(self, run: Run) -> None:
        super().__init__(id="architecture")
        self._names = ["input", *(layer.activation.name for layer in run.network.layers)]
        count = counted(run.network.parameters.size)
        self._count = count

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        snapshot = view.snapshot
        rows = max(1, height - 2)
        columns = place_columns(_sizes(snapshot), width, rows)
        strips = [self._headline(columns, width), *draw_graph(snapshot, columns, width, rows)]
        return [*strips, self._legend(snapshot, rows, width)]

    def _headline(self, columns: list[Column], width: int) -> Strip:
        """Over each column its function and its size; where not all neurons fit, how many are shown."""
        sizes = [
            f"{len(column.shown)} of {column.units}" if len(column.shown) < column.units else f"{column.units}"
            for column in columns
        ]
        labels = [f"{name} {size}" for name, size in zip(self._names, sizes, strict=True)]
        if sum(map(len, labels)) + len(labels) > width:
            labels = sizes
        text = ""
        for place, (column, label) in enumerate(zip(columns, labels, strict=True)):
            after = sum(len(label) + 1 for label in labels[place + 1 :])
            start = min(max(column.x, len(text) + 1 if text else 0), width - after - len(label))
            text = text.ljust(start) + label
        return line((text[:width], DIM))

    def _legend(self, snapshot: Snapshot, rows: int, width: int) -> Strip:
        most = max(layer.weights.size for layer in snapshot.layers)
        drawn = "every weight drawn" if most <= edge_limit(rows) else "the heaviest weights drawn"
        words = f"{self._count} parameters, {drawn}  " if width >= 54 else f"{self._count} parameters  "
        positive, negative = style(signed(LEVELS)), style(signed(-LEVELS))
        return line((words, DIM), ("━━", positive), (" +  ", DIM), ("╌╌", negative), (" −", DIM))


def edge_limit(rows: int) -> int:
    """How many edges between two layers are drawn on so many lines."""
    return round(EDGES_PER_ROW * rows)


def _sizes(snapshot: Snapshot) -> list[int]:
    return [len(snapshot.example.x), *(len(layer.a) for layer in snapshot.layers)]


def place_columns(sizes: list[int], width: int, rows: int) -> list[Column]:
    """Spread the layers over the width, and each layer's neurons over the height.

    A layer that has more neurons than lines gets two on a line; one that has still more is folded to an even choice.
    """
    columns = []
    for place, units in enumerate(sizes):
        x = round(place * (width - 2) / max(1, len(sizes) - 1))
        dense = units > rows
        shown = min(units, 2 * rows)
        numbers = tuple(int(number) for number in np.linspace(0, units - 1, shown).round())
        if dense:
            first = rows - shown // 2 - shown % 2
            half_rows = tuple(first + i for i in range(shown))
        else:
            apart = min(MOST_APART, (rows - 1) // max(1, shown - 1))
            first_row = (rows - 1 - apart * (shown - 1)) // 2
            half_rows = tuple(2 * (first_row + apart * i) for i in range(shown))
        columns.append(Column(x, units, numbers, half_rows, dense))
    return columns


def draw_graph(snapshot: Snapshot, columns: list[Column], width: int, rows: int) -> list[Strip]:
    """The edges on a grid of braille dots, and the neurons over them."""
    bits = np.zeros((rows, width), np.uint8)
    colour = np.zeros((rows, width), np.int64)
    for left, right, layer in zip(columns, columns[1:], snapshot.layers, strict=False):
        _draw_edges(bits, colour, left, right, layer.weights)
    activations = [snapshot.example.x, *(layer.a for layer in snapshot.layers)]
    neurons: dict[tuple[int, int], Segment] = {}
    for column, values in zip(columns, activations, strict=True):
        neurons |= _draw_neurons(column, values)
        neurons |= _draw_values(column, values, width, rows)
    return [_row(bits[y], colour[y], neurons, y) for y in range(rows)]


def _draw_edges(
    bits: NDArray[np.uint8], colour: NDArray[np.int64], left: Column, right: Column, weights: Floats
) -> None:
    """Rasterize the heaviest edges, the lightest of them first, so that the heaviest colour a cell last."""
    rows = len(bits)
    shown = weights[np.ix_(right.shown, left.shown)]
    heaviest = np.argsort(np.abs(shown), axis=None)[-edge_limit(rows) :]
    to, source = np.unravel_index(heaviest, shown.shape)
    first, last = 2 * (left.x + 2), 2 * right.x - 1
    if last - first < 2:
        return
    x = np.arange(first, last + 1)
    start, end = (np.array(column.half_rows)[chosen] * 2 for column, chosen in ((left, source), (right, to)))
    offset = 1 if not (left.dense and right.dense) else 0
    y = np.round(start[:, None] + (end - start)[:, None] * np.linspace(0, 1, len(x)) + offset).astype(int)
    y = np.clip(y, 0, 4 * rows - 1)
    values = shown.ravel()[heaviest]
    largest = float(np.abs(weights).max())
    # a negative weight is a dashed line: its sign is not told by the colour alone
    drawn = (values[:, None] >= 0) | ((x + 3 * to[:, None]) % 6 < 3)
    levels = [level(float(value), largest) or (1 if value >= 0 else -1) for value in values]
    for row, mask, edge in zip(y, drawn, levels, strict=True):
        row_, x_ = row[mask], x[mask]
        cell = (row_ // 4, x_ // 2)
        np.bitwise_or.at(bits, cell, DOTS[row_ % 4, x_ % 2])
        colour[cell] = edge


def _draw_neurons(column: Column, values: Floats) -> dict[tuple[int, int], Segment]:
    """The neurons by cell (row, x): ● positive, ○ negative, · zero; two on a line as the halves of a block."""
    chosen = values[list(column.shown)]
    largest = float(np.abs(values).max()) if len(values) else 0.0
    levels = [level(float(value), largest) for value in chosen]
    if column.dense:
        halves = dict(zip(column.half_rows, levels, strict=True))
        return {
            (row, column.x): Segment("▀▀", _halves(halves.get(2 * row), halves.get(2 * row + 1)))
            for row in {half // 2 for half in column.half_rows}
        }
    return {
        (half // 2, column.x): Segment(
            "● " if value > 0 else "○ " if value < 0 else "· ", style(signed(step)) if step else FAINT
        )
        for half, step, value in zip(column.half_rows, levels, chosen.tolist(), strict=True)
    }


def _draw_values(column: Column, values: Floats, width: int, rows: int) -> dict[tuple[int, int], Segment]:
    """The activation as a number under each neuron, where the neurons stand far enough apart for it."""
    if column.dense or (len(column.half_rows) > 1 and column.half_rows[1] - column.half_rows[0] < 6):
        return {}
    x = min(column.x, width - VALUE_WIDTH)
    return {
        (half // 2 + 1, x): Segment(figure(float(values[number]), 0).ljust(VALUE_WIDTH), DIM)
        for half, number in zip(column.half_rows, column.shown, strict=True)
        if half // 2 + 1 < rows
    }


def _halves(upper: int | None, lower: int | None) -> Style:
    return style(signed(upper or 0), None if lower is None else signed(lower))


def _row(bits: NDArray[np.uint8], colour: NDArray[np.int64], neurons: dict[tuple[int, int], Segment], y: int) -> Strip:
    segments: list[Segment] = []
    x, width = 0, len(bits)
    while x < width:
        neuron = neurons.get((y, x))
        if neuron is not None:
            segments.append(neuron)
            x += len(neuron.text)
            continue
        end = x
        while end < width and colour[end] == colour[x] and (y, end) not in neurons:
            end += 1
        text = "".join(chr(0x2800 + bit) if bit else " " for bit in bits[x:end].tolist())
        segments.append(Segment(text, style(signed(int(colour[x]))) if colour[x] else PLAIN))
        x = end
    return Strip(segments).crop(0, width)
