"""What each mistake makes of the result of a micro-step, computed from the update."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from gradstep.core.ledger import mistakes
from gradstep.core.ledger.backward import example_gradient
from gradstep.core.ledger.micro_step import Focus, MicroStep
from gradstep.core.ledger.mistakes import Mistake, WrongAnswer
from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import LossOfLogits, LossOfOutputs
from gradstep.core.network.losses import SquaredError
from gradstep.core.notation import fold_sum
from gradstep.core.training.update import LayerUpdate, Update

WrongValues = Iterator[tuple[Mistake, float]]
"""Mistakes, each with what it makes of a result, which may be infinite or NaN."""


@np.errstate(all="ignore")
def list_wrong_answers(update: Update, step: MicroStep, focus: Focus, result: float) -> tuple[WrongAnswer, ...]:
    """List what each known mistake makes of the result of this micro-step. Only finite numbers are listed."""
    name = step.key.partition(" ")[0]
    if not math.isfinite(result):
        return ()
    made = [*_of_sign(name, step.layer, update, focus, result)]
    if step.layer:
        of_layer = OF_LAYER.get(name, _of_memory)
        made += of_layer(update, step.layer, focus)
    elif name in OF_UPDATE:
        made += OF_UPDATE[name](update, focus)
    made += _of_neighbours(step, focus, result)
    return tuple(WrongAnswer(mistake, float(value)) for mistake, value in made if math.isfinite(value))


def find_old(update: Update, step: MicroStep, focus: Focus) -> float:
    """Return the parameter in focus before the update where the micro-step computes the new one; else 0."""
    if not step.key.startswith("new "):
        return 0.0
    layer, j, k = _layer_and_parameter(update, step.layer, focus)
    return float(layer.old[j, k])


def _of_neighbours(step: MicroStep, focus: Focus, result: float) -> WrongValues:
    """The same quantity of the other neurons, and of the other weights of the neuron in focus."""
    for matrix in (*step.writes, *step.at(focus).matrices):
        marked = matrix.marked(focus)
        if marked is None or matrix.values[marked] != result:
            continue
        row, column = marked
        if matrix.rows.counts == "neuron":
            yield from ((mistakes.OTHER_NEURON, value) for value in np.delete(matrix.values[:, column], row).tolist())
        if matrix.columns.counts in ("neuron", "weight"):
            mistake = mistakes.OTHER_NEURON if matrix.columns.counts == "neuron" else mistakes.OTHER_WEIGHT
            yield from ((mistake, value) for value in np.delete(matrix.values[row], column).tolist())


def _of_sign(name: str, layer_number: int, update: Update, focus: Focus, result: float) -> WrongValues:
    """The result with the other sign; where that is a mistake of its own, that one."""
    if name == "new":
        layer, j, k = _layer_and_parameter(update, layer_number, focus)
        yield mistakes.UPHILL, layer.old[j, k] + layer.change[j, k]
    elif result:
        yield mistakes.REQUEST if name == "∂" else mistakes.SIGN, -result


def _layer_and_parameter(update: Update, layer_number: int, focus: Focus) -> tuple[LayerUpdate, int, int]:
    return update.layers[layer_number - 1], focus.neurons[layer_number - 1], focus.weights[layer_number - 1]


def _written_terms(terms: Floats, chosen: int | None = None) -> list[float]:
    """The terms of a sum that its formula writes out."""
    return [float(terms[index]) for index in fold_sum(terms.tolist(), chosen).shown]


def _of_weighted_sum(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, k = _layer_and_parameter(update, layer_number, focus)
    products, bias = layer.old[j, :-1] * layer.inputs[focus.example], float(layer.old[j, -1])
    yield mistakes.NO_BIAS, products.sum()
    for product in _written_terms(products, k) if len(products) > 1 else ():
        yield mistakes.ONE_PRODUCT, product + bias
        if bias:
            yield mistakes.ONE_PRODUCT, product


def _of_activation(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, _ = _layer_and_parameter(update, layer_number, focus)
    z = layer.z[focus.example]
    if layer.slope is not None:
        yield mistakes.NO_F, z[j]
        yield mistakes.SLOPE_FOR_F, layer.slope[focus.example, j]
        return
    powers = np.exp(z - z.max())
    yield mistakes.NO_F, z[j]
    yield mistakes.NOT_DIVIDED, powers[j]
    yield mistakes.UPSIDE_DOWN, powers.sum() / powers[j]


def _of_shift(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, _ = _layer_and_parameter(update, layer_number, focus)
    yield mistakes.NO_SHIFT, layer.z[focus.example, j]


def _of_power(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, _ = _layer_and_parameter(update, layer_number, focus)
    z = layer.z[focus.example]
    yield mistakes.NO_SHIFT, np.exp(z[j])
    yield mistakes.NO_POWER, z[j] - z.max()


def _of_sum_of_powers(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, _ = _layer_and_parameter(update, layer_number, focus)
    z = layer.z[focus.example]
    yield mistakes.NO_SHIFT, np.exp(z).sum()
    for power in _written_terms(np.exp(z - z.max()), j):
        yield mistakes.ONE_POWER, power


def _of_loss(update: Update, focus: Focus, after: bool = False) -> WrongValues:
    i, loss = focus.example, update.loss_function
    value = (update.losses_after if after else update.losses)[i]
    if isinstance(loss, LossOfLogits):
        yield mistakes.OTHER_LOGARITHM, value / math.log(10)
        yield mistakes.OTHER_LOGARITHM, value / math.log(2)
    if isinstance(loss, SquaredError):
        outputs = update.activations_after[-1] if after else update.layers[-1].a
        coefficient = loss.coefficient(update.y.shape[1])
        yield mistakes.NO_FACTOR, value / coefficient
        for square in _written_terms(np.square(outputs[i] - update.y[i])):
            yield mistakes.ONE_SQUARE, square * coefficient


def _of_loss_again(update: Update, focus: Focus) -> WrongValues:
    yield mistakes.BEFORE, update.losses[focus.example]
    yield from _of_loss(update, focus, after=True)


def _of_mean_loss(update: Update, focus: Focus) -> WrongValues:
    yield from _of_mean(focus, update.losses, update.penalty)


def _of_mean_loss_after(update: Update, focus: Focus) -> WrongValues:
    yield mistakes.BEFORE, update.loss + update.penalty
    yield from _of_mean(focus, update.losses_after, update.penalty_after)


def _of_mean(focus: Focus, losses: Floats, penalty: float) -> WrongValues:
    yield mistakes.SUM, losses.sum() + penalty
    yield mistakes.ONE_EXAMPLE, losses[focus.example] + penalty
    if penalty:
        yield mistakes.NO_PENALTY, losses.mean()


def _of_delta(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    if layer_number == len(update.layers):
        yield from _of_output_delta(update, focus)
        return
    layer, j, _ = _layer_and_parameter(update, layer_number, focus)
    i, following = focus.example, update.layers[layer_number]
    assert layer.slope is not None and layer.activation_gradient is not None and layer.next_weights is not None
    slope, back, deltas = layer.slope[i, j], layer.activation_gradient[i, j], following.delta[i]
    yield mistakes.NO_SLOPE, back
    yield mistakes.F_FOR_SLOPE, back * layer.a[i, j]
    yield mistakes.NEW_WEIGHTS, following.new[:, j] @ deltas * slope
    if len(deltas) > 1:
        for path in _written_terms(layer.next_weights[:, j] * deltas):
            yield mistakes.ONE_PATH, path * slope


def _of_output_delta(update: Update, focus: Focus) -> WrongValues:
    layer, i, j = update.layers[-1], focus.example, focus.neurons[-1]
    loss, a = update.loss_function, layer.a[focus.example, focus.neurons[-1]]
    if isinstance(loss, LossOfLogits):
        yield mistakes.NO_TARGET, a * float(loss.weigh(update.y[[i]])[0])
        yield mistakes.EXTRA_SLOPE, layer.delta[i, j] * a * (1 - a)
        return
    assert isinstance(loss, LossOfOutputs)
    gradient = loss.output_gradient(layer.a, update.y)[i, j]
    yield mistakes.NO_SLOPE, gradient
    if layer.slope is not None:
        yield mistakes.F_FOR_SLOPE, gradient * a


def _of_paths(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, _ = _layer_and_parameter(update, layer_number, focus)
    following = update.layers[layer_number]
    deltas = following.delta[focus.example]
    assert layer.next_weights is not None
    yield mistakes.NO_WEIGHTS, deltas.sum()
    yield mistakes.NEW_WEIGHTS, following.new[:, j] @ deltas
    if layer.next_weights.shape[0] == layer.next_weights.shape[1]:
        yield mistakes.ROW_FOR_COLUMN, layer.next_weights[j] @ deltas
    if len(deltas) > 1:
        for path in _written_terms(layer.next_weights[:, j] * deltas):
            yield mistakes.ONE_PATH, path


def _of_example_gradient(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, k = _layer_and_parameter(update, layer_number, focus)
    i = focus.example
    if k == layer.inputs.shape[1]:
        return
    yield mistakes.NO_INPUT, layer.delta[i, j]
    yield mistakes.NO_DELTA, layer.inputs[i, k]
    yield mistakes.WEIGHT_FOR_INPUT, layer.delta[i, j] * layer.old[j, k]


def _of_mean_gradient(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, k = _layer_and_parameter(update, layer_number, focus)
    gradients = example_gradient(layer, j, k)
    yield mistakes.SUM, gradients.sum()
    yield mistakes.ONE_EXAMPLE, gradients[focus.example]


def _of_penalty(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, k = _layer_and_parameter(update, layer_number, focus)
    yield mistakes.NO_PENALTY, layer.data_gradient[j, k]


def _of_memory(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    """The optimizer's memory has no mistakes of its own."""
    yield from ()


def _of_new(update: Update, layer_number: int, focus: Focus) -> WrongValues:
    layer, j, k = _layer_and_parameter(update, layer_number, focus)
    old, change = layer.old[j, k], layer.change[j, k]
    yield mistakes.NOT_CHANGED, old
    yield mistakes.CHANGE_ALONE, change
    yield mistakes.NO_RATE, old - change / update.learning_rate
    frozen = k == layer.inputs.shape[1] and not update.train_biases
    if not (layer.memory or frozen):
        data_change = update.learning_rate * layer.data_gradient[j, k]
        yield mistakes.SUM, old - change - (update.batch - 1) * data_change


OF_LAYER: dict[str, Callable[[Update, int, Focus], WrongValues]] = {
    "z": _of_weighted_sum,
    "a": _of_activation,
    "shift": _of_shift,
    "exp": _of_power,
    "sum": _of_sum_of_powers,
    "δ": _of_delta,
    "paths": _of_paths,
    "∂": _of_example_gradient,
    "mean": _of_mean_gradient,
    "penalty": _of_penalty,
    "new": _of_new,
}
OF_UPDATE: dict[str, Callable[[Update, Focus], WrongValues]] = {
    "loss": _of_loss,
    "mean": _of_mean_loss,
    "again": _of_loss_again,
    "check": _of_mean_loss_after,
}
