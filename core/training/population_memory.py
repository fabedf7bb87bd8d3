"""How much memory a population needs: what one member adds to its arrays."""

from gradstep.core.network.network import DenseLayers
from gradstep.core.network.optimizer import Optimizer

PARAMETER_ARRAYS = 11
"""Arrays as long as the parameters that a member has in any population: its parameters now and before, the gradient,
the change, what an update and a score compute with, and copies while members are taken out."""

MEMORY_ARRAYS = 2
"""The same for each thing that the optimizer remembers."""

PASS_ARRAYS = 4
"""Arrays of a layer's units for each row of a batch: z, a, f′(z) and δ."""


def count_member_bytes(network: DenseLayers, optimizer: type[Optimizer], batch_size: int, validates: bool) -> int:
    """Return about how many bytes each member of a population needs while it trains, besides the data.

    `validates` says that there is a validation part, for which the best parameters are kept.
    """
    parameters: int = network.parameters.shape[-1]
    arrays = PARAMETER_ARRAYS + MEMORY_ARRAYS * len(optimizer.remembers) + validates
    numbers = arrays * parameters + PASS_ARRAYS * batch_size * sum(network.sizes[1:])
    return numbers * int(network.dtype.itemsize)
