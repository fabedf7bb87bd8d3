"""One update with every number that it came from, kept while the trainer makes it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.activations import Activation
from gradstep.core.network.arrays import Floats
from gradstep.core.network.losses import Loss
from gradstep.core.network.optimizers import Optimizer
from gradstep.core.network.passes import Pass
from gradstep.core.training.trainer import Trainer


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LayerUpdate:
    """One layer in one update; z, a, slope f′(z) and delta are (batch, units), matrices [W | b] (units, inputs + 1).

    `delta` is ∂E/∂z of each example's own loss E. `above` is the W that brought δ back from the layer above (its
    units, units), and `back` what arrived, ∂E/∂a (batch, units); both are None for the output. `data_gradient` is the
    mean over the batch of the loss's gradient, `gradient` adds the l1/l2 term and is 0 for frozen biases, `change` is
    what the optimizer subtracts: new = old − change. `memory_before` and `memory` are what it remembers, by name.
    """

    activation: Activation
    inputs: Floats
    z: Floats
    a: Floats
    slope: Floats | None
    delta: Floats
    above: Floats | None
    back: Floats | None
    data_gradient: Floats
    gradient: Floats
    old: Floats
    change: Floats
    new: Floats
    memory_before: dict[str, Floats]
    memory: dict[str, Floats]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Update:
    """Update number `step` (1 is the first): batch, forward pass, loss, deltas, gradients, old and new parameters.

    `rows` are places in the training part (batch,), `x` (batch, inputs) is scaled, `y` (batch, outputs). `losses` are
    of each example (batch,), `loss` is their mean and `penalty` the l1/l2 term, both before the update; `loss_after`
    and `penalty_after` are those of the same batch after it.
    """

    step: int
    epoch: int
    learning_rate: float
    optimizer: type[Optimizer]
    optimizer_updates: int
    l1: float
    l2: float
    train_biases: bool
    loss_function: Loss
    rows: NDArray[np.intp]
    x: Floats
    y: Floats
    layers: tuple[LayerUpdate, ...]
    losses: Floats
    loss: float
    penalty: float
    losses_after: Floats
    loss_after: float
    penalty_after: float

    @property
    def batch(self) -> int:
        return len(self.rows)

    @property
    def predicted_change(self) -> float:
        """The change of the loss to first order: −Σ gradient · change; for plain descent −α‖g‖²."""
        return -float(sum((layer.gradient * layer.change).sum() for layer in self.layers))


def record_update(trainer: Trainer) -> Update:
    """Let the trainer make its next update and keep every number of it. Raises Diverged as training does."""
    network, optimizer = trainer.network, trainer.optimizer
    rows, epoch = trainer.upcoming_rows().copy(), trainer.epoch + 1
    learning_rate, penalty = trainer.learning_rate, trainer.regularization()
    with np.errstate(all="ignore"):
        loss, work = trainer.backpropagate(rows)
        old, data_gradient = network.parameters.copy(), network.gradient.copy()
        memory_before = {name: array.copy() for name, array in optimizer.memory.items()}
        trainer.descend(loss, work)
        y = trainer.train.y[rows]
        losses_after, loss_after = _losses_after(trainer, work, y)
        vectors = (data_gradient, network.gradient, old, optimizer.change, network.parameters)
        return Update(
            step=trainer.step,
            epoch=epoch,
            learning_rate=learning_rate,
            optimizer=type(optimizer),
            optimizer_updates=optimizer.updates,
            l1=trainer.options.l1,
            l2=trainer.options.l2,
            train_biases=trainer.options.train_biases,
            loss_function=trainer.loss,
            rows=rows,
            x=work.x.copy(),
            y=y,
            layers=_layer_updates(trainer, work, vectors, memory_before),
            losses=trainer.loss.per_example(work.output.z, work.output.a, y),
            loss=loss,
            penalty=penalty,
            losses_after=losses_after,
            loss_after=loss_after,
            penalty_after=trainer.regularization(),
        )


def _layer_updates(
    trainer: Trainer, work: Pass, vectors: tuple[Floats, ...], memory_before: dict[str, Floats]
) -> tuple[LayerUpdate, ...]:
    network, memory = trainer.network, trainer.optimizer.memory
    matrices = [network.layer_views(vector.copy()) for vector in vectors]
    before = {name: network.layer_views(array) for name, array in memory_before.items()}
    after = {name: network.layer_views(array.copy()) for name, array in memory.items()}
    # training keeps ∂L/∂z of the batch's mean; times the batch size it is each example's own
    deltas = [layer.delta * work.rows for layer in work.layers]
    above = [old[:, :-1] for old in matrices[2][1:]]
    updates = []
    for i, layer in enumerate(work.layers):
        data_gradient, gradient, old, change, new = (views[i] for views in matrices)
        updates.append(
            LayerUpdate(
                activation=layer.layer.activation,
                inputs=layer.inputs[:, :-1].copy(),
                z=layer.z.copy(),
                a=layer.a.copy(),
                slope=_slope(layer.layer.activation, layer.z, layer.a),
                delta=deltas[i],
                above=above[i] if i < len(above) else None,
                back=deltas[i + 1] @ above[i] if i < len(above) else None,
                data_gradient=data_gradient,
                gradient=gradient,
                old=old,
                change=change,
                new=new,
                memory_before={name: views[i] for name, views in before.items()},
                memory={name: views[i] for name, views in after.items()},
            )
        )
    return tuple(updates)


def _slope(activation: Activation, z: Floats, a: Floats) -> Floats | None:
    """f′(z) (batch, units), None for softmax, whose derivative is a matrix for each example."""
    if not activation.is_elementwise:
        return None
    slope = np.empty_like(z)
    activation.derivative(z, a, slope)
    return slope


def _losses_after(trainer: Trainer, work: Pass, y: Floats) -> tuple[Floats, float]:
    again = Pass(trainer.network, work.rows)
    again.x[:] = work.x
    again.forward_to_logits()
    mean = trainer.loss.forward(again.output.z, again.output.a, y)
    return trainer.loss.per_example(again.output.z, again.output.a, y), mean
