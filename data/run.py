"""A run: an experiment with its data, its network and its trainer."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradstep.core.network.network import Network
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.trainer_state import TrainerState
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import Experiment
from gradstep.data.split import Split

ROWS_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Run:
    """Everything that training an experiment needs. The fields that an experiment leaves open are filled in.

    `start` is the state before the first step, and `seconds` the time trained before the run was resumed.
    """

    experiment: Experiment
    dataset: Dataset
    split: Split
    network: Network
    trainer: Trainer
    start: TrainerState
    seconds: float = 0.0

    def checkpoint(self, seconds: float) -> Checkpoint:
        """Return a checkpoint of the training as it is now, after so many seconds of it."""
        return Checkpoint(self.experiment, self.trainer.state(), seconds, self.fingerprint)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of both parts of the data. A run resumed on other data would not go on with the same numbers."""
        digest = hashlib.sha256()
        for array in (self.split.train_x, self.split.train_y, self.split.test_x, self.split.test_y):
            # in portions, because each of them is copied
            for first in range(0, len(array), ROWS_AT_ONCE):
                digest.update(np.ascontiguousarray(array[first : first + ROWS_AT_ONCE]).data)
        return digest.hexdigest()
