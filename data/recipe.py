"""Recipes: the network and the training that an experiment gets where it leaves them open."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

BATCH_SIZE = 32
LEAST_EPOCHS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A network and a training that suit some data.

    - `rates` has the learning rate for each optimizer, and that of sgd stands for optimizers that it does not name.
    - The rates hold from batches of `least_batch` examples on. The gradient of fewer examples is noisier, and the rate
      is smaller in proportion (Goyal et al. 2017, the linear scaling rule).
    - Training takes at least LEAST_EPOCHS epochs, and at least `steps` steps.
    """

    hidden: tuple[int, ...]
    activation: str
    init: str
    optimizer: str
    rates: Mapping[str, float]
    least_batch: int = 1
    steps: int = 0

    def learning_rate(self, optimizer: str, batch_size: int | str) -> float:
        """Return the learning rate for an optimizer and a batch size, which is a number or "full"."""
        rate = self.rates.get(optimizer, self.rates["sgd"])
        if isinstance(batch_size, str) or batch_size >= self.least_batch:
            return rate
        return float(f"{rate * batch_size / self.least_batch:.1g}")

    def epochs(self, rows: int, batch_size: int | str) -> int:
        """Return the number of epochs of a training on so many rows."""
        steps_per_epoch = 1 if isinstance(batch_size, str) else math.ceil(rows / batch_size)
        return max(LEAST_EPOCHS, math.ceil(self.steps / max(1, steps_per_epoch)))


CLASSIFICATION = Recipe(
    hidden=(16, 16),
    activation="relu",
    init="he",
    optimizer="sgd",
    rates={"sgd": 0.1, "momentum": 0.03, "nesterov": 0.03, "rmsprop": 0.003, "adam": 0.01},
)
"""Plain gradient descent, the algorithm that is taught. Cross-entropy bounds the gradient of each example."""

REGRESSION = Recipe(
    hidden=(100,),
    activation="leaky_relu",
    init="xavier",
    optimizer="adam",
    rates={"sgd": 0.003, "momentum": 0.0003, "nesterov": 0.0003, "rmsprop": 0.001, "adam": 0.003},
    least_batch=BATCH_SIZE,
    steps=300,
)
"""A squared error has gradients as large as its largest targets, which adam divides by; no leaky_relu dies of one.

`tests/benchmarks/test_regression_defaults.py` measures it beside scikit-learn.
"""
