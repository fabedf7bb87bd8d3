"""One update with every number it is made of, recorded while the trainer makes it."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.activation import Activation
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.network.loss import Loss
from gradstep.core.network.optimizer import Optimizer
from gradstep.core.network.passes import Pass
from gradstep.core.training.trainer import Trainer


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LayerUpdate:
    """One layer in one update.

    `inputs` is (batch, inputs); `z`, `a`, the slope f′(z) and `delta` are (batch, units). Parameters and gradients are
    matrices [W | b] (units, inputs + 1).

    - `slope` is None for an activation that mixes the units, such as softmax: its derivative is a matrix for each
      example.
    - `delta` is ∂E/∂z of each example's own loss E.
    - `next_weights` is W of the next layer (its units, units), before the update, and `activation_gradient` is ∂E/∂a
      (batch, units), the next layer's delta times that W. Both are None for the output layer.
    - `data_gradient` is the gradient of the batch's mean loss. `gradient` adds the l1/l2 term, and is 0 for frozen
      biases.
    - `change` is what the optimizer subtracts: new = old − change. `memory_before` and `memory` are what the optimizer
      remembers before and after the update, by name.
    - The last three are False or None but where a bug is shown: whether delta lacks the slope, whether `data_gradient`
      is the sum over the batch, and the gradient of the step before that was added to it.
    """

    activation: Activation
    inputs: Floats
    z: Floats
    a: Floats
    slope: Floats | None
    delta: Floats
    next_weights: Floats | None
    activation_gradient: Floats | None
    data_gradient: Floats
    gradient: Floats
    old: Floats
    change: Floats
    new: Floats
    memory_before: dict[str, Floats]
    memory: dict[str, Floats]
    lacks_slope: bool = False
    is_summed: bool = False
    left_over: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Update:
    """Update number `step`, counted from 1: its batch, forward pass, loss, deltas, gradients and parameters.

    `rows` are indices into the training part (batch,). `x` (batch, inputs) is scaled, `y` is (batch, outputs).
    `losses` are those of each example (batch,), `loss` is their mean and `penalty` the l1/l2 term, all before the
    update. `losses_after`, `loss_after` and `penalty_after` are those of the same batch after it, and so are the
    activations of each layer (batch, units) in `activations_after`.
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
    rows: Indices
    x: Floats
    y: Floats
    layers: tuple[LayerUpdate, ...]
    losses: Floats
    loss: float
    penalty: float
    activations_after: tuple[Floats, ...]
    losses_after: Floats
    loss_after: float
    penalty_after: float

    @property
    def batch(self) -> int:
        """The number of examples in the batch."""
        return len(self.rows)

    @property
    def passes_old_weights(self) -> bool:
        """Whether δ came back through the old weights of every layer, as it does unless a bug takes new ones."""
        pairs = zip(self.layers, self.layers[1:], strict=False)
        return all(
            layer.next_weights is None or np.array_equal(layer.next_weights, after.old[:, :-1], equal_nan=True)
            for layer, after in pairs
        )

    @property
    def predicted_change(self) -> float:
        """The change of the loss to first order: −Σ gradient · change, which is −α‖g‖² for plain descent."""
        return -float(sum((layer.gradient * layer.change).sum() for layer in self.layers))


def record_update(trainer: Trainer) -> Update:
    """Let the trainer make its next update, and keep every number of it. Raises Diverged as `Trainer.update` does."""
    network, optimizer = trainer.network, trainer.optimizer
    rows, epoch = trainer.upcoming_rows().copy(), trainer.epoch + 1
    learning_rate, penalty = trainer.learning_rate, trainer.compute_penalty()
    with np.errstate(all="ignore"):
        loss, batch_pass = trainer.backpropagate(rows)
        old, data_gradient = network.parameters.copy(), network.gradient.copy()
        memory_before = {name: array.copy() for name, array in optimizer.memory.items()}
        trainer.descend(loss, batch_pass)
        y = trainer.training_part.y[rows]
        again = _forward_again(trainer, batch_pass)
        loss_after = trainer.loss.forward(again.output.z, again.output.a, y)
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
            x=batch_pass.x.copy(),
            y=y,
            layers=_record_layers(trainer, batch_pass, vectors, memory_before),
            losses=trainer.loss.per_example(batch_pass.output.z, batch_pass.output.a, y),
            loss=loss,
            penalty=penalty,
            activations_after=tuple(layer.a.copy() for layer in again.layers),
            losses_after=trainer.loss.per_example(again.output.z, again.output.a, y),
            loss_after=loss_after,
            penalty_after=trainer.compute_penalty(),
        )


def _record_layers(
    trainer: Trainer, batch_pass: Pass, vectors: tuple[Floats, ...], memory_before: dict[str, Floats]
) -> tuple[LayerUpdate, ...]:
    """Copy each layer's numbers; `vectors` are the data gradient, the gradient, old, change and new parameters."""
    network, memory = trainer.network, trainer.optimizer.memory
    matrices = [network.layer_views(vector.copy()) for vector in vectors]
    before = {name: network.layer_views(array) for name, array in memory_before.items()}
    after = {name: network.layer_views(array.copy()) for name, array in memory.items()}
    # training keeps ∂L/∂z of the batch's mean loss; times the batch size it is that of each example's own loss
    deltas = [layer.delta * batch_pass.rows for layer in batch_pass.layers]
    next_weights = [old[:, :-1] for old in matrices[2][1:]]
    updates = []
    for i, layer_pass in enumerate(batch_pass.layers):
        data_gradient, gradient, old, change, new = (views[i] for views in matrices)
        is_output = layer_pass is batch_pass.output
        updates.append(
            LayerUpdate(
                activation=layer_pass.layer.activation,
                inputs=layer_pass.inputs[:, :-1].copy(),
                z=layer_pass.z.copy(),
                a=layer_pass.a.copy(),
                slope=_compute_slope(layer_pass.layer.activation, layer_pass.z, layer_pass.a),
                delta=deltas[i],
                next_weights=None if is_output else next_weights[i],
                activation_gradient=None if is_output else deltas[i + 1] @ next_weights[i],
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


def _compute_slope(activation: Activation, z: Floats, a: Floats) -> Floats | None:
    """Return f′(z) (batch, units); None where f mixes the units, since its derivative is then a matrix."""
    if not activation.is_elementwise:
        return None
    slope = np.empty_like(z)
    activation.derivative(z, a, slope)
    return slope


def _forward_again(trainer: Trainer, batch_pass: Pass) -> Pass:
    """Return the forward pass of the same batch with the new parameters, up to z of the outputs."""
    again = Pass(trainer.network, batch_pass.rows)
    again.x[:] = batch_pass.x
    again.forward_to_logits()
    return again
