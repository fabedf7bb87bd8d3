"""The number that a micro-step comes to, by its symbol and in words."""

from dataclasses import replace

from gradstep.core.ledger.micro_step import Axis, Focus, Matrix, MicroStep
from gradstep.core.notation import subscript
from gradstep.core.training.update import Update


def name_wanted(update: Update, step: MicroStep, focus: Focus) -> str:
    """Name the result of a micro-step for this focus: its symbol, and after a colon what it is."""
    name = step.key.partition(" ")[0]
    if not step.layer:
        of_example, of_batch = f"the loss of example {focus.example + 1}", "the loss of the batch"
        return {
            "loss": f"E: {of_example}",
            "mean": f"L: {of_batch}" + (" with its l1/l2 term" if update.l1 or update.l2 else ""),
            "again": f"E: {of_example} with the new parameters",
            "check": f"L after: {of_batch} with the new parameters",
        }.get(name, "x: the input in focus")
    layer = update.layers[step.layer - 1]
    j, k = focus.neurons[step.layer - 1], focus.weights[step.layer - 1]
    neuron, index = f"neuron {j + 1} of layer {step.layer}", subscript(j)
    bias = k == layer.inputs.shape[1]
    weight = f"the bias of {neuron}" if bias else f"weight {k + 1} of {neuron}"
    parameter = "b" if bias else "w"
    names = {
        "z": f"z{index}: the pre-activation of {neuron}",
        "a": f"a{index}: the activation of {neuron}",
        "shift": f"u{index}: z{index} less the largest z",
        "exp": f"e^u{index}: e to the power of u{index}",
        "sum": "Σe^u: the sum of the powers of e",
        "δ": f"δ{index}: how E changes with z of {neuron}",
        "paths": f"∂E/∂a{index}: what all paths bring back to {neuron}",
        "∂": f"∂E/∂{parameter}: the gradient of this example for {weight}",
        "mean": f"g: the mean gradient of {weight}",
        "penalty": f"g: the gradient of {weight} with its l1/l2 term",
        "new": f"new {parameter}: {weight} after the update",
    }
    if step.key == f"a {len(update.layers)}":
        return f"ŷ{index}: output {j + 1} of the network"
    return names.get(name, f"{update.optimizer.name}: its last line, for {weight}")


def name_entry(update: Update, step: MicroStep, matrix: Matrix, row: int, column: int) -> str:
    """Name an entry of a matrix that the micro-step writes by its symbol; a weight with its neuron and its input."""
    layers = len(update.layers)
    focus = _focus_on(_focus_on(Focus(0, (0,) * layers, (0,) * layers), matrix.rows, row), matrix.columns, column)
    symbol = name_wanted(update, step, focus).partition(":")[0]
    if matrix.columns.counts != "weight":
        return symbol
    unit = "" if symbol.endswith("b") else f", in {column + 1}"
    return f"{symbol} (n {row + 1}{unit})"


def _focus_on(focus: Focus, axis: Axis, index: int) -> Focus:
    if axis.counts == "only":
        return focus
    if axis.counts == "example":
        return replace(focus, example=index)
    indices = list(focus.neurons if axis.counts == "neuron" else focus.weights)
    indices[axis.layer - 1] = index
    chosen = tuple(indices)
    return replace(focus, neurons=chosen) if axis.counts == "neuron" else replace(focus, weights=chosen)
