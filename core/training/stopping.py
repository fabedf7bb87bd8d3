"""Stop conditions: whether training has reached what was asked of it.

Judged after every complete epoch, from the mean loss and the accuracy on the validation part, or on the training part
where there is none; never on the test part, which would not be new to a network that was chosen by it. The trainer only
reports that a condition is met; whoever runs it decides whether to stop.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

StopReason = Literal["target_loss", "target_accuracy", "patience"]


@dataclass(frozen=True, slots=True)
class StopConditions:
    """Conditions that end training before its last epoch. None switches a condition off.

    `target_loss` is met when the mean loss, without the l1/l2 term, is at most this. `target_accuracy` is met when the
    accuracy, from 0 to 1, is at least this. `patience` is met after this many epochs without a new lowest loss.
    """

    target_loss: float | None = None
    target_accuracy: float | None = None
    patience: int | None = None

    @property
    def any(self) -> bool:
        """Whether at least one condition is set."""
        return self != StopConditions()


@dataclass(frozen=True, slots=True)
class StoppingProgress:
    """What the stop conditions remember from epoch to epoch.

    `lowest` is the lowest loss so far, None before the first epoch. `epochs_since` counts the epochs after it.
    `reached` is the condition that the newest epoch met.
    """

    lowest: float | None = None
    epochs_since: int = 0
    reached: StopReason | None = None


def update_progress(
    progress: StoppingProgress, conditions: StopConditions, loss: float, accuracy: float | None
) -> StoppingProgress:
    """Return the progress after one more epoch, which ended with this loss and accuracy."""
    is_lowest = loss < (math.inf if progress.lowest is None else progress.lowest)
    progress = StoppingProgress(loss, 0) if is_lowest else StoppingProgress(progress.lowest, progress.epochs_since + 1)
    return replace(progress, reached=_find_reason(progress, conditions, loss, accuracy))


def _find_reason(
    progress: StoppingProgress, conditions: StopConditions, loss: float, accuracy: float | None
) -> StopReason | None:
    if conditions.target_loss is not None and loss <= conditions.target_loss:
        return "target_loss"
    if conditions.target_accuracy is not None and accuracy is not None and accuracy >= conditions.target_accuracy:
        return "target_accuracy"
    if conditions.patience is not None and progress.epochs_since >= conditions.patience:
        return "patience"
    return None
