"""One example, and what the network predicts for it."""

from dataclasses import dataclass

from gradstep.core.network.arrays import Floats
from gradstep.core.network.classes import NO_CLASS
from gradstep.core.network.passes import Pass
from gradstep.core.training.parts import PartName, PreparedPart
from gradstep.core.training.trainer import Trainer


@dataclass(frozen=True, slots=True)
class ExampleIndex:
    """One row of one part of the data; `row` is its index in the part."""

    part: PartName
    row: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ExampleView:
    """One example as the network sees it.

    `x` (inputs,) is scaled, `y` (outputs,) is the target, `outputs` (outputs,) is what the network predicts and `loss`
    the example's own loss. The classes are None for a regression, and that of outputs that are no longer finite.
    """

    index: ExampleIndex
    x: Floats
    y: Floats
    outputs: Floats
    loss: float
    target_class: int | None
    predicted_class: int | None


def view_example(trainer: Trainer, example: ExampleIndex, batch_pass: Pass) -> ExampleView:
    """Send the example through `batch_pass`, a pass of one row, and copy what comes out.

    Its error goes back through the pass as far as every δ, without the l1/l2 term. The network's gradient stays.
    """
    part = find_part(trainer, example.part)
    batch_pass.inputs[:] = part.with_ones[example.row]
    y = part.y[example.row : example.row + 1]
    batch_pass.forward()
    z, a = batch_pass.output.z, batch_pass.output.a
    loss = float(trainer.loss.per_example(z, a, y)[0])
    trainer.loss.delta(z, a, y, batch_pass.output.delta)
    batch_pass.backward_to_deltas()
    target, predicted = (_find_class(trainer, each) for each in (y, a))
    return ExampleView(example, batch_pass.x[0].copy(), y[0].copy(), a[0].copy(), loss, target, predicted)


def _find_class(trainer: Trainer, row: Floats) -> int | None:
    """Return the class of a row (1, outputs) of outputs or targets; None for a regression, and where there is none."""
    found = int(trainer.classify(row)[0]) if trainer.classification else NO_CLASS
    return None if found == NO_CLASS else found


def find_part(trainer: Trainer, name: PartName) -> PreparedPart:
    """Return the trainer's part of this name; the training part for one without rows."""
    part = {"training": None, "validation": trainer.validation_part, "test": trainer.test_part}[name]
    return trainer.training_part if part is None else part
