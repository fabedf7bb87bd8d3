"""The forward phase: from the batch through every layer to the outputs.

The micro-steps are `batch`, and for each layer `z` and `a`. Those of softmax are in `softmax`.
"""

import numpy as np

from gradstep.core.equation import write_equation
from gradstep.core.ledger.micro_step import EXAMPLES, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.ledger.softmax import softmax_steps
from gradstep.core.network.activations import Softmax
from gradstep.core.notation import factor, fold_sum, number, subscript
from gradstep.core.training.update import LayerUpdate, Update


def forward_steps(update: Update) -> list[MicroStep]:
    """The batch; then z and a of every layer, softmax in its parts."""
    steps = [_choose_batch(update)]
    for layer_number, layer in enumerate(update.layers, start=1):
        steps.append(_weighted_sum(layer_number, layer))
        if isinstance(layer.activation, Softmax):
            steps += softmax_steps(layer_number, layer)
        else:
            steps.append(_activate(layer_number, layer))
    return steps


def inputs_matrix(layer_number: int, layer: LayerUpdate) -> Matrix:
    """What a layer reads: x, or the activations of the layer before."""
    return Matrix(
        "x" if layer_number == 1 else f"a{layer_number - 1}", layer.inputs, EXAMPLES, Axis("weight", layer_number)
    )


def parameters_matrix(layer_number: int, layer: LayerUpdate) -> Matrix:
    """[W | b] before the update, row = neuron, last column the bias."""
    return Matrix(
        f"W{layer_number}|b{layer_number}", layer.old, Axis("neuron", layer_number), Axis("weight", layer_number)
    )


def _choose_batch(update: Update) -> MicroStep:
    def at(focus: Focus) -> WrittenOut:
        row = int(update.rows[focus.example])
        place = f"example {focus.example + 1} of {update.batch} is row {row + 1} of the training part"
        return WrittenOut(
            (place + _describe_rank(update, focus.example),),
            float(update.x[focus.example][min(focus.weights[0], update.x.shape[1] - 1)]),
        )

    many = update.batch > 1
    return MicroStep(
        key="batch",
        phase="forward",
        layer=0,
        title="choose the batch",
        formula="x, y",
        code="x, y = x_train[rows], y_train[rows]",
        words=f"The update uses the mean of the gradients of these {update.batch} examples."
        if many
        else "The update uses the gradient of this one example.",
        reads=(),
        writes=(
            Matrix("x", update.x, EXAMPLES, Axis("weight", 1)),
            Matrix("y", update.y, EXAMPLES, Axis("neuron", len(update.layers))),
        ),
        at=at,
    )


def _describe_rank(update: Update, example: int) -> str:
    """That the example has the largest loss of the batch, with which a walk begins; empty if it does not."""
    alone = np.count_nonzero(update.losses >= update.losses[example]) == 1
    return ", and has the largest loss" if update.batch > 1 and alone else ""


def _weighted_sum(layer_number: int, layer: LayerUpdate) -> MicroStep:
    incoming = inputs_matrix(layer_number, layer)
    before = "x" if layer_number == 1 else "a"

    def at(focus: Focus) -> WrittenOut:
        neuron, weight = focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        inputs = layer.inputs[focus.example]
        weights, bias = layer.old[neuron, :-1], layer.old[neuron, -1]
        products = fold_sum((weights * inputs).tolist(), weight)
        result = float(layer.z[focus.example, neuron])

        def write() -> str:
            weighted_sum = products.write(lambda index: f"{number(weights[index])}·{factor(inputs[index])}")
            sign = "−" if bias < 0 else "+"
            return f"z{subscript(neuron)} = {weighted_sum}\n     {sign} {number(abs(bias))}   the bias b"

        return WrittenOut(write_equation(write, result).lines(), result)

    return MicroStep(
        key=f"z {layer_number}",
        phase="forward",
        layer=layer_number,
        title=f"layer {layer_number}: the weighted sum",
        formula=f"z = W·{before} + b",
        code=f"z{layer_number} = {incoming.name} @ W{layer_number}.T + b{layer_number}",
        words="Each neuron multiplies every input by its weight, adds the products up, and adds its bias b."
        + (" W1|b1 is W1 with b1 as a last column." if layer_number == 1 else ""),
        reads=(incoming, parameters_matrix(layer_number, layer)),
        writes=(Matrix(f"z{layer_number}", layer.z, EXAMPLES, Axis("neuron", layer_number)),),
        at=at,
    )


def _activate(layer_number: int, layer: LayerUpdate) -> MicroStep:
    def at(focus: Focus) -> WrittenOut:
        neuron = focus.neurons[layer_number - 1]
        z, result = float(layer.z[focus.example, neuron]), float(layer.a[focus.example, neuron])
        equation = write_equation(lambda: f"a{subscript(neuron)} = {layer.activation.write(z)}", result)
        return WrittenOut(equation.lines(), result)

    return MicroStep(
        key=f"a {layer_number}",
        phase="forward",
        layer=layer_number,
        title=f"layer {layer_number}: {layer.activation.name}",
        formula=f"a = f(z) = {layer.activation.formula}",
        code=f"a{layer_number} = {layer.activation.name}(z{layer_number})",
        words=layer.activation.words,
        reads=(Matrix(f"z{layer_number}", layer.z, EXAMPLES, Axis("neuron", layer_number)),),
        writes=(Matrix(f"a{layer_number}", layer.a, EXAMPLES, Axis("neuron", layer_number)),),
        at=at,
    )
