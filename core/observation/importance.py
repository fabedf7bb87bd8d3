"""Permutation importance: how much worse the network does on rows in which one column is shuffled (Breiman 2001).

A column that the network makes no use of changes nothing. One that it relies on makes the loss rise, since the shuffled
values belong to other rows.
"""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Indices, spread_evenly
from gradstep.core.training.descent_step import copy_network
from gradstep.core.training.evaluation import Evaluator, Score
from gradstep.core.training.parts import Part, PartName, PreparedPart
from gradstep.core.training.trainer import Trainer

REPEATS = 5
"""How often each column is shuffled."""

MOST_WORK, LEAST_ROWS = 2e10, 100
"""Rows times weights that are gone through for all columns at most, and the rows that are taken all the same."""


@dataclass(frozen=True, slots=True)
class Importance:
    """What shuffling a column does, as the mean of REPEATS shuffles.

    `rise` is by how much the loss rises, and `accuracy_fall` by how much the accuracy falls, as a share; None for a
    regression.
    """

    rise: float
    accuracy_fall: float | None


class ImportanceMeasurement:
    """Measures the columns of a network as it is now, on its watched part, or on the training part without one.

    It has a copy of the network, so that it can measure while the training goes on. `part`, `rows`, `total` and `step`
    say what is measured: so many rows of the `total` rows of the part, after so many steps. `base` is the score there
    with nothing shuffled. `columns` is the number of columns that will be measured.
    """

    def __init__(self, trainer: Trainer, columns: int, seed: int) -> None:
        """Copy what is needed. The same seed shuffles the same way."""
        network = copy_network(trainer.network)
        self.part: PartName = trainer.watched_name
        whole = trainer.training_part if trainer.watched_part is None else trainer.watched_part
        self.total, self.step, self._seed = len(whole), trainer.step, seed
        room = max(LEAST_ROWS, int(MOST_WORK / (columns * REPEATS * network.parameters.size)))
        chosen = spread_evenly(self.total, room)
        self.rows = len(chosen)
        with_ones, y = whole.with_ones[chosen], whole.y[chosen]
        self._given = PreparedPart(Part(with_ones[:, :-1], y, with_ones), network, self.part)
        shuffled = with_ones.copy()
        self._shuffled = PreparedPart(Part(shuffled[:, :-1], y, shuffled), network, self.part)
        self._evaluator = Evaluator(network, trainer.loss, trainer.threshold, trainer.classification)
        self.base: Score = self._evaluator.score(self._given)

    def measure(self, inputs: Indices) -> Importance:
        """Measure the column that these inputs (count,) were made of: they are shuffled together."""
        generator = np.random.default_rng([self._seed, int(inputs[0])])
        given, shuffled = self._given.with_ones, self._shuffled.with_ones
        rises, falls = np.empty(REPEATS), np.zeros(REPEATS)
        for repeat in range(REPEATS):
            order = generator.permutation(self.rows)
            shuffled[:, inputs] = given[order][:, inputs]
            score = self._evaluator.score(self._shuffled)
            rises[repeat] = score.loss - self.base.loss
            if score.accuracy is not None and self.base.accuracy is not None:
                falls[repeat] = self.base.accuracy - score.accuracy
        shuffled[:, inputs] = given[:, inputs]
        fall = None if self.base.accuracy is None else float(falls.mean())
        return Importance(float(rises.mean()), fall)
