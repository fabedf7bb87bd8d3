"""Divergence: an update in which some number is no longer finite."""

from types import EllipsisType

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import DenseLayers
from gradstep.core.network.passes import Pass

LOSS = "the loss"
"""The quantity of a divergence in which only the loss of the batch is not finite."""


class Diverged(GradstepError):
    """Training stopped at `step` because `quantity` of a layer is not finite; layer 1 is the first after the inputs."""

    def __init__(self, step: int, layer_number: int, quantity: str) -> None:
        self.step, self.layer_number, self.quantity = step, layer_number, quantity
        super().__init__(f"step {step}: {self.what} is no longer a finite number; a smaller learning rate may help")

    @property
    def has_layer(self) -> bool:
        """Whether the quantity is one of a layer; the loss is not."""
        return self.quantity != LOSS

    @property
    def what(self) -> str:
        """The quantity, with its layer if it has one."""
        return f"{self.quantity} of layer {self.layer_number}" if self.has_layer else self.quantity


def find_divergence(
    step: int, network: DenseLayers, batch_pass: Pass, change: Floats | None, member: int | EllipsisType = ...
) -> Diverged:
    """Return the error for the first quantity of the first layer that is not finite.

    `change` is the optimizer's, laid out like the network's parameters. It is None where the loss was not finite and
    the gradient is not looked at. If all quantities are finite, the loss is not. Of a stack of networks, `member` is
    the index of the one that diverged.
    """
    changes = [None] * len(batch_pass.layers) if change is None else network.layer_views(change)
    for layer_number, (layer, layer_change) in enumerate(zip(batch_pass.layers, changes, strict=True), start=1):
        quantities = {"the pre-activation z": layer.z, "the activation a": layer.a}
        if layer_change is not None:
            quantities |= {"the gradient": layer.gradient, "the change": layer_change}
        for quantity, values in quantities.items():
            if not np.isfinite(values[member]).all():
                return Diverged(step, layer_number, quantity)
    return Diverged(step, len(batch_pass.layers), LOSS)
