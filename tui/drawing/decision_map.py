"""The decision map: what the network predicts at every point of the input plane, with the data points on it."""

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.snapshot import Snapshot
from gradstep.data.input_grid import SIDE, InputGrid
from gradstep.data.split import Split
from gradstep.tui.drawing.axis import format_range
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.map_palette import LIGHTER, MapPalette, Tones, make_map_palette
from gradstep.tui.drawing.palette import DIM, MARKED, PLAIN, make_style, mix
from gradstep.tui.drawing.pixel_grid import Marks, draw_pixel_grid, resample
from gradstep.tui.drawing.strips import make_line
from gradstep.tui.terminal.capabilities import TerminalCapabilities

LEAST_SIDE = 8
"""The side of the smallest map, in cells."""

MOST_COVERED = 6
"""At most one pixel in this many is covered by a data point, so that the map stays visible."""

WHITE = (255, 255, 255)
EXAMPLE = "◈"
"""The mark at the position of the chosen example."""

BORDER, BORDER_SIGN = (235, 235, 235), "+"
"""The line between the classes of another network."""

Indices = NDArray[np.intp]
Borders = NDArray[np.bool_]


class DecisionMap:
    """Draws the map of one data set, and on it the points of the training part and those held out."""

    def __init__(
        self, split: Split, grid: InputGrid, capabilities: TerminalCapabilities, every_point: bool = False
    ) -> None:
        """With `every_point` no data point is left out, however much of the map they cover."""
        self.palette = make_map_palette(split, capabilities)
        self._grid, self._capabilities, self._every_point = grid, capabilities, every_point
        self._points_are_pixels = capabilities.shaded and capabilities.glyphs != "ascii"
        rows, y = split.join_parts()
        self._shares = grid.normalize(split.dataset.points[rows].astype(np.float64))
        self._tones = self.palette.read(y)
        self._held_out = np.arange(len(rows)) >= len(split.train_rows)
        self._held_out_name = split.held_out_name

    def draw(
        self, snapshot: Snapshot, point: Floats, width: int, height: int, others: Indices | None = None
    ) -> list[Strip]:
        """Draw a square of at most width × height cells, and mark the example, which is at `point` (2,) of the data.

        `others` are the classes (points of the grid,) that another network predicts; their borders are drawn as lines.

        Returns nothing if the snapshot has no grid activations, if none of them is a number, or if there is no room.
        """
        side = min(width, 2 * height) // 2 * 2
        if snapshot.grid_activations is None or side < LEAST_SIDE or np.isnan(snapshot.grid_activations[-1]).all():
            return []
        tones = resample(self.palette.read(snapshot.grid_activations[-1]).reshape(SIDE, SIDE), side, side)
        x, y = find_pixels(self._grid.normalize(point[None]), side)
        marks: Marks = {(int(y[0]) // 2, int(x[0])): Segment(EXAMPLE, MARKED)}
        palette, colours = self.palette, [*self.palette.backgrounds]
        borders = None if others is None else find_borders(resample(others.reshape(SIDE, SIDE), side, side))
        if self._points_are_pixels:
            colours += palette.points
            colours += [mix(colour, WHITE, LIGHTER) for colour in palette.points]
            colours.append(BORDER)
            if borders is not None:
                tones[borders] = len(colours) - 1
            self._draw_points(tones)
        else:
            marks = self._mark_borders(borders) | self._mark_points(side) | marks
        return draw_pixel_grid(tones, colours, palette.textures, self._capabilities, marks)

    def draw_axes(self) -> list[Strip]:
        """Draw the range of both inputs, a line each."""
        low, high = self._grid.low.tolist(), self._grid.high.tolist()
        ends = map(format_range, low, high)
        return [make_line((f"{arrow} {text}", DIM)) for arrow, text in zip("→↑", ends, strict=True)]

    @property
    def names(self) -> int:
        """How many lines of the legend hold names; a legend with fewer lines is of no use."""
        return len(self.palette.names)

    def draw_legend(self, side: int, width: int, others: str = "") -> list[Strip]:
        """Draw what the colours and signs mean on a map of `side` cells, a line each.

        `others` is whose borders are drawn as lines, empty for nobody's.
        """
        palette = self.palette
        textures = palette.textures if not self._capabilities.shaded else [""] * len(palette.textures)
        strips = [
            make_line(
                ("■" if self._points_are_pixels else palette.training[tone], make_style(palette.points[tone])),
                (textures[tone], DIM),
                (f" {shorten(name, width - 3)}", PLAIN),
            )
            for tone, name in palette.names
        ]
        if others:
            sign = "━" if self._points_are_pixels else BORDER_SIGN
            strips.append(make_line((sign, make_style(BORDER)), (f" {shorten(others, width - 2)}", DIM)))
        if self._held_out.any():
            name = self._held_out_name
            strips.append(
                make_line((f"lighter: {name} points" if self._points_are_pixels else f"small signs: {name}", DIM))
            )
        if len(self._choose_points(side)) < len(self._shares):
            strips.append(make_line(("some points left out", DIM)))
        return strips

    def _draw_points(self, tones: Tones) -> None:
        """Set the pixels of the points to their tones, which follow the background's: training, then held out."""
        chosen = self._choose_points(len(tones))
        x, y = find_pixels(self._shares[chosen], len(tones))
        count = len(self.palette.backgrounds)
        tones[y, x] = self._tones[chosen] + count * np.where(self._held_out[chosen], 2, 1)

    def _mark_points(self, side: int) -> Marks:
        chosen = self._choose_points(side)
        x, y = (pixels.tolist() for pixels in find_pixels(self._shares[chosen], side))
        return {
            (row // 2, column): self._make_mark(int(tone), bool(held_out))
            for row, column, tone, held_out in zip(y, x, self._tones[chosen], self._held_out[chosen], strict=True)
        }

    def _make_mark(self, tone: int, held_out: bool) -> Segment:
        palette: MapPalette = self.palette
        return Segment(
            (palette.test if held_out else palette.training)[tone], make_style(palette.points[tone], bold=True)
        )

    def _mark_borders(self, borders: Borders | None) -> Marks:
        if borders is None:
            return {}
        rows, columns = np.nonzero(borders[::2] | borders[1::2])
        mark = Segment(BORDER_SIGN, make_style(BORDER))
        return {(int(row), int(column)): mark for row, column in zip(rows, columns, strict=True)}

    def _choose_points(self, side: int) -> Indices:
        """Return the indices of the points to draw: all, or an even choice that leaves the map visible."""
        room = side * side // (MOST_COVERED if self._points_are_pixels else 2 * MOST_COVERED)
        count = len(self._shares)
        if self._every_point or count <= room:
            return np.arange(count)
        return np.linspace(0, count - 1, max(1, room)).round().astype(np.intp)


def find_borders(classes: Indices) -> Borders:
    """Return which pixels (rows, columns) are of another class than their neighbour to the right or below."""
    borders = np.zeros(classes.shape, bool)
    borders[:, :-1] |= classes[:, :-1] != classes[:, 1:]
    borders[:-1] |= classes[:-1] != classes[1:]
    return borders


def find_pixels(shares: Floats, side: int) -> tuple[Indices, Indices]:
    """Return the pixels (x, y) of points (rows, 2), which are in shares of the plane; y counts from the top."""
    pixels = np.clip((shares * side).astype(np.intp), 0, side - 1)
    return pixels[:, 0], side - 1 - pixels[:, 1]
