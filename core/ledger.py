"""One update with every number that it came from, kept while the trainer makes it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.activations import Floats
from core.network import Layer, Pass
from core.trainer import Trainer


@dataclass(frozen=True, slots=True)
class LayerUpdate:
    """One layer in one update; z, a and delta are (batch, units), W (units, inputs), b (units,).

    The gradients are of the whole loss, the l1/l2 term included.
    """

    activation: str
    z: Floats
    a: Floats
    delta: Floats
    weight_gradient: Floats
    bias_gradient: Floats
    old_weights: Floats
    old_biases: Floats
    new_weights: Floats
    new_biases: Floats


@dataclass(frozen=True, slots=True)
class Update:
    """Update number `step` (1 is the first): batch, forward pass, loss, deltas, gradients, old and new parameters.

    `rows` are places in the training part (batch,), `x` (batch, inputs) is scaled, `y` (batch, outputs).
    `losses` are of each example (batch,), `loss` is their mean and `regularization` the l1/l2 term, all before the
    update; `loss_after` is the mean loss of the same batch after it.
    """

    step: int
    epoch: int
    learning_rate: float
    optimizer: str
    loss_name: str
    convention: str
    rows: NDArray[np.intp]
    x: Floats
    y: Floats
    layers: tuple[LayerUpdate, ...]
    losses: Floats
    loss: float
    regularization: float
    loss_after: float


@np.errstate(all="ignore")
def record_update(trainer: Trainer) -> Update:
    """Let the trainer make its next update and keep every number of it. Raises Diverged as training does."""
    rows = trainer.upcoming_rows().copy()
    epoch = trainer.epoch + 1
    before = trainer.network.parameters.copy()
    regularization = trainer.regularization()
    loss = trainer.update()
    work = trainer.last_pass
    assert work is not None
    y = trainer.train.y[rows]
    return Update(
        step=trainer.step,
        epoch=epoch,
        learning_rate=trainer.learning_rate,
        optimizer=trainer.optimizer.name,
        loss_name=trainer.loss.name,
        convention=trainer.loss.convention,
        rows=rows,
        x=work.x.copy(),
        y=y,
        layers=tuple(
            _layer_update(layer, old, work, i)
            for i, (layer, old) in enumerate(
                zip(trainer.network.layers, trainer.network.layer_views(before), strict=True)
            )
        ),
        losses=trainer.loss.per_example(work.z[-1], work.a[-1], y),
        loss=loss,
        regularization=regularization,
        loss_after=_loss_after(trainer, work, y),
    )


def _layer_update(layer: Layer, old: Floats, work: Pass, i: int) -> LayerUpdate:
    return LayerUpdate(
        activation=layer.activation.name,
        z=work.z[i].copy(),
        a=work.a[i].copy(),
        delta=work.delta[i].copy(),
        weight_gradient=layer.weight_gradient.copy(),
        bias_gradient=layer.bias_gradient.copy(),
        old_weights=old[:, :-1],
        old_biases=old[:, -1],
        new_weights=layer.weights.copy(),
        new_biases=layer.biases.copy(),
    )


def _loss_after(trainer: Trainer, work: Pass, y: Floats) -> float:
    again = Pass(trainer.network, work.rows)
    again.x[:] = work.x
    again.forward_to_logits()
    return trainer.loss.forward(again.z[-1], again.a[-1], y)
