"""One step of gradient descent, found without being made: where it starts, its gradient, and where it lands."""

import math
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import Loss
from gradstep.core.network.network import Network
from gradstep.core.network.passes import Pass, backpropagate
from gradstep.core.training.divergence import find_divergence
from gradstep.core.training.penalty import make_penalty
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import Update


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DescentStep:
    """Update number `step`: from the parameters θ of `network`, a copy, to `landing`.

    - `x` (batch, inputs) and `y` (batch, outputs) are the rows of its batch.
    - `gradient` (count,) is that of the batch's mean loss with the l1/l2 term; it is 0 for frozen biases.
    - `slopes` (count,) are ∂L/∂θ: the gradient, and for frozen biases how steep the loss is along them all the same.
    - `change` (count,) is what the optimizer subtracts at `learning_rate`, and `landing` is θ − change.
    - `train_biases` says whether biases change at all.
    - `before` (count,) is what the step before subtracted. It is all 0 for the first step, for the first one after a
      resume or with a new optimizer, and for that of a recorded update.
    """

    step: int
    network: Network
    loss: Loss
    x: Floats
    y: Floats
    gradient: Floats
    slopes: Floats
    change: Floats
    landing: Floats
    learning_rate: float
    l1: float
    l2: float
    train_biases: bool
    before: Floats

    @property
    def predicted_change(self) -> float:
        """The change of the loss to first order, −g·change, which is −α‖g‖² for plain descent."""
        return -float(np.dot(self.gradient.astype(np.float64), self.change))


@np.errstate(all="ignore")
def find_next_step(trainer: Trainer) -> DescentStep:
    """Return the step that the trainer would make next, bit for bit. The trainer does not change.

    Raises Diverged if the loss or the change is no longer finite.
    """
    network = copy_network(trainer.network)
    part, rows = trainer.training_part, trainer.upcoming_rows()
    batch_pass, y = Pass(network, len(rows)), np.asfortranarray(part.y[rows])
    batch_pass.inputs[:] = part.with_ones[rows]
    optimizer = type(trainer.optimizer)(network.parameters)
    if not math.isfinite(backpropagate(batch_pass, trainer.loss, y)):
        raise find_divergence(trainer.step + 1, network, batch_pass, optimizer.change)
    data_gradient = network.gradient.copy()
    make_penalty(network, trainer.options).add_gradient()
    optimizer.memory = {name: array.copy() for name, array in trainer.optimizer.memory.items()}
    optimizer.updates = trainer.optimizer.updates
    landing = network.parameters.copy()
    try:
        optimizer.update(landing, network.gradient, trainer.learning_rate)
    except FloatingPointError:
        raise find_divergence(trainer.step + 1, network, batch_pass, optimizer.change) from None
    return DescentStep(
        step=trainer.step + 1,
        network=network,
        loss=trainer.loss,
        x=batch_pass.x,
        y=y,
        gradient=network.gradient,
        slopes=_find_slopes(network, network.gradient, data_gradient),
        change=optimizer.change,
        landing=landing,
        learning_rate=trainer.learning_rate,
        l1=trainer.options.l1,
        l2=trainer.options.l2,
        train_biases=trainer.options.train_biases,
        before=trainer.optimizer.change.copy() if trainer.step else np.zeros_like(landing),
    )


def find_step_of(update: Update, network: Network) -> DescentStep:
    """Return the step that a recorded update has made; `network` has the shape of its network."""
    before = copy_network(network)
    old, data_gradient, gradient, change, landing = (
        np.concatenate([getattr(layer, name).ravel() for layer in update.layers])
        for name in ("old", "data_gradient", "gradient", "change", "new")
    )
    before.parameters[:] = old
    return DescentStep(
        step=update.step,
        network=before,
        loss=update.loss_function,
        x=update.x,
        y=update.y,
        gradient=gradient,
        slopes=_find_slopes(before, gradient, data_gradient),
        change=change,
        landing=landing,
        learning_rate=update.learning_rate,
        l1=update.l1,
        l2=update.l2,
        train_biases=update.train_biases,
        before=np.zeros_like(old),
    )


def _find_slopes(network: Network, gradient: Floats, data_gradient: Floats) -> Floats:
    """Return the gradient (count,), with that of the data in the place of the biases, which have no l1/l2 term."""
    slopes = gradient.copy()
    for layer, of_data in zip(network.layer_views(slopes), network.layer_views(data_gradient), strict=True):
        layer[:, -1] = of_data[:, -1]
    return slopes


def copy_network(network: Network) -> Network:
    """Return an independent network with the same parameters."""
    names = [layer.activation.name for layer in network.layers]
    other = Network(network.sizes, names, network.dtype)
    other.parameters[:] = network.parameters
    return other
