"""No finding says more than its condition: the sentence is checked against the network that it is about."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.observation.finding import Finding, Remedy
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.findings import find_problems
from gradstep.core.observation.limits import EXPLODING, NO_BETTER
from gradstep.core.observation.snapshot import ExampleIndex, take_snapshot
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.trainer import Trainer
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from tests.core.test_findings import evidence

ROWS = {"x": [[0.1, 0.9], [0.8, 0.2], [0.4, 0.4], [0.9, 0.7]], "y": [[0.0], [1.0], [0.3], [0.8]], "test_fraction": 0.0}


def trainer_from(weights: list[object], biases: list[object], activation: str = "sigmoid") -> Trainer:
    """A regression on four rows from given parameters, two inputs and one output."""
    network = {"hidden": [2], "weights": weights, "biases": biases, "activation": activation, "output": "linear"}
    training = {"loss": "mse", "optimizer": "sgd", "learning_rate": 0.1, "batch_size": "full", "max_steps": 1000}
    return assemble(make_experiment({"data": ROWS, "network": network, "training": training})).trainer


def observe(trainer: Trainer, steps: int = 40) -> tuple[Finding, ...]:
    """The findings after so many steps."""
    tracker = FindingTracker()
    with suppress(Diverged):
        while trainer.step < steps:
            trainer.run(lambda: False, until=trainer.step + 1)
            tracker.observe(take_snapshot(trainer, ExampleIndex("training", 0)))
    return tracker.findings


def test_neurons_with_the_same_weights_and_other_biases_are_not_alike() -> None:
    findings = observe(trainer_from([[[0, 0], [0, 0]], [[0, 0]]], [[1.0, -1.0], [0.0]]))
    assert not [each for each in findings if "alike" in each.problem]


def test_neurons_with_the_same_weights_and_other_outgoing_weights_are_not_alike() -> None:
    alike = [[0.5, 0.5], [0.5, 0.5]]
    trainer = trainer_from([alike, [[1.0, -1.0]]], [[0.0, 0.0], [0.0]])
    trainer.learning_rate = 1e-12  # they are all but the same after these steps, and yet not stuck
    assert not [each for each in observe(trainer) if "alike" in each.problem]


def test_neurons_that_stay_alike_are_named() -> None:
    trainer = trainer_from([[[0.5, 0.5], [0.5, 0.5]], [[1.0, 1.0]]], [[0.1, 0.1], [0.0]])
    (finding,) = [each for each in observe(trainer) if each.kind == "all zero"]
    assert finding.problem == "layer 1 has neurons that are all alike"
    layer = trainer.network.layers[0]
    assert np.allclose(layer.weights[0], layer.weights[1]) and np.isclose(*layer.biases)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("biases", [[0.0, 0.0], [0.5, 0.5], [0.5, -0.5], [-1.0, -2.0]])
def test_a_layer_that_cannot_begin_has_weights_of_0_without_a_gradient(activation: str, biases: list[float]) -> None:
    trainer = trainer_from([[[0, 0], [0, 0]], [[0, 0]]], [biases, [0.0]], activation)
    for finding in observe(trainer):
        if "cannot begin" in finding.problem:
            assert finding.layer_number is not None
            layer = trainer.network.layers[finding.layer_number - 1]
            assert not layer.weights.any() and not layer.weight_gradient.any()


def test_a_weight_that_was_just_set_to_0_can_begin() -> None:
    made = evidence(all_zero=True, gradient_norm=0.1)
    assert find_problems(made) == ()
    assert [each.problem for each in find_problems(evidence(all_zero=True, gradient_norm=0.0))] == [
        "layer 1 cannot begin"
    ]


@pytest.mark.parametrize("share", [0.92, NO_BETTER, 0.99, 1.0, 1.2])
def test_no_better_is_said_only_of_a_loss_that_is_no_lower(share: float) -> None:
    made = replace(evidence(), share_of_guess=share, epochs=50, steps=1000)
    (finding,) = find_problems(made, {"no better"})
    assert ("no better" in finding.problem) == (share >= 1)
    assert ("hardly better" in finding.problem) == (share < 1)


def test_no_better_is_given_up_where_the_guess_is_beaten() -> None:
    made = replace(evidence(), share_of_guess=0.7, epochs=50, steps=1000)
    assert find_problems(made, {"no better"}) == ()


@pytest.mark.parametrize("length", [0.8 * EXPLODING, 2 * EXPLODING])
def test_a_gradient_below_the_limit_is_said_to_be_near_it(length: float) -> None:
    layers = tuple(replace(layer, gradient_norm=length / 2**0.5, update_ratio=1.0) for layer in evidence().layers)
    (finding,) = find_problems(replace(evidence(), layers=layers), {"exploding"})
    assert ("still near the limit" in finding.evidence) == (length < EXPLODING)


def test_all_is_said_of_all_only() -> None:
    nearly = evidence(silent_share=0.997)
    (finding,) = find_problems(nearly)
    assert finding.problem == "layer 1 is dying"
    assert "100%" not in finding.evidence


@pytest.mark.parametrize(("activation", "remedy"), [("linear", Remedy.RELU), ("tanh", Remedy.MORE_NEURONS)])
def test_more_neurons_are_not_advised_where_no_layer_bends(activation: str, remedy: Remedy) -> None:
    *hidden, output = evidence().layers
    layers = (*(replace(layer, activation=activation) for layer in hidden), output)
    made = replace(evidence(), layers=layers, share_of_guess=1.2, epochs=50, steps=1000)
    (finding,) = find_problems(made, {"no better"})
    assert finding.remedy is remedy
