"""The losses of many parameter vectors at once: networks of one shape as stacked arrays.

A forward pass over a stack is that of `passes.py` with one more axis in front: the vectors. numpy multiplies stacks of
matrices one after the other, so that a stack costs what its networks cost, without a loop in Python over each.
"""

from collections.abc import Iterator

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import Loss
from gradstep.core.network.network import Network

STACK_NUMBERS = 2**18
"""About as many numbers are held for the vectors that are computed at once: 2 MB in float64."""


@np.errstate(all="ignore")
def find_losses(network: Network, loss: Loss, vectors: Floats, x: Floats, y: Floats) -> Floats:
    """Return the mean loss of the same rows for each of several parameter vectors (vectors,), without the l1/l2 term.

    `vectors` is (vectors, count), each laid out like `network.parameters`, which are not read. `x` is (rows, inputs)
    and `y` (rows, outputs). The loss is not finite where a network's numbers leave the range of a float.
    """
    losses = np.empty(len(vectors))
    for part in split_stack(len(vectors), vectors.shape[1] + 2 * len(x) * max(network.sizes)):
        losses[part] = _find_losses_at_once(network, loss, vectors[part], x, y)
    return losses


def split_stack(vectors: int, numbers: int) -> Iterator[slice]:
    """Yield parts of a stack in order, such that each has few vectors of so many `numbers`, and at least one."""
    size = max(1, STACK_NUMBERS // numbers)
    for start in range(0, vectors, size):
        yield slice(start, start + size)


def _find_losses_at_once(network: Network, loss: Loss, vectors: Floats, x: Floats, y: Floats) -> Floats:
    count, rows = len(vectors), len(x)
    inputs, start = x, 0
    for layer in network.layers:
        end = start + layer.matrix.size
        matrices = vectors[:, start:end].reshape(count, *layer.matrix.shape)
        # (vectors, rows, units); the product of x with a stack of matrices is a stack
        z = inputs @ matrices[:, :, :-1].transpose(0, 2, 1)
        z += matrices[:, None, :, -1]
        a = np.empty_like(z)
        # an activation and a loss go row by row, so the rows of all networks can follow one another
        layer.activation.f(z.reshape(-1, layer.units), a.reshape(-1, layer.units))
        inputs, start = a, end
    outputs = network.sizes[-1]
    targets = np.broadcast_to(y, (count, rows, outputs)).reshape(-1, outputs)
    losses = loss.per_example(z.reshape(-1, outputs), a.reshape(-1, outputs), targets)
    means: Floats = losses.reshape(count, rows).mean(axis=1)
    return means
