"""The gradient check answers at once, also for the batch of a whole data set."""

from itertools import count

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

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
def test_check_of_a_whole_data_set(
    update: Update, layer_number: int, benchmark: BenchmarkFixture, report: list[str]
) -> None:
    rounds = count()
    worst_of: list[int] = []

    def check() -> None:
        repeat = next(rounds)
        checker = GradientChecker(update)
        one = checker.check(layer_number, repeat, 3 * repeat)
        worst, number = checker.find_worst(layer_number)
        assert one.verdict == worst.verdict == "agrees"
        assert number > 1
        worst_of.append(number)

    benchmark.pedantic(check, rounds=REPEATS)
    report.append(
        f"layer {layer_number}: {benchmark.stats.stats.median * 1e3:4.0f} ms for a gradient check and the worst of "
        f"{worst_of[-1]}   target {SECONDS * 1e3:.0f} ms"
    )
