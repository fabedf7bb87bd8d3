"""A run: an experiment with its data, its network and its trainer."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network
from gradstep.core.training.linear_baseline import LinearBaseline, fit_linear_baseline
from gradstep.core.training.regression_errors import RegressionErrors
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.trainer_state import TrainerState
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import Experiment
from gradstep.data.input_grid import InputGrid, make_input_grid, sample_grid
from gradstep.data.preprocessing import Preprocessing, describe_preprocessing
from gradstep.data.run_facts import RunFacts
from gradstep.data.split import Split

ROWS_AT_ONCE = 4096

START = "start"
"""The array of a checkpoint that holds the first parameters, where they came from a file."""


@dataclass(frozen=True, eq=False)
class Run:
    """Everything that training an experiment needs. The fields that an experiment leaves open are filled in.

    `start` is the state before the first step, and `seconds` the time trained before the run was resumed. `corners` are
    the lowest and the highest inputs, each (inputs,), that its maps reach to; None for those that suit the data.
    `notes` say what a person should know who resumes it. `changed_at` is the first step after which its options were
    others than those of its start; 0 if they never were.
    """

    experiment: Experiment
    dataset: Dataset
    split: Split
    network: Network
    trainer: Trainer
    start: TrainerState
    seconds: float = 0.0
    corners: tuple[Floats, Floats] | None = None
    notes: tuple[str, ...] = ()
    changed_at: int = 0

    @cached_property
    def grid(self) -> InputGrid | None:
        """The inputs that its maps are computed for; None for data with more than two."""
        return make_input_grid(self.split) if self.corners is None else sample_grid(self.split, *self.corners)

    @property
    def neurons_shown(self) -> Literal["maps", "parts"] | None:
        """How each neuron can be drawn: as a map over two inputs, or as its part of the curve over one input."""
        if self.grid is None:
            return None
        if self.grid.raw.shape[1] == 2:
            return "maps"
        return "parts" if len(self.network.layers) > 1 else None

    def checkpoint(self, seconds: float) -> Checkpoint:
        """Return a checkpoint of the training as it is now, after so many seconds of it."""
        state = self.trainer.state()
        if self.experiment.network.start is not None:
            # so that the file is not needed any more
            state.arrays[START] = self.start.arrays["parameters"]
        diverged = self.trainer.divergence is not None
        sizes, rows = tuple(self.network.sizes), len(self.dataset.inputs)
        facts = RunFacts(sizes, rows, self._find_last_line(), diverged=diverged, changed_at=self.changed_at)
        return Checkpoint(self.experiment, state, seconds, self.fingerprint, facts, preprocessing=self.preprocessing)

    def _find_last_line(self) -> int:
        """Return the line of its file that the last row ends on; 0 for data that are no table of text."""
        lines = self.dataset.lines
        return 0 if lines is None or not len(lines) else int(lines.max())

    @cached_property
    def preprocessing(self) -> Preprocessing:
        """How the network reads rows of data, and what its outputs mean."""
        return describe_preprocessing(self.dataset, self.split)

    @cached_property
    def linear_baseline(self) -> LinearBaseline | None:
        """A linear model of the same parts; None where `fit_linear_baseline` gives none. It can take seconds."""
        return fit_linear_baseline(self.trainer)

    def measure_errors(self) -> tuple[RegressionErrors, ...]:
        """Measure the errors of a regression on the part that is scored, in the units of the data, for each target.

        That is the test part, or else the validation part, or else the training part. Empty for a classification.
        """
        trainer = self.trainer
        if trainer.classification:
            return ()
        part = trainer.test_part or trainer.validation_part or trainer.training_part
        scales = self.split.target_scaling.scale.tolist()
        errors = trainer.evaluator.measure_errors(part)
        return tuple(each.rescale(scale) for each, scale in zip(errors, scales, strict=True))

    @property
    def note_on_stopping(self) -> str:
        """What judges the conditions to stop where there is no validation part; "" with one, and without conditions."""
        stop = self.trainer.options.stop
        named = {
            "patience": stop.patience,
            "the target loss": stop.target_loss,
            "the target accuracy": stop.target_accuracy,
        }
        given = [name for name, value in named.items() if value is not None]
        if self.trainer.validation_part is not None or not given:
            return ""
        which = f"{given[0]} is" if len(given) == 1 else f"{' and '.join(given)} are"
        return f"{which} judged by the training part: the run has no validation part"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all parts of the data. A run resumed on other data would not go on with the same numbers."""
        digest, split = hashlib.sha256(), self.split
        parts = (split.train_x, split.train_y, split.test_x, split.test_y, split.validation_x, split.validation_y)
        for array in parts:
            # in portions, because each of them is copied
            for first in range(0, len(array), ROWS_AT_ONCE):
                digest.update(np.ascontiguousarray(array[first : first + ROWS_AT_ONCE]).data)
        return digest.hexdigest()
