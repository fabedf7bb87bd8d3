"""Optimizers: each a rule that turns a gradient into an update of the parameters.

To add an optimizer, write its class here and name it in OPTIMIZERS. Code elsewhere asks for no optimizer's class. Its
learning rate, where an experiment leaves that open, stands under its name in `data/recipe.py`; without one it is sgd's.
"""

from types import MappingProxyType
from typing import ClassVar

import numpy as np

from gradstep.core.equation import write_equation
from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.network.optimizer import Memory, Optimizer, Rates
from gradstep.core.notation import factor, number

EPSILON, EPSILON_TEXT = 1e-8, "1e−8"
"""What RMSprop and Adam add to √s, so that nothing is divided by 0; and as formulas write it."""


class SGD(Optimizer):
    """Plain gradient descent: θ ← θ − α·g."""

    name = "sgd"
    step_formula = "θ ← θ − α·g"
    change_formula = "α·g"
    change_code = "learning_rate * g"
    predicted_drop_formula = "α·‖g‖²"
    predicted_change_formula = "−α·‖g‖²"
    subtracts_gradient = True
    numpy_code = "weights[i] -= learning_rate * g"
    pytorch_code = ("SGD",)
    sklearn_code = ('solver="sgd"', "momentum=0.0")

    def fill_change(self, gradient: Floats, learning_rate: Rates) -> None:
        np.multiply(gradient, learning_rate, out=self.change)

    @classmethod
    def write_direction(cls, g: float, after: Memory, updates: int) -> str:
        return factor(g)


class Momentum(Optimizer):
    """Polyak's heavy ball as PyTorch writes it: v ← μ v + g, θ ← θ − α v."""

    name = "momentum"
    remembers = ("velocity",)
    symbols = MappingProxyType({"velocity": "v"})
    momentum: ClassVar[float] = 0.9
    memory_formula = f"v ← {momentum} v + g"
    step_formula = "θ ← θ − α v"
    words = "The velocity keeps nine tenths of its last value, and the new gradient is added to it."
    numpy_code = f"velocity[i] = {momentum} * velocity[i] + g\nweights[i] -= learning_rate * velocity[i]"
    pytorch_code = ("SGD", f"momentum={momentum}")
    sklearn_code = ('solver="sgd"', f"momentum={momentum}", "nesterovs_momentum=False")

    def fill_change(self, gradient: Floats, learning_rate: Rates) -> None:
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
    numpy_code = (
        f"velocity[i] = {Momentum.momentum} * velocity[i] + g\n"
        f"weights[i] -= learning_rate * (g + {Momentum.momentum} * velocity[i])"
    )
    pytorch_code = ("SGD", f"momentum={Momentum.momentum}, nesterov=True")
    sklearn_code = ('solver="sgd"', f"momentum={Momentum.momentum}", "nesterovs_momentum=True")

    def fill_change(self, gradient: Floats, learning_rate: Rates) -> None:
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
    symbols = MappingProxyType({"square": "s"})
    decay: ClassVar[float] = 0.9
    epsilon: ClassVar[float] = EPSILON
    memory_formula = f"s ← {decay} s + {1 - decay:g} g²"
    step_formula = f"θ ← θ − α g / (√s + {EPSILON_TEXT})"
    words = (
        "The gradient is divided by the root of a running mean of its squares, so that large and small gradients give "
        "steps of similar size."
    )
    numpy_code = (
        f"square[i] = {decay} * square[i] + (1 - {decay}) * g**2\n"
        f"weights[i] -= learning_rate * (g / (np.sqrt(square[i]) + {epsilon}))"
    )
    pytorch_code = ("RMSprop", f"alpha={decay}")

    def fill_change(self, gradient: Floats, learning_rate: Rates) -> None:
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
    symbols = MappingProxyType({"mean": "m", "square": "s"})
    mean_decay: ClassVar[float] = 0.9
    square_decay: ClassVar[float] = 0.999
    epsilon: ClassVar[float] = EPSILON
    memory_formula = f"m ← {mean_decay} m + {1 - mean_decay:g} g;  s ← {square_decay} s + {1 - square_decay:g} g²"
    step_formula = f"θ ← θ − α m̂ / (√ŝ + {EPSILON_TEXT})"
    words = (
        "A running mean of the gradients is divided by the root of a running mean of their squares: about 1 or −1 "
        "where the gradients agree, closer to 0 where they do not."
    )
    numpy_code = (
        f"mean[i] = {mean_decay} * mean[i] + (1 - {mean_decay}) * g\n"
        f"square[i] = {square_decay} * square[i] + (1 - {square_decay}) * g**2\n"
        f"root = np.sqrt(square[i] / (1 - {square_decay}**updates))\n"
        f"rate = learning_rate / (1 - {mean_decay}**updates)\n"
        f"weights[i] -= rate * (mean[i] / (root + {epsilon}))"
    )
    pytorch_code = ("Adam",)
    sklearn_code = ('solver="adam"',)

    def fill_change(self, gradient: Floats, learning_rate: Rates) -> None:
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
