"""The best and the newest score of a run, as its history has them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.history import History
from gradstep.core.training.parts import PartName


@dataclass(frozen=True, slots=True)
class RunScore:
    """A score of a run at its best and at its newest measurement, with the steps of both.

    On the validation part, or without one on the test part, it is the accuracy, or the loss of a regression. On the
    training part, where nothing is held out, it is the mean loss of the batches.
    """

    part: PartName
    measure: Literal["accuracy", "loss"]
    best: float
    best_step: int
    last: float
    last_step: int


def score_history(history: History, watched: PartName) -> RunScore | None:
    """Return the score of a run on the part that is `watched`; None before anything is measured."""
    scores, curve = history.watched_scores(), history.loss_curve()
    if len(scores.step):
        if np.isfinite(scores.accuracy).any():
            accuracy = np.where(np.isfinite(scores.accuracy), scores.accuracy, -np.inf)
            return _make_score(watched, "accuracy", scores.step, scores.accuracy, int(accuracy.argmax()))
        return _make_score(watched, "loss", scores.step, scores.loss, int(scores.loss.argmin()))
    if len(curve.step):
        return _make_score("training", "loss", curve.step, curve.mean, int(curve.mean.argmin()))
    return None


def _make_score(
    part: PartName,
    measure: Literal["accuracy", "loss"],
    step: np.ndarray,
    values: Floats,
    best: int,
) -> RunScore:
    return RunScore(part, measure, float(values[best]), int(step[best]), float(values[-1]), int(step[-1]))
