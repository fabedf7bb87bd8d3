"""Advice that no training of the table gets, followed: it improves the training that it is given for."""

import numpy as np
import pytest

from gradstep.core.network.passes import Pass
from gradstep.core.observation.finding import Remedy
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.outcome import judge_outcome
from gradstep.core.observation.snapshot import ExampleIndex, take_snapshot
from gradstep.core.training.trainer import Trainer
from tests.core.finding_cases import linear, made, tables
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
        tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
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


def rare(rng: np.random.Generator) -> dict[str, object]:
    y = (np.arange(300) % 60 == 0).astype(int)
    return {"x": rng.normal(size=(300, 3)).tolist(), "y": y.tolist()}


def test_a_rare_class_that_is_never_named_gets_class_weights() -> None:
    make, given = made(rare, {"hidden": [16, 16]}), 0
    for seed in SEEDS:
        trainer = train_on(make_trainer(make(seed)), 300)
        found = judge_outcome(trainer, trainer.evaluate())
        if found is not None and found.remedy is Remedy.CLASS_WEIGHTS:
            given += 1
            anew = start_again(make(seed), found.remedy)
            assert anew is not None
            assert count_found(train_on(make_trainer(anew), 300)) > count_found(trainer) == 0
    assert given


def count_found(trainer: Trainer) -> int:
    """How many training rows of the rare class are named right."""
    part = trainer.training_part
    batch_pass = Pass(trainer.network, len(part))
    batch_pass.x[:] = part.with_ones[:, :-1]
    batch_pass.forward()
    named, right = trainer.classify(batch_pass.layers[-1].a), trainer.classify(part.y)
    return int(((named == right) & (right == 1)).sum())


def test_a_run_whose_held_out_loss_still_falls_is_to_go_on() -> None:
    make = made(linear, {"hidden": []} | {"output": "linear"}, loss="mse", learning_rate=1e-3)
    trainer = train_on(make_trainer(make(1)), 250)
    before = trainer.evaluate()
    found = judge_outcome(trainer, before)
    assert found is not None and found.remedy is Remedy.TRAIN_LONGER
    after = train_on(trainer, 3000).evaluate()
    assert before.test and after.test and after.test.loss < before.test.loss / 10
