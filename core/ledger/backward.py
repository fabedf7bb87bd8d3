"""The backward phase: δ of the outputs, then layer by layer the gradients and the δ of the layer before.

The micro-steps are `δ` of the output, and from the last layer to the first `∂`, the gradient of each example, `paths`,
which is Wᵀδ, and `δ` of the layer before. δ is ∂E/∂z of each example; the mean over the batch is taken in `update`.
"""

from collections.abc import Callable

import numpy as np

from gradstep.core.ledger.forward import inputs_matrix
from gradstep.core.ledger.micro_step import EXAMPLES, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.network.losses import LossOfOutputs
from gradstep.core.notation import exact, factor, number, subscript
from gradstep.core.training.update import LayerUpdate, Update


def backward_steps(update: Update) -> list[MicroStep]:
    """δ of the output; then, from the last layer on, its gradients, and the paths to and δ of the layer before it."""
    steps = [_output_delta(update)]
    for layer_number in range(len(update.layers), 0, -1):
        steps.append(_gradient_of_each_example(update, layer_number))
        if layer_number > 1:
            steps += [_paths(update, layer_number), _hidden_delta(update, layer_number - 1)]
    return steps


def delta_matrix(update: Update, layer_number: int) -> Matrix:
    return Matrix(f"δ{layer_number}", update.layers[layer_number - 1].delta, EXAMPLES, Axis("neuron", layer_number))


def _output_delta(update: Update) -> MicroStep:
    if isinstance(update.loss_function, LossOfOutputs):
        return _output_delta_by_chain_rule(update, update.loss_function)
    return _output_delta_of_logits(update)


def _output_delta_of_logits(update: Update) -> MicroStep:
    """δ = ŷ − y, of a loss of logits."""
    layer = update.layers[-1]

    def at(focus: Focus) -> WrittenOut:
        i, j = focus.example, focus.neurons[-1]
        line = f"δ{subscript(j)} = {number(layer.a[i, j])} − {factor(update.y[i, j])}"
        return WrittenOut((line, f"   = {exact(layer.delta[i, j])}"), float(layer.delta[i, j]))

    return _make_output_delta(
        update,
        formula="δ = ∂E/∂z = ŷ − y",
        code="delta = y_hat - y",
        words="Where an output is too high, δ is positive and z should go down; where it is too low, z should go up.",
        at=at,
    )


def _output_delta_by_chain_rule(update: Update, loss: LossOfOutputs) -> MicroStep:
    layer = update.layers[-1]

    def at(focus: Focus) -> WrittenOut:
        i, j = focus.example, focus.neurons[-1]
        a, y, result = layer.a[i, j], update.y[i, j], float(layer.delta[i, j])
        if layer.slope is None:
            lines = [f"δ{subscript(j)} = Σₖ ∂E/∂ŷₖ · ∂ŷₖ/∂z{subscript(j)}, {layer.activation.name} mixes all outputs"]
        else:
            error, slope = loss.output_gradient(layer.a, update.y)[i, j], layer.slope[i, j]
            lines = [
                f"∂E/∂ŷ{subscript(j)} = {loss.write_output_gradient(y, a, update.y.shape[1])} = {exact(error)}",
                f"∂ŷ{subscript(j)}/∂z{subscript(j)} = f′(z) = {layer.activation.write_derivative(layer.z[i, j], a)}",
                f"   = {exact(slope)}",
                f"δ{subscript(j)} = {number(error)} · {factor(slope)}",
            ]
        return WrittenOut((*lines, f"   = {exact(result)}"), result)

    return _make_output_delta(
        update,
        formula="δ = ∂E/∂z = ∂E/∂ŷ · ∂ŷ/∂z",
        code=f"delta = {layer.activation.backward_code}",
        words="The chain rule: the derivative of the loss by the output, times that of the output by its z.",
        at=at,
    )


def _make_output_delta(
    update: Update, formula: str, code: str, words: str, at: Callable[[Focus], WrittenOut]
) -> MicroStep:
    layer, last = update.layers[-1], len(update.layers)
    neurons = Axis("neuron", last)
    return MicroStep(
        key=f"δ {last}",
        phase="backward",
        layer=last,
        title="δ of the outputs: the error",
        formula=formula,
        code=code,
        words=words,
        reads=(Matrix("ŷ", layer.a, EXAMPLES, neurons), Matrix("y", update.y, EXAMPLES, neurons)),
        writes=(delta_matrix(update, last),),
        at=at,
    )


def example_gradient(layer: LayerUpdate, neuron: int, weight: int) -> np.ndarray:
    """∂E/∂w of every example of the batch (batch,) for one weight, or for the bias: δ times its input, or δ."""
    delta = layer.delta[:, neuron]
    return delta if weight == layer.inputs.shape[1] else delta * layer.inputs[:, weight]


def _gradient_of_each_example(update: Update, layer_number: int) -> MicroStep:
    layer = update.layers[layer_number - 1]
    before = "x" if layer_number == 1 else "a"

    def at(focus: Focus) -> WrittenOut:
        i, j, k = focus.example, focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        result = float(example_gradient(layer, j, k)[i])
        table = _gradient_matrix_of_example(layer_number, layer, i)
        if k == layer.inputs.shape[1]:
            return WrittenOut((f"∂E/∂b{subscript(j)} = δ{subscript(j)}", f"   = {exact(result)}"), result, (table,))
        return WrittenOut(_write_gradients(layer, before, i, j, k), result, (table,))

    return MicroStep(
        key=f"∂ {layer_number}",
        phase="backward",
        layer=layer_number,
        title=f"layer {layer_number}: the gradient of each example",
        formula=f"∂E/∂W = δ·{before}ᵀ   ∂E/∂b = δ",
        code=f"dW = np.outer(delta{layer_number}[i], {'x' if layer_number == 1 else f'a{layer_number - 1}'}[i])",
        words="The gradient of a weight is δ of its neuron times its input.",
        reads=(delta_matrix(update, layer_number), inputs_matrix(layer_number, layer)),
        writes=(),
        at=at,
    )


def _gradient_matrix_of_example(layer_number: int, layer: LayerUpdate, example: int) -> Matrix:
    """[∂E/∂W | ∂E/∂b] of one example."""
    values = np.outer(layer.delta[example], np.append(layer.inputs[example], 1.0))
    name = f"∂E/∂W{layer_number}|b{layer_number} of this example"
    return Matrix(name, values, Axis("neuron", layer_number), Axis("weight", layer_number))


def _write_gradients(layer: LayerUpdate, before: str, example: int, neuron: int, weight: int) -> tuple[str, ...]:
    """∂E/∂w of one weight and example; beside it ∂E by the neuron's bias, and the weight's share of ∂E by its input."""
    delta, w = layer.delta[example, neuron], layer.old[neuron, weight]
    a, result = layer.inputs[example, weight], float(example_gradient(layer, neuron, weight)[example])
    symbol = f"{before}{subscript(weight)}"
    return (
        f"∂E/∂w = δ{subscript(neuron)}·{symbol} = {number(delta)}·{factor(a)}",
        f"   = {exact(result)}",
        "how much E changes per unit of each, through this neuron:",
        f"  b      δ = {number(delta)}",
        f"  w      δ·{before} = {number(result)}",
        f"  {symbol}     δ·w = {number(delta * w)}",
    )


def _paths(update: Update, layer_number: int) -> MicroStep:
    """From layer `layer_number` into the layer before it."""
    layer, previous = update.layers[layer_number - 1], layer_number - 1
    activation_gradient, next_weights = (
        update.layers[previous - 1].activation_gradient,
        update.layers[previous - 1].next_weights,
    )
    assert activation_gradient is not None and next_weights is not None

    def at(focus: Focus) -> WrittenOut:
        i, j = focus.example, focus.neurons[previous - 1]
        weights, deltas = next_weights[:, j], layer.delta[i]
        terms = [float(w * d) for w, d in zip(weights, deltas, strict=True)]
        result = float(activation_gradient[i, j])
        paths = [
            f"  from neuron {k + 1}: w·δ = {number(weights[k])}·{factor(deltas[k])} = {exact(terms[k])}"
            for k in sorted(sorted(range(len(terms)), key=lambda k: -abs(terms[k]))[:4])
        ]
        more = [f"  and {len(terms) - 4} smaller paths"] if len(terms) > 4 else []
        return WrittenOut(
            (f"into neuron {j + 1} of layer {previous}:", *paths, *more, f"sum = {exact(result)}"), result
        )

    return MicroStep(
        key=f"paths {previous}",
        phase="backward",
        layer=previous,
        title=f"from layer {layer_number} back to layer {previous}: add up the paths",
        formula="∂E/∂aⱼ = Σₖ wₖⱼ·δₖ",
        code=f"back = delta{layer_number} @ W{layer_number}",
        words="Every neuron of the next layer passes δ times the weight between them back to this neuron.",
        reads=(
            delta_matrix(update, layer_number),
            Matrix(f"W{layer_number}", next_weights, Axis("neuron", layer_number), Axis("neuron", previous)),
        ),
        writes=(Matrix(f"Wᵀδ{layer_number}", activation_gradient, EXAMPLES, Axis("neuron", previous)),),
        at=at,
    )


def _hidden_delta(update: Update, layer_number: int) -> MicroStep:
    layer = update.layers[layer_number - 1]
    activation_gradient, slope = layer.activation_gradient, layer.slope
    assert activation_gradient is not None and slope is not None
    neurons = Axis("neuron", layer_number)

    def at(focus: Focus) -> WrittenOut:
        i, j = focus.example, focus.neurons[layer_number - 1]
        result = float(layer.delta[i, j])
        return WrittenOut(
            (
                f"f′(z{subscript(j)}) = {layer.activation.write_derivative(layer.z[i, j], layer.a[i, j])}",
                f"   = {exact(slope[i, j])}",
                f"δ{subscript(j)} = {number(activation_gradient[i, j])} · {factor(slope[i, j])}",
                f"   = {exact(result)}",
            ),
            result,
        )

    return MicroStep(
        key=f"δ {layer_number}",
        phase="backward",
        layer=layer_number,
        title=f"δ of layer {layer_number}: times the slope",
        formula="δ = ∂E/∂a · f′(z)",
        code=f"delta{layer_number} = back * f_prime(z{layer_number})",
        words="Where f is flat, a change of z does not change the loss: δ is 0, and the neuron does not learn.",
        reads=(
            Matrix(f"Wᵀδ{layer_number + 1}", activation_gradient, EXAMPLES, neurons),
            Matrix(f"f′(z{layer_number})", slope, EXAMPLES, neurons),
        ),
        writes=(delta_matrix(update, layer_number),),
        at=at,
    )
