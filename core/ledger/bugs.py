"""The classic bugs of a hand-written backpropagation, each as the update that it would have made."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import LossOfOutputs
from gradstep.core.network.passes import forward
from gradstep.core.training.penalty import compute_penalty
from gradstep.core.training.update import LayerUpdate, Update


@dataclass(frozen=True, slots=True)
class Bug:
    """One mistake: its name, and what was done wrong."""

    name: str
    words: str


NEW_WEIGHTS = Bug(
    "δ from new weights", "The last layer was updated first, and the hidden δ came back through its new weights."
)
NOT_RESET = Bug("gradients not reset", "The gradient of the step before was still there, and this one was added to it.")
SUMMED = Bug("sum instead of mean", "The examples' gradients were added up, and not divided by the size of the batch.")
NO_SLOPE = Bug("f′ forgotten", "δ was passed back without the slope of the activation.")

BUGS = (NEW_WEIGHTS, NOT_RESET, SUMMED, NO_SLOPE)


@np.errstate(all="ignore")
def with_bug(update: Update, bug: Bug, before: Update | None) -> Update:
    """The same update with the bug in it. `before` is the update one step earlier, if there was one."""
    layers: list[LayerUpdate] = []
    for index in range(len(update.layers) - 1, -1, -1):
        layer = _receive_delta(update, index, layers[0] if layers else None, bug)
        layers.insert(0, _find_update(update, index, layer, bug, before))
    return _find_losses_after(update, tuple(layers))


def _receive_delta(update: Update, index: int, next_layer: LayerUpdate | None, bug: Bug) -> LayerUpdate:
    """The layer with the δ that the bug gives it; where the bug makes no difference, the very arrays of the update."""
    right = update.layers[index]
    forgotten = bug is NO_SLOPE and right.slope is not None and bool((right.slope != 1).any())
    if next_layer is None:
        loss = update.loss_function
        if not (forgotten and isinstance(loss, LossOfOutputs)):
            return right
        return replace(right, delta=loss.output_gradient(right.a, update.y), lacks_slope=True)
    assert right.slope is not None and right.next_weights is not None and right.activation_gradient is not None
    through = next_layer.new[:, :-1] if bug is NEW_WEIGHTS else right.next_weights
    if next_layer.delta is update.layers[index + 1].delta and np.array_equal(through, right.next_weights):
        return replace(right, delta=right.activation_gradient, lacks_slope=True) if forgotten else right
    back = next_layer.delta @ through
    delta = back if forgotten else back * right.slope
    return replace(right, next_weights=through, activation_gradient=back, delta=delta, lacks_slope=forgotten)


def _find_update(update: Update, index: int, layer: LayerUpdate, bug: Bug, before: Update | None) -> LayerUpdate:
    """The layer's gradient and new parameters from its δ."""
    right = update.layers[index]
    data_gradient = right.data_gradient
    if layer.delta is not right.delta:
        inputs = np.hstack((layer.inputs, np.ones((len(layer.inputs), 1))))
        data_gradient = layer.delta.T @ inputs / update.batch
    if bug is SUMMED:
        data_gradient = data_gradient * update.batch
    left_over = before.layers[index].gradient if bug is NOT_RESET and before is not None else None
    if left_over is not None:
        data_gradient = data_gradient + left_over
    if np.array_equal(data_gradient, right.data_gradient):
        return layer
    gradient = data_gradient.copy()
    gradient[:, :-1] += (right.gradient - right.data_gradient)[:, :-1]
    if not update.train_biases:
        gradient[:, -1] = 0
    layer = replace(layer, is_summed=bug is SUMMED, left_over=left_over)
    return replace(layer, data_gradient=data_gradient, gradient=gradient, **_run_optimizer(update, layer, gradient))


def _run_optimizer(update: Update, layer: LayerUpdate, gradient: Floats) -> dict[str, Any]:
    """What the run's optimizer makes of this gradient, also where that is infinite or NaN."""
    optimizer = update.optimizer(layer.old.ravel())
    optimizer.updates = update.optimizer_updates
    for name, memory in layer.memory_before.items():
        optimizer.memory[name][:] = memory.ravel()
    optimizer.fill_change(gradient.ravel(), update.learning_rate)
    shape = layer.old.shape
    change = optimizer.change.reshape(shape)
    remembered = {name: array.reshape(shape) for name, array in optimizer.memory.items()}
    return {"change": change, "new": layer.old - change, "memory": remembered}


def _find_losses_after(update: Update, layers: tuple[LayerUpdate, ...]) -> Update:
    """The activations and the loss of the batch with these layers' new parameters."""
    if all(layer.new is right.new for layer, right in zip(layers, update.layers, strict=True)):
        return replace(update, layers=layers)
    # in double precision, as what a bug makes of the gradient is
    x = update.x.astype(np.float64)
    after = forward([layer.new for layer in layers], [layer.activation for layer in layers], x)
    losses = update.loss_function.per_example(*after[-1], update.y)
    penalty = compute_penalty([layer.new[:, :-1] for layer in layers], update.l1, update.l2)
    return replace(
        update,
        layers=layers,
        activations_after=tuple(a for _, a in after),
        losses_after=losses,
        loss_after=float(losses.mean()),
        penalty_after=penalty,
    )
