"""Trainings of which it is known what is wrong with them, if anything."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gradstep.core.observation.task import Task

TASK = Task(classification=True, rows=1000, guess_loss=0.0, inputs_vary=True, input_size=1.0)
"""An ordinary task, for made-up evidence."""

Tables = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Case:
    """A training of so many `steps`, and what is right to say about it.

    - `right` are the kinds of finding that are true of it. Any other is wrong.
    - At least one of `needed` must have been said by the step `by`, which is the last one if 0. Empty for none.
    """

    name: str
    make: Callable[[int], Tables]
    steps: int
    needed: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    by: int = 0

    @property
    def right(self) -> frozenset[str]:
        return frozenset(self.needed + self.also)


def tables(data: dict[str, object], network: dict[str, object], **training: object) -> Callable[[int], Tables]:
    """An experiment whose data and network have the seed of the run. Nothing that matters is left to the defaults."""
    options = {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 32} | training
    layers = {"activation": "relu", "init": "he"} | network
    return lambda seed: {
        "data": {**data, "seed": seed},
        "network": {**layers, "seed": seed},
        "training": dict(options),
    }


def made(
    rows: Callable[[np.random.Generator], dict[str, object]], network: dict[str, object], **training: object
) -> Callable[[int], Tables]:
    """The same on rows that are made from the seed."""
    make = tables({}, network, **training)

    def of_seed(seed: int) -> Tables:
        result = make(seed)
        result["data"] |= {"test_fraction": 0.25} | rows(np.random.default_rng(seed))
        return result

    return of_seed


def noise(rng: np.random.Generator) -> dict[str, object]:
    return {"x": rng.normal(size=(60, 5)).tolist(), "y": rng.integers(2, size=60).tolist(), "test_fraction": 0.5}


def linear(rng: np.random.Generator, scale: float = 1.0, tails: bool = False) -> dict[str, object]:
    x = rng.normal(size=(120, 4))
    y = x @ rng.normal(size=4) + 0.1 * rng.normal(size=120)
    y = np.exp(2 * y / y.std()) if tails else y
    return {"x": (scale * x).tolist(), "y": y[:, None].tolist()}


def constant(rng: np.random.Generator) -> dict[str, object]:
    return {"x": np.full((80, 3), 2.0).tolist(), "y": rng.normal(size=(80, 1)).tolist()}


def imbalanced(rng: np.random.Generator) -> dict[str, object]:
    y = (np.arange(200) % 20 == 0).astype(int)
    x = rng.normal(size=(200, 2)) + 3 * y[:, None]
    return {"x": x.tolist(), "y": y.tolist()}


def flipped(rng: np.random.Generator) -> dict[str, object]:
    x = rng.normal(size=(120, 2))
    y = (x[:, 0] > 0) ^ (rng.random(120) < 0.25)
    return {"x": x.tolist(), "y": y.astype(int).tolist(), "test_fraction": 0.5}


DIGITS, IRIS, CIRCLE, SINE = ({"name": name} for name in ("digits", "iris", "circle", "sine"))
MSE = {"output": "linear"}

CASES = (
    # healthy
    Case("digits", tables(DIGITS, {"hidden": [16, 16]}), 400),
    Case("digits with adam", tables(DIGITS, {"hidden": [16]}, optimizer="adam", learning_rate=1e-3), 600),
    Case("digits of tanhs", tables(DIGITS, {"hidden": [16], "activation": "tanh", "init": "xavier"}), 600),
    Case("iris", tables(IRIS, {"hidden": [16]}), 400),
    Case("iris without a hidden layer", tables(IRIS, {"hidden": []}), 400),
    Case("circle", tables(CIRCLE, {"hidden": [8], "activation": "tanh", "init": "xavier"}), 1500),
    Case(
        "a sine with adam",
        tables(SINE, {"hidden": [16], "activation": "tanh"} | MSE, loss="mse", optimizer="adam", learning_rate=0.01),
        1500,
    ),
    Case("a line, solved", made(linear, {"hidden": []} | MSE, loss="mse", batch_size="full"), 800),
    Case(
        "gauss, solved",
        tables({"name": "gauss"}, {"hidden": [4], "activation": "tanh"}, optimizer="adam", learning_rate=0.01),
        1500,
    ),
    Case("a rare class that is learnt", made(imbalanced, {"hidden": [8]}, learning_rate=0.05), 600),
    # it cannot begin
    Case("steps", tables(DIGITS, {"hidden": [16], "activation": "step"}), 60, ("no slope",), by=5),
    Case("all weights 0", tables(DIGITS, {"hidden": [16], "init": "zeros"}), 100, ("all zero",)),
    Case(
        "sigmoids that are all alike",
        tables(IRIS, {"hidden": [8], "activation": "sigmoid", "init": "zeros"}),
        200,
        ("all zero",),
    ),
    Case(
        "constant inputs",
        made(constant, {"hidden": [8]} | MSE, loss="mse", learning_rate=0.01),
        100,
        ("constant inputs",),
        by=5,
    ),
    # it dies or leaves the range
    Case(
        "relus killed at once",
        tables(DIGITS, {"hidden": [16, 16]}, learning_rate=100.0),
        40,
        ("dead",),
        ("rate too large", "exploding"),
        by=10,
    ),
    Case(
        "relus at a large rate",
        tables(DIGITS, {"hidden": [16, 16]}, learning_rate=3.0),
        150,
        ("dead",),
        ("rate too large", "exploding", "no better"),
    ),
    Case(
        "a line that diverges",
        made(linear, {"hidden": []} | MSE, loss="mse", batch_size="full", learning_rate=2.0),
        60,
        ("exploding", "rate too large"),
    ),
    Case(
        "a sine that leaps",
        tables(SINE, {"hidden": [16, 16]} | MSE, loss="mse", learning_rate=2.0),
        60,
        ("exploding", "rate too large", "dead"),
    ),
    Case(
        "unscaled inputs",
        made(lambda rng: linear(rng, 100.0) | {"scale": "none"}, {"hidden": [8]} | MSE, loss="mse", learning_rate=0.01),
        60,
        ("unscaled", "exploding"),
        ("rate too large", "dead"),
    ),
    Case(
        "heavy tails",
        made(lambda rng: linear(rng, tails=True), {"hidden": [16]} | MSE, loss="mse", learning_rate=1.0, batch_size=8),
        100,
        ("exploding", "rate too large", "dead"),
    ),
    # it hardly moves
    Case("a tiny rate", tables(DIGITS, {"hidden": [16]}, learning_rate=1e-5), 100, ("rate too small",), ("no better",)),
    Case(
        "a tiny rate of a regression",
        tables(SINE, {"hidden": [16]} | MSE, loss="mse", learning_rate=1e-6),
        200,
        ("rate too small",),
        ("no better",),
    ),
    Case(
        "sigmoids too deep",
        tables(DIGITS, {"hidden": [16] * 6, "activation": "sigmoid", "init": "xavier"}),
        300,
        ("vanishing",),
        ("no better",),
    ),
    Case(
        "saturated tanhs",
        tables(
            DIGITS, {"hidden": [32, 32], "activation": "tanh", "init": "normal"}, optimizer="adam", learning_rate=0.3
        ),
        300,
        ("saturated",),
        ("rate too large", "exploding"),
    ),
    Case(
        "sigmoid outputs that start saturated",
        tables(
            DIGITS,
            {"hidden": [32], "activation": "tanh", "init": "normal", "output": "sigmoid"},
            loss="mse",
            learning_rate=0.01,
        ),
        200,
        ("saturated",),
    ),
    # it learns the wrong thing
    Case("pure noise, learnt by heart", made(noise, {"hidden": [64, 64]}), 600, ("overfitting",)),
    Case(
        "flipped labels",
        made(flipped, {"hidden": [64, 64]}, optimizer="adam", learning_rate=0.01),
        600,
        ("overfitting",),
    ),
    # it learns nothing
    Case(
        "a circle with too few neurons",
        tables(CIRCLE, {"hidden": [4, 2]}, batch_size=10, learning_rate=0.03),
        400,
        (),
        ("no better", "dead"),
    ),
    Case("weights drawn to 0", tables({"name": "moons"}, {"hidden": [16, 16]}, l2=10.0), 400, ("shrunk",)),
    Case("a circle by a line", tables(CIRCLE, {"hidden": []}), 300, ("no better",)),
)
