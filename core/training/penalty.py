"""The l1/l2 term of the loss: l1·Σ |w| + (l2 / 2)·Σ w². Biases are not penalized."""

from collections.abc import Iterable

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import DenseLayers
from gradstep.core.training.options import TrainingOptions


class Penalty:
    """Computes the gradient of the l1/l2 term of a network's loss.

    `l1` and `l2` are the factors of one network, or for several an array (networks, 1).
    """

    def __init__(self, network: DenseLayers, l1: float | Floats, l2: float | Floats, train_biases: bool) -> None:
        self._network, self._l1, self._l2 = network, l1, l2
        self._has_l1, self._has_l2, self._train_biases = bool(np.any(l1)), bool(np.any(l2)), train_biases
        self._weight_mask = network.weight_mask()
        self._scratch = np.empty_like(network.parameters)

    def add_gradient(self) -> None:
        """Add the gradient of the term, l1·sign w + l2·w, to the network's gradient. Frozen biases get 0."""
        parameters, gradient, scratch = self._network.parameters, self._network.gradient, self._scratch
        if self._has_l2:
            np.multiply(parameters, self._l2, out=scratch)
            np.multiply(scratch, self._weight_mask, out=scratch)
            np.add(gradient, scratch, out=gradient)
        if self._has_l1:
            np.sign(parameters, out=scratch)
            np.multiply(scratch, self._l1, out=scratch)
            np.multiply(scratch, self._weight_mask, out=scratch)
            np.add(gradient, scratch, out=gradient)
        if not self._train_biases:
            np.multiply(gradient, self._weight_mask, out=gradient)


def make_penalty(network: DenseLayers, options: TrainingOptions) -> Penalty:
    """Return the term of one network, with the factors of its options."""
    return Penalty(network, options.l1, options.l2, options.train_biases)


@np.errstate(all="ignore")
def find_penalty(network: DenseLayers, options: TrainingOptions) -> float:
    """Return the term for the present weights of one network."""
    weights: Floats = network.parameters * network.weight_mask()
    return compute_penalty([weights], options.l1, options.l2)


def compute_penalty(weights: Iterable[Floats], l1: float, l2: float) -> float:
    """Return l1·Σ |w| + (l2 / 2)·Σ w² over all entries of these arrays, which hold no bias."""
    return float(sum(compute_penalties(w.ravel(), l1, l2) for w in weights))


def compute_penalties(vectors: Floats, l1: float, l2: float) -> Floats:
    """Return l1·Σ |w| + (l2 / 2)·Σ w² of each of several vectors (..., count), in which biases are 0."""
    terms: Floats = l1 * np.abs(vectors).sum(axis=-1) + l2 / 2 * np.square(vectors).sum(axis=-1)
    return terms
