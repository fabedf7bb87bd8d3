"""What a script is to repeat: a run, as far as it went, and the data that the script reads."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError, make_printable
from gradstep.core.network.activation import Activation
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.network.initializers import NUMPY_CODE
from gradstep.core.network.loss import Loss
from gradstep.core.network.optimizer import Optimizer
from gradstep.core.network.weighted_loss import WeightedLoss
from gradstep.data.run import Run

LONGEST_TITLE = 60

PROGRESS_LINES = 10
"""About as many times a script prints how far it is."""

LARGEST_INLINE = 60
"""More numbers than this stand in a file beside the script."""


@dataclass(frozen=True, eq=False)
class ScriptPlan:
    """The start of a run, and how many steps of it a script makes, at which learning rates.

    `rates` has the learning rate after so many steps, the first one after 0. The script reads its data from
    `data_file`, which is beside it or has an absolute path, unless they stand in the script.
    """

    run: Run
    steps: int
    rates: Mapping[int, float]
    data_file: Path = Path("data.npz")

    @property
    def title(self) -> str:
        """The data and the network in half a line."""
        sizes = "-".join(map(str, self.run.network.sizes))
        return shorten(f"{self.run.dataset.name}, {sizes}, {self.run.trainer.optimizer.name}", LONGEST_TITLE)

    @property
    def needs(self) -> str:
        """A sentence on the file that the script reads; empty if it reads none."""
        where = "" if self.data_file.is_absolute() else ", which stands beside it"
        return "" if self.is_inline else f" It reads {make_printable(str(self.data_file))}{where}."

    @property
    def learning_rate(self) -> float:
        """The learning rate of the first step."""
        return self.rates[0]

    @property
    def activations(self) -> tuple[Activation, ...]:
        """The activation of each layer."""
        return tuple(layer.activation for layer in self.run.network.layers)

    @property
    def loss(self) -> Loss:
        """The loss, without class weights."""
        loss = self.run.trainer.loss
        return loss.base if isinstance(loss, WeightedLoss) else loss

    @property
    def class_weights(self) -> Floats | None:
        """What the loss of an example of each class is multiplied by (classes,); None without class weights."""
        loss = self.run.trainer.loss
        return loss.weights if isinstance(loss, WeightedLoss) else None

    @property
    def epochs(self) -> int:
        """How many epochs the steps take; the last may be cut short."""
        return math.ceil(self.steps / self.run.trainer.steps_per_epoch)

    @property
    def ends_with_an_epoch(self) -> bool:
        """Whether the last step completes an epoch."""
        return self.steps % self.run.trainer.steps_per_epoch == 0

    @property
    def is_full_batch(self) -> bool:
        """Whether each step reads the whole training part."""
        return self.run.trainer.steps_per_epoch == 1

    @property
    def epochs_between_lines(self) -> int:
        """A round number of epochs after which the script prints its scores."""
        each = max(1, self.epochs // PROGRESS_LINES)
        power: int = 10 ** (len(str(each)) - 1)
        return next(factor * power for factor in (5, 2, 1) if factor * power <= each)

    @property
    def held_out(self) -> dict[str, Indices]:
        """The row numbers of the parts that are not trained on, by the names of the parts."""
        split = self.run.split
        parts = {"validation": split.validation_rows, "test": split.test_rows}
        return {name: rows for name, rows in parts.items() if len(rows)}

    @property
    def has_given_weights(self) -> bool:
        """Whether the first weights are given, and not drawn."""
        network = self.run.experiment.network
        return network.weights is not None or network.start is not None

    @cached_property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What the script reads: the rows as they were given, the indices of the parts, and given first weights."""
        dataset, split = self.run.dataset, self.run.split
        arrays: dict[str, NDArray[Any]] = {"x": dataset.inputs}
        if dataset.labels is not None:
            arrays["y"] = dataset.labels
        else:
            assert dataset.targets is not None
            arrays["y"] = dataset.targets
        if self.held_out:
            arrays |= {"train": split.train_rows, **self.held_out}
        if self.has_given_weights:
            start = self.run.network.layer_views(self.run.start.arrays["parameters"])
            arrays |= {f"weights_{number}": matrix for number, matrix in enumerate(start, 1)}
        return arrays

    @cached_property
    def is_inline(self) -> bool:
        """Whether the data are so few that they stand in the script itself."""
        return sum(array.size for array in self.arrays.values()) <= LARGEST_INLINE and all(
            len(str(row.tolist())) <= 60 for array in self.arrays.values() for row in np.atleast_2d(array)
        )


def shorten(text: str, longest: int) -> str:
    """Return the text, with … in place of what is too long."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def find_code(operation: Activation | Loss | Optimizer, field: str, library: str) -> Any:
    """Return the code of an operation, which its own class has in this field; raises GradstepError if it has none.

    What a class inherits is the code of another operation.
    """
    code = vars(type(operation)).get(field)
    if code is None:
        rule = "" if isinstance(operation, Optimizer) else f", {operation.formula}"
        _refuse(f"{operation.name}{rule}", library)
    return code


def find_initializer_code(init: str | None, library: str) -> str:
    """Return the code of an initializer; raises GradstepError if it has none."""
    if init not in NUMPY_CODE:
        _refuse(f"the init {init}", library)
    return NUMPY_CODE[init]


def _refuse(what: str, library: str) -> NoReturn:
    raise GradstepError(f"this cannot be written in {library}, where nothing is known for {what}")
