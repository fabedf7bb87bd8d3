"""Each neuron's own map of the plane, layer by layer, as the Playground shows them."""

import math

import numpy as np
from textual.strip import Strip

from gradstep.core.network.activations import activation_named
from gradstep.core.network.arrays import Floats
from gradstep.data.input_grid import SIDE
from gradstep.tui.drawing.map_palette import signed_ground, signed_tones
from gradstep.tui.drawing.palette import DIM, LEVELS
from gradstep.tui.drawing.pixel_grid import draw_pixel_grid, resample
from gradstep.tui.drawing.strips import join_blocks, longest_fitting, make_line
from gradstep.tui.terminal.capabilities import TerminalCapabilities

LEAST, LARGEST, GAP = 4, 48, 2
"""Cells of the narrowest and the widest map, and between two layers."""

TEXTURES = "−" * LEVELS + " " + "+" * LEVELS
COLOURS = [signed_ground(tone) for tone in range(2 * LEVELS + 1)]


def draw_neuron_maps(
    surface: tuple[Floats, ...], functions: list[str], width: int, height: int, capabilities: TerminalCapabilities
) -> list[Strip]:
    """A block for each layer, from left to right, with its activation function over it."""
    units = [layer.shape[1] for layer in surface]
    rooms = _widths(units, width)
    if min(rooms) < LEAST or height < 1 + LEAST // 2:
        return [make_line((longest_fitting(["no room for maps: m gives more"], width), DIM))]
    return join_blocks(
        [
            _draw_layer(values, function, room, height, capabilities)
            for values, function, room in zip(surface, functions, rooms, strict=True)
        ],
        [room + GAP for room in rooms],
    )


def _widths(units: list[int], width: int) -> list[int]:
    """Cells for each layer: more for more neurons, but not in the same measure."""
    width -= GAP * (len(units) - 1)
    roots = [math.sqrt(count) for count in units]
    rooms = [int(width * root / sum(roots)) for root in roots]
    return rooms if min(rooms) >= LEAST else [width // len(units)] * len(units)


def _draw_layer(
    values: Floats, function: str, width: int, height: int, capabilities: TerminalCapabilities
) -> list[Strip]:
    """The maps of a layer, as large as all of them can be; if they cannot all be, as many as there is room for."""
    units = values.shape[1]
    side = max(LEAST, min(LARGEST, _largest_side(units, width, height - 1)))
    columns = _maps_across(side, width)
    shown = min(units, columns * _maps_down(side, height - 1))
    heads = [f"{function} {units}", f"{units}"] if shown == units else [f"{shown} of {units}", f"{shown}…"]
    middle = activation_named(function).middle
    maps = [_draw_map(values[:, neuron] - middle, side, capabilities) for neuron in range(shown)]
    return [make_line((longest_fitting(heads, width), DIM)), *_tile(maps, columns)]


def _largest_side(units: int, width: int, height: int) -> int:
    """The largest even side at which so many maps fit, or less than that of the smallest map."""
    sides = range(min(width, 2 * height) // 2 * 2, LEAST - 1, -2)
    return next((side for side in sides if _maps_across(side, width) * _maps_down(side, height) >= units), 0)


def _maps_across(side: int, width: int) -> int:
    return (width + 1) // (side + 1)


def _maps_down(side: int, height: int) -> int:
    """A blank line is between two maps."""
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
