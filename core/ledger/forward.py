"""The forward phase: from the batch through every layer to the outputs."""

from collections.abc import Callable

import numpy as np

from gradstep.core.ledger.micro_step import EXAMPLES, ONLY, Axis, Focus, Matrix, MicroStep, WrittenOut
from gradstep.core.network.activations import Softmax
from gradstep.core.notation import exact, factor, number, subscript, written_sum
from gradstep.core.training.update import LayerUpdate, Update


def forward_steps(update: Update) -> list[MicroStep]:
    """The batch; then z and a of every layer, softmax in its parts."""
    steps = [_choose_batch(update)]
    for layer_number, layer in enumerate(update.layers, start=1):
        steps.append(_weighted_sum(layer_number, layer))
        steps += (
            _softmax(layer_number, layer) if isinstance(layer.activation, Softmax) else [_activate(layer_number, layer)]
        )
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
        lines = (f"example {focus.example + 1} of {update.batch} is row {row + 1} of the training part",)
        return WrittenOut(lines, float(update.x[focus.example][min(focus.weights[0], update.x.shape[1] - 1)]))

    many = update.batch > 1
    return MicroStep(
        key="batch",
        phase="forward",
        layer=0,
        title="choose the batch",
        formula="x, y",
        code="x, y = x_train[rows], y_train[rows]",
        words=f"{update.batch} examples vote in this update. Each will say how it would like the weights to change."
        if many
        else "One example decides this update alone.",
        reads=(),
        writes=(
            Matrix("x", update.x, EXAMPLES, Axis("weight", 1)),
            Matrix("y", update.y, EXAMPLES, Axis("neuron", len(update.layers))),
        ),
        at=at,
    )


def _weighted_sum(layer_number: int, layer: LayerUpdate) -> MicroStep:
    incoming = inputs_matrix(layer_number, layer)
    before = "x" if layer_number == 1 else "a"

    def at(focus: Focus) -> WrittenOut:
        neuron, weight = focus.neurons[layer_number - 1], focus.weights[layer_number - 1]
        inputs = layer.inputs[focus.example]
        weights, bias = layer.old[neuron, :-1], layer.old[neuron, -1]
        texts = [f"{number(w)}·{factor(a)}" for w, a in zip(weights, inputs, strict=True)]
        terms = [float(w * a) for w, a in zip(weights, inputs, strict=True)]
        result = float(layer.z[focus.example, neuron])
        lines = (
            f"z{subscript(neuron)} = {written_sum(terms, texts, weight)}",
            f"     {'−' if bias < 0 else '+'} {number(abs(bias))}, the bias b",
            f"   = {exact(result)}",
        )
        return WrittenOut(lines, result)

    return MicroStep(
        key=f"z {layer_number}",
        phase="forward",
        layer=layer_number,
        title=f"layer {layer_number}: sum what comes in",
        formula=f"z = W·{before} + b",
        code=f"z{layer_number} = {incoming.name} @ W{layer_number}.T + b{layer_number}",
        words="Each neuron multiplies every number that comes in by its weight, adds them up, and adds its bias b.",
        reads=(incoming, parameters_matrix(layer_number, layer)),
        writes=(Matrix(f"z{layer_number}", layer.z, EXAMPLES, Axis("neuron", layer_number)),),
        at=at,
    )


def _activate(layer_number: int, layer: LayerUpdate) -> MicroStep:
    def at(focus: Focus) -> WrittenOut:
        neuron = focus.neurons[layer_number - 1]
        z, result = float(layer.z[focus.example, neuron]), float(layer.a[focus.example, neuron])
        return WrittenOut((f"a{subscript(neuron)} = {layer.activation.write(z)}", f"   = {exact(result)}"), result)

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


At = Callable[[Focus], WrittenOut]


def _softmax(layer_number: int, layer: LayerUpdate) -> list[MicroStep]:
    """Shift by the largest, exponentials, their sum, and the division."""
    neurons = Axis("neuron", layer_number)
    largest = layer.z.max(axis=1, keepdims=True)
    shifted = layer.z - largest
    powers = np.exp(shifted)
    total = powers.sum(axis=1, keepdims=True)
    tables = {
        "z": Matrix(f"z{layer_number}", layer.z, EXAMPLES, neurons),
        "s": Matrix("s", shifted, EXAMPLES, neurons),
        "e": Matrix("e", powers, EXAMPLES, neurons),
        "sum": Matrix("Σe", total, EXAMPLES, ONLY),
        "a": Matrix(f"a{layer_number}", layer.a, EXAMPLES, neurons),
    }

    def shift(focus: Focus) -> WrittenOut:
        i, j = focus.example, focus.neurons[layer_number - 1]
        result = float(shifted[i, j])
        line = f"s{subscript(j)} = {number(layer.z[i, j])} − {factor(largest[i, 0])}"
        return WrittenOut((line, f"   = {exact(result)}"), result)

    def power(focus: Focus) -> WrittenOut:
        i, j = focus.example, focus.neurons[layer_number - 1]
        result = float(powers[i, j])
        return WrittenOut((f"e{subscript(j)} = e^{factor(shifted[i, j])}", f"   = {exact(result)}"), result)

    def add(focus: Focus) -> WrittenOut:
        row = powers[focus.example]
        result = float(total[focus.example, 0])
        text = written_sum([float(e) for e in row], [number(e) for e in row], focus.neurons[layer_number - 1])
        return WrittenOut((f"Σe = {text}", f"   = {exact(result)}"), result)

    def divide(focus: Focus) -> WrittenOut:
        i, j = focus.example, focus.neurons[layer_number - 1]
        result = float(layer.a[i, j])
        line = f"ŷ{subscript(j)} = {number(powers[i, j])} / {number(total[i, 0])}"
        return WrittenOut((line, f"   = {exact(result)}"), result)

    def part(key: str, title: str, formula: str, code: str, words: str, reads: str, writes: str, at: At) -> MicroStep:
        return MicroStep(
            key=f"{key} {layer_number}",
            phase="forward",
            layer=layer_number,
            title=f"softmax: {title}",
            formula=formula,
            code=code,
            words=words,
            reads=tuple(tables[name] for name in reads.split()),
            writes=(tables[writes],),
            at=at,
        )

    return [
        part(
            "shift",
            "subtract the largest",
            "sᵢ = zᵢ − max z",
            "s = z - z.max(axis=1, keepdims=True)",
            "The largest sum becomes 0. The result stays the same, and no number grows too large for the machine.",
            "z",
            "s",
            shift,
        ),
        part(
            "exp",
            "raise e to each",
            "eᵢ = e^sᵢ",
            "e = np.exp(s)",
            "Every number becomes positive, and a lead of 1 becomes 2.7 times as much.",
            "s",
            "e",
            power,
        ),
        part(
            "sum",
            "add them up",
            "Σe = e₁ + e₂ + …",
            "total = e.sum(axis=1, keepdims=True)",
            "All of them together are the whole, of which each will be a part.",
            "e",
            "sum",
            add,
        ),
        part(
            "a",
            "divide",
            "ŷᵢ = eᵢ / Σe",
            "y_hat = e / total",
            "Each takes its share of the whole: probabilities that add up to 1.",
            "e sum",
            "a",
            divide,
        ),
    ]
