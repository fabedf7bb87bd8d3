"""What a unit does for the example, in sentences that hold for its numbers."""

import math

from gradstep.core.observation.unit_view import UnitView
from gradstep.tui.drawing.unit_names import NetworkNames
from gradstep.tui.numbers import format_number


def describe_unit(
    unit: UnitView, names: NetworkNames, train_biases: bool = True, unscaled: float | None = None
) -> list[str]:
    """Return what f does and how it stands, what raises z, and what δ asks for: the most important sentence first.

    `unscaled` is the number that an input was scaled from; None for one that was not scaled, and for a neuron.
    """
    if unit.activation is None:
        scaled = "" if unscaled is None else f", scaled from {format_number(unscaled, 0)}"
        return [f"An input is a number of the example{scaled}: the network computes nothing here, and sends it on."]
    sentences = [_describe_condition(unit), _describe_levers(unit, names, train_biases), _describe_delta(unit)]
    return [sentence for sentence in sentences if sentence]


def describe_unit_briefly(unit: UnitView, unscaled: float | None = None) -> str:
    """Return what the unit does, in a sentence that fits where the others do not."""
    if unit.activation is None:
        return (
            "a number of the example, sent on"
            if unscaled is None
            else f"scaled from {format_number(unscaled, 0)}, sent on"
        )
    return {
        "silent": "its sum is not above 0: it gives 0",
        "active": "its sum is not below 0: it fires",
        "saturated": "near an end of f, almost flat there",
        None: f"a = f(z), f(z) = {unit.activation.formula}",
    }[unit.condition]


def _describe_condition(unit: UnitView) -> str:
    assert unit.activation is not None
    words = unit.activation.words
    if unit.condition == "silent":
        return f"{words} For this example it is silent."
    if unit.condition == "active":
        return f"{words} For this example it is active."
    if unit.condition == "saturated":
        return f"{words} For this example it is saturated: near an end of its range, where f is almost flat."
    return words


def _describe_levers(unit: UnitView, names: NetworkNames, train_biases: bool) -> str:
    """Say what raises z: its bias, the weight on the largest input, and the neuron of the heaviest weight that can."""
    if unit.z is None or not math.isfinite(unit.z):
        return ""
    layer_number = unit.index.layer_number - 1
    largest = max(range(len(unit.values)), key=lambda index: abs(unit.values[index]))
    levers = ["a larger bias"] if train_biases else []
    if (value := float(unit.values[largest])) != 0:
        size = "larger" if value > 0 else "smaller"
        name = names.brief(layer_number, int(unit.others[largest]))
        levers.append(f"a {size} weight from {name}, whose number is {format_number(value, 0)}")
    if (free := unit.find_heaviest_free()) is not None:
        weight = float(unit.weights[free])
        size = "larger" if weight > 0 else "smaller"
        name = names.brief(layer_number, int(unit.others[free]))
        levers.append(f"a {size} {name}, whose weight is {format_signed(weight)}")
    inputs = " Training does not change the inputs." if layer_number == 0 else ""
    return f"What raises z: {'; '.join(levers)}.{inputs}" if levers else ""


def _describe_delta(unit: UnitView) -> str:
    if unit.delta is None or not math.isfinite(unit.delta):
        return ""
    if unit.delta == 0:
        return "δ is 0: no error of this example comes back to it."
    wanted = "smaller" if unit.delta > 0 else "larger"
    side = "above" if unit.delta > 0 else "below"
    return f"δ is {side} 0: a slightly {wanted} z would lower the loss of this example."


def format_signed(value: float) -> str:
    """Format a number with its sign, + too."""
    return ("+" if value > 0 else "") + format_number(value, 0)
