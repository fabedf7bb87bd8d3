"""What a training goes on from, and whether it fits a trainer."""

import math
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError
from gradstep.core.training.evaluation import Score
from gradstep.core.training.stopping import StopReason

MOST = 10**18
"""No count is larger."""


class StateError(GradstepError):
    """A saved state has a part that no training has."""

    def __init__(self, part: str) -> None:
        super().__init__(f"the saved state is damaged: its {part} is invalid")


@dataclass(frozen=True, slots=True)
class TrainerState:
    """Everything that training goes on from: numpy arrays, and values that JSON can hold.

    `best` is the best state up to this one; None without a validation part.
    """

    arrays: dict[str, NDArray[Any]]
    values: dict[str, Any]
    best: "BestState | None" = None

    def check_fits(self, identity: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        """Raise GradstepError unless the state has these values, and arrays of these names and shapes; its best too."""
        if self.best is not None:
            self.best.state.check_fits(identity, arrays)
        for name, own in identity.items():
            saved = self.values.get(name)
            if saved != own:
                raise GradstepError(f"the saved state does not fit: its {name} is {saved}, here it is {own}")
        for name, array in arrays.items():
            if name not in self.arrays or self.arrays[name].shape != array.shape:
                raise GradstepError(f"the saved state does not fit this network: {name} is missing or of another shape")
            if self.arrays[name].dtype.kind != "f" or not np.isfinite(self.arrays[name]).all():
                raise StateError(name)

    def check_values(self, rows: int) -> None:
        """Raise StateError for a number that no training over so many rows has."""
        if self.best is not None:
            self.best.state.check_values(rows)
        progress = self.values.get("progress")
        if not isinstance(progress, dict) or progress.keys() != {"lowest", "epochs_since", "reached"}:
            raise StateError("progress")
        lowest, since, reached = progress["lowest"], progress["epochs_since"], progress["reached"]
        if not (
            is_count(since)
            and (lowest is None or _is_finite(lowest))
            and (reached is None or reached in get_args(StopReason))
        ):
            raise StateError("progress")
        for name in ("step", "epoch", "updates", "cursor"):
            if not is_count(self.values.get(name)):
                raise StateError(name)
        if self.values["cursor"] >= rows:
            raise StateError("cursor")
        if not (_is_finite(self.values.get("learning_rate")) and self.values["learning_rate"] > 0):
            raise StateError("learning_rate")
        if self.values.get("batch_loss", "") is not None and not _is_finite(self.values.get("batch_loss")):
            raise StateError("batch_loss")

    def arrays_of(self, part: str) -> dict[str, NDArray[Any]]:
        """Return the arrays whose names begin with `part` and a dot, by the rest of their names."""
        return {
            name.removeprefix(f"{part}."): array for name, array in self.arrays.items() if name.startswith(f"{part}.")
        }


@dataclass(frozen=True, slots=True)
class BestState:
    """The state with the lowest loss on the validation part, and its score there. It holds no best state itself."""

    score: Score
    state: TrainerState

    @property
    def step(self) -> int:
        """How many updates were made up to it."""
        step: int = self.state.values["step"]
        return step

    @property
    def epoch(self) -> int:
        """How many epochs were complete."""
        epoch: int = self.state.values["epoch"]
        return epoch

    def as_present(self) -> TrainerState:
        """Return the state to go on from, which is the best one of its past itself."""
        return replace(self.state, best=self)


def is_count(value: object) -> bool:
    """Whether this is a whole number from 0 to MOST."""
    return type(value) is int and 0 <= value <= MOST


def _is_finite(value: object) -> bool:
    return is_count(value) or (isinstance(value, float) and math.isfinite(value))
