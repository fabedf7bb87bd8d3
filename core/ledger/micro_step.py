"""A micro-step of an update, and the focus: the example, neurons and weights whose numbers are written out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gradstep.core.network.arrays import Floats

Phase = Literal["forward", "loss", "backward", "update", "check"]
PHASES: tuple[Phase, ...] = ("forward", "loss", "backward", "update", "check")


@dataclass(frozen=True, slots=True)
class Focus:
    """One example of the batch, and for each layer one of its neurons and one weight of that neuron, as indices.

    The index of a weight is that of its input; the number of inputs stands for the bias.
    """

    example: int
    neurons: tuple[int, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """What the rows or columns of a matrix count; `layer` is 1 for the first after the inputs."""

    counts: Literal["example", "neuron", "weight", "only"]
    layer: int = 0

    def index(self, focus: Focus) -> int:
        """The index of the focus along this axis."""
        if self.counts == "example":
            return focus.example
        if self.counts == "only":
            return 0
        indices = focus.neurons if self.counts == "neuron" else focus.weights
        return indices[self.layer - 1]


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
        """The entry that the focus is on; None where there is none, as for a bias in a matrix of inputs."""
        row, column = self.rows.index(focus), self.columns.index(focus)
        inside = row < self.values.shape[0] and column < self.values.shape[1]
        return (row, column) if inside else None


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A formula with the numbers of one focus, line by line, its result, and matrices of this focus alone.

    The line with the index `answer` has the result; those after it follow from the result. The `question` stands in its
    place while the result is to be guessed.
    """

    lines: tuple[str, ...]
    result: float
    matrices: tuple[Matrix, ...] = ()
    answer: int = -1
    question: str = "= ?"

    @property
    def terms(self) -> tuple[str, ...]:
        """The lines without the result: the terms that it is computed from, and the question."""
        answer = self.lines[self.answer]
        indent = answer[: len(answer) - len(answer.lstrip())]
        return (*self.lines[: self.answer], indent + self.question)


@dataclass(frozen=True, slots=True, eq=False)
class MicroStep:
    """One computation of the update: in words, as a formula, as a line of numpy, and with the numbers of any focus.

    `key` names it within the update, as "z 1". `layer` is 0 where no layer is meant. It `reads` and `writes` matrices;
    `at` writes it out with the numbers of a focus.
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
