"""The cost of the timeline of a run: memory over a million steps, and steps per second."""

import tracemalloc
from statistics import median
from time import perf_counter

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from gradstep.core.network.network import Network
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.timeline import MEMORY_BUDGET, Timeline
from gradstep.core.training.trainer import Trainer
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment

MEGABYTE = 2**20
MARKS = (100_000, 1_000_000)
ROUNDS, STEPS = 9, 5_000


def small_trainer() -> Trainer:
    """Make a trainer of 2-4-1 on xor in batches of 4, with 8 of 24 rows held out."""
    x = np.random.default_rng(0).uniform(-1, 1, (24, 2))
    y = (x[:, :1] * x[:, 1:] > 0).astype(float)
    network = Network([2, 4, 1], ["tanh", "sigmoid"])
    network.initialize("xavier", np.random.default_rng(0))
    return Trainer(network, Part(x[:16], y[:16]), Part(x[16:], y[16:]), TrainingOptions(batch_size=4))


def digits_trainer() -> Trainer:
    return assemble(make_experiment({})).trainer


def train(trainer: Trainer, until: int, timeline: Timeline | None) -> int:
    """Train as a session does, and return the largest size of the timeline in bytes."""
    most = 0
    while trainer.step < until:
        trainer.run(lambda: False, until=until if timeline is None else min(until, timeline.next_due))
        if timeline is not None:
            timeline.record()
            most = max(most, timeline.bytes)
    return most


@pytest.mark.timeout(900)
def test_memory_of_a_million_steps(benchmark: BenchmarkFixture, report: list[str]) -> None:
    trainer = small_trainer()
    timeline = Timeline(trainer)
    kept, traced = [], []

    def run() -> None:
        for mark in MARKS:
            kept.append(train(trainer, mark, timeline))
            traced.append(tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    benchmark.pedantic(run)
    tracemalloc.stop()
    assert max(kept) <= MEMORY_BUDGET
    (kept_early, kept_late), (early, late) = ([value / MEGABYTE for value in values] for values in (kept, traced))
    report.append(
        f"past of a run, kept at most: {kept_early:.1f} MB up to step {MARKS[0]:,}, {kept_late:.1f} MB up to "
        f"{MARKS[1]:,}, of {MEMORY_BUDGET / MEGABYTE:.0f} MB; all of Python's memory grew by "
        f"{late - early:+.1f} MB between"
    )


@pytest.mark.parametrize("trainer", [small_trainer, digits_trainer], ids=["2-4-1", "digits"])
def test_steps_per_second_with_a_timeline(trainer, benchmark: BenchmarkFixture, report: list[str]) -> None:
    with_past, without = trainer(), trainer()
    timeline = Timeline(with_past)
    seconds: list[float] = []

    def round_without() -> None:
        # rounds alternate, so that other load on the machine slows both
        start = perf_counter()
        train(without, without.step + STEPS, None)
        seconds.append(perf_counter() - start)

    benchmark.pedantic(
        lambda: train(with_past, with_past.step + STEPS, timeline), setup=round_without, rounds=ROUNDS, warmup_rounds=1
    )
    own = benchmark.stats.stats.data
    ratio = median(plain / kept for plain, kept in zip(seconds[-ROUNDS:], own, strict=True))
    report.append(
        f"{'-'.join(map(str, with_past.network.sizes)):<14} {STEPS / median(own):>8,.0f} steps/s with its past kept, "
        f"{STEPS / median(seconds):>8,.0f} without   {ratio:5.2f} x"
    )
