"""The training, validation and test part of the data, as given and as a network reads them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network

PartName = Literal["training", "validation", "test"]
"""The part that is trained on, the one that decisions are made by, and the one that is kept for the end."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the data: inputs `x` (rows, inputs) and targets `y` (rows, outputs).

    `with_ones` (rows, inputs + 1) holds the same inputs and a last column of ones, if they exist in this form.
    """

    x: ArrayLike
    y: ArrayLike
    with_ones: Floats | None = None


class PreparedPart:
    """A part in the network's dtype and memory layout.

    `with_ones` (rows, inputs + 1) holds the inputs and a last column of ones, which the bias is multiplied by. `y`
    (rows, outputs) holds the targets, column by column.
    """

    def __init__(self, part: Part, network: Network, name: str) -> None:
        """Copy `part` for `network`, or share its `with_ones` of the same dtype; `name` stands in error messages.

        Raises GradstepError for shapes that do not fit the network and for values that are not finite.
        """
        x = np.asarray(part.x, dtype=network.dtype)
        self.y: Floats = np.asfortranarray(part.y, dtype=network.dtype)
        inputs, outputs = network.sizes[0], network.sizes[-1]
        if (
            x.ndim != 2
            or self.y.ndim != 2
            or len(x) != len(self.y)
            or (x.shape[1], self.y.shape[1]) != (inputs, outputs)
        ):
            raise GradstepError(
                f"the {name} part has inputs {x.shape} and targets {self.y.shape}, "
                f"but the network takes {inputs} inputs and gives {outputs} outputs"
            )
        if not (np.isfinite(x).all() and np.isfinite(self.y).all()):
            raise GradstepError(f"the {name} part holds a value that is not a finite number")
        if part.with_ones is not None and part.with_ones.dtype == network.dtype:
            self.with_ones: Floats = part.with_ones
        else:
            self.with_ones = np.ones((len(x), inputs + 1), network.dtype)
            self.with_ones[:, :-1] = x

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.y)

    @cached_property
    def inputs_vary(self) -> bool:
        """Whether two rows have different inputs."""
        return any(bool((row != self.with_ones[0]).any()) for row in self.with_ones)

    @cached_property
    def targets_vary(self) -> bool:
        """Whether two rows have different targets. Where none have, a constant guess is as good as any network."""
        return bool((self.y != self.y[0]).any())

    @cached_property
    def input_size(self) -> float:
        """The root mean square of the inputs."""
        rows = self.with_ones[:, :-1]
        return float(np.sqrt(np.einsum("ri,ri->", rows, rows, dtype=np.float64) / rows.size))

    @cached_property
    def mean_target(self) -> Floats:
        """The mean of the targets (outputs,)."""
        mean: Floats = self.y.mean(axis=0)
        return mean


AnyPart = Part | PreparedPart
P = TypeVar("P", bound=AnyPart, covariant=True)


@dataclass(frozen=True, slots=True)
class Parts(Generic[P]):
    """The three parts of the data; None for one that there is not."""

    training: P
    validation: P | None = None
    test: P | None = None


def prepare_part(part: AnyPart | None, network: Network, name: PartName) -> PreparedPart | None:
    """Return the part prepared for `network`; None for one without rows. Raises GradstepError as PreparedPart does."""
    if isinstance(part, Part):
        return PreparedPart(part, network, name) if len(np.asarray(part.y)) else None
    return part
