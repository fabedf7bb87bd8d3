"""Each loss against numbers worked out by hand, at large logits, and the pairs that are refused."""

import math

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import ACTIVATIONS, Linear
from gradstep.core.network.arrays import Floats
from gradstep.core.network.losses import output_loss
from tests.core.problems import targets
from tests.oracle import PAIRS


def value(loss: str, output: str, z: list[list[float]], y: list[list[float]]) -> float:
    logits = np.array(z)
    return output_loss(loss, output).forward(logits, np.empty_like(logits), np.array(y))


def delta(loss: str, output: str, z: list[list[float]], y: list[list[float]]) -> Floats:
    logits, a, out = np.array(z), np.empty_like(np.array(z)), np.empty_like(np.array(z))
    pair = output_loss(loss, output)
    pair.forward(logits, a, np.array(y))
    pair.delta(logits, a, np.array(y), out)
    return out


def test_cross_entropy_is_minus_the_log_of_the_true_class_mean_over_the_batch() -> None:
    # ln 1, ln 3 as logits: probabilities 1/4 and 3/4
    z = [[0.0, math.log(3)], [0.0, math.log(3)]]
    expected = (-math.log(3 / 4) - math.log(1 / 4)) / 2
    assert value("cross_entropy", "softmax", z, [[0, 1], [1, 0]]) == pytest.approx(expected, rel=1e-14)


def test_cross_entropy_of_a_soft_target_weighs_every_class() -> None:
    expected = -(0.2 * math.log(1 / 4) + 0.8 * math.log(3 / 4))
    assert value("cross_entropy", "softmax", [[0.0, math.log(3)]], [[0.2, 0.8]]) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
def test_binary_cross_entropy_is_summed_over_the_outputs(loss: str) -> None:
    # sigmoid of ln 3 is 3/4, of 0 is 1/2
    expected = -math.log(3 / 4) - math.log(1 / 2)
    assert value(loss, "sigmoid", [[math.log(3), 0.0]], [[1, 0]]) == pytest.approx(expected, rel=1e-14)


def test_mse_is_a_mean_over_batch_and_outputs() -> None:
    assert value("mse", "linear", [[1.0, 2.0], [3.0, 4.0]], [[0, 0], [0, 0]]) == (1 + 4 + 9 + 16) / 4


def test_half_sse_is_half_the_sum_over_outputs_mean_over_the_batch() -> None:
    assert value("half_sse", "linear", [[1.0, 2.0], [3.0, 4.0]], [[0, 0], [0, 0]]) == (1 + 4 + 9 + 16) / 2 / 2


@pytest.mark.parametrize("own_targets", [False, True])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_the_losses_of_several_networks_are_those_of_each_one(loss: str, output: str, own_targets: bool) -> None:
    rng = np.random.default_rng(0)
    pair, z = output_loss(loss, output), 30 * rng.normal(size=(4, 6, 3))
    y = np.stack([targets(output, 6, 3, rng) for _ in range(4)]) if own_targets else targets(output, 6, 3, rng)
    found, a = np.empty_like(z), np.empty_like(z)
    losses = pair.forward_each(z, found, y)
    for index in range(4):
        own = y[index] if own_targets else y
        assert losses[index] == pytest.approx(pair.forward(z[index], a[index], own), rel=1e-14)
        np.testing.assert_allclose(found[index], a[index], rtol=1e-14)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_the_batch_loss_is_the_mean_of_the_examples(loss: str, output: str) -> None:
    rng = np.random.default_rng(0)
    pair, z, y = output_loss(loss, output), rng.normal(size=(6, 3)), targets(output, 6, 3, rng)
    a = np.empty_like(z)
    batch = pair.forward(z, a, y)
    assert pair.per_example(z, a, y).mean() == pytest.approx(batch, rel=1e-13)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_the_forward_of_a_pair_writes_the_activation(loss: str, output: str) -> None:
    z = np.random.default_rng(0).normal(size=(6, 3))
    a, expected = np.empty_like(z), np.empty_like(z)
    pair = output_loss(loss, output)
    pair.forward(z, a, targets(output, 6, 3, np.random.default_rng(1)))
    pair.output.f(z, expected)
    np.testing.assert_allclose(a, expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("output", "z", "y", "expected"),
    [
        ("softmax", [[1000.0, -1000.0]], [[1, 0]], 0),
        ("softmax", [[1000.0, -1000.0]], [[0, 1]], 2000),
        ("sigmoid", [[1000.0]], [[1]], 0),
        ("sigmoid", [[1000.0]], [[0]], 1000),
        ("sigmoid", [[-1000.0]], [[1]], 1000),
    ],
)
def test_cross_entropy_is_exact_at_large_logits(output: str, z: list, y: list, expected: float) -> None:
    assert value("cross_entropy", output, z, y) == expected


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_the_delta_of_cross_entropy_does_not_vanish_where_the_output_saturates(output: str) -> None:
    assert delta("cross_entropy", output, [[1000.0, -1000.0]], [[0, 1]]).tolist() == [[1, -1]]


@pytest.mark.parametrize("output", ["sigmoid", "tanh"])
def test_the_delta_of_squared_error_vanishes_where_the_output_saturates(output: str) -> None:
    assert delta("mse", output, [[1000.0, -1000.0]], [[0, 1]]).tolist() == [[0, 0]]


@pytest.mark.parametrize("output", ["step", "linear", "tanh", "relu", "leaky_relu"])
@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
def test_cross_entropy_needs_probabilities(loss: str, output: str) -> None:
    with pytest.raises(
        GradstepError,
        match=f"{loss} needs probabilities, and a {output} output gives .*; use a softmax .*, or mse or half_sse as",
    ):
        output_loss(loss, output)


def test_binary_cross_entropy_on_softmax_names_the_right_loss() -> None:
    with pytest.raises(GradstepError, match="needs a sigmoid output, not softmax; with softmax use cross_entropy"):
        output_loss("binary_cross_entropy", "softmax")


class Shares(Linear):
    """Each output's share of the row's sum: probabilities that are not softmax's, so f′ does not cancel."""

    name, is_elementwise, is_probability = "shares", False, True


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
def test_cross_entropy_is_paired_with_softmax_and_sigmoid_alone(loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "shares", Shares())
    with pytest.raises(GradstepError, match="use a softmax or sigmoid output"):
        output_loss(loss, "shares")


def test_an_unknown_loss_lists_the_known_ones() -> None:
    with pytest.raises(GradstepError, match="unknown loss 'hinge'; known are cross_entropy, binary_cross_entropy, mse"):
        output_loss("hinge", "linear")
