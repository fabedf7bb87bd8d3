"""Scores on the watched part by their step, in bounded memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats

MOST_SCORES = 1024


@dataclass(frozen=True, slots=True)
class WatchedScores:
    """Scores on the watched part: `step`, `loss` and `accuracy` (NaN for a regression), all (evaluations,)."""

    step: NDArray[np.int64]
    loss: Floats
    accuracy: Floats


class ScoreTable:
    """Keeps scores with ascending steps. When it is full, every second score is dropped, and later ones are thinned."""

    def __init__(self) -> None:
        # a row for each evaluation: step, loss and accuracy
        self._rows = np.zeros((MOST_SCORES, 3))
        self._count = 0
        self.stride = 1
        self.seen = 0

    def add(self, step: int, loss: float, accuracy: float | None) -> None:
        """Record a score after `step` updates; a second score of the same step is ignored.

        When the table is full, every second score is dropped, and from then on only every second one is kept.
        """
        if self._count and self._rows[self._count - 1, 0] == step:
            return
        if self.seen % self.stride == 0:
            self._rows[self._count] = (step, loss, np.nan if accuracy is None else accuracy)
            self._count += 1
        self.seen += 1
        if self._count == MOST_SCORES:
            self._count //= 2
            self._rows[: self._count] = self._rows[::2]
            self.stride *= 2

    def drop_from(self, step: int) -> None:
        """Drop the scores of this step and of later ones."""
        self._count = int(np.searchsorted(self._rows[: self._count, 0], step))

    def scores(self) -> WatchedScores:
        """Return the kept scores."""
        step, loss, accuracy = self._rows[: self._count].T
        return WatchedScores(step.astype(np.int64), loss.copy(), accuracy.copy())

    def rows(self) -> Floats:
        """Return a copy of the kept scores as rows of step, loss and accuracy (evaluations, 3)."""
        return self._rows[: self._count].copy()

    def restore(self, rows: Floats, stride: int, seen: int) -> None:
        """Take over the rows of another table, of which it has kept every `stride`-th of the `seen` scores."""
        self._count = len(rows)
        self._rows[: self._count] = rows
        self.stride, self.seen = stride, seen


def merge_scores(*tables: WatchedScores) -> WatchedScores:
    """Return the scores of all tables by their step; of two scores of one step the one of the earlier table counts."""
    step, loss, accuracy = (
        np.concatenate([getattr(table, name) for table in tables]) for name in ("step", "loss", "accuracy")
    )
    step, first = np.unique(step, return_index=True)
    return WatchedScores(step, loss[first], accuracy[first])
