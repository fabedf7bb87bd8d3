"""Many networks of one shape as stacked arrays: every array has one more axis, the first, which counts them.

What is written for one network holds for a stack: `passes.py`, the activations, the losses and the optimizers. numpy
multiplies stacks of matrices one after the other, without a loop in Python.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import Loss
from gradstep.core.network.network import DenseLayers, Network
from gradstep.core.network.passes import Pass

STACK_NUMBERS = 2**18
"""About as many numbers are held for the vectors that are computed at once: 2 MB in float64."""


class NetworkStack(DenseLayers):
    """Networks of one shape: `parameters` and `gradient` are (networks, count), the matrices of a layer
    (networks, units, inputs + 1).
    """

    def __init__(self, network: Network, vectors: Floats) -> None:
        """View `vectors` (networks, count), laid out like the parameters of `network`, as networks of its shape."""
        super().__init__(network.sizes, [layer.activation for layer in network.layers], vectors)

    def __len__(self) -> int:
        """The number of networks."""
        return len(self.parameters)


def stack_networks(networks: Sequence[Network]) -> NetworkStack:
    """Copy networks into one stack; raises GradstepError if their shapes, activations or dtypes differ."""
    first = networks[0]
    for network in networks:
        if describe_shape(network) != describe_shape(first):
            raise GradstepError("only networks of one shape, with the same activations and dtype, can be stacked")
    return NetworkStack(first, np.stack([network.parameters for network in networks]))


def describe_shape(network: Network) -> tuple[object, ...]:
    """Return what networks that can be stacked have in common: their sizes, dtype and activations."""
    return network.sizes, network.dtype, *(layer.activation for layer in network.layers)


@np.errstate(all="ignore")
def find_losses(network: Network, loss: Loss, vectors: Floats, x: Floats, y: Floats) -> Floats:
    """Return the mean loss of the same rows for each of several parameter vectors (vectors,), without the l1/l2 term.

    `vectors` is (vectors, count), each laid out like `network.parameters`, which are not read. `x` is (rows, inputs)
    and `y` (rows, outputs). The loss is not finite where a network's numbers leave the range of a float.
    """
    losses = np.empty(len(vectors))
    for part in split_stack(len(vectors), vectors.shape[1] + 2 * len(x) * max(network.sizes)):
        stack = NetworkStack(network, vectors[part])
        stack_pass = Pass(stack, len(x))
        stack_pass.x[:] = x
        stack_pass.forward_to_logits()
        losses[part] = loss.forward_each(stack_pass.output.z, stack_pass.output.a, y)
    return losses


def split_stack(vectors: int, numbers: int) -> Iterator[slice]:
    """Yield parts of a stack in order, such that each has few vectors of so many `numbers`, and at least one."""
    size = max(1, STACK_NUMBERS // numbers)
    for start in range(0, vectors, size):
        yield slice(start, start + size)
