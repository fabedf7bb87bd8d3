"""The loss on a plane as a map: bands of shades whose borders are contour lines, with the run's path on it."""

import math

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.loss_plane import LossPlane
from gradstep.tui.drawing.palette import DIM, GROUND, MARKED, PLAIN, RGB, make_style, mix
from gradstep.tui.drawing.pixel_grid import Marks, draw_pixel_grid, resample
from gradstep.tui.drawing.strips import Piece, flow_pieces, make_line
from gradstep.tui.drawing.valley_plot import LANDING, NOW
from gradstep.tui.numbers import format_number
from gradstep.tui.terminal.capabilities import TerminalCapabilities

TEXTURES = " .:▒▓█"
"""The bands without shades, from the lowest to the highest; each looks denser than the one before.

In ASCII, too: there ░ would be the dot, and look emptier than the colon.
"""

HIGH: RGB = (135, 137, 141)
"""The colour of the highest band. A lighter one would be like the band below it on a light background."""

COLOURS = tuple(mix(GROUND, HIGH, band / (len(TEXTURES) - 1)) for band in range(len(TEXTURES)))
"""The bands with shades, from the lowest to the highest."""

HIGHEST_SHARE = 0.9
"""The highest band holds at least the cells above this share of all: a steep wall does not flatten the rest."""

ARROWS = "→↗↑↖←↙↓↘"
"""Arrows by eighths of a turn, from the right and against the clock."""

NEAREST = 0.03
"""What is nearer to the network now, as a share of the map's reach, is not drawn beside it."""

TOWARDS = (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1)
"""The cell that each of ARROWS points to from the network now, by rows and columns."""

PATH = "•"
PATH_STYLE = make_style((18, 18, 18), (225, 205, 110))
LANDING_STYLE = make_style((18, 18, 18), (255, 158, 66), bold=True)
DARKER, LIGHTER, DENSER = "darker is lower", "lighter is lower", "denser is higher"
LEAST_WIDTH, LEAST_HEIGHT = 12, 4

Bands = NDArray[np.intp]


def find_bands(losses: Floats) -> tuple[Bands, Floats]:
    """Return the band of each loss, from 0, and the losses at the borders between the bands (bands − 1,).

    The borders are as far apart on a parabola as on a map of heights: evenly in the root of the height. A loss that is
    not finite is in the highest band.
    """
    finite = losses[np.isfinite(losses)]
    if not len(finite):
        return np.full(losses.shape, len(TEXTURES) - 1), np.zeros(len(TEXTURES) - 1)
    low = float(finite.min())
    high = max(float(np.quantile(finite, HIGHEST_SHARE)), low)
    borders: Floats = low + (high - low) * (np.arange(1, len(TEXTURES)) / len(TEXTURES)) ** 2
    return np.searchsorted(borders, np.where(np.isfinite(losses), losses, np.inf), side="left"), borders


def draw_plane(plane: LossPlane, width: int, height: int, capabilities: TerminalCapabilities) -> list[Strip]:
    """Draw the map on at most width × height cells, with the path, the network now and the landing of the step.

    Returns nothing if there is no room.
    """
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return []
    tones = resample(find_bands(plane.losses)[0], 2 * height, width)
    return draw_pixel_grid(tones, COLOURS, TEXTURES, capabilities, _place_marks(plane, width, height))


def _draw_band(band: int, capabilities: TerminalCapabilities) -> Segment:
    """Draw a cell of the legend."""
    if capabilities.shaded:
        return Segment(" ", make_style(background=COLOURS[band]))
    return Segment(TEXTURES[band], DIM)


def _place_marks(plane: LossPlane, width: int, height: int) -> Marks:
    """Return the marks by their cells. What lies outside the map is left out; the network now is never covered."""
    marks: Marks = {}

    def put(x: float, y: float, segment: Segment) -> None:
        column = math.floor((x / plane.axes.reach[0] + 1) / 2 * width)
        row = math.floor((1 - y / plane.axes.reach[1]) / 2 * height)
        if 0 <= column < width and 0 <= row < height:
            marks[row, column] = segment

    for point in plane.path:
        if _is_apart(plane, point):
            put(*point, Segment(PATH, PATH_STYLE))
    if shows_landing(plane):
        put(*plane.landing, Segment(LANDING, LANDING_STYLE))
    put(0.0, 0.0, Segment(NOW, MARKED))
    row, column = height // 2, width // 2
    if arrow := find_arrow(plane, width, height):
        cells = [(row + down, column + right) for down, right in _list_cells_downhill(ARROWS.index(arrow))]
        marks[next((cell for cell in cells if cell not in marks), cells[0])] = Segment(arrow, MARKED)
    return marks


def _list_cells_downhill(arrow: int) -> list[tuple[int, int]]:
    """Return the cells for an arrow, so that it points away from the network now: the first that is free."""
    down, right = TOWARDS[arrow]
    return [(down, right), (2 * down, 2 * right), TOWARDS[(arrow + 1) % 8], TOWARDS[arrow - 1]]


def _is_apart(plane: LossPlane, point: tuple[float, float]) -> bool:
    """Whether a point is on the map, and not so near to the network now that it would be covered."""
    return NEAREST < max(abs(place) / reach for place, reach in zip(point, plane.axes.reach, strict=True)) < 1


def shows_landing(plane: LossPlane) -> bool:
    """Whether the landing of the step is drawn."""
    return _is_apart(plane, plane.landing)


def shows_path(plane: LossPlane) -> bool:
    """Whether any of the run's past is drawn."""
    return any(_is_apart(plane, point) for point in plane.path)


def lands_outside(plane: LossPlane) -> bool:
    """Whether the landing of the step lies outside the map."""
    return any(abs(place) >= reach for place, reach in zip(plane.landing, plane.axes.reach, strict=True))


def find_arrow(plane: LossPlane, width: int, height: int) -> str:
    """Return the arrow that points downhill on the map, along −∂L/∂θ; empty where the plane has no slope."""
    x, y = plane.downhill[0] / plane.axes.reach[0] * width, plane.downhill[1] / plane.axes.reach[1] * 2 * height
    if not (x or y) or not math.isfinite(x + y):
        return ""
    return ARROWS[round(math.atan2(y, x) / (math.pi / 4)) % 8]


def draw_legend(plane: LossPlane, width: int, capabilities: TerminalCapabilities) -> list[Strip]:
    """Draw what the signs and shades mean."""
    gap: Piece = ("  ", PLAIN)
    pieces: list[Piece] = [(f"{NOW} now", MARKED)]
    if shows_landing(plane):
        pieces += [gap, (f"{LANDING} the step lands", LANDING_STYLE)]
    if shows_path(plane):
        pieces += [gap, (f"{PATH} the run before", PATH_STYLE)]
    if any(plane.downhill):
        pieces += [gap, ("the arrow: downhill, −∂L/∂θ", MARKED)]
    _, borders = find_bands(plane.losses)
    numbers = [format_number(float(border), 0) for border in borders]
    if len(set(numbers)) == 1:
        return [*flow_pieces(width, *pieces), make_line((f"loss  {numbers[0]} on the whole map", DIM))]
    scale: list[Segment] = []
    for band in range(len(TEXTURES)):
        scale += [_draw_band(band, capabilities)] * 2
        if band < len(borders):
            scale.append(Segment(f" {numbers[band]} ", DIM))
    heights = Strip([Segment("loss  ", DIM), *scale])
    lines = flow_pieces(width, *pieces)
    if heights.cell_length > width:
        shades = LIGHTER if capabilities.background == "light" else DARKER
        heights = make_line((shades if capabilities.shaded else DENSER, DIM))
    return [*lines, heights]
