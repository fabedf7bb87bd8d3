"""The parts of the data, and what a network reads of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the data: `x` (rows, inputs) and `y` (rows, outputs)."""

    x: ArrayLike
    y: ArrayLike


class Rows:
    """A part ready to train on: inputs with the column of ones that meets the bias, in the network's dtype."""

    def __init__(self, part: Part, network: Network, what: str) -> None:
        x = np.asarray(part.x, dtype=network.dtype)
        self.y: Floats = np.asfortranarray(part.y, dtype=network.dtype)
        wanted = (network.sizes[0], network.sizes[-1])
        if x.ndim != 2 or self.y.ndim != 2 or (x.shape[1], self.y.shape[1]) != wanted or len(x) != len(self.y):
            raise GradstepError(
                f"the {what} part has inputs {x.shape} and targets {self.y.shape}, "
                f"but the network takes {wanted[0]} inputs and gives {wanted[1]} outputs"
            )
        if not (np.isfinite(x).all() and np.isfinite(self.y).all()):
            raise GradstepError(f"the {what} part holds a value that is not a finite number")
        self.with_ones: Floats = np.ones((len(x), x.shape[1] + 1), network.dtype)
        self.with_ones[:, :-1] = x

    def __len__(self) -> int:
        return len(self.y)
