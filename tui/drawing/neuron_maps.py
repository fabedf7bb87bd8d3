"""A map of the input plane for each neuron, layer by layer, as in the TensorFlow Playground."""

import math

import numpy as np
from textual.strip import Strip

from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats
from gradstep.data.input_grid import SIDE
from gradstep.tui.drawing.map_palette import signed_background, signed_tones
from gradstep.tui.drawing.palette import DIM, LEVELS
from gradstep.tui.drawing.pixel_grid import draw_pixel_grid, resample
from gradstep.tui.drawing.strips import join_blocks, longest_fitting, make_line
from gradstep.tui.terminal.capabilities import TerminalCapabilities

LEAST, LARGEST, GAP = 4, 48, 2
"""The side of the smallest and of the largest map, and the space between two layers, in cells."""

TEXTURES = "−" * LEVELS + " " + "+" * LEVELS
COLOURS = [signed_background(tone) for tone in range(2 * LEVELS + 1)]


def draw_neuron_maps(
    surface: tuple[Floats, ...], functions: list[str], width: int, height: int, capabilities: TerminalCapabilities
) -> list[Strip]:
    """Draw the maps of each layer, from left to right, below the names of the activation functions.

    `surface` holds the activations (points of the grid, neurons) of each layer.
    """
    neurons = [layer.shape[1] for layer in surface]
    rooms = _choose_widths(neurons, width)
    if min(rooms) < LEAST or height < 1 + LEAST // 2:
        return [make_line((longest_fitting(["no room for maps: m gives more"], width), DIM))]
    return join_blocks(
        [
            _draw_layer(values, function, room, height, capabilities)
            for values, function, room in zip(surface, functions, rooms, strict=True)
        ],
        [room + GAP for room in rooms],
    )


def _choose_widths(neurons: list[int], width: int) -> list[int]:
    """Choose the width of each layer, in proportion to the square root of its number of neurons."""
    width -= GAP * (len(neurons) - 1)
    roots = [math.sqrt(count) for count in neurons]
    rooms = [int(width * root / sum(roots)) for root in roots]
    return rooms if min(rooms) >= LEAST else [width // len(neurons)] * len(neurons)


def _draw_layer(
    values: Floats, function: str, width: int, height: int, capabilities: TerminalCapabilities
) -> list[Strip]:
    """Draw the maps of a layer as large as they can be; if not all fit, as many as there is room for."""
    neurons = values.shape[1]
    side = max(LEAST, min(LARGEST, _choose_side(neurons, width, height - 1)))
    columns = _count_across(side, width)
    shown = min(neurons, columns * _count_down(side, height - 1))
    heads = [f"{function} {neurons}", f"{neurons}"] if shown == neurons else [f"{shown} of {neurons}", f"{shown}…"]
    middle = activation_named(function).middle
    maps = [_draw_map(values[:, neuron] - middle, side, capabilities) for neuron in range(shown)]
    return [make_line((longest_fitting(heads, width), DIM)), *_tile(maps, columns)]


def _choose_side(neurons: int, width: int, height: int) -> int:
    """Return the largest even side at which all maps fit; 0 if they do not fit at any."""
    sides = range(min(width, 2 * height) // 2 * 2, LEAST - 1, -2)
    return next((side for side in sides if _count_across(side, width) * _count_down(side, height) >= neurons), 0)


def _count_across(side: int, width: int) -> int:
    """Count the maps that fit side by side, with a blank cell between two."""
    return (width + 1) // (side + 1)


def _count_down(side: int, height: int) -> int:
    """Count the maps that fit one below the other, with a blank line between two."""
    return (height + 1) // (side // 2 + 1)


def _draw_map(values: Floats, side: int, capabilities: TerminalCapabilities) -> list[Strip]:
    finite = values[np.isfinite(values)]
    tones = signed_tones(values, float(np.abs(finite).max()) if len(finite) else 0.0)
    return draw_pixel_grid(resample(tones.reshape(SIDE, SIDE), side, side), COLOURS, TEXTURES, capabilities)


def _tile(maps: list[list[Strip]], columns: int) -> list[Strip]:
    strips: list[Strip] = []
    for start in range(0, len(maps), columns):
        if start:
            strips.append(Strip([]))
        row = maps[start : start + columns]
        strips += join_blocks(row, [row[0][0].cell_length + 1] * len(row))
    return strips
