"""The best and the newest score of a run, as its history has them."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.training.history import History
from gradstep.core.training.parts import PartName
from gradstep.core.training.trainer_state import BestState


@dataclass(frozen=True, slots=True)
class RunScore:
    """A score of a run at its best step, which is that with the lowest loss, and at its newest, with both steps.

    On the validation part, or without one on the test part, it is the accuracy, or the loss of a regression. On the
    training part, where nothing is held out, it is the mean loss of the batches.
    """

    part: PartName
    measure: Literal["accuracy", "loss"]
    best: float
    best_step: int
    last: float
    last_step: int


def score_history(history: History, watched: PartName, best: BestState | None = None) -> RunScore | None:
    """Return the score of a run on the part that is `watched`; None before anything is measured.

    `best` is the best state of the run, which counts even where the history has no score of its step any more.
    """
    scores, curve = history.watched_scores(), history.loss_curve()
    if not len(scores.step):
        return _make_score("training", "loss", curve.step, curve.mean, curve.mean) if len(curve.step) else None
    measured: Literal["accuracy", "loss"] = "accuracy" if np.isfinite(scores.accuracy).any() else "loss"
    found = _make_score(
        watched, measured, scores.step, scores.accuracy if measured == "accuracy" else scores.loss, scores.loss
    )
    value = None if best is None else best.score.accuracy if measured == "accuracy" else best.score.loss
    return found if best is None or value is None else replace(found, best=value, best_step=best.step)


def has_lost_its_loss(history: History) -> bool:
    """Whether the newest loss is no finite number."""
    newest = [*history.loss_curve().mean[-1:], *history.watched_scores().loss[-1:]]
    return not np.isfinite(newest).all()


def _make_score(
    part: PartName, measure: Literal["accuracy", "loss"], step: np.ndarray, values: Floats, losses: Floats
) -> RunScore:
    best = int(losses.argmin())
    return RunScore(part, measure, float(values[best]), int(step[best]), float(values[-1]), int(step[-1]))
