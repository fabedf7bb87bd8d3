"""A weight or a bias in words: its name, and why a change of it changes nothing."""

from collections.abc import Sequence

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.no_effect import Cause
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.data.dataset import Dataset
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.unit_labels import UnitLabels, label_outputs

LONGEST_NAME = 24
"""Cells of the longest name of an input or output, so that it gives way to the numbers."""

OF_BATCH = "for every example of the batch"
"""The rows of a line over a parameter."""


def describe_parameter(parameter: ParameterIndex, activation: str, dataset: Dataset, weights: Sequence[Floats]) -> str:
    """Describe a parameter of a layer with this activation in words; `weights` are those of each layer.

    A neuron of the output has the name of what it stands for, if that has a name.
    """
    labels = UnitLabels(outputs=label_outputs(dataset, len(weights[-1])), layers=len(weights))
    name = labels.of_neuron(parameter.layer_number, parameter.unit)
    what = f"{activation}, {shorten(name, LONGEST_NAME)}" if name else activation
    neuron = f"neuron {parameter.unit + 1} of layer {parameter.layer_number} ({what})"
    if parameter.source is None:
        return f"The bias of {neuron}"
    return f"The weight from {_name_source(parameter.layer_number, parameter.source, dataset)} to {neuron}"


def _name_source(layer_number: int, source: int, dataset: Dataset) -> str:
    """Name the input of a weight of this layer."""
    if layer_number > 1:
        return f"neuron {source + 1} of layer {layer_number - 1}"
    named = source < len(dataset.feature_names) and dataset.image_shape is None
    return f"input {shorten(dataset.feature_names[source], LONGEST_NAME) if named else source + 1}"


def explain_no_effect(
    cause: Cause, parameter: ParameterIndex, activation: str, dataset: Dataset, rows: str, last: bool
) -> str:
    """Say why a change of a parameter changes nothing `rows`, such as "for this example".

    `activation` is that of its layer, and `last` says that this is the output layer.
    """
    match cause:
        case "input":
            assert parameter.source is not None
            term = "w·x" if parameter.layer_number == 1 else "w·a"
            name = _name_source(parameter.layer_number, parameter.source, dataset)
            return f"{name[0].upper()}{name[1:]} is 0 {rows}, so {term} stays 0."
        case "silent":
            return f"Its neuron is silent {rows}: its z is not above 0, and {activation} gives 0 there."
        case "same a":
            return f"The activation of its neuron stays the same {rows}."
        case "later" if last:
            return f"Its output changes, but by so little that the loss stays the same {rows}."
        case "later":
            return f"Its neuron changes, but the loss stays the same {rows}."
