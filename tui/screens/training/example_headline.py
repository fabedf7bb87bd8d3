"""The first lines of the output panel: which example it shows, its target and what is predicted."""

from textual.strip import Strip

from gradstep.core.observation.example import ExampleView
from gradstep.data.dataset import Dataset
from gradstep.data.split import Split
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.palette import BAD, DIM, GOOD, PLAIN, STRONG
from gradstep.tui.drawing.predicted_numbers import draw_predicted_numbers
from gradstep.tui.drawing.strips import Piece, make_line
from gradstep.tui.drawing.unit_names import name_class


def draw_head(example: ExampleView, dataset: Dataset, split: Split, width: int, height: int) -> list[Strip]:
    """Draw the index of the example with its classes, and below it the numbers of a regression."""
    return [_draw_index(example, dataset, split, width), *_draw_numbers(example, dataset, split, width, height)]


def _draw_index(example: ExampleView, dataset: Dataset, split: Split, width: int) -> Strip:
    """The index of the example, its target and predicted class, in the longest form that fits."""
    part, row = example.index.part, example.index.row + 1
    rows = len(split.rows_of(part))
    brief = f"{row}/{rows}"
    long, short = f"{part} example {row} of {rows}", f"{part} {brief}"
    for begin, in_words in ((long, True), (short, True), (brief, True), (brief, False)):
        form = make_line((begin, PLAIN), *_draw_classes(example, dataset, in_words))
        if form.cell_length <= width:
            return form
    return make_line((brief, PLAIN), *_draw_classes(example, dataset, False, (width - len(brief) - 13) // 2))


def _draw_classes(example: ExampleView, dataset: Dataset, in_words: bool, longest: int = 1000) -> list[Piece]:
    """The target class and the predicted one, and whether that is right."""
    if example.target_class is None:
        return []
    right = example.target_class == example.predicted_class
    mark, word = ("✓", " right") if right else ("✗", " wrong")
    target, predicted = (name_class(dataset, n) for n in (example.target_class, example.predicted_class))
    verdict = f"  {mark}{word if in_words else ''}" if example.predicted_class is not None else ""
    return [
        ("  target " if in_words else "  ", DIM),
        (shorten(target, longest), STRONG),
        ("  predicted " if in_words else "  pred. ", DIM),
        (shorten(predicted, longest), STRONG),
        (verdict, GOOD if right else BAD),
    ]


def _draw_numbers(example: ExampleView, dataset: Dataset, split: Split, width: int, height: int) -> list[Strip]:
    """The targets of a regression and what is predicted, in the units of the data."""
    if dataset.class_names:
        return []
    undo = split.target_scaling.undo
    return draw_predicted_numbers(dataset.target_names, undo(example.y), undo(example.outputs), width, height)
