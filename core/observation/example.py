"""One example, and what the network makes of it."""

from dataclasses import dataclass
from typing import Literal

from gradstep.core.network.arrays import Floats
from gradstep.core.network.passes import Pass
from gradstep.core.training.trainer import Trainer

PartName = Literal["training", "test"]


@dataclass(frozen=True, slots=True)
class Example:
    """One row of one part of the data."""

    part: PartName
    row: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExampleView:
    """One example as the network sees it: scaled inputs x, target y, outputs, its loss; classes None for regression."""

    example: Example
    x: Floats
    y: Floats
    outputs: Floats
    loss: float
    target_class: int | None
    predicted_class: int | None


def view_example(trainer: Trainer, example: Example, work: Pass) -> ExampleView:
    """Let the example go through `work`, a pass of one row, and copy what came of it."""
    rows = trainer.training_part if example.part == "training" or trainer.test_part is None else trainer.test_part
    work.inputs[:] = rows.with_ones[example.row]
    y = rows.y[example.row : example.row + 1]
    work.forward()
    z, a = work.output.z, work.output.a
    loss = float(trainer.loss.per_example(z, a, y)[0])
    true, predicted = (int(trainer.classify(each)[0]) if trainer.classification else None for each in (y, a))
    return ExampleView(example, work.x[0].copy(), y[0].copy(), a[0].copy(), loss, true, predicted)
