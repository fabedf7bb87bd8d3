"""The backward phase: δ of the outputs, then layer by layer the gradients and the δ of the layer before.

The micro-steps are `δ` of the output, and from the last layer to the first `∂`, the gradient of each example, `paths`,
which is Wᵀδ, and `δ` of the layer before. δ is ∂E/∂z of each example; the mean over the batch is taken in `update`.
"""

from collections.abc import Sequence

import numpy as np

from gradstep.core.equation import write_equation
from gradstep.core.ledger.chain_rule import name_chain, write_chain
from gradstep.core.ledger.forward import inputs_matrix
from gradstep.core.ledger.micro_step import EXAMPLES, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.ledger.output_delta import delta_matrix, output_delta
from gradstep.core.notation import exact, factor, fold_sum, number, subscript
from gradstep.core.training.update import LayerUpdate, Update


def backward_steps(update: Update, outputs: Sequence[str] = ()) -> list[MicroStep]:
    """δ of the output; then, from the last layer on, its gradients, and the paths to and δ of the layer before it."""
    steps = [output_delta(update)]
    for layer_number in range(len(update.layers), 0, -1):
        names = outputs if layer_number == len(update.layers) else ()
        steps.append(_gradient_of_each_example(update, layer_number, names))
        if layer_number > 1:
            steps += [_paths(update, layer_number, names), _hidden_delta(update, layer_number - 1)]
    return steps


@np.errstate(all="ignore")
def example_gradient(layer: LayerUpdate, neuron: int, weight: int) -> np.ndarray:
    """∂E/∂w of every example of the batch (batch,) for one weight, or for the bias: δ times its input, or δ."""
    delta = layer.delta[:, neuron]
    return delta if weight == layer.inputs.shape[1] else delta * layer.inputs[:, weight]


def name_neuron(index: int, names: Sequence[str]) -> str:
    """Return the name of a neuron, or "neuron 8"."""
    return names[index] if names else f"neuron {index + 1}"


def _gradient_of_each_example(update: Update, layer_number: int, names: Sequence[str]) -> MicroStep:
    """The gradients of a layer, whose neurons may have names."""
    layer = update.layers[layer_number - 1]
    before = "x" if layer_number == 1 else "a"
    incoming = inputs_matrix(layer_number, layer)

    def at(focus: Focus) -> WrittenOut:
        i, j, k = focus.example, focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        result = float(example_gradient(layer, j, k)[i])
        gradient = write_chain(update, layer_number, i, j, k, names)
        requests = _write_requests(update, layer_number, i, j, k, names)
        matrices = (_gradient_matrix_of_example(layer_number, layer, i),)
        return WrittenOut((*gradient, *requests), result, matrices, answer=len(gradient) - 1)

    return MicroStep(
        key=f"∂ {layer_number}",
        phase="backward",
        layer=layer_number,
        title=f"layer {layer_number}: the gradient of each example",
        formula=f"{name_chain(update, layer_number)}: ∂E/∂W = δ·{before}ᵀ, ∂E/∂b = δ",
        code=f"dW = np.outer(delta{layer_number}[example], {incoming.name}[example])",
        words="∂E/∂w is δ of its neuron times its input. A small step along −∂E/∂w lowers E.",
        reads=(delta_matrix(update, layer_number), incoming),
        writes=(),
        at=at,
    )


def _gradient_matrix_of_example(layer_number: int, layer: LayerUpdate, example: int) -> Matrix:
    """[∂E/∂W | ∂E/∂b] of one example."""
    values = np.outer(layer.delta[example], np.append(layer.inputs[example], 1.0))
    name = f"∂E/∂W{layer_number}|b{layer_number}, ex {example + 1}"
    return Matrix(name, values, Axis("neuron", layer_number), Axis("weight", layer_number))


def _is_bias(layer: LayerUpdate, weight: int) -> bool:
    inputs: int = layer.inputs.shape[1]
    return weight == inputs


def _write_requests(
    update: Update, layer_number: int, example: int, neuron: int, weight: int, names: Sequence[str]
) -> tuple[str, ...]:
    """What the example asks for: −∂E/∂ of the weight and of the bias, and the activation before as this neuron has it.

    −∂E/∂ of that activation is a sum over all neurons of the layer, which may have the other sign. An input of the
    network stays as it is, so that nothing is asked of it, and a frozen bias is said not to follow.
    """
    layer = update.layers[layer_number - 1]
    delta, d = float(layer.delta[example, neuron]), f"δ{subscript(neuron)}"
    bias = f"  b   −{d} = {_write_request(delta)}{'' if update.train_biases else ', but it is frozen'}"
    if _is_bias(layer, weight):
        return "so this example asks for:", bias
    gradient = float(example_gradient(layer, neuron, weight)[example])
    requests = [f"  w   −∂E/∂w = {_write_request(gradient)}", bias]
    if layer_number > 1:
        w, symbol = float(layer.old[neuron, weight]), f"a{subscript(weight)}"
        equation = write_equation(lambda: f"  {symbol}  −{d}·w = {number(-delta)}·{factor(w)}", -delta * w)
        alone = f", for {name_neuron(neuron, names)} alone" if len(layer.old) > 1 else ""
        requests.append(f"{equation.line()}: {describe_request(delta * w)}{alone}")
    return "so this example asks for:", *requests


def _write_request(gradient: float) -> str:
    return f"{exact(-gradient)}: {describe_request(gradient)}"


def describe_request(gradient: float) -> str:
    """The direction of −∂E/∂w: up, down, or no change where E does not depend on w."""
    return "down" if gradient > 0 else "up" if gradient < 0 else "no change"


def _write_path(neuron: int, names: Sequence[str], weight: float, delta: float) -> str:
    """What one neuron of the next layer passes back. A name alone would hide which δ is meant."""
    d = f"δ{subscript(neuron)}"
    equation = write_equation(lambda: f"w·{d} = {number(weight)}·{factor(delta)}", weight * delta)
    return f"  from {name_neuron(neuron, names)}: {equation.line()}"


def _write_request_of_all(activation: str, gradient: float, neurons: int) -> str:
    """What the example asks of an activation: the opposite of what so many neurons of the next layer pass back."""
    together = ", for all neurons together" if neurons > 1 else ""
    return f"so this example asks for −∂E/∂{activation} = {_write_request(gradient)}{together}"


def _paths(update: Update, layer_number: int, names: Sequence[str]) -> MicroStep:
    """From layer `layer_number`, whose neurons may have names, into the layer before it."""
    layer, previous = update.layers[layer_number - 1], layer_number - 1
    activation_gradient, next_weights = (
        update.layers[previous - 1].activation_gradient,
        update.layers[previous - 1].next_weights,
    )
    assert activation_gradient is not None and next_weights is not None

    def at(focus: Focus) -> WrittenOut:
        i, j = focus.example, focus.neurons[previous - 1]
        weights, deltas = next_weights[:, j], layer.delta[i]
        products, result = fold_sum((weights * deltas).tolist()), float(activation_gradient[i, j])
        activation = f"a{subscript(j)}"
        request = _write_request_of_all(activation, result, len(deltas))
        if len(deltas) == 1:
            only = write_equation(lambda: f"∂E/∂{activation} = w·δ₁ = {number(weights[0])}·{factor(deltas[0])}", result)
            lines = only.lines()
        else:
            paths = [_write_path(k, names, float(weights[k]), float(deltas[k])) for k in products.shown]
            total = write_equation(
                lambda: f"∂E/∂{activation} = {products.write(lambda k: number(weights[k] * deltas[k]))}", result
            )
            lines = (*paths, *total.lines())
        return WrittenOut((*lines, request), result, answer=len(lines) - 1)

    return MicroStep(
        key=f"paths {previous}",
        phase="backward",
        layer=previous,
        title=f"from layer {layer_number} back to layer {previous}: add up the paths",
        formula="∂E/∂aⱼ = Σₖ wₖⱼ·δₖ",
        code=f"back = delta{layer_number} @ W{layer_number}",
        words="Each neuron of the next layer passes back w·δ; it asks for the opposite, −w·δ.",
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
        if layer.lacks_slope:
            return WrittenOut((f"δ{subscript(j)} = ∂E/∂a{subscript(j)}", f"   = {exact(result)}"), result)
        z, a, own_slope, back = layer.z[i, j], layer.a[i, j], float(slope[i, j]), activation_gradient[i, j]
        derivative = write_equation(
            lambda: f"f′(z{subscript(j)}) = {layer.activation.write_derivative(z, a)}", own_slope
        )
        delta = write_equation(lambda: f"δ{subscript(j)} = {number(back)}·{factor(own_slope)}", result)
        return WrittenOut((*derivative.lines(), *delta.lines()), result)

    return MicroStep(
        key=f"δ {layer_number}",
        phase="backward",
        layer=layer_number,
        title=f"δ of layer {layer_number}: times the slope",
        formula="δ = ∂E/∂a · f′(z)",
        code=f"delta{layer_number} = back" + ("" if layer.lacks_slope else f" * f_prime(z{layer_number})"),
        words="Where f is flat, a change of z does not change the loss: δ is 0, and the neuron learns nothing from the "
        "example.",
        reads=(
            Matrix(f"Wᵀδ{layer_number + 1}", activation_gradient, EXAMPLES, neurons),
            Matrix(f"f′(z{layer_number})", slope, EXAMPLES, neurons),
        ),
        writes=(delta_matrix(update, layer_number),),
        at=at,
    )
