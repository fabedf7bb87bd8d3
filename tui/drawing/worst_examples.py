"""The examples with the largest losses: their features, targets, predictions and losses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.style import Style
from textual.strip import Strip

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.example import ExampleView
from gradstep.core.observation.part_report import PartReport
from gradstep.data.split import Split
from gradstep.tui.drawing.cells import align_left, align_right, count_cells, shorten
from gradstep.tui.drawing.image import draw_image
from gradstep.tui.drawing.palette import BAD, DIM, GOOD, PLAIN, STRONG
from gradstep.tui.drawing.row_values import list_values
from gradstep.tui.drawing.strips import Piece, join_blocks, longest_fitting, make_line
from gradstep.tui.drawing.unit_names import name_class
from gradstep.tui.numbers import format_count, format_number, format_of_data
from gradstep.tui.terminal.capabilities import TerminalCapabilities

TALL = 30
"""Height, in lines, from which the images are large."""

LARGE, SMALL = (16, 8), (8, 4)
"""The largest size of an image, (columns, lines)."""

CAPTION, GAP = 12, 1
"""Cells of the caption under an image, and between two images."""

LONGEST_NAME, COLUMN = 14, 9
"""Cells of the longest name of a class, and of the narrowest column of numbers."""

LEAST_WITH_ERRORS, MOST_ERRORS = 6, 3
"""The least height with a line of errors for each target, and the most such lines."""

MOST_FEATURES = 40
"""More columns of features do not fit on any screen."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of `width` cells: its heading, and the text and style of each row, aligned to the right."""

    head: str
    rows: list[Piece]
    width: int

    def piece(self, row: int) -> Piece:
        """Return the text of a row in the cells of the column, with its style."""
        text, style = self.rows[row]
        return align_right(text, self.width), style


class WorstExamples:
    """Draws the worst examples of one data set, as images or as a line for each row."""

    def __init__(self, split: Split, capabilities: TerminalCapabilities) -> None:
        self._split, self._dataset, self._capabilities = split, split.dataset, capabilities
        self._scaling, self._target_scaling = split.scaling, split.target_scaling

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
        errors = self._draw_errors(report, width) if height >= LEAST_WITH_ERRORS else []
        return [head, *errors, *self._draw_table(report, width, height - 1 - len(errors))]

    def _draw_errors(self, report: PartReport, width: int) -> list[Strip]:
        """The errors of a regression over the whole part, in the units of the data, a line for each target."""
        scales, strips = self._target_scaling.scale.tolist(), []
        for name, errors, scale in zip(self._dataset.target_names, report.errors, scales, strict=False):
            found = errors.rescale(scale)
            values = [("RMSE", format_of_data(found.rmse)), ("MAE", format_of_data(found.mae))]
            values += [] if found.r2 is None else [("R²", format_number(found.r2, 0))]
            text = "  ".join(f"{word} {value}" for word, value in values)
            forms = [f"{name}: {text}", text, text.split("  ")[0]]
            strips.append(make_line((longest_fitting(forms, width), PLAIN)))
        return strips[:MOST_ERRORS]

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
        if example.target_class is None:
            return [make_line(("loss ", DIM), (format_number(example.loss, 0), PLAIN))]
        target, predicted = self._name_classes(example)
        mark, style = _mark_right_or_wrong(example)
        return [
            make_line(("target ", DIM), (shorten(target, CAPTION - len("target ")), STRONG)),
            make_line(("pred. ", DIM), (shorten(predicted, CAPTION - len("pred. ") - 2), STRONG), (f" {mark}", style)),
            make_line(("loss ", DIM), (format_number(example.loss, 0), PLAIN)),
        ]

    def _draw_table(self, report: PartReport, width: int, height: int) -> list[Strip]:
        shown = report.worst_examples[: max(0, height - 1)]
        numbers = self._number_examples(shown, report.rows)
        name = self._choose_name_width(width, numbers.width)
        columns = [
            numbers,
            *(self._make_class_columns(shown, name) if self._dataset.class_names else self._make_target_columns(shown)),
            _make_number_column("loss", [format_number(each.loss, 0) for each in shown], PLAIN),
            *self._make_feature_columns(shown),
        ]
        while sum(column.width for column in columns) > width:
            columns.pop()
        heads = "".join(align_right(shorten(column.head, column.width - 1), column.width) for column in columns)
        return [
            make_line((heads, DIM)),
            *(make_line(*(column.piece(row) for column in columns)) for row in range(len(shown))),
        ]

    def _number_examples(self, examples: Sequence[ExampleView], rows: int) -> TableColumn:
        """The line of each example in its file; for data without lines, its number in the part."""
        lines = self._dataset.lines
        if lines is None:
            head, numbers, largest = "no.", [each.index.row + 1 for each in examples], rows
        else:
            head, largest = "line", int(lines.max())
            numbers = [int(lines[self._split.rows_of(each.index.part)[each.index.row]]) for each in examples]
        return TableColumn(head, [(str(number), DIM) for number in numbers], max(len(head), len(str(largest))) + 1)

    def _make_class_columns(self, examples: Sequence[ExampleView], name: int) -> list[TableColumn]:
        """A mark for right or wrong, the target class and the predicted class."""
        marks = TableColumn("", [_mark_right_or_wrong(example) for example in examples], 2)
        classes = [self._name_classes(example) for example in examples]
        targets, predicted = ([(align_left(each[index], name), STRONG) for each in classes] for index in (0, 1))
        return [
            marks,
            TableColumn(align_left("target", name), targets, name + 1),
            TableColumn(align_left("pred.", name), predicted, name + 1),
        ]

    def _make_target_columns(self, examples: Sequence[ExampleView]) -> list[TableColumn]:
        """The first target and its prediction, in the units of the data."""
        values = [[float(self._target_scaling.undo(y)[0]) for y in (each.y, each.outputs)] for each in examples]
        return [
            _make_number_column(head, [format_of_data(each[index]) for each in values], PLAIN)
            for index, head in enumerate(("target", "pred."))
        ]

    def _make_feature_columns(self, examples: Sequence[ExampleView]) -> list[TableColumn]:
        rows = [list_values(self._dataset, self._unscale(example))[:MOST_FEATURES] for example in examples]
        return [
            _make_number_column(name, [row[index][1] for row in rows], DIM)
            for index, (name, _) in enumerate(rows[0] if rows else [])
        ]

    def _choose_name_width(self, width: int, number_width: int) -> int:
        longest = min(LONGEST_NAME, max(len("target"), *map(count_cells, self._dataset.class_names), 0))
        return max(1, min(longest, (width - number_width - COLUMN - 4) // 2))

    def _unscale(self, example: ExampleView) -> Floats:
        return self._scaling.undo(example.x)

    def _name_classes(self, example: ExampleView) -> tuple[str, str]:
        return name_class(self._dataset, example.target_class), name_class(self._dataset, example.predicted_class)


def _mark_right_or_wrong(example: ExampleView) -> tuple[str, Style]:
    if example.predicted_class is None:
        return " ", PLAIN
    return ("✓", GOOD) if example.target_class == example.predicted_class else ("✗", BAD)


def _make_number_column(head: str, numbers: list[str], style: Style) -> TableColumn:
    """Make a column in which every number is whole."""
    width = max([COLUMN, *(count_cells(number) + 1 for number in numbers)])
    return TableColumn(head, [(number, style) for number in numbers], width)
