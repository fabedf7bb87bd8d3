"""Small seeded problems that the tests of core share."""

from collections.abc import Sequence

import numpy as np

from gradstep.core.network.network import Network
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import Update
from tests.oracle import Oracle


def targets(output: str, rows: int, outputs: int, rng: np.random.Generator) -> np.ndarray:
    """Targets that suit the output: one-hot for softmax, 0 or 1 for sigmoid, any number otherwise."""
    if output == "softmax":
        return np.eye(outputs)[rng.integers(outputs, size=rows)]
    if output == "sigmoid":
        return rng.integers(2, size=(rows, outputs)).astype(float)
    return rng.normal(size=(rows, outputs))


def problem(
    sizes: Sequence[int],
    activations: Sequence[str],
    rows: int = 5,
    seed: int = 0,
    dtype: type = np.float64,
    **options: object,
) -> tuple[Trainer, Oracle]:
    """A trainer with random weights and biases, and the oracle of the same network on the same rows."""
    rng = np.random.default_rng(seed)
    network = Network(sizes, activations, dtype)
    network.parameters[:] = rng.normal(scale=0.7, size=len(network.parameters))
    x, y = rng.normal(size=(rows, sizes[0])), targets(activations[-1], rows, sizes[-1], rng)
    settings = TrainingOptions(**({"batch_size": "full", "shuffle": False} | options))
    oracle = Oracle(sizes, activations, settings.loss, x, y, settings.l1, settings.l2, settings.class_weights)
    return Trainer(network, Part(x, y), None, settings), oracle


def small_trainer(held_out: int = 0, validated: int = 0, **options: object) -> Trainer:
    """10 rows in batches of 4: three updates an epoch, the last of 2 rows.

    `held_out` rows more are the test part, and `validated` rows after those the validation part.
    """
    rng = np.random.default_rng(7)
    network = Network([3, 4, 2], ["tanh", "softmax"])
    network.initialize("xavier", rng)
    rows, tested = 10 + held_out + validated, 10 + held_out
    x, y = rng.normal(size=(rows, 3)), targets("softmax", rows, 2, rng)
    settings = TrainingOptions(**({"batch_size": 4} | options))
    test, validation = Part(x[10:tested], y[10:tested]), Part(x[tested:], y[tested:])
    return Trainer(network, Part(x[:10], y[:10]), test, settings, validation_part=validation)


def train(trainer: Trainer, updates: int) -> list[float]:
    """Make that many updates; the loss of each."""
    return [trainer.update() for _ in range(updates)]


def gradient_of(update: Update) -> np.ndarray:
    """The whole gradient that the update followed (count,)."""
    return np.concatenate([layer.gradient.ravel() for layer in update.layers])


# Mazur, "A Step by Step Backpropagation Example", 2015
X, T = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
W1, W2 = [[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]
B1, B2 = [0.35, 0.35], [0.60, 0.60]


def mazur(train_biases: bool = False) -> Trainer:
    """The article's network, 2-2-2 with sigmoids, and its one example."""
    network = Network([2, 2, 2], ["sigmoid", "sigmoid"])
    network.set([W1, W2], [B1, B2])
    options = TrainingOptions(loss="half_sse", learning_rate=0.5, batch_size="full", train_biases=train_biases)
    return Trainer(network, Part(X, T), None, options, classification=False)
