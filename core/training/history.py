"""The loss curve in bounded memory: as long as the run may be, every spike stays."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1024
WAITING = 256
"""Both are powers of two: a full waiting list then always fills whole buckets, or goes whole into one."""

COUNT = 3


@dataclass(frozen=True, slots=True)
class LossCurve:
    """The losses of steps 1..n as buckets of `bucket` steps (the last may hold fewer).

    `step` is the last step of each bucket; `low`, `mean` and `high` are of the losses in it, all (buckets,).
    """

    bucket: int
    step: NDArray[np.int64]
    low: NDArray[np.float64]
    mean: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeldOutScores:
    """Evaluations of the test part: `step`, `loss` and `accuracy` (NaN where there is none), all (samples,)."""

    step: NDArray[np.int64]
    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]


class History:
    """Records one loss a step, now and then a test evaluation, and every change of the learning rate."""

    def __init__(self) -> None:
        # one column a bucket: lowest, highest, sum and count of the losses in it
        self._table = np.zeros((4, BUCKETS))
        self._used = 0
        self._bucket = 1
        self._waiting: list[float] = []
        # one row an evaluation: step, loss and accuracy
        self._samples = np.zeros((BUCKETS, 3))
        self._sampled = 0
        self._sample_stride = 1
        self._samples_seen = 0
        self._rates: list[tuple[int, float]] = []

    def add(self, loss: float) -> None:
        """Record the loss of the next step."""
        self._waiting.append(loss)
        if len(self._waiting) == WAITING:
            self._fold(np.array(self._waiting))
            self._waiting.clear()

    def add_test_score(self, step: int, loss: float, accuracy: float | None) -> None:
        """Record an evaluation of the test part after `step` updates; a second one of the same step is left out."""
        if self._sampled and self._samples[self._sampled - 1, 0] == step:
            return
        if self._samples_seen % self._sample_stride == 0:
            self._samples[self._sampled] = (step, loss, np.nan if accuracy is None else accuracy)
            self._sampled += 1
        self._samples_seen += 1
        if self._sampled == BUCKETS:
            self._sampled //= 2
            self._samples[: self._sampled] = self._samples[::2]
            self._sample_stride *= 2

    def add_rate(self, step: int, learning_rate: float) -> None:
        """Record that from `step` on the learning rate is this one."""
        if self._rates and self._rates[-1][0] == step:
            self._rates.pop()
        if not self._rates or self._rates[-1][1] != learning_rate:
            self._rates = [*self._rates[-BUCKETS:], (step, learning_rate)]

    @property
    def rates(self) -> tuple[tuple[int, float], ...]:
        """(step, learning rate) of every change, the start's included."""
        return tuple(self._rates)

    def test_scores(self) -> HeldOutScores:
        """The evaluations so far."""
        step, loss, accuracy = self._samples[: self._sampled].T
        return HeldOutScores(step.astype(np.int64), loss.copy(), accuracy.copy())

    def curve(self) -> LossCurve:
        """The losses so far, the newest ones included."""
        table = self._table[:, : self._used]
        if self._waiting:
            table = np.hstack((table, self._grouped(np.array(self._waiting))))
        low, high, total, count = table
        return LossCurve(self._bucket, np.cumsum(count).astype(np.int64), low.copy(), total / count, high.copy())

    def _grouped(self, losses: NDArray[np.float64]) -> NDArray[np.float64]:
        """A table (4, groups) of the runs of losses that belong in one bucket."""
        starts = np.arange(0, len(losses), self._bucket)
        counts = np.diff(np.append(starts, len(losses)))
        return np.array([*(f.reduceat(losses, starts) for f in (np.minimum, np.maximum, np.add)), counts])

    def _fold(self, losses: NDArray[np.float64]) -> None:
        if self._used and self._table[COUNT, self._used - 1] < self._bucket:
            last = slice(self._used - 1, self._used)
            self._table[:, last] = _merged(self._table[:, last], self._grouped(losses))
            return
        while self._used + -(-len(losses) // self._bucket) > BUCKETS:
            self._halve()
        groups = self._grouped(losses)
        self._table[:, self._used : self._used + groups.shape[1]] = groups
        self._used += groups.shape[1]

    def _halve(self) -> None:
        half = self._used // 2
        self._table[:, :half] = _merged(self._table[:, : self._used : 2], self._table[:, 1 : self._used : 2])
        self._used = half
        self._bucket *= 2

    def state(self) -> dict[str, NDArray[np.float64]]:
        """Everything recorded, as arrays that `restore` takes."""
        return {
            "buckets": self._table[:, : self._used].copy(),
            "waiting": np.array(self._waiting),
            "samples": self._samples[: self._sampled].copy(),
            "rates": np.array(self._rates, dtype=np.float64).reshape(-1, 2),
            "sizes": np.array([self._bucket, self._sample_stride, self._samples_seen], dtype=np.float64),
        }

    def restore(self, state: Mapping[str, NDArray[np.float64]]) -> None:
        """Become exactly the history whose `state` this is."""
        self._used = state["buckets"].shape[1]
        self._table[:, : self._used] = state["buckets"]
        self._waiting = [float(loss) for loss in state["waiting"]]
        self._sampled = len(state["samples"])
        self._samples[: self._sampled] = state["samples"]
        self._rates = [(int(step), float(rate)) for step, rate in state["rates"]]
        self._bucket, self._sample_stride, self._samples_seen = (int(size) for size in state["sizes"])


def _merged(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each bucket of `left` joined with the one of `right`, (4, buckets)."""
    return np.array([np.minimum(left[0], right[0]), np.maximum(left[1], right[1]), *(left[2:] + right[2:])])
