"""The examples with the largest losses: their features, targets, predictions and losses."""

import numpy as np
from rich.style import Style
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.example import ExampleView
from gradstep.core.observation.part_report import PartReport
from gradstep.data.dataset import Dataset
from gradstep.data.split import Scaling
from gradstep.tui.drawing.cells import align_left, align_right, count_cells, shorten
from gradstep.tui.drawing.image import draw_image
from gradstep.tui.drawing.palette import BAD, DIM, GOOD, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, join_blocks, longest_fitting, make_line
from gradstep.tui.numbers import format_count, format_number
from gradstep.tui.terminal.capabilities import TerminalCapabilities

TALL = 30
"""Height, in lines, from which the images are large."""

LARGE, SMALL = (16, 8), (8, 4)
"""The largest size of an image, (columns, lines)."""

CAPTION, GAP = 12, 1
"""Cells of the caption under an image, and between two images."""

LONGEST_NAME, COLUMN = 14, 9
"""Cells of the longest name of a class, and of a column of numbers."""


class WorstExamples:
    """Draws the worst examples of one data set, as images or as a line for each row."""

    def __init__(self, dataset: Dataset, scaling: Scaling, capabilities: TerminalCapabilities) -> None:
        self._dataset, self._scaling, self._capabilities = dataset, scaling, capabilities

    def draw(self, report: PartReport, width: int, height: int, dated: bool = False) -> list[Strip]:
        """Draw as many examples as fit, the one with the largest loss first; `dated` adds the step of the report."""
        rows = format_count(report.rows)
        what = "largest errors"
        if report.confusion is not None:
            all_right = np.trace(report.confusion) == report.rows
            what = "all right; nearest to wrong" if all_right else "most wrong"
        step = f" at step {format_count(report.step)}" if dated else ""
        forms = [f"{what} of the {rows} {report.part} examples{step}", f"{what}: {report.part}{step}", what + step]
        forms += [step.strip()] if dated else []
        head = make_line((longest_fitting(forms, width), PLAIN))
        shape = self._dataset.image_shape
        if shape is not None and (tiles := self._draw_tiles(report, shape, width, height - 1)):
            return [head, *tiles]
        return [head, *self._draw_table(report, width, height - 1)]

    def _draw_tiles(self, report: PartReport, shape: tuple[int, int], width: int, height: int) -> list[Strip]:
        size = LARGE if height >= TALL else SMALL
        tiles: list[list[Strip]] = []
        for example in report.worst_examples:
            image = draw_image(self._unscale(example).reshape(shape), *size, self._capabilities)
            tile = [*image, *self._draw_caption(example)]
            if not tiles:
                across = max(1, (width + GAP) // (max(size[0], CAPTION) + GAP))
                down = height // len(tile)
            if len(tiles) < across * down:
                tiles.append(tile)
        if width < CAPTION:
            return []
        strips: list[Strip] = []
        for start in range(0, len(tiles), across):
            row = tiles[start : start + across]
            strips += join_blocks(row, [max(size[0], CAPTION) + GAP] * len(row))
        return strips

    def _draw_caption(self, example: ExampleView) -> list[Strip]:
        """Draw the target class, the predicted class, a mark for right or wrong, and the loss."""
        if example.target_class is None or example.predicted_class is None:
            return [make_line(("loss ", DIM), (format_number(example.loss, 0), PLAIN))]
        target, predicted = self._name_classes(example)
        mark, style = _mark_right_or_wrong(example)
        return [
            make_line(("target ", DIM), (shorten(target, CAPTION - len("target ")), STRONG)),
            make_line(("pred. ", DIM), (shorten(predicted, CAPTION - len("pred. ") - 2), STRONG), (f" {mark}", style)),
            make_line(("loss ", DIM), (format_number(example.loss, 0), PLAIN)),
        ]

    def _draw_table(self, report: PartReport, width: int, height: int) -> list[Strip]:
        number_width = len(str(report.rows)) + 1
        columns, lead = self._choose_columns(report, number_width, width)
        shown = report.worst_examples[: max(0, height - 1)]
        head = f"{'no.'.rjust(number_width)}{lead}{'loss'.rjust(COLUMN)}"
        features = self._dataset.feature_names[:columns]
        named = "".join(align_right(shorten(name, COLUMN - 1), COLUMN) for name in features)
        return [
            make_line((head[:width] + named, DIM)),
            *(self._draw_row(each, number_width, len(lead), columns, width) for each in shown),
        ]

    def _choose_columns(self, report: PartReport, number_width: int, width: int) -> tuple[int, str]:
        """Return how many features fit, and the heading of the columns for target and prediction."""
        if self._dataset.class_names:
            name = self._choose_name_width(width, number_width)
            lead = f"   {'target'.ljust(name)} {'pred.'.ljust(name)}"
        else:
            lead = "target".rjust(COLUMN) + "pred.".rjust(COLUMN)
        room = width - number_width - len(lead) - COLUMN
        return max(0, min(len(self._dataset.feature_names), room // COLUMN)), lead

    def _choose_name_width(self, width: int, number_width: int) -> int:
        longest = min(LONGEST_NAME, max(len("target"), *map(count_cells, self._dataset.class_names)))
        return max(1, min(longest, (width - number_width - COLUMN - 4) // 2))

    def _draw_row(self, example: ExampleView, number_width: int, lead: int, columns: int, width: int) -> Strip:
        row_number = str(example.example.row + 1).rjust(number_width)
        pieces: list[Piece] = [(row_number, DIM)]
        if example.target_class is not None:
            name = (lead - 4) // 2
            mark, style = _mark_right_or_wrong(example)
            target, predicted = (align_left(each, name) for each in self._name_classes(example))
            pieces += [(f" {mark} ", style), (f"{target} ", STRONG), (predicted, STRONG)]
        else:
            pieces += [(format_number(float(values[0]), COLUMN), PLAIN) for values in (example.y, example.outputs)]
        pieces.append((format_number(example.loss, COLUMN), PLAIN))
        pieces += [(format_number(float(value), COLUMN), DIM) for value in self._unscale(example)[:columns]]
        return _fit_pieces(pieces, width)

    def _unscale(self, example: ExampleView) -> Floats:
        raw: Floats = self._scaling.undo(example.x.astype(np.float64))
        return raw

    def _name_classes(self, example: ExampleView) -> tuple[str, str]:
        assert example.target_class is not None and example.predicted_class is not None
        names = self._dataset.class_names
        return names[example.target_class], names[example.predicted_class]


def _mark_right_or_wrong(example: ExampleView) -> tuple[str, Style]:
    return ("✓", GOOD) if example.target_class == example.predicted_class else ("✗", BAD)


def _fit_pieces(pieces: list[Piece], width: int) -> Strip:
    """Make a line of as many of the pieces as fit whole, so that no number is cut."""
    while pieces and make_line(*pieces).cell_length > width:
        pieces = pieces[:-1]
    return make_line(*pieces)
