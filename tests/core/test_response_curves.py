"""Response curves: their slopes are right, and they agree with the network's own numbers."""

import numpy as np
import pytest

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.losses import output_loss
from gradstep.core.observation.response_curves import compute_activation_curve, compute_loss_curve
from gradstep.core.observation.snapshot import ExampleIndex, take_snapshot
from tests.core.problems import small_trainer, train

H = 1e-6
Z = np.array([0.3, -1.2, 2.0])
VALUES = np.array([-5.0, -0.7, 0.4, 3.1])


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_the_slope_is_that_of_the_curve(name: str) -> None:
    above, below = (compute_activation_curve(ACTIVATIONS[name], Z, 1, VALUES + h)[0] for h in (H, -H))
    _, slope = compute_activation_curve(ACTIVATIONS[name], Z, 1, VALUES)
    np.testing.assert_allclose(slope, (above - below) / (2 * H), rtol=1e-5, atol=1e-9)


def test_a_step_jumps_and_its_slope_is_0() -> None:
    values, slope = compute_activation_curve(ACTIVATIONS["step"], Z, 0, VALUES)
    assert (list(values), list(slope)) == ([0, 0, 1, 1], [0, 0, 0, 0])


PAIRS = [("cross_entropy", "softmax"), ("cross_entropy", "sigmoid"), ("mse", "tanh"), ("half_sse", "softmax")]


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_delta_is_the_slope_of_the_loss(loss: str, output: str) -> None:
    pair, y = output_loss(loss, output), np.array([0.0, 1.0, 0.0])
    above, below = (compute_loss_curve(pair, Z, y, 1, VALUES + h)[0] for h in (H, -H))
    _, delta = compute_loss_curve(pair, Z, y, 1, VALUES)
    np.testing.assert_allclose(delta, (above - below) / (2 * H), rtol=1e-5, atol=1e-9)


def test_at_the_neurons_own_z_the_curves_agree_with_the_network() -> None:
    trainer = small_trainer(held_out=5)
    train(trainer, 10)
    snapshot = take_snapshot(trainer, ExampleIndex("test", 2))
    for layer in snapshot.layers:
        for unit, (z, a) in enumerate(zip(layer.z, layer.a, strict=True)):
            assert compute_activation_curve(ACTIVATIONS[layer.activation], layer.z, unit, np.array([z]))[0][0] == a
    last = snapshot.layers[-1]
    loss, delta = compute_loss_curve(trainer.loss, last.z, snapshot.example.y, 0, last.z[:1])
    assert loss[0] == pytest.approx(snapshot.example.loss, rel=1e-12)
    assert delta[0] == pytest.approx(last.a[0] - snapshot.example.y[0])
