"""The name of a weight or a bias in words."""

from gradstep.core.observation.parameter_edit import ParameterIndex
from gradstep.data.dataset import Dataset
from gradstep.tui.drawing.cells import shorten

LONGEST_NAME = 24
"""Cells of the longest name of an input, so that it gives way to the numbers."""


def describe_parameter(parameter: ParameterIndex, activation: str, dataset: Dataset) -> str:
    """Describe a parameter of a layer with this activation in words."""
    neuron = f"neuron {parameter.unit + 1} of layer {parameter.layer_number} ({activation})"
    if parameter.source is None:
        return f"The bias of {neuron}"
    names = dataset.feature_names
    origin = f"neuron {parameter.source + 1} of layer {parameter.layer_number - 1}"
    if parameter.layer_number == 1:
        named = parameter.source < len(names) and dataset.image_shape is None
        origin = f"input {shorten(names[parameter.source], LONGEST_NAME) if named else parameter.source + 1}"
    return f"The weight from {origin} to {neuron}"
