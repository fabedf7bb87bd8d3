"""The gradient of one weight as a product along the chain: ∂E/∂w = ∂E/∂a · ∂a/∂z · ∂z/∂w, with its numbers."""

import math
from collections.abc import Sequence

from gradstep.core.equation import write_equation
from gradstep.core.network.loss import LossOfLogits, LossOfOutputs
from gradstep.core.network.weighted_loss import WeightedLoss
from gradstep.core.notation import factor, number, subscript
from gradstep.core.training.update import Update

ROUNDING, SMALLEST = 1e-4, 1e-30
"""The relative error of a product in float32, and the size below which its numbers have fewer digits."""


def write_chain(
    update: Update, layer_number: int, example: int, neuron: int, weight: int, names: Sequence[str] = ()
) -> tuple[str, ...]:
    """∂E/∂w of one weight, or ∂E/∂b for the index of the bias: its factors by name, their numbers, and the result.

    The neurons of the layer may have `names`.
    The last factor is ∂z/∂w, which is the input of the weight, or ∂z/∂b = 1. Where the factors before it are no two
    numbers of this neuron, their product δ = ∂E/∂z stands for both: softmax mixes the outputs, and of a cross-entropy
    δ is ŷ − y.
    """
    layer, is_output = update.layers[layer_number - 1], layer_number == len(update.layers)
    j, is_bias = subscript(neuron), weight == layer.inputs.shape[1]
    a, w = ("ŷ" if is_output else "a") + j, "b" if is_bias else "w"
    source = "x" if layer_number == 1 else "a"
    delta, last = float(layer.delta[example, neuron]), 1.0 if is_bias else float(layer.inputs[example, weight])
    named = "1" if is_bias else f"{source}{subscript(weight)}"
    note = f"∂z{j}/∂{w} = {named}" + ("" if is_bias else ", the input" if source == "x" else ", the activation before")
    factors = _find_factors(update, layer_number, example, neuron)

    def write() -> str:
        if factors is None:
            chain = f"∂E/∂z{j}·∂z{j}/∂{w}"
            return f"∂E/∂{w} = {chain}   {note}\n   = δ{j}·{named} = {number(delta)}·{factor(last)}"
        on_a, slope = factors
        chain = f"∂E/∂{a}·∂{a}/∂z{j}·∂z{j}/∂{w}"
        product = f"{number(on_a)}·{factor(slope)}·{factor(last)}"
        return f"∂E/∂{w} = {chain}   {note}\n   = {product}\n   = δ{j}·{named} = {number(delta)}·{factor(last)}"

    delta_name = f"δ{j} ({names[neuron]})" if names else f"δ{j}"
    return (*_explain_delta(update, is_output, j, delta_name), *write_equation(write, delta * last).lines())


def _find_factors(update: Update, layer_number: int, example: int, neuron: int) -> tuple[float, float] | None:
    """∂E/∂a and f′(z) of a neuron; None where δ is not their product, as with a bug."""
    layer, loss = update.layers[layer_number - 1], update.loss_function
    if layer.slope is None:
        return None
    slope, delta = float(layer.slope[example, neuron]), float(layer.delta[example, neuron])
    if layer.activation_gradient is not None:
        on_a = float(layer.activation_gradient[example, neuron])
    elif isinstance(loss, LossOfOutputs):
        on_a = float(loss.output_gradient(layer.a, update.y)[example, neuron])
    else:
        return None
    return (on_a, slope) if math.isclose(on_a * slope, delta, rel_tol=ROUNDING, abs_tol=SMALLEST) else None


def name_chain(update: Update, layer_number: int) -> str:
    """∂E/∂w as a product of the factors that `write_chain` has numbers for.

    With most losses the first of the outputs' factors is δ = ∂E/∂z, as its own two factors are not known.
    """
    is_output = layer_number == len(update.layers)
    return "∂E/∂w = ∂E/∂z · ∂z/∂w" if is_output and _is_one_factor(update) else "∂E/∂w = ∂E/∂a · ∂a/∂z · ∂z/∂w"


def _is_one_factor(update: Update) -> bool:
    """Whether ∂E/∂z of the outputs is known only as a whole."""
    return isinstance(update.loss_function, LossOfLogits) or update.layers[-1].slope is None


def _explain_delta(update: Update, is_output: bool, j: str, delta: str) -> tuple[str, ...]:
    """Why δ of an output stands for two factors; nothing where both are written."""
    if not is_output or not _is_one_factor(update):
        return ()
    loss = update.loss_function
    how = f"ŷ{j} − y{j}" if isinstance(loss, LossOfLogits) else "over all outputs of softmax"
    how = f"c·({how})" if isinstance(loss, LossOfLogits) and isinstance(loss, WeightedLoss) else how
    return (f"∂E/∂z{j} is {delta}, computed before as a whole: {how}",)
