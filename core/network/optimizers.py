"""Optimizers: each an update rule over one flat parameter vector.

`update` turns a gradient into the change ΔW and applies it. The change stays readable in `change` until the next
update, and every array an optimizer remembers stands in `memory`, so that its whole state can be saved and restored.
"""

import math
from typing import ClassVar

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats


class Optimizer:
    """Plain gradient descent, θ ← θ − α g, and the base of the rules that remember something."""

    name: ClassVar[str] = "sgd"
    formula: ClassVar[str] = "θ ← θ − α g"
    remembers: ClassVar[tuple[str, ...]] = ()

    def __init__(self, parameters: Floats) -> None:
        """Make room for a vector shaped like `parameters` (count,)."""
        self.change = np.zeros_like(parameters)
        self.memory = {name: np.zeros_like(parameters) for name in self.remembers}
        self.updates = 0
        self._ones = np.ones_like(parameters)

    def update(self, parameters: Floats, gradient: Floats, learning_rate: float) -> None:
        """Move `parameters` (count,) in place against `gradient` (count,).

        Raises FloatingPointError, with `parameters` as they were, when the change is not finite.
        """
        self.updates += 1
        self._fill_change(gradient, learning_rate)
        # a sum is not finite where any of its terms is not
        if not math.isfinite(self.change.dot(self._ones)):
            raise FloatingPointError("the change is no longer finite")
        np.subtract(parameters, self.change, out=parameters)

    def _fill_change(self, gradient: Floats, learning_rate: float) -> None:
        np.multiply(gradient, learning_rate, out=self.change)


class Momentum(Optimizer):
    """Polyak's heavy ball as PyTorch writes it: v ← μ v + g, θ ← θ − α v."""

    name = "momentum"
    formula = "v ← 0.9 v + g;  θ ← θ − α v"
    remembers = ("velocity",)
    momentum: ClassVar[float] = 0.9

    def _fill_change(self, gradient: Floats, learning_rate: float) -> None:
        velocity = self.memory["velocity"]
        np.multiply(velocity, self.momentum, out=velocity)
        np.add(velocity, gradient, out=velocity)
        np.multiply(velocity, learning_rate, out=self.change)


class Nesterov(Momentum):
    """Nesterov's momentum as PyTorch writes it: v ← μ v + g, θ ← θ − α (g + μ v)."""

    name = "nesterov"
    formula = "v ← 0.9 v + g;  θ ← θ − α (g + 0.9 v)"

    def _fill_change(self, gradient: Floats, learning_rate: float) -> None:
        super()._fill_change(gradient, learning_rate)
        np.multiply(self.memory["velocity"], self.momentum, out=self.change)
        np.add(self.change, gradient, out=self.change)
        np.multiply(self.change, learning_rate, out=self.change)


class RMSprop(Optimizer):
    """Tieleman and Hinton 2012: s ← ρ s + (1 − ρ) g², θ ← θ − α g / (√s + ε)."""

    name = "rmsprop"
    formula = "s ← 0.9 s + 0.1 g²;  θ ← θ − α g / (√s + 1e-8)"
    remembers = ("square",)
    decay: ClassVar[float] = 0.9
    epsilon: ClassVar[float] = 1e-8

    def _fill_change(self, gradient: Floats, learning_rate: float) -> None:
        square, change = self.memory["square"], self.change
        np.multiply(gradient, gradient, out=change)
        np.multiply(change, 1 - self.decay, out=change)
        np.multiply(square, self.decay, out=square)
        np.add(square, change, out=square)
        np.sqrt(square, out=change)
        np.add(change, self.epsilon, out=change)
        np.divide(gradient, change, out=change)
        np.multiply(change, learning_rate, out=change)


class Adam(Optimizer):
    """Kingma and Ba 2015, algorithm 1, with both bias corrections."""

    name = "adam"
    formula = "m ← 0.9 m + 0.1 g;  s ← 0.999 s + 0.001 g²;  θ ← θ − α m̂ / (√ŝ + 1e-8)"
    remembers = ("mean", "square")
    mean_decay: ClassVar[float] = 0.9
    square_decay: ClassVar[float] = 0.999
    epsilon: ClassVar[float] = 1e-8

    def _fill_change(self, gradient: Floats, learning_rate: float) -> None:
        mean, square, change = self.memory["mean"], self.memory["square"], self.change
        np.multiply(gradient, 1 - self.mean_decay, out=change)
        np.multiply(mean, self.mean_decay, out=mean)
        np.add(mean, change, out=mean)
        np.multiply(gradient, gradient, out=change)
        np.multiply(change, 1 - self.square_decay, out=change)
        np.multiply(square, self.square_decay, out=square)
        np.add(square, change, out=square)
        np.divide(square, 1 - self.square_decay**self.updates, out=change)
        np.sqrt(change, out=change)
        np.add(change, self.epsilon, out=change)
        np.divide(mean, change, out=change)
        np.multiply(change, learning_rate / (1 - self.mean_decay**self.updates), out=change)


OPTIMIZERS: dict[str, type[Optimizer]] = {rule.name: rule for rule in (Optimizer, Momentum, Nesterov, RMSprop, Adam)}


def optimizer_named(name: str) -> type[Optimizer]:
    """Return the optimizer called `name`; raises GradstepError with the known names."""
    if name not in OPTIMIZERS:
        raise GradstepError(f"unknown optimizer {name!r}; known are {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[name]
