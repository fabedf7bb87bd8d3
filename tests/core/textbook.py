"""What every micro-step of an update should come to: from autograd and textbook formulas, and from nothing of core."""

from dataclasses import dataclass

import numpy as np

from tests.oracle import Oracle

REMEMBERED = {"sgd": (), "momentum": ("velocity",), "nesterov": ("velocity",), "rmsprop": ("square",)}


@dataclass(frozen=True)
class Descent:
    """An optimizer's parameters before and after each update, and what it remembers after it, all (count,)."""

    before: np.ndarray
    after: np.ndarray
    memory: dict[str, np.ndarray]


def descend(name: str, p: np.ndarray, oracle: Oracle, rate: float, updates: int, frozen: np.ndarray) -> Descent:
    """The last of so many updates; `frozen` (count,) marks the parameters whose gradient is not followed."""
    memory = {key: np.zeros_like(p) for key in ("velocity", "mean", "square")}
    before = p
    for t in range(1, updates + 1):
        before, g = p, np.where(frozen, 0, oracle.gradient(p))
        old_square_share = 0.999 if name == "adam" else 0.9
        memory["velocity"] = 0.9 * memory["velocity"] + g
        memory["mean"] = 0.9 * memory["mean"] + 0.1 * g
        memory["square"] = old_square_share * memory["square"] + (1 - old_square_share) * g**2
        direction = {
            "sgd": g,
            "momentum": memory["velocity"],
            "nesterov": g + 0.9 * memory["velocity"],
            "rmsprop": g / (memory["square"] ** 0.5 + 1e-8),
            "adam": memory["mean"] / (1 - 0.9**t) / ((memory["square"] / (1 - 0.999**t)) ** 0.5 + 1e-8),
        }[name]
        p = p - rate * direction
    return Descent(before, p, memory | {"direction": (before - p) / rate})


def matrices(oracle: Oracle, vector: np.ndarray) -> list[np.ndarray]:
    """The [W | b] of each layer."""
    return [np.column_stack(layer) for layer in oracle.layers(vector)]


def textbook_steps(oracle: Oracle, descent: Descent, optimizer: str, frozen: np.ndarray) -> dict[str, np.ndarray]:
    """The table that each micro-step writes, by its key. For ∂ it is (rows, units, inputs + 1)."""
    p, last = descent.before, len(oracle.activations)
    expected: dict[str, np.ndarray] = {"batch": oracle.x}
    for number, (z, a) in enumerate(oracle.forward(p), start=1):
        expected |= {f"z {number}": z, f"a {number}": a}
    if oracle.activations[-1] == "softmax":
        shifted = expected[f"z {last}"] - expected[f"z {last}"].max(axis=1)[:, None]
        expected |= {f"shift {last}": shifted, f"exp {last}": np.e**shifted}
        expected[f"sum {last}"] = (np.e**shifted).sum(axis=1)[:, None]
    expected |= {"loss": oracle.losses(p)[:, None], "mean": np.array([[oracle.total(p)]])}

    on_z, on_a = oracle.wishes(p)
    each = [matrices(oracle, row) for row in oracle.gradient_of_each_row(p)]
    data_gradient = oracle.gradient_of_each_row(p).mean(axis=0)
    followed = np.where(frozen, 0, oracle.gradient(p))
    for number in range(1, last + 1):
        place = number - 1
        expected |= {f"δ {number}": on_z[place], f"∂ {number}": np.array([row[place] for row in each])}
        if number < last:
            expected[f"paths {number}"] = on_a[place]
        expected[f"mean {number}"] = matrices(oracle, data_gradient)[place]
        if oracle.l1 or oracle.l2:
            expected[f"penalty {number}"] = matrices(oracle, followed)[place]
        if optimizer != "sgd":
            # adam's result is the direction; of the others it is what they remember
            name = "direction" if optimizer == "adam" else REMEMBERED[optimizer][0]
            expected[f"{optimizer} {number}"] = matrices(oracle, descent.memory[name])[place]
        expected[f"new {number}"] = matrices(oracle, descent.after)[place]
    expected |= {"again": oracle.losses(descent.after)[:, None], "check": np.array([[oracle.total(descent.after)]])}
    return expected
