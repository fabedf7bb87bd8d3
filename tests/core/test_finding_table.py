"""The table of trainings: what is said of each is right, nothing else is said, and the advice helps.

`-s` prints the table. Every training runs with five seeds for its data and its network.
"""

from collections import Counter
from contextlib import suppress
from functools import cache

import numpy as np
import pytest

from gradstep.core.observation.finding import Finding, Remedy
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.snapshot import ExampleIndex, take_snapshot
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.trainer import Trainer
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from tests.core.finding_cases import CASES, Case, Tables

SEEDS = range(5)
ALLOWED = 0.05
"""The share of what is said that may be wrong."""

BY_NAME = {case.name: case for case in CASES}


def make_trainer(tables: Tables) -> Trainer:
    return assemble(make_experiment(tables)).trainer


@cache
def watch(name: str, seed: int) -> tuple[Trainer, Counter[str], dict[str, int], tuple[Finding, ...]]:
    """Train, and return what was said: how often each kind, at which step first, and the findings at the end."""
    case = BY_NAME[name]
    trainer, tracker = make_trainer(case.make(seed)), FindingTracker()
    said, first = Counter[str](), dict[str, int]()
    tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
    with suppress(Diverged):
        while trainer.step < case.steps:
            trainer.run(lambda: False, until=trainer.step + (1 if case.steps <= 100 else 5))
            tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
            for finding in tracker.findings:
                said[finding.kind] += 1
                first.setdefault(finding.kind, trainer.step)
    return trainer, said, first, tracker.findings


@pytest.mark.timeout(300)  # it makes all trainings
def test_at_most_a_twentieth_of_what_is_said_is_wrong() -> None:
    right, wrong = 0, 0
    print(f"\n{'training':38}{'right':>7}{'wrong':>7}  said, from which step")
    for case in CASES:
        good, bad = 0, 0
        kinds: dict[str, set[int]] = {}
        for seed in SEEDS:
            _, said, first, _ = watch(case.name, seed)
            good += sum(count for kind, count in said.items() if kind in case.right)
            bad += sum(count for kind, count in said.items() if kind not in case.right)
            for kind, step in first.items():
                kinds.setdefault(kind, set()).add(step)
        words = ", ".join(f"{kind} {min(steps)}…{max(steps)}" for kind, steps in kinds.items()) or "nothing"
        print(f"{case.name:38}{good:7}{bad:7}  {words}")
        right, wrong = right + good, wrong + bad
    share = wrong / (right + wrong)
    print(f"{len(CASES)} trainings with {len(SEEDS)} seeds: {right} right, {wrong} wrong, {share:.2%}")
    assert len(CASES) >= 25
    assert share <= ALLOWED


@pytest.mark.parametrize("case", [case for case in CASES if not case.right], ids=lambda case: case.name)
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_said_of_a_healthy_training(case: Case, seed: int) -> None:
    assert watch(case.name, seed)[1] == {}


@pytest.mark.parametrize("case", [case for case in CASES if case.needed], ids=lambda case: case.name)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_wrong_is_said_in_time(case: Case, seed: int) -> None:
    _, _, first, _ = watch(case.name, seed)
    assert any(first.get(kind, np.inf) <= (case.by or case.steps) for kind in case.needed)


# the advice, followed


def start_again(tables: Tables, remedy: Remedy) -> Tables | None:
    """The experiment with the remedy followed from the start; None where it is followed in place."""
    data, network, training = (dict(tables[name]) for name in ("data", "network", "training"))
    hidden = list(network["hidden"])  # type: ignore[call-overload]
    match remedy:
        case Remedy.RESTART_WITH_SMALLER_RATE:
            training["learning_rate"] /= 10  # type: ignore[operator]
        case Remedy.RESTART_WITH_MUCH_SMALLER_RATE:
            training["learning_rate"] /= 100  # type: ignore[operator]
        case Remedy.RELU:
            network["activation"] = "relu"
        case Remedy.LINEAR_OUTPUT:
            network["output"] = "linear"
            training["learning_rate"] /= 10  # type: ignore[operator]
        case Remedy.FEWER_LAYERS:
            network["hidden"] = hidden[: len(hidden) // 2]
        case Remedy.MORE_NEURONS:
            network["hidden"] = [2 * neurons for neurons in hidden] or [8]
        case Remedy.OTHER_INITIALIZER | Remedy.SMALLER_INITIAL_WEIGHTS:
            network["init"] = "xavier"
        case Remedy.CROSS_ENTROPY:
            training["loss"] = "cross_entropy"
        case Remedy.SMALLER_PENALTY:
            training["l2"] /= 10_000  # type: ignore[operator]
        case Remedy.CLASS_WEIGHTS:
            training["class_weights"] = "balanced"
        case Remedy.SCALED_INPUTS:
            data["scale"] = "standard"
        case Remedy.STOP_EARLIER_OR_L2 | Remedy.PATIENCE_OR_L2:
            training["patience"] = 5
        case _:
            return None
    return {"data": data, "network": network, "training": training}


def train_on(trainer: Trainer, steps: int) -> Trainer:
    with suppress(Diverged):
        while trainer.step < steps and trainer.stop_reason is None:
            trainer.run(lambda: False, until=min(steps, trainer.end_of_epoch(trainer.epoch + 1)))
    return trainer


def measure(trainer: Trainer, remedy: Remedy) -> float:
    """How bad it is: the test loss for learning by heart, else the training loss as a share of a constant guess's."""
    scores = trainer.evaluate()
    if remedy in (Remedy.STOP_EARLIER_OR_L2, Remedy.PATIENCE_OR_L2):
        assert scores.test is not None
        return scores.test.loss
    loss = scores.train.loss / trainer.constant_guess.train.loss
    return loss if np.isfinite(loss) else np.inf


def follow(case: Case, seed: int, remedy: Remedy) -> tuple[float, float]:
    """How bad the training is at its end without and with the remedy."""
    trainer, _, _, _ = watch(case.name, seed)
    anew = start_again(case.make(seed), remedy)
    if anew is not None:
        return measure(trainer, remedy), measure(train_on(make_trainer(anew), case.steps), remedy)
    state = trainer.state()
    ends = []
    for factor in (1.0, 0.1 if remedy is Remedy.SMALLER_RATE else 10.0):
        trainer.restore(state)
        trainer.learning_rate *= factor
        ends.append(measure(train_on(trainer, 2 * case.steps), remedy))
    trainer.restore(state)
    return ends[0], ends[1]


@pytest.mark.parametrize("case", [case for case in CASES if case.right], ids=lambda case: case.name)
@pytest.mark.parametrize("seed", SEEDS)
def test_each_advice_improves_the_training_that_it_is_given_for(case: Case, seed: int) -> None:
    for finding in watch(case.name, seed)[3]:
        if finding.remedy is Remedy.OTHER_INPUTS:
            continue  # nobody can make them up
        without, followed = follow(case, seed, finding.remedy)
        assert followed < without, (finding.kind, finding.remedy, without, followed)
