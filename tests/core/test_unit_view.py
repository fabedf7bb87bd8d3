"""A unit of a snapshot: its δ is exact, its weights are in order, and nothing is disturbed."""

import numpy as np
import pytest

from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.core.observation.unit_view import UnitIndex, view_unit
from tests.core.problems import problem
from tests.oracle import HIDDEN, PAIRS


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_delta_of_the_example_is_what_autograd_finds(hidden: str, loss: str, output: str) -> None:
    trainer, oracle = problem([3, 4, 5, 2], [hidden, hidden, output], loss=loss)
    by_z, _ = oracle.wishes(trainer.network.parameters)
    snapshot = take_snapshot(trainer, ExampleIndex("training", 2))
    for layer, wishes in zip(snapshot.layers, by_z, strict=True):
        np.testing.assert_allclose(layer.delta, wishes[2], rtol=1e-9, atol=1e-14)


def test_the_gradient_of_the_training_stays_as_it_is() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"])
    trainer.update()
    before = trainer.network.gradient.copy()
    take_snapshot(trainer, ExampleIndex("training", 1))
    assert np.array_equal(trainer.network.gradient, before)


def test_the_terms_of_a_neuron_add_up_to_z_and_the_heaviest_weight_is_first() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"])
    snapshot = take_snapshot(trainer, ExampleIndex("training", 2))
    z, a = next(iter(oracle.forward(trainer.network.parameters)))
    for layer_number, unit, values in ((1, 3, oracle.x[2]), (2, 1, a[2])):
        view = view_unit(snapshot, UnitIndex(layer_number, unit))
        assert view.z is not None and view.bias is not None
        assert view.z == pytest.approx(view.weights @ view.values + view.bias, rel=1e-12)
        assert sorted(-np.abs(view.weights)) == list(-np.abs(view.weights))
        assert np.allclose(view.values, values[view.others])
        assert np.array_equal(view.weights, trainer.network.layers[layer_number - 1].weights[unit, view.others])
    assert view_unit(snapshot, UnitIndex(1, 3)).z == pytest.approx(z[2, 3])
    assert view_unit(snapshot, UnitIndex(1, 3)).target is None
    assert view_unit(snapshot, UnitIndex(2, 1)).target == oracle.y[2, 1]


def test_an_input_has_its_weights_and_no_z() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"])
    view = view_unit(take_snapshot(trainer, ExampleIndex("training", 2)), UnitIndex(0, 1))
    assert (view.a, view.z, view.delta, view.bias) == (oracle.x[2, 1], None, None, None)
    assert np.array_equal(view.weights, trainer.network.layers[0].weights[view.others, 1])


@pytest.mark.parametrize(
    ("activation", "bias", "condition"),
    [
        ("relu", -9.0, "silent"),
        ("relu", 9.0, "active"),
        ("step", -9.0, "silent"),
        ("step", 9.0, "active"),
        ("sigmoid", -9.0, "saturated"),
        ("tanh", 9.0, "saturated"),
        ("tanh", 0.0, None),
        ("linear", 9.0, None),
        ("leaky_relu", -9.0, None),
    ],
)
def test_a_neuron_is_silent_saturated_or_neither(activation: str, bias: float, condition: str | None) -> None:
    trainer, _ = problem([3, 1, 2], [activation, "softmax"])
    trainer.network.layers[0].weights[:] = 0
    trainer.network.layers[0].biases[:] = bias
    assert view_unit(take_snapshot(trainer, ExampleIndex("training", 0)), UnitIndex(1, 0)).condition == condition
