"""What each neuron of the last hidden layer adds to one output, over a grid of inputs."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.snapshot import Snapshot


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Contributions:
    """The terms of z = Σ w·a + b of one output: `parts` (rows, neurons) are the w·a of each neuron."""

    parts: Floats
    bias: float

    @property
    def z(self) -> Floats:
        """The pre-activation of the output (rows,), which the parts and the bias add up to."""
        total: Floats = self.parts.sum(axis=1) + self.bias
        return total

    def take_largest(self, most: int) -> tuple[list[int], Floats]:
        """Return the indices of so many neurons with the largest parts, and what the others add together (rows,)."""
        sizes = np.nan_to_num(np.abs(self.parts).max(axis=0))
        taken = sorted(np.argsort(-sizes, kind="stable")[:most].tolist())
        return taken, np.delete(self.parts, taken, axis=1).sum(axis=1)


@np.errstate(all="ignore")
def find_contributions(snapshot: Snapshot, output: int) -> Contributions | None:
    """Return the terms of one output for the rows of the snapshot's grid.

    None without a grid, and for a network without hidden layers.
    """
    if snapshot.grid_activations is None or len(snapshot.layers) < 2:
        return None
    last = snapshot.layers[-1]
    return Contributions(snapshot.grid_activations[-2] * last.weights[output], float(last.biases[output]))
