"""The history of a run: its losses, scores on the watched part and learning rates, in bounded memory.

However long the run, the lowest and the highest loss of every stretch are kept, so no spike is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats
from gradstep.core.training.score_table import MOST_SCORES, ScoreTable, WatchedScores, merge_scores
from gradstep.core.training.trainer_state import MOST, StateError

BUCKETS = 1024
WAITING = 256
"""Losses that wait until they are sorted into buckets.

Both numbers are powers of two, so a full waiting list always fills whole buckets or goes whole into one.
"""

LOW, HIGH, TOTAL, COUNT = range(4)
"""The rows of the bucket table."""


@dataclass(frozen=True, slots=True)
class LossCurve:
    """The losses of the steps 1..n in buckets of `bucket_size` steps; the last bucket may hold fewer.

    `step` is the last step of each bucket. `low`, `mean` and `high` are taken over its losses. All are (buckets,).
    """

    bucket_size: int
    step: NDArray[np.int64]
    low: Floats
    mean: Floats
    high: Floats


class History:
    """Records the loss of every step, the scores of some evaluations, and every change of the learning rate."""

    def __init__(self) -> None:
        # a column for each bucket: lowest, highest, sum and count of its losses
        self._buckets = np.zeros((4, BUCKETS))
        self._bucket_count = 0
        self._bucket_size = 1
        self._waiting: list[float] = []
        self._scores = ScoreTable()
        # the score where the run rests, if it is not one of those; at most a row of step, loss and accuracy
        self._resting: Floats = np.zeros((0, 3))
        self._rate_changes: list[tuple[int, float]] = []
        self._epoch_marks: list[tuple[int, float, int]] = []

    def add_loss(self, loss: float) -> None:
        """Record the loss of the next step."""
        if len(self._resting):
            self._resting = np.zeros((0, 3))
        self._waiting.append(loss)
        if len(self._waiting) == WAITING:
            self._fill_buckets(np.array(self._waiting))
            self._waiting.clear()

    def add_watched_score(self, step: int, loss: float, accuracy: float | None) -> None:
        """Record a score on the watched part after `step` updates; a second score of the same step is ignored."""
        self._scores.add(step, loss, accuracy)

    def add_resting_score(self, step: int, loss: float, accuracy: float | None) -> None:
        """Record the score after `step` updates, where the run rests.

        It is forgotten with the next loss: what is recorded of a run does not depend on where it rested.
        """
        self._resting = np.array([(step, loss, np.nan if accuracy is None else accuracy)])

    @property
    def newest_scored_step(self) -> int:
        """The step of the newest score on the watched part; -1 before any."""
        step = self.watched_scores().step
        return int(step[-1]) if len(step) else -1

    def add_learning_rate(self, step: int, learning_rate: float) -> None:
        """Record that the learning rate is this one after `step` updates."""
        if self._rate_changes and self._rate_changes[-1][0] == step:
            self._rate_changes.pop()
        if not self._rate_changes or self._rate_changes[-1][1] != learning_rate:
            self._rate_changes = [*self._rate_changes[-BUCKETS:], (step, learning_rate)]

    def add_epoch_mark(self, step: int, epochs: float, steps_per_epoch: int) -> None:
        """Record that `step` updates are so many epochs, and that an epoch has so many steps from then on."""
        if self._epoch_marks and self._epoch_marks[-1][0] == step:
            self._epoch_marks.pop()
        self._epoch_marks = [*self._epoch_marks[-BUCKETS:], (step, epochs, steps_per_epoch)]

    @property
    def has_epoch_marks(self) -> bool:
        """Whether it is known how many epochs the steps are; a state of an earlier version does not say."""
        return bool(self._epoch_marks)

    def count_epochs(self, steps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many epochs were complete after each of these numbers of updates."""
        marked, epochs, per_epoch = np.array(self._epoch_marks, dtype=np.float64).reshape(-1, 3).T
        mark = np.maximum(np.searchsorted(marked, steps, "right") - 1, 0)
        # an epoch ends at a whole number, but for the rounding of the division
        return np.floor(epochs[mark] + (steps - marked[mark]) / per_epoch[mark] + 1e-6).astype(np.int64)

    @property
    def rate_changes(self) -> tuple[tuple[int, float], ...]:
        """(step, learning rate) of the start and of every change since."""
        return tuple(self._rate_changes)

    def watched_scores(self) -> WatchedScores:
        """Return the recorded scores on the watched part."""
        step, loss, accuracy = self._resting.T
        return merge_scores(self._scores.scores(), WatchedScores(step.astype(np.int64), loss.copy(), accuracy.copy()))

    def loss_curve(self) -> LossCurve:
        """Return the losses of all steps so far, the waiting ones included."""
        buckets = self._buckets[:, : self._bucket_count]
        if self._waiting:
            buckets = np.hstack((buckets, self._make_buckets(np.array(self._waiting))))
        low, high, total, count = buckets
        steps = np.cumsum(count).astype(np.int64)
        return LossCurve(self._bucket_size, steps, low.copy(), total / count, high.copy())

    def _make_buckets(self, losses: Floats) -> Floats:
        """Sort losses into new buckets of the present size, (4, new buckets)."""
        starts = np.arange(0, len(losses), self._bucket_size)
        counts = np.diff(np.append(starts, len(losses)))
        return np.array([*(f.reduceat(losses, starts) for f in (np.minimum, np.maximum, np.add)), counts])

    def _fill_buckets(self, losses: Floats) -> None:
        """Add losses to the last bucket if it is not full, or else to new buckets after it."""
        if self._bucket_count and self._buckets[COUNT, self._bucket_count - 1] < self._bucket_size:
            last = slice(self._bucket_count - 1, self._bucket_count)
            self._buckets[:, last] = _merge_buckets(self._buckets[:, last], self._make_buckets(losses))
            return
        while self._bucket_count + -(-len(losses) // self._bucket_size) > BUCKETS:
            self._double_bucket_size()
        new = self._make_buckets(losses)
        self._buckets[:, self._bucket_count : self._bucket_count + new.shape[1]] = new
        self._bucket_count += new.shape[1]

    def _double_bucket_size(self) -> None:
        """Merge every two neighbouring buckets into one."""
        half = self._bucket_count // 2
        first, second = self._buckets[:, : self._bucket_count : 2], self._buckets[:, 1 : self._bucket_count : 2]
        self._buckets[:, :half] = _merge_buckets(first, second)
        self._bucket_count = half
        self._bucket_size *= 2

    def state(self) -> dict[str, Floats]:
        """Return everything recorded, as arrays that `restore` takes."""
        return {
            "buckets": self._buckets[:, : self._bucket_count].copy(),
            "waiting": np.array(self._waiting),
            "samples": self._scores.rows(),
            "resting": self._resting.copy(),
            "rates": np.array(self._rate_changes, dtype=np.float64).reshape(-1, 2),
            "epochs": np.array(self._epoch_marks, dtype=np.float64).reshape(-1, 3),
            "sizes": np.array([self._bucket_size, self._scores.stride, self._scores.seen], dtype=np.float64),
        }

    def restore(self, state: Mapping[str, Floats]) -> None:
        """Take over everything recorded in a `state`; raises StateError, with nothing changed, if it is damaged."""
        check_history(state)
        self._bucket_count = state["buckets"].shape[1]
        self._buckets[:, : self._bucket_count] = state["buckets"]
        self._waiting = [float(loss) for loss in state["waiting"]]
        self._rate_changes = [(int(step), float(rate)) for step, rate in state["rates"]]
        self._epoch_marks = [(int(step), float(n), int(size)) for step, n, size in state.get("epochs", [])]
        self._resting = state["resting"].copy() if "resting" in state else np.zeros((0, 3))
        self._bucket_size, stride, seen = (int(size) for size in state["sizes"])
        self._scores.restore(state["samples"], stride, seen)


SHAPES: dict[str, tuple[int | None, ...]] = {
    "buckets": (4, None),
    "waiting": (None,),
    "samples": (None, 3),
    "resting": (None, 3),
    "rates": (None, 2),
    "epochs": (None, 3),
    "sizes": (3,),
}
"""The shapes of the arrays of a state; None for the number of entries, of which MOST_ENTRIES are kept."""

MOST_ENTRIES = {
    "buckets": BUCKETS,
    "waiting": WAITING - 1,
    "samples": MOST_SCORES - 1,
    "resting": 1,
    "rates": BUCKETS + 1,
    "epochs": BUCKETS + 1,
}

OPTIONAL = ("epochs", "resting")
"""What a state of an earlier version does not have."""


def check_history(state: Mapping[str, Floats]) -> None:
    """Raise StateError unless the arrays have the names, the shapes and the numbers of a history."""
    for name, shape in SHAPES.items():
        array = state.get(name)
        if array is None and name in OPTIONAL:
            continue
        if array is None or array.dtype != np.float64 or array.ndim != len(shape):
            raise StateError(f"history.{name}")
        for own, size in zip(array.shape, shape, strict=True):
            if own != size and (size is not None or own > MOST_ENTRIES[name]):
                raise StateError(f"history.{name}")
        # a regression has no accuracy, the last column of its samples
        if not np.isfinite(array[:, :2] if name in ("samples", "resting") else array).all():
            raise StateError(f"history.{name}")
    sizes, marks = state["sizes"], state.get("epochs", np.zeros((0, 3)))
    scored = [state[name][:, 0] for name in ("samples", "resting") if name in state]
    counts = [state["buckets"][COUNT], *scored, state["rates"][:, 0], marks[:, 0], marks[:, 2], sizes]
    whole = all(((numbers >= 0) & (numbers <= MOST) & (numbers % 1 == 0)).all() for numbers in counts)
    if not whole or not len(state["rates"]) or (state["buckets"][COUNT] < 1).any() or (sizes[:2] < 1).any():
        raise StateError("history")
    if (marks[:, 2] < 1).any():
        raise StateError("history.epochs")


def _merge_buckets(left: Floats, right: Floats) -> Floats:
    """Merge each bucket of `left` with the one of `right` in the same column, (4, buckets)."""
    lowest, highest = np.minimum(left[LOW], right[LOW]), np.maximum(left[HIGH], right[HIGH])
    return np.array([lowest, highest, *(left[TOTAL:] + right[TOTAL:])])
