"""A report on every row of a part: the confusion matrix, and the examples with the largest losses.

It is made from the network as it is now, and only for a snapshot that asks for it. It holds numbers and no verdict.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from gradstep.core.network.arrays import Indices
from gradstep.core.network.classes import NO_CLASS
from gradstep.core.network.passes import Pass
from gradstep.core.observation.example import ExampleIndex, ExampleView, find_part, view_example
from gradstep.core.training.evaluation import Score, fill_passes
from gradstep.core.training.parts import PartName
from gradstep.core.training.regression_errors import RegressionErrors, measure_errors
from gradstep.core.training.trainer import Trainer

WORST = 60
"""How many examples with the largest losses a report keeps."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PartReport:
    """How the network does on the `rows` rows of a part after `step` updates.

    `score` is the score of these rows, from the same outputs as the rest.
    `confusion` (target, predicted) counts the rows of each target class by the class that was predicted, without those
    whose outputs predict none; None for a regression. `worst_examples` have the largest losses, the largest first.
    `errors` are those of a regression, one for each output, in the units of the scaled targets.
    """

    part: PartName
    step: int
    rows: int
    score: Score
    confusion: Indices | None
    worst_examples: tuple[ExampleView, ...]
    errors: tuple[RegressionErrors, ...] = ()


@np.errstate(all="ignore")
def report_part(trainer: Trainer, name: PartName) -> PartReport:
    """Report on every row of this part. The trainer is not changed."""
    part = find_part(trainer, name)
    losses, outputs = np.empty(len(part)), np.empty_like(part.y)
    for rows, batch_pass in fill_passes(part, partial(Pass, trainer.network)):
        batch_pass.forward()
        losses[rows] = trainer.loss.per_example(batch_pass.output.z, batch_pass.output.a, part.y[rows])
        outputs[rows] = batch_pass.output.a
    predicted = trainer.classify(outputs)
    one_row = Pass(trainer.network, 1)
    largest = np.argsort(-losses, kind="stable")[:WORST]
    worst = tuple(view_example(trainer, ExampleIndex(name, int(row)), one_row) for row in largest)
    confusion = _count_confusion(trainer, trainer.classify(part.y), predicted) if trainer.classification else None
    accuracy = None if confusion is None else int(np.trace(confusion)) / len(part)
    errors = () if trainer.classification else measure_errors(part.y, outputs)
    return PartReport(name, trainer.step, len(part), Score(float(losses.mean()), accuracy), confusion, worst, errors)


def _count_confusion(trainer: Trainer, targets: Indices, predicted: Indices) -> Indices:
    classes = max(2, trainer.network.sizes[-1])
    counts = np.zeros((classes, classes), np.intp)
    has_class = predicted != NO_CLASS
    np.add.at(counts, (targets[has_class], predicted[has_class]), 1)
    return counts
