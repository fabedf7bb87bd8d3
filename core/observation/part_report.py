"""How the network does on every row of a part: which classes it mixes up, and where it is most wrong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.passes import Pass
from gradstep.core.observation.example import Example, ExampleView, PartName, view_example
from gradstep.core.training.evaluation import EVALUATION_ROWS
from gradstep.core.training.trainer import Trainer

WORST = 60
"""So many of the examples that are most wrong are kept."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class PartReport:
    """All `rows` of a part. `counts` (true, predicted) says how many of a class were taken for which, None for
    regression; `worst` are the examples of the largest losses, the largest first.
    """

    part: PartName
    rows: int
    counts: NDArray[np.intp] | None
    worst: tuple[ExampleView, ...]


def report_part(trainer: Trainer, part: PartName) -> PartReport:
    """Judge every row of the part; the trainer goes on unchanged."""
    rows = trainer.training_part if part == "training" or trainer.test_part is None else trainer.test_part
    count = len(rows)
    losses, predicted = np.empty(count), np.empty(count, np.intp)
    for start in range(0, count, EVALUATION_ROWS):
        chunk = slice(start, start + EVALUATION_ROWS)
        work = Pass(trainer.network, len(rows.y[chunk]))
        work.inputs[:] = rows.with_ones[chunk]
        work.forward()
        losses[chunk] = trainer.loss.per_example(work.output.z, work.output.a, rows.y[chunk])
        predicted[chunk] = trainer.classify(work.output.a)
    one = Pass(trainer.network, 1)
    worst = tuple(
        view_example(trainer, Example(part, int(row)), one) for row in np.argsort(-losses, kind="stable")[:WORST]
    )
    counts = _counts(trainer, trainer.classify(rows.y), predicted) if trainer.classification else None
    return PartReport(part, count, counts, worst)


def _counts(trainer: Trainer, true: NDArray[np.intp], predicted: NDArray[np.intp]) -> NDArray[np.intp]:
    classes = max(2, trainer.network.sizes[-1])
    counts = np.zeros((classes, classes), np.intp)
    np.add.at(counts, (true, predicted), 1)
    return counts
