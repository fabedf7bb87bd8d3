"""The names of inputs and outputs beside their neurons on the graph of a network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment

from gradstep.data.dataset import Dataset
from gradstep.tui.drawing.cells import align_left, align_right, count_cells, make_drawable
from gradstep.tui.drawing.palette import DIM

WIDTH_PARTS, LEAST_ROOM = 4, 14
"""The part of the width that the names of each side may take, and the cells below which there are none."""


Signs = dict[tuple[int, int], Segment]
"""What is drawn over the edges, by cell (row, x)."""


@dataclass(frozen=True, slots=True)
class UnitNames:
    """Names and the cells that they take at the left and at the right edge; 0 without names."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    left: int = 0
    right: int = 0


NO_NAMES = UnitNames()


def name_inputs(dataset: Dataset) -> tuple[str, ...]:
    """Return the features; nothing for pixels."""
    return () if dataset.image_shape else dataset.feature_names


def name_outputs(dataset: Dataset, outputs: int) -> tuple[str, ...]:
    """Return the class of each of so many outputs, or the question that a single one answers, or the targets."""
    if not dataset.class_names:
        return dataset.target_names
    return dataset.class_names if len(dataset.class_names) == outputs else (f"{dataset.class_names[1]}?",)


def fit_unit_names(inputs: tuple[str, ...], outputs: tuple[str, ...], width: int, rows: int) -> UnitNames:
    """Return the names for a graph of this size, shortened to their part of the width.

    A layer with more neurons than rows has no names, and neither has a narrow graph.
    """
    room = width // WIDTH_PARTS
    inputs, outputs = (names if room >= LEAST_ROOM and len(names) <= rows else () for names in (inputs, outputs))
    left, right = (min(room, max(map(count_cells, names), default=-1) + 1) for names in (inputs, outputs))
    return UnitNames(inputs, outputs, left, right)


def draw_input_names(names: UnitNames, shown: Sequence[int], half_rows: Sequence[int]) -> Signs:
    """Draw the names of the inputs, by cell (row, x), at the left edge."""
    return _draw_names(names.inputs, shown, half_rows, 0, names.left, align_right)


def draw_output_names(names: UnitNames, shown: Sequence[int], half_rows: Sequence[int], x: int) -> Signs:
    """Draw the names of the outputs, by cell (row, x), from this column on."""
    return _draw_names(names.outputs, shown, half_rows, x, names.right, align_left)


def _draw_names(
    names: tuple[str, ...],
    shown: Sequence[int],
    half_rows: Sequence[int],
    x: int,
    room: int,
    align: Callable[[str, int], str],
) -> Signs:
    if not names:
        return {}
    return {
        (half // 2, x): Segment(make_drawable(align(names[index], room - 1)) + " ", DIM)
        for half, index in zip(half_rows, shown, strict=True)
    }
