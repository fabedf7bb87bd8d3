"""The l1/l2 term of the loss: l1·Σ |w| + (l2 / 2)·Σ w². Biases are not penalized."""

from collections.abc import Iterable

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network
from gradstep.core.training.options import TrainingOptions


class Penalty:
    """Computes the l1/l2 term of a network's loss and its gradient."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._weight_mask = network.weight_mask()
        self._scratch = np.empty_like(network.parameters)

    def add_gradient(self, options: TrainingOptions) -> None:
        """Add the gradient of the term, l1·sign w + l2·w, to the network's gradient. Frozen biases get 0."""
        parameters, gradient, scratch = self._network.parameters, self._network.gradient, self._scratch
        if options.l2:
            np.multiply(parameters, options.l2, out=scratch)
            np.multiply(scratch, self._weight_mask, out=scratch)
            np.add(gradient, scratch, out=gradient)
        if options.l1:
            np.sign(parameters, out=scratch)
            np.multiply(scratch, options.l1, out=scratch)
            np.multiply(scratch, self._weight_mask, out=scratch)
            np.add(gradient, scratch, out=gradient)
        if not options.train_biases:
            np.multiply(gradient, self._weight_mask, out=gradient)

    @np.errstate(all="ignore")
    def compute(self, options: TrainingOptions) -> float:
        """Return the term for the present weights."""
        weights: Floats = self._network.parameters * self._weight_mask
        return compute_penalty([weights], options.l1, options.l2)


def compute_penalty(weights: Iterable[Floats], l1: float, l2: float) -> float:
    """Return l1·Σ |w| + (l2 / 2)·Σ w² over all entries of these arrays, which hold no bias."""
    return float(sum(l1 * np.abs(w).sum() + l2 / 2 * np.square(w).sum() for w in weights))
