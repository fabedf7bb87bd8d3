"""What each neuron of the last hidden layer adds to one output, over a grid of inputs."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.snapshot import Snapshot


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Contributions:
    """The terms of z = Σ w·a + b of one output: `parts` (rows, neurons) are the w·a of each neuron.

    `example_parts` (neurons,) and `example_z` are those of the example.
    """

    parts: Floats
    bias: float
    example_parts: Floats
    example_z: float

    @property
    def z(self) -> Floats:
        """The pre-activation of the output (rows,), which the parts and the bias add up to."""
        total: Floats = self.parts.sum(axis=1) + self.bias
        return total

    def take_largest(self, most: int) -> tuple[list[int], list[int]]:
        """Return the indices of so many neurons with the largest parts, and those of the others."""
        sizes = np.nan_to_num(np.abs(self.parts).max(axis=0))
        order = np.argsort(-sizes, kind="stable").tolist()
        return sorted(order[:most]), sorted(order[most:])


@np.errstate(all="ignore")
def find_contributions(snapshot: Snapshot, output: int) -> Contributions | None:
    """Return the terms of one output for the rows of the snapshot's grid.

    None without a grid, and for a network without hidden layers.
    """
    if snapshot.grid_activations is None or len(snapshot.layers) < 2:
        return None
    before, last = snapshot.layers[-2:]
    weights = last.weights[output]
    return Contributions(
        snapshot.grid_activations[-2] * weights, float(last.biases[output]), before.a * weights, float(last.z[output])
    )
