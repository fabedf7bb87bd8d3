"""The options of training, and which values are allowed."""

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.training.stopping import StopConditions

FIXED_OPTIONS = ("loss", "class_weights", "shuffle", "shuffle_seed", "train_biases")
"""The options that cannot change after the first update."""


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """How to train. `l2` adds (l2 / 2)·Σ w² to the loss and `l1` adds l1·Σ |w|; biases are not penalized.

    `class_weights` has a factor for each class, which the loss of its examples is multiplied by; "balanced" gives a
    class of n of N rows in K classes N / (K·n), so that all classes count alike.
    """

    loss: str = "cross_entropy"
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    batch_size: int | Literal["full"] = 32
    l1: float = 0.0
    l2: float = 0.0
    class_weights: Literal["balanced"] | tuple[float, ...] | None = None
    shuffle: bool = True
    shuffle_seed: int = 0
    train_biases: bool = True
    stop: StopConditions = field(default_factory=StopConditions)

    @property
    def is_penalized(self) -> bool:
        """Whether the loss has an l1 or l2 term."""
        return self.l1 > 0 or self.l2 > 0


def check_options(options: TrainingOptions, classification: bool) -> None:
    """Raise GradstepError for a value that is not allowed.

    Without `classification` there is no accuracy, so a target accuracy is not allowed either.
    """
    if options.batch_size != "full" and options.batch_size < 1:
        raise GradstepError(f'batch_size = {options.batch_size}: must be "full" or a whole number from 1')
    for name, value in (("l1", options.l1), ("l2", options.l2)):
        if not (math.isfinite(value) and value >= 0):
            raise GradstepError(f"{name} = {value}: must be a number from 0")
    check_learning_rate(options.learning_rate)
    if options.class_weights is not None and not classification:
        raise GradstepError(f"class_weights = {options.class_weights}: a regression has no classes")
    if options.stop.target_accuracy is not None and not classification:
        raise GradstepError(
            f"target_accuracy = {options.stop.target_accuracy}: a regression has no accuracy; target_loss can end it"
        )


def find_batch_size(options: TrainingOptions, rows: int) -> int:
    """Return the number of rows in a batch, at most those of the training part."""
    return rows if options.batch_size == "full" else min(options.batch_size, rows)


def find_class_weights(options: TrainingOptions, classes: Indices, count: int) -> Floats | None:
    """Return the weight of each of `count` classes, for the classes (rows,) of the training part; None without weights.

    A class without a row gets 1. Raises GradstepError for another number of weights.
    """
    given = options.class_weights
    if given is None:
        return None
    if given == "balanced":
        rows = np.bincount(classes, minlength=count)
        return np.where(rows, len(classes) / (count * np.maximum(rows, 1)), 1.0)
    if len(given) != count:
        raise GradstepError(f"class_weights has {len(given)} numbers, but there are {count} classes")
    return np.array(given, dtype=np.float64)


def check_learning_rate(learning_rate: float) -> None:
    """Raise GradstepError unless the learning rate is finite and above 0."""
    if not (math.isfinite(learning_rate) and learning_rate > 0):
        raise GradstepError(f"learning_rate = {learning_rate}: must be a number above 0")
