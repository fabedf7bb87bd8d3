"""What a micro-step is, and what a person looks at in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gradstep.core.network.arrays import Floats

Phase = Literal["forward", "loss", "backward", "update", "check"]


PHASES: tuple[Phase, ...] = ("forward", "loss", "backward", "update", "check")


@dataclass(frozen=True, slots=True)
class Focus:
    """One example of the batch; for each layer one of its neurons, and one input of that neuron: its weight.

    A weight as large as the number of inputs is the bias.
    """

    example: int
    neurons: tuple[int, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """What the rows or columns of a table count; `layer` is 1 for the first after the inputs."""

    counts: Literal["example", "neuron", "weight", "only"]
    layer: int = 0

    def index(self, focus: Focus) -> int:
        """Where the focus stands along this axis."""
        if self.counts == "example":
            return focus.example
        if self.counts == "only":
            return 0
        places = focus.neurons if self.counts == "neuron" else focus.weights
        return places[self.layer - 1]


EXAMPLES = Axis("example")


ONLY = Axis("only")


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """A matrix that a micro-step reads or writes, `values` (rows, columns)."""

    name: str
    values: Floats
    rows: Axis
    columns: Axis

    def marked(self, focus: Focus) -> tuple[int, int] | None:
        """The entry that the focus is on; None where it is on none, as on a bias among inputs."""
        row, column = self.rows.index(focus), self.columns.index(focus)
        inside = row < self.values.shape[0] and column < self.values.shape[1]
        return (row, column) if inside else None


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """The formula with the numbers of one focus, line by line, the number that comes out, and tables of this focus."""

    lines: tuple[str, ...]
    result: float
    matrices: tuple[Matrix, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class MicroStep:
    """One computation of the update: in symbols, as a line of numpy, in plain words, and with any focus's numbers.

    `key` names it within the update, as "z 1". `layer` is 0 where no layer is meant.
    """

    key: str
    phase: Phase
    layer: int
    title: str
    formula: str
    code: str
    words: str
    reads: tuple[Matrix, ...]
    writes: tuple[Matrix, ...]
    at: Callable[[Focus], WrittenOut]
