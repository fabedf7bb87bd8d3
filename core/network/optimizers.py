"""Optimizers: each a rule that turns a gradient into an update of one flat parameter vector.

`update` turns a gradient g into the change, and subtracts it: θ ← θ − change. The change stays readable in `change`
until the next update. Every array that an optimizer remembers stands in `memory`, so that its state can be saved and
restored.

To add an optimizer, write its class here and name it in OPTIMIZERS. Nothing elsewhere asks for an optimizer's name.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from gradstep.core.equation import write_equation
from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.notation import factor, number

EPSILON, EPSILON_TEXT = 1e-8, "1e−8"
"""What RMSprop and Adam add to √s, so that nothing is divided by 0; and as formulas write it."""

Memory = Mapping[str, float]
"""What an optimizer remembers of one parameter, by name."""


class Optimizer(ABC):
    """An update rule, its memory, and how one update of one parameter is explained.

    name                    its name in experiment files
    remembers               the names of the arrays in `memory`
    memory_formula          how the memory changes, in symbols; empty without memory
    step_formula            how a parameter changes, in symbols
    change_formula          what is subtracted, in symbols
    change_code             what is subtracted, in numpy
    predicted_drop_formula  by how much the loss falls to first order, g · change, in symbols
    words                   what the memory is used for, in a sentence; empty without memory
    """

    name: ClassVar[str]
    remembers: ClassVar[tuple[str, ...]] = ()
    memory_formula: ClassVar[str] = ""
    step_formula: ClassVar[str]
    change_formula: ClassVar[str] = "change"
    change_code: ClassVar[str] = "change"
    predicted_drop_formula: ClassVar[str] = "Σ g·change"
    words: ClassVar[str] = ""

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
    def fill_change(self, gradient: Floats, learning_rate: float) -> None:
        """Take the gradient (count,) into the memory, and write what is to be subtracted into `change`."""

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


class SGD(Optimizer):
    """Plain gradient descent: θ ← θ − α·g."""

    name = "sgd"
    step_formula = "θ ← θ − α·g"
    change_formula = "α·g"
    change_code = "learning_rate * g"
    predicted_drop_formula = "α·‖g‖²"

    def fill_change(self, gradient: Floats, learning_rate: float) -> None:
        np.multiply(gradient, learning_rate, out=self.change)

    @classmethod
    def write_direction(cls, g: float, after: Memory, updates: int) -> str:
        return factor(g)


class Momentum(Optimizer):
    """Polyak's heavy ball as PyTorch writes it: v ← μ v + g, θ ← θ − α v."""

    name = "momentum"
    remembers = ("velocity",)
    momentum: ClassVar[float] = 0.9
    memory_formula = f"v ← {momentum} v + g"
    step_formula = "θ ← θ − α v"
    words = "The velocity keeps nine tenths of its last value, and the new gradient is added to it."

    def fill_change(self, gradient: Floats, learning_rate: float) -> None:
        velocity = self.memory["velocity"]
        np.multiply(velocity, self.momentum, out=velocity)  # μ v
        np.add(velocity, gradient, out=velocity)  # v ← μ v + g
        np.multiply(velocity, learning_rate, out=self.change)  # α v

    @classmethod
    def write_memory(cls, g: float, before: Memory, after: Memory, updates: int) -> tuple[list[str], float]:
        return [f"v = {cls.momentum}·{factor(before['velocity'])} + {factor(g)}"], after["velocity"]

    @classmethod
    def write_direction(cls, g: float, after: Memory, updates: int) -> str:
        return factor(after["velocity"])


class Nesterov(Momentum):
    """Nesterov's momentum as PyTorch writes it: v ← μ v + g, θ ← θ − α (g + μ v)."""

    name = "nesterov"
    step_formula = f"θ ← θ − α (g + {Momentum.momentum} v)"
    words = "The velocity is that of momentum. The step is the gradient plus nine tenths of the new velocity."

    def fill_change(self, gradient: Floats, learning_rate: float) -> None:
        super().fill_change(gradient, learning_rate)
        np.multiply(self.memory["velocity"], self.momentum, out=self.change)  # μ v
        np.add(self.change, gradient, out=self.change)  # g + μ v
        np.multiply(self.change, learning_rate, out=self.change)  # α (g + μ v)

    @classmethod
    def write_direction(cls, g: float, after: Memory, updates: int) -> str:
        return f"({number(g)} + {cls.momentum}·{factor(after['velocity'])})"


class RMSprop(Optimizer):
    """Tieleman and Hinton 2012: s ← ρ s + (1 − ρ) g², θ ← θ − α g / (√s + ε)."""

    name = "rmsprop"
    remembers = ("square",)
    decay: ClassVar[float] = 0.9
    epsilon: ClassVar[float] = EPSILON
    memory_formula = f"s ← {decay} s + {1 - decay:g} g²"
    step_formula = f"θ ← θ − α g / (√s + {EPSILON_TEXT})"
    words = (
        "The gradient is divided by the root of a running mean of its squares, so that large and small gradients give "
        "steps of similar size."
    )

    def fill_change(self, gradient: Floats, learning_rate: float) -> None:
        square, change = self.memory["square"], self.change
        np.multiply(gradient, gradient, out=change)  # g²
        np.multiply(change, 1 - self.decay, out=change)  # (1 − ρ) g²
        np.multiply(square, self.decay, out=square)  # ρ s
        np.add(square, change, out=square)  # s ← ρ s + (1 − ρ) g²
        np.sqrt(square, out=change)  # √s
        np.add(change, self.epsilon, out=change)  # √s + ε
        np.divide(gradient, change, out=change)  # g / (√s + ε)
        np.multiply(change, learning_rate, out=change)  # α g / (√s + ε)

    @classmethod
    def write_memory(cls, g: float, before: Memory, after: Memory, updates: int) -> tuple[list[str], float]:
        return [f"s = {cls.decay}·{number(before['square'])} + {1 - cls.decay:g}·{factor(g)}²"], after["square"]

    @classmethod
    def write_direction(cls, g: float, after: Memory, updates: int) -> str:
        return f"{factor(g)} / (√{number(after['square'])} + {EPSILON_TEXT})"


class Adam(Optimizer):
    """Kingma and Ba 2015, algorithm 1, with both bias corrections."""

    name = "adam"
    remembers = ("mean", "square")
    mean_decay: ClassVar[float] = 0.9
    square_decay: ClassVar[float] = 0.999
    epsilon: ClassVar[float] = EPSILON
    memory_formula = f"m ← {mean_decay} m + {1 - mean_decay:g} g;  s ← {square_decay} s + {1 - square_decay:g} g²"
    step_formula = f"θ ← θ − α m̂ / (√ŝ + {EPSILON_TEXT})"
    words = (
        "A running mean of the gradients is divided by the root of a running mean of their squares: about 1 or −1 "
        "where the gradients agree, closer to 0 where they do not."
    )

    def fill_change(self, gradient: Floats, learning_rate: float) -> None:
        # ρ₁ is mean_decay, ρ₂ square_decay and t the number of this update; `change` also holds what is in between
        mean, square, change = self.memory["mean"], self.memory["square"], self.change
        np.multiply(gradient, 1 - self.mean_decay, out=change)  # (1 − ρ₁) g
        np.multiply(mean, self.mean_decay, out=mean)  # ρ₁ m
        np.add(mean, change, out=mean)  # m ← ρ₁ m + (1 − ρ₁) g
        np.multiply(gradient, gradient, out=change)  # g²
        np.multiply(change, 1 - self.square_decay, out=change)  # (1 − ρ₂) g²
        np.multiply(square, self.square_decay, out=square)  # ρ₂ s
        np.add(square, change, out=square)  # s ← ρ₂ s + (1 − ρ₂) g²
        np.divide(square, 1 - self.square_decay**self.updates, out=change)  # ŝ = s / (1 − ρ₂ᵗ)
        np.sqrt(change, out=change)  # √ŝ
        np.add(change, self.epsilon, out=change)  # √ŝ + ε
        np.divide(mean, change, out=change)  # m / (√ŝ + ε)
        # α m̂ / (√ŝ + ε), where m̂ = m / (1 − ρ₁ᵗ)
        np.multiply(change, learning_rate / (1 - self.mean_decay**self.updates), out=change)

    @classmethod
    def write_memory(cls, g: float, before: Memory, after: Memory, updates: int) -> tuple[list[str], float]:
        m_hat, s_hat = cls._corrected(after, updates)
        mean = write_equation(
            lambda: f"m = {cls.mean_decay}·{factor(before['mean'])} + {1 - cls.mean_decay:g}·{factor(g)}", after["mean"]
        )
        square = write_equation(
            lambda: f"s = {cls.square_decay}·{number(before['square'])} + {1 - cls.square_decay:g}·{factor(g)}²",
            after["square"],
        )
        corrected_mean = write_equation(
            lambda: (
                f"m̂ = m / (1 − {cls.mean_decay}^{updates}) = {number(after['mean'])} / (1 − {cls.mean_decay}^{updates})"
            ),
            m_hat,
        )
        corrected_square = write_equation(
            lambda: (
                f"ŝ = s / (1 − {cls.square_decay}^{updates})"
                f" = {number(after['square'])} / (1 − {cls.square_decay}^{updates})"
            ),
            s_hat,
        )
        lines = [each.line() for each in (mean, square, corrected_mean, corrected_square)]
        lines.append(f"m̂ / (√ŝ + {EPSILON_TEXT}) = {number(m_hat)} / (√{number(s_hat)} + {EPSILON_TEXT})")
        return lines, m_hat / (s_hat**0.5 + cls.epsilon)

    @classmethod
    def write_direction(cls, g: float, after: Memory, updates: int) -> str:
        m_hat, s_hat = cls._corrected(after, updates)
        return factor(m_hat / (s_hat**0.5 + cls.epsilon))

    @classmethod
    def _corrected(cls, after: Memory, updates: int) -> tuple[float, float]:
        """m̂ and ŝ: both memories start at 0, and are too small at first."""
        return after["mean"] / (1 - cls.mean_decay**updates), after["square"] / (1 - cls.square_decay**updates)


OPTIMIZERS: dict[str, type[Optimizer]] = {rule.name: rule for rule in (SGD, Momentum, Nesterov, RMSprop, Adam)}


def optimizer_named(name: str) -> type[Optimizer]:
    """The optimizer called `name`; raises GradstepError with the known names."""
    if name not in OPTIMIZERS:
        raise GradstepError(f"unknown optimizer {name!r}; known are {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[name]
