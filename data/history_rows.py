"""The history of a run as rows: for the log, for export, and to compare runs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats
from gradstep.core.training.history import History, LossCurve

WATCHED = "test"
"""The part whose scores the history has."""

FIELDS = ("step", "epoch", "seconds", "learning_rate", "train_loss", f"{WATCHED}_loss", f"{WATCHED}_accuracy")
"""The names of the fields of a row, in the order of `HistoryRow.values`."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What is known of a run at a step. None stands for what was not measured there.

    - `step` counts the updates, and `epoch` the complete passes over the training part.
    - `seconds` is the time trained until the row was made, where that is known.
    - `learning_rate` is that of the update that made the step.
    - `train_loss` is the mean loss of the batches since the row before, without the l1/l2 term.
    - `watched_loss` and `watched_accuracy` are the scores on the part that is watched; a regression has no accuracy.
    """

    step: int
    epoch: int
    seconds: float | None
    learning_rate: float
    train_loss: float | None
    watched_loss: float | None
    watched_accuracy: float | None

    def values(self) -> tuple[int | float | None, ...]:
        """Return the values in the order of FIELDS."""
        return (
            self.step,
            self.epoch,
            self.seconds,
            self.learning_rate,
            self.train_loss,
            self.watched_loss,
            self.watched_accuracy,
        )


def list_history_rows(history: History, after: int = -1, newest: bool = True) -> list[HistoryRow]:
    """Return a row for each score of the history after this step; where nothing is held out, for each bucket of losses.

    With `newest` the newest step has a row too, if it has no score. Without it there is none for a bucket that is not
    full. A long run has no row for every score that was measured: its history keeps a thousand of them.
    """
    scores, curve = history.test_scores(), history.loss_curve()
    steps = scores.step if len(scores.step) else _list_full_buckets(curve)
    if newest and len(curve.step) and (not len(steps) or steps[-1] < curve.step[-1]):
        steps = np.append(steps, curve.step[-1])
    steps = steps[steps > after]
    losses = _find_mean_losses(curve, steps, max(after, 0))
    score = {int(step): index for index, step in enumerate(scores.step)}
    rates = history.rate_changes
    rate = np.maximum(np.searchsorted([step for step, _ in rates], steps, "left") - 1, 0)
    epochs = history.count_epochs(steps)
    return [
        HistoryRow(
            int(step),
            int(epochs[index]),
            None,
            rates[int(rate[index])][1],
            _read(losses, index),
            _read(scores.loss, score.get(int(step))),
            _read(scores.accuracy, score.get(int(step))),
        )
        for index, step in enumerate(steps)
    ]


def _list_full_buckets(curve: LossCurve) -> NDArray[np.int64]:
    """Return the last steps of the full buckets."""
    full: NDArray[np.int64] = curve.step[curve.step % curve.bucket_size == 0]
    return full


def _find_mean_losses(curve: LossCurve, steps: NDArray[np.int64], after: int) -> Floats:
    """Return the mean loss of the steps up to each of these, from the one before it; NaN before the first update.

    The first is counted from the step `after`.

    Within a bucket the losses count as equal to its mean.
    """
    ends = np.append(0, curve.step)
    totals = np.append(0.0, np.cumsum(curve.mean * np.diff(ends)))
    bounds = np.append(after, steps)
    with np.errstate(divide="ignore", invalid="ignore"):
        means: Floats = np.diff(np.interp(bounds, ends, totals)) / np.diff(bounds)
    return np.where(steps > 0, means, np.nan)


def _read(values: Floats, index: int | None) -> float | None:
    """Return a value; None where there is none, or where it was not measured."""
    return None if index is None or np.isnan(values[index]) else float(values[index])
