"""What the inputs and outputs of a network stand for, as tables and captions name them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from gradstep.data.dataset import Dataset
from gradstep.tui.drawing.unit_names import name_outputs

LETTER = re.compile(r"[^\W\d_]")
NUMBERED = re.compile(r"[xy]\d+")
"""A name that only numbers an input or a target."""


@dataclass(frozen=True, slots=True)
class UnitLabels:
    """What the inputs and the outputs of the network stand for: a feature or a pixel, a class or a target.

    Names of classes without a letter, such as those of digits, say that they are classes. Pixels have their row and
    column, counted from 1. Either is empty if there are no names.
    """

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    layers: int = 0

    def of_input(self, index: int) -> str:
        """Return the name of an input; empty for the bias, and without names."""
        return self.inputs[index] if index < len(self.inputs) else ""

    def of_output(self, index: int) -> str:
        """Return the name of an output; empty without names."""
        return self.outputs[index] if index < len(self.outputs) else ""

    def of_neuron(self, layer_number: int, index: int) -> str:
        """Return the name of a neuron of the output layer; empty for one of another layer."""
        return self.of_output(index) if layer_number == self.layers else ""


def make_unit_labels(dataset: Dataset, inputs: int, outputs: int, layers: int) -> UnitLabels:
    """Return the labels for a network with so many inputs, outputs and layers on these data."""
    named = name_pixels(dataset.image_shape) if dataset.image_shape else dataset.feature_names
    if len(named) != inputs or all(map(NUMBERED.fullmatch, named)):
        named = ()
    return UnitLabels(named, label_outputs(dataset, outputs), layers)


def label_outputs(dataset: Dataset, outputs: int) -> tuple[str, ...]:
    """Return what each of so many outputs stands for; nothing if that is not known."""
    names = tuple(name if LETTER.search(name) else f"class {name}" for name in name_outputs(dataset, outputs))
    return () if len(names) != outputs or all(map(NUMBERED.fullmatch, names)) else names


@lru_cache(1)
def name_pixels(shape: tuple[int, int]) -> tuple[str, ...]:
    """Return a name with row and column for each pixel, row by row."""
    rows, columns = shape
    return tuple(f"px {row},{column}" for row in range(1, rows + 1) for column in range(1, columns + 1))
