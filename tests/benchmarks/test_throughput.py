"""Steps per second compared with scikit-learn's MLPClassifier and PyTorch's eager loop, in alternating rounds."""

from statistics import median
from time import perf_counter

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.peers import Task, gradstep, pytorch, scikit_learn

ROUNDS = 9
SHAPES = [
    ((64, 32, 10), 32, 50, 40),
    ((784, 128, 10), 64, 50, 6),
    ((784, 512, 512, 10), 128, 10, 2),
]
"""Sizes, batch, steps per epoch, epochs per round."""


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("sizes", "batch", "steps_per_epoch", "epochs"), SHAPES)
@pytest.mark.parametrize("peer", [scikit_learn, pytorch], ids=lambda peer: peer.__name__)
def test_steps_per_second(
    peer, sizes, batch, steps_per_epoch, epochs, dtype: str, benchmark: BenchmarkFixture, report: list[str]
) -> None:
    task = Task(sizes, batch, dtype, steps_per_epoch, epochs)
    ours, theirs = gradstep(task), peer(task)
    theirs()
    seconds: list[float] = []

    def peer_round() -> None:
        # rounds alternate, so that other load on the machine slows both
        start = perf_counter()
        theirs()
        seconds.append(perf_counter() - start)

    benchmark.pedantic(ours, setup=peer_round, rounds=ROUNDS)
    own = benchmark.stats.stats.data
    ratio = median(other / mine for other, mine in zip(seconds, own, strict=True))
    benchmark.extra_info["times_as_fast"] = ratio
    report.append(
        f"{task.name:<34} gradstep {task.steps / median(own):>8,.0f} steps/s   "
        f"{peer.__name__:<12} {task.steps / median(seconds):>8,.0f} steps/s   {ratio:5.2f} x"
    )
