"""What an optimizer is: a rule that turns a gradient into an update of one flat parameter vector.

`update` turns a gradient g into the change, and subtracts it: θ ← θ − change. The change stays readable in `change`
until the next update. Every array that an optimizer remembers stands in `memory`, so that its state can be saved and
restored.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from gradstep.core.network.arrays import Floats

Memory = Mapping[str, float]
"""What an optimizer remembers of one parameter, by name."""

Rates = float | Floats
"""One learning rate; or those of several networks, (networks, 1)."""


class Optimizer(ABC):
    """An update rule, its memory, and how one update of one parameter is explained.

    name                      its name in experiment files
    remembers                 the names of the arrays in `memory`
    symbols                   the letter that formulas have for each of them, by name
    memory_formula            how the memory changes, in symbols; empty without memory
    step_formula              how a parameter changes, in symbols
    change_formula            what is subtracted, in symbols
    change_code               what is subtracted, in numpy
    predicted_drop_formula    by how much the loss falls to first order, g · change, in symbols
    predicted_change_formula  the change of the loss to first order, where Δw = −change is what is added to a weight
    subtracts_gradient        whether the change is the gradient times the learning rate, and nothing else
    words                     what the memory is used for, in a sentence; empty without memory
    numpy_code                the update of weights[i] in numpy, from its gradient g, the learning_rate, the number of
                              updates and what is remembered, a list for each name
    pytorch_code              its class in torch.optim, and its arguments but the parameters and the learning rate
    sklearn_code              the arguments of scikit-learn's MLPClassifier that make it; None where it has no such rule
    """

    name: ClassVar[str]
    remembers: ClassVar[tuple[str, ...]] = ()
    symbols: ClassVar[Mapping[str, str]] = MappingProxyType({})
    memory_formula: ClassVar[str] = ""
    step_formula: ClassVar[str]
    change_formula: ClassVar[str] = "change"
    change_code: ClassVar[str] = "change"
    predicted_drop_formula: ClassVar[str] = "Σ g·change"
    predicted_change_formula: ClassVar[str] = "Σ g·Δw"
    subtracts_gradient: ClassVar[bool] = False
    words: ClassVar[str] = ""
    numpy_code: ClassVar[str | None] = None
    pytorch_code: ClassVar[tuple[str, ...] | None] = None
    sklearn_code: ClassVar[tuple[str, ...] | None] = None

    def __init__(self, parameters: Floats) -> None:
        """Make room for a vector shaped like `parameters` (count,)."""
        self.change = np.zeros_like(parameters)
        self.memory = {name: np.zeros_like(parameters) for name in self.remembers}
        self._memory_before = {name: np.empty_like(parameters) for name in self.remembers}
        self.updates = 0
        self._ones = np.ones_like(parameters)

    def update(self, parameters: Floats, gradient: Floats, learning_rate: float) -> None:
        """Move `parameters` (count,) in place against `gradient` (count,).

        Raises FloatingPointError, with `parameters` and what is remembered as they were, when the change is not finite.
        """
        for name, before in self._memory_before.items():
            np.copyto(before, self.memory[name])
        self.updates += 1
        self.fill_change(gradient, learning_rate)
        # a sum is not finite where any of its terms is not
        if not math.isfinite(self.change.dot(self._ones)):
            self.updates -= 1
            for name, before in self._memory_before.items():
                np.copyto(self.memory[name], before)
            raise FloatingPointError("the change is no longer finite")
        np.subtract(parameters, self.change, out=parameters)

    @abstractmethod
    def fill_change(self, gradient: Floats, learning_rate: Rates) -> None:
        """Take the gradient (..., count) into the memory, and write what is to be subtracted into `change`.

        An axis before the last one counts networks.
        """

    @classmethod
    def formula(cls) -> str:
        """The whole rule in symbols."""
        return f"{cls.memory_formula};  {cls.step_formula}" if cls.memory_formula else cls.step_formula

    @classmethod
    def write_memory(cls, g: float, before: Memory, after: Memory, updates: int) -> tuple[list[str], float]:
        """How one parameter's memory came about in update number `updates`, line by line, and what came out.

        The last line is the formula of what came out, which is written below it. The lines above are complete.
        """
        raise NotImplementedError(f"{cls.name} remembers nothing")

    @classmethod
    @abstractmethod
    def write_direction(cls, g: float, after: Memory, updates: int) -> str:
        """What the learning rate is multiplied by for one parameter, with numbers."""


def go_on_with(rule: type[Optimizer], before: Optimizer, parameters: Floats) -> Optimizer:
    """Return an optimizer that goes on from another one: `before` itself if it has the same rule.

    Where both remember the same quantities, as nesterov after momentum, it keeps them.
    """
    if type(before) is rule:
        return before
    optimizer = rule(parameters)
    # the newest step was made by the old rule
    optimizer.change[:] = before.change
    if rule.remembers == before.remembers:
        optimizer.memory, optimizer.updates = before.memory, before.updates
    return optimizer
