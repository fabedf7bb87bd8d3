"""The gradient check answers at once, also for the batch of a whole data set."""

from statistics import median
from time import perf_counter

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.observation.gradient_check import GradientChecker
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import Update, record_update

ROWS, SIZES = 60_000, [784, 512, 512, 10]
SECONDS = 0.1
REPEATS = 5


@pytest.fixture(scope="module")
def update() -> Update:
    """The first update of a network on the batch of a whole data set as large as MNIST, with random numbers."""
    rng = np.random.default_rng(0)
    network = Network(SIZES, ["relu", "relu", "softmax"], np.float32)
    network.initialize("he", rng)
    x, y = rng.random((ROWS, SIZES[0]), dtype=np.float32), np.eye(SIZES[-1])[rng.integers(SIZES[-1], size=ROWS)]
    return record_update(Trainer(network, Part(x, y), None, TrainingOptions(batch_size="full")))


@pytest.mark.parametrize("layer_number", [1, 2, 3])
def test_a_check_of_a_whole_data_set_takes_a_tenth_of_a_second(update: Update, layer_number: int) -> None:
    took = []
    for repeat in range(REPEATS):
        began = perf_counter()
        checker = GradientChecker(update)
        check = checker.check(layer_number, repeat, 3 * repeat)
        worst, count = checker.find_worst(layer_number)
        took.append(perf_counter() - began)
        assert check.verdict == worst.verdict == "agrees"
        assert count > 1
    print(f"layer {layer_number}: {median(took) * 1e3:.0f} ms for a gradient check and the worst of {count}")
    assert median(took) < SECONDS
