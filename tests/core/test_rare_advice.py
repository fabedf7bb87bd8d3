"""Advice that no training of the table gets, followed: it improves the training that it is given for."""

import numpy as np
import pytest

from gradstep.core.observation.finding import Remedy
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.outcome import judge_outcome
from gradstep.core.observation.snapshot import Example, take_snapshot
from gradstep.core.training.trainer import Trainer
from tests.core.finding_cases import tables
from tests.core.test_finding_table import SEEDS, make_trainer, measure, start_again, train_on

STEPS = 800
DEEP = tables(
    {"name": "circle"}, {"hidden": [8] * 15, "activation": "leaky_relu", "init": "xavier", "output": "sigmoid"}
)
BOUNDED = tables({"name": "plane"}, {"hidden": [16], "output": "sigmoid", "init": "xavier"}, learning_rate=0.2)


def watch_remedies(trainer: Trainer, steps: int) -> set[Remedy]:
    """Train, and return what is advised at the end."""
    tracker = FindingTracker()
    while trainer.step < steps:
        trainer.run(lambda: False, until=trainer.step + 5)
        tracker.observe(take_snapshot(trainer, Example("training", 0)))
    return {finding.remedy for finding in tracker.findings}


@pytest.mark.parametrize(("make", "remedy"), [(DEEP, Remedy.FEWER_LAYERS), (BOUNDED, Remedy.LINEAR_OUTPUT)])
def test_another_network_is_better(make, remedy: Remedy) -> None:
    given = 0
    for seed in SEEDS:
        trainer = make_trainer(make(seed))
        if remedy in watch_remedies(trainer, STEPS):
            given += 1
            anew = start_again(make(seed), remedy)
            assert anew is not None
            assert measure(train_on(make_trainer(anew), STEPS), remedy) < measure(trainer, remedy)
    assert given


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_that_is_said_to_end_too_early_is_better_later(seed: int) -> None:
    trainer = make_trainer(tables({"name": "moons"}, {"hidden": [16]}, learning_rate=0.001)(seed))
    train_on(trainer, 25)
    found = judge_outcome(trainer, trainer.evaluate())
    assert found is None or found.remedy is Remedy.TRAIN_LONGER
    if found is not None:
        before = measure(trainer, found.remedy)
        assert measure(train_on(trainer, 2000), found.remedy) < min(before, 1.0)
    assert np.isfinite(trainer.network.parameters).all()
