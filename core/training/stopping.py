"""When training has done what was asked of it: judged after every whole epoch, on the held-out part if there is one."""

import math
from dataclasses import dataclass, replace
from typing import Literal

Reason = Literal["target_loss", "target_accuracy", "patience"]


@dataclass(frozen=True, slots=True)
class StopConditions:
    """What ends training before its last epoch; None is not asked for.

    Training has reached `target_loss` when the mean loss (data term alone) is no more, `target_accuracy` when the share
    of right answers is no less, and is out of `patience` after so many epochs without a lower loss than any before.
    """

    target_loss: float | None = None
    target_accuracy: float | None = None
    patience: int | None = None

    @property
    def any(self) -> bool:
        """Whether there is anything to judge."""
        return self != StopConditions()


@dataclass(frozen=True, slots=True)
class Progress:
    """The lowest loss so far (None before the first epoch), the epochs since, and what was reached by the last one."""

    lowest: float | None = None
    epochs_since: int = 0
    reached: Reason | None = None


def progress_after(progress: Progress, conditions: StopConditions, loss: float, accuracy: float | None) -> Progress:
    """The progress after one more epoch, which ended with this loss and accuracy."""
    lower = loss < (math.inf if progress.lowest is None else progress.lowest)
    progress = Progress(loss, 0) if lower else Progress(progress.lowest, progress.epochs_since + 1)
    return replace(progress, reached=_reached(progress, conditions, loss, accuracy))


def _reached(progress: Progress, conditions: StopConditions, loss: float, accuracy: float | None) -> Reason | None:
    if conditions.target_loss is not None and loss <= conditions.target_loss:
        return "target_loss"
    if conditions.target_accuracy is not None and accuracy is not None and accuracy >= conditions.target_accuracy:
        return "target_accuracy"
    if conditions.patience is not None and progress.epochs_since >= conditions.patience:
        return "patience"
    return None
