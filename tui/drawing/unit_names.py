"""What the inputs, neurons and outputs of a network are called, and the names beside them on its graph."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment

from gradstep.core.notation import subscript
from gradstep.data.dataset import Dataset
from gradstep.tui.drawing.cells import align_left, align_right, count_cells, make_drawable, shorten
from gradstep.tui.drawing.palette import DIM
from gradstep.tui.numbers import NOT_COMPUTED

WIDTH_PARTS, LEAST_ROOM = 4, 14
"""The part of the width that the names of each side may take, and the cells below which there are none."""

UNNAMED = re.compile(r"y\d*")
"""A name that only says that a column is a target."""

LONGEST_NAME = 16
"""Cells of the longest name of a feature or class in a table of weights."""

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


def name_class(dataset: Dataset, index: int | None) -> str:
    """Return the name of a class; – for outputs that predict none."""
    return NOT_COMPUTED if index is None else dataset.class_names[index]


def name_predictions(dataset: Dataset, outputs: int) -> tuple[str, ...]:
    """Return what the outputs are called beside their values: ŷ or ŷ₁ where the target is only called y or y1."""
    names = name_outputs(dataset, outputs)
    if dataset.class_names or not all(map(UNNAMED.fullmatch, names)):
        return names
    return tuple("ŷ" + (subscript(int(name[1:]) - 1) if name[1:] else "") for name in names)


def name_unit(names: Sequence[str], index: int, letter: str) -> str:
    """Return the name of a unit in a table; without names the letter and its number from 1, as ŷ₁, x₁ and n1."""
    if names:
        return shorten(names[index], LONGEST_NAME)
    return f"{letter}{index + 1}" if letter == "n" else f"{letter}{subscript(index)}"


@dataclass(frozen=True, slots=True)
class NetworkNames:
    """What the units of a network are called.

    `activations` are those of the layers after the inputs. `inputs` are empty for pixels, `outputs` for none. Layer 0
    are the inputs.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    activations: tuple[str, ...]
    image_shape: tuple[int, int] | None = None
    has_classes: bool = False

    def brief(self, layer_number: int, unit: int) -> str:
        """Return the name of a unit in a table: petal length, x₁₂, n3, versicolor."""
        if layer_number == 0:
            return name_unit(self.inputs, unit, "x")
        return name_unit(self.outputs, unit, "ŷ") if self.is_output(layer_number) else f"n{unit + 1}"

    def full(self, layer_number: int, unit: int) -> str:
        """Return what a unit is: input petal length, neuron 3 of layer 1 (relu), output "7" (softmax)."""
        if layer_number == 0 and self.image_shape:
            row, column = divmod(unit, self.image_shape[1])
            return f"input x{unit + 1}: pixel in row {row + 1}, column {column + 1}"
        if layer_number == 0:
            return f"input {self.inputs[unit]}" if self.inputs else f"input x{unit + 1}"
        activation = self.activations[layer_number - 1]
        if not self.is_output(layer_number):
            return f"neuron {unit + 1} of layer {layer_number} ({activation})"
        name = self.brief(layer_number, unit)
        return f'output "{name}" ({activation})' if self.has_classes else f"output {name} ({activation})"

    def is_output(self, layer_number: int) -> bool:
        """Whether this layer is the output."""
        return layer_number == len(self.activations)


def name_network(dataset: Dataset, activations: Sequence[str], outputs: int) -> NetworkNames:
    """Return what the units of a network on these data are called; it has so many outputs."""
    names = name_inputs(dataset), name_predictions(dataset, outputs)
    return NetworkNames(*names, tuple(activations), dataset.image_shape, bool(dataset.class_names))


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
