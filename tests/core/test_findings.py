"""Findings: a sick training gets the right one, a healthy training none, and none flickers."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gradstep.core.observation.evidence import Evidence, LayerEvidence
from gradstep.core.observation.finding import Finding, Remedy
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.findings import CHECKS, find_problems
from gradstep.core.observation.limits import DEAD, EXPLODED, FEW_ROWS, HYSTERESIS, OVERFITTING, TOO_FAST
from gradstep.core.observation.snapshot import ExampleIndex, take_snapshot
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.trainer import Trainer
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.tui.drawing.remedies import REMEDIES_IN_WORDS
from tests.core.finding_cases import TASK

Kinds = tuple[str, ...]


def trainer_of(data: dict[str, object], network: dict[str, object], **training: object) -> Trainer:
    return assemble(make_experiment({"data": data, "network": network, "training": training})).trainer


def train_observed(trainer: Trainer, steps: int, every: int = 5) -> tuple[FindingTracker, list[Kinds]]:
    """Train, observe every few steps, and return the kinds of the findings each time."""
    tracker, seen = FindingTracker(), []
    with suppress(Diverged):
        while trainer.step < steps:
            trainer.run(lambda: False, until=trainer.step + every)
            tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
            seen.append(tuple(finding.kind for finding in tracker.findings))
    return tracker, seen


def digits(hidden: list[int], activation: str = "relu", init: str = "he", **training: object) -> Trainer:
    return trainer_of({"name": "digits"}, {"hidden": hidden, "activation": activation, "init": init}, **training)


def noise() -> Trainer:
    """A large network, and 30 rows in which there is nothing to learn."""
    rng = np.random.default_rng(0)
    rows = {"x": rng.normal(size=(60, 5)).tolist(), "y": rng.integers(2, size=60).tolist(), "test_fraction": 0.5}
    return trainer_of(rows, {"hidden": [64, 64]})


def rows_of(inputs: np.ndarray) -> Trainer:
    """A regression on these inputs as they are."""
    targets = np.random.default_rng(1).normal(size=(len(inputs), 1))
    rows = {"x": inputs.tolist(), "y": targets.tolist(), "scale": "none"}
    return trainer_of(rows, {"hidden": [4], "output": "linear"}, loss="mse", learning_rate=0.01, optimizer="sgd")


def regression(rate: float) -> Trainer:
    return trainer_of({"name": "iris"}, {"hidden": [], "output": "linear"}, loss="mse", learning_rate=rate)


SICK: dict[str, tuple[Callable[[], Trainer], int, str]] = {
    "deep sigmoids": (lambda: digits([16] * 6, "sigmoid", "xavier"), 300, "vanishing"),
    "an overshooting regression": (lambda: regression(1.2), 60, "exploding"),
    "relus at a large rate": (lambda: digits([16, 16], learning_rate=3.0), 100, "dead"),
    "tanhs that are driven to their ends": (
        lambda: digits([64, 64, 64], "tanh", "normal", optimizer="adam", learning_rate=0.3),
        500,
        "saturated",
    ),
    "tanhs at a large rate": (lambda: digits([16, 16], "tanh", learning_rate=3.0), 40, "rate too large"),
    "a tiny rate": (lambda: digits([16, 16], learning_rate=1e-5), 100, "rate too small"),
    "a large network on little data": (noise, 600, "overfitting"),
    "zeros": (lambda: digits([16], init="zeros"), 60, "all zero"),
    "zeros of tanhs": (lambda: digits([16], "tanh", init="zeros"), 60, "all zero"),
    "two classes that lie in a heap": (
        lambda: trainer_of(
            {"name": "circle", "noise": 0.5}, {"hidden": [64, 64]}, optimizer="adam", learning_rate=0.01
        ),
        4000,
        "overfitting",
    ),
    "steps": (lambda: digits([16], "step"), 40, "no slope"),
    "inputs that are all the same": (lambda: rows_of(np.ones((40, 2))), 40, "constant inputs"),
    "inputs in thousands": (lambda: rows_of(1000 * np.random.default_rng(0).normal(size=(40, 2))), 10, "unscaled"),
    "a large penalty": (lambda: trainer_of({"name": "moons"}, {"hidden": [16, 16]}, l2=10.0), 60, "shrunk"),
    "a circle by a line": (lambda: trainer_of({"name": "circle"}, {"hidden": []}), 300, "no better"),
}


@cache
def found_in(name: str) -> tuple[tuple[Finding, ...], list[Kinds]]:
    """What is found in the end, and at each look, of one that is sick; trained once for all that is asked of it."""
    make, steps, _ = SICK[name]
    tracker, seen = train_observed(make(), steps, every=1 if steps < 100 else 5)
    return tracker.findings, seen


@pytest.mark.parametrize("name", SICK)
def test_each_sick_training_gets_its_finding_which_stays(name: str) -> None:
    findings, seen = found_in(name)
    assert SICK[name][2] in [finding.kind for finding in findings]
    there = [SICK[name][2] in kinds for kinds in seen]
    assert there == sorted(there)


HEALTHY: dict[str, tuple[Callable[[], Trainer], int]] = {
    "the default digits": (lambda: digits([16, 16]), 2250),
    "digits with adam": (lambda: digits([16, 16], optimizer="adam", learning_rate=0.001), 2250),
    "digits one at a time": (lambda: digits([16, 16], batch_size=1, learning_rate=0.01), 2000),
    "iris": (lambda: trainer_of({"name": "iris"}, {}), 200),
    "the Playground's circle": (
        lambda: trainer_of(
            {"name": "circle"}, {"hidden": [4, 2], "activation": "tanh"}, learning_rate=0.03, batch_size=10
        ),
        2000,
    ),
    "a sine that is learnt to the last digits": (
        lambda: trainer_of(
            {"name": "sine"}, {"hidden": [16], "activation": "tanh"}, optimizer="adam", learning_rate=0.01
        ),
        6000,
    ),
    "a large start that is overcome": (lambda: digits([64] * 3, "leaky_relu", "normal", learning_rate=0.01), 400),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_training_never_gets_a_finding(name: str) -> None:
    make, steps = HEALTHY[name]
    _, seen = train_observed(make(), steps)
    assert set(seen) == {()}


# the checks, on made-up evidence


def evidence(
    settled: bool = True, remaining_loss: float = 0.6, watched_rise: float = 0.0, **of_first: object
) -> Evidence:
    """Evidence of a healthy network of two layers, except for these fields of the first."""
    layer = LayerEvidence("relu", 0.1, 1e-2, 1e-3, 0.1, None)
    output = replace(layer, activation="softmax", silent_share=None)
    return Evidence(settled, (replace(layer, **of_first), output), remaining_loss, watched_rise, TASK)  # type: ignore[arg-type]


def kinds(*args: object, **fields: object) -> list[str]:
    return [finding.kind for finding in find_problems(evidence(**fields), *args)]  # type: ignore[arg-type]


def test_a_run_with_a_validation_part_is_not_told_to_take_one() -> None:
    rising = evidence(watched_rise=0.2, remaining_loss=0.3)
    assert [found.remedy for found in find_problems(rising)] == [Remedy.STOP_EARLIER_OR_L2]
    (found,) = find_problems(replace(rising, watched_part="validation"))
    assert found.remedy is Remedy.PATIENCE_OR_L2 and "validation" not in REMEDIES_IN_WORDS[found.remedy]


def test_a_few_batches_with_an_exceptional_loss_are_no_sign_of_too_large_a_rate() -> None:
    """One row of a hundred has a target far from the others, which the loss of its batch alone shows."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(1000, 3)), rng.normal(size=1000)
    y[rng.random(1000) < 0.01] += 30
    data = {"x": x.tolist(), "y": y[:, None].tolist()}
    trainer = trainer_of(data, {"hidden": [16], "output": "linear"}, loss="mse", optimizer="adam", learning_rate=0.003)
    _, seen = train_observed(trainer, 60)
    assert max(trainer.history.loss_curve().mean) > 3 * trainer.history.loss_curve().mean[:20].mean()
    assert "rate too large" not in {kind for found in seen for kind in found}
    assert kinds(remaining_loss=2.0) == ["rate too large"]
    assert not find_problems(replace(evidence(remaining_loss=2.0), typical_loss=1.1, steps=30))


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_rare_targets_far_from_the_others_are_no_sign_of_too_large_a_rate(seed: int) -> None:
    """One row of ten has a target that is not 0, and a few of these are large: batches differ by factors."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(1000, 3))
    y = np.where(rng.random(1000) < 0.1, np.exp(1.5 * rng.normal(size=1000)), 0.0) + 0.3 * x[:, 0]
    data = {"x": x.tolist(), "y": y[:, None].tolist(), "test_fraction": 0.25, "scale": "standard", "seed": seed}
    network = {"hidden": [16], "output": "linear", "seed": seed}
    options = {"loss": "mse", "optimizer": "adam", "batch_size": 16}
    _, seen = train_observed(trainer_of(data, network, learning_rate=0.003, **options), 150, every=1)
    assert "rate too large" not in {kind for found in seen for kind in found}
    _, seen = train_observed(trainer_of(data, network, learning_rate=1.0, **options), 30, every=1)
    assert {"rate too large", "exploding"} & {kind for found in seen for kind in found}


def test_the_network_as_it_is_now_counts_and_not_a_batch() -> None:
    of_batches = replace(evidence(remaining_loss=2.0), share_of_guess=1.8, epochs=20, steps=1000)
    assert [each.kind for each in find_problems(of_batches)] == ["rate too large"]
    for present, said in ((0.8, []), (1.2, ["no better"]), (1.5, ["rate too large"])):
        assert [each.kind for each in find_problems(replace(of_batches, present_loss=present))] == said


def test_healthy_evidence_gives_no_finding() -> None:
    assert kinds() == []


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"silent_share": DEAD}, "dead"),
        ({"update_ratio": TOO_FAST}, "rate too large"),
        ({"remaining_loss": 2.0}, "rate too large"),
        ({"saturated_share": 0.6, "activation": "tanh"}, "saturated"),
        ({"gradient_rms": 1e-6, "update_ratio": 1e-5}, "vanishing"),
        ({"gradient_norm": 1e3, "update_ratio": 1.0}, "exploding"),
        ({"watched_rise": 0.2, "remaining_loss": 0.3}, "overfitting"),
        ({"activation": "step"}, "no slope"),
    ],
)
def test_each_piece_of_evidence_gives_one_finding(fields: dict[str, object], kind: str) -> None:
    assert kinds(**fields) == [kind]


def test_a_large_gradient_with_small_steps_is_no_finding() -> None:
    assert kinds(gradient_norm=1e6) == []


def test_saturated_neurons_that_learn_well_are_no_finding() -> None:
    assert kinds(saturated_share=0.9, activation="tanh", update_ratio=5e-3) == []


def test_a_network_that_has_solved_its_task_gets_no_finding() -> None:
    assert kinds(silent_share=0.6, saturated_share=0.9, update_ratio=1e-6, gradient_rms=1e-9, remaining_loss=0.01) == []


def test_before_the_evidence_is_settled_only_what_one_look_shows_is_found() -> None:
    early = {"settled": False, "update_ratio": 1.0}
    assert kinds(**early) == []
    assert kinds(**early, gradient_norm=1e3) == ["exploding"]
    assert kinds(**early, remaining_loss=2.0) == []
    assert kinds(**early, remaining_loss=20.0) == ["rate too large"]
    assert kinds(**early, silent_share=0.9) == []
    assert kinds(**early, silent_share=1.0) == ["dead"]
    assert kinds(settled=False, update_ratio=0.0, is_finite=False) == ["exploding"]


def test_of_one_or_a_few_rows_nothing_is_said_that_needs_many() -> None:
    one, few = replace(TASK, rows=1, inputs_vary=False), replace(TASK, rows=FEW_ROWS - 1)
    of_one, of_few = replace(evidence(silent_share=DEAD), task=one), replace(evidence(silent_share=DEAD), task=few)
    assert find_problems(of_one) == find_problems(of_few) == ()
    assert [each.kind for each in find_problems(replace(of_few, task=replace(TASK, rows=FEW_ROWS)))] == ["dead"]
    assert [each.kind for each in find_problems(replace(of_one, task=replace(one, rows=2)))][:1] == ["constant inputs"]


def test_a_loss_that_exploded_and_is_finite_is_said_to_have_exploded() -> None:
    for loss, exploded in ((EXPLODED, True), (EXPLODED / 2, False)):
        (finding,) = find_problems(evidence(remaining_loss=loss, update_ratio=1.0))
        assert finding.problem.startswith("the loss has exploded") == exploded
        assert finding.problem.endswith("the learning rate is too large")


def test_a_dead_layer_is_not_blamed_on_the_present_rate() -> None:
    """The rate may have been lowered since; going back to the start cures both."""
    dead = evidence(silent_share=1.0, update_ratio=0.5, gradient_norm=1e3, remaining_loss=3.0)
    assert [finding.kind for finding in find_problems(dead)] == ["dead"]
    assert find_problems(dead)[0].remedy is Remedy.RESTART_WITH_SMALLER_RATE


def test_a_loss_that_falls_again_at_a_lower_rate_is_not_blamed_on_the_rate() -> None:
    assert find_problems(replace(evidence(remaining_loss=3.0), falls=True)) == ()


@pytest.mark.parametrize(
    ("remaining_loss", "remedy"),
    [
        (0.6, Remedy.SMALLER_RATE),
        (3.0, Remedy.RESTART_WITH_SMALLER_RATE),
        (30.0, Remedy.RESTART_WITH_MUCH_SMALLER_RATE),
        (np.nan, Remedy.RESTART_WITH_MUCH_SMALLER_RATE),
    ],
)
def test_a_network_that_is_worse_than_at_the_start_goes_back_to_it(remaining_loss: float, remedy: Remedy) -> None:
    assert find_problems(evidence(update_ratio=1.0, remaining_loss=remaining_loss))[0].remedy is remedy


@pytest.mark.parametrize(
    ("growth", "classification", "remedy"),
    [
        (1.0, True, Remedy.CROSS_ENTROPY),
        (1.0, False, Remedy.LINEAR_OUTPUT),
        (3.0, True, Remedy.RESTART_WITH_SMALLER_RATE),
    ],
)
def test_a_saturated_output_has_the_remedy_of_its_cause(growth: float, classification: bool, remedy: Remedy) -> None:
    made = evidence()
    output = replace(made.layers[-1], activation="sigmoid", saturated_share=0.9, update_ratio=1e-5, growth=growth)
    task = replace(TASK, classification=classification)
    (finding,) = find_problems(replace(made, layers=(made.layers[0], output), task=task))
    assert finding.remedy is remedy


def test_without_a_gradient_the_rate_is_not_called_too_small() -> None:
    nothing = {"gradient_norm": 0.0, "gradient_rms": 0.0, "update_ratio": 1e-6}
    healthy = evidence(remaining_loss=1.0)
    assert find_problems(replace(healthy, layers=tuple(replace(layer, **nothing) for layer in healthy.layers))) == ()


def test_a_finding_that_another_brings_about_is_left_out() -> None:
    assert kinds(silent_share=1.0, gradient_rms=0.0, update_ratio=0.0, remaining_loss=1.0) == ["dead"]


def test_the_most_important_finding_comes_first() -> None:
    assert kinds(watched_rise=0.3, remaining_loss=0.3, silent_share=0.8, update_ratio=0.5) == [
        "rate too large",
        "dead",
        "overfitting",
    ]


@pytest.mark.parametrize(
    ("kind", "field", "limit", "fields"),
    [
        ("dead", "silent_share", DEAD, {}),
        ("rate too large", "update_ratio", TOO_FAST, {}),
        ("overfitting", "watched_rise", OVERFITTING, {"remaining_loss": 0.3}),
    ],
)
def test_a_finding_stays_until_its_number_is_clearly_better(
    kind: str, field: str, limit: float, fields: dict[str, object]
) -> None:
    a_little_better, much_better = {**fields, field: 0.9 * limit}, {**fields, field: 0.9 * limit / HYSTERESIS}
    assert kinds(**a_little_better) == []
    assert kinds({kind}, **a_little_better) == [kind]
    assert kinds({kind}, **much_better) == []


@pytest.mark.parametrize("kind", CHECKS)
def test_every_finding_has_a_number_and_a_remedy(kind: str) -> None:
    findings, _ = found_in(next(name for name, (_, _, suffered) in SICK.items() if suffered == kind))
    finding = next(each for each in findings if each.kind == kind)
    assert any(character.isdigit() for character in finding.evidence)
    assert isinstance(finding.remedy, Remedy)
