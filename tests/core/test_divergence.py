"""Training stops at the update that would make a number that is not finite, and says where."""

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.network.optimizers import OPTIMIZERS, optimizer_named
from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.finding import describe_divergence
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import record_update


def exploding(dtype: type = np.float64, **options: object) -> Trainer:
    """A linear regression whose learning rate overshoots further at every update."""
    rng = np.random.default_rng(0)
    network = Network([2, 3, 1], ["linear", "linear"], dtype)
    network.initialize("xavier", rng)
    settings = TrainingOptions(**({"loss": "mse", "learning_rate": 3.0, "batch_size": "full"} | options))
    return Trainer(
        network, Part(rng.normal(size=(8, 2)), rng.normal(size=(8, 1))), None, settings, classification=False
    )


def diverged(trainer: Trainer) -> tuple[Diverged, np.ndarray]:
    """The divergence, and the parameters just before the update that raised it."""
    before = trainer.network.parameters.copy()
    with pytest.raises(Diverged) as caught:
        for _ in range(1000):
            before = trainer.network.parameters.copy()
            trainer.update()
    return caught.value, before


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov"])
def test_divergence_leaves_the_parameters_as_they_were(optimizer: str, dtype: type) -> None:
    trainer = exploding(dtype, optimizer=optimizer)
    _, before = diverged(trainer)
    assert np.array_equal(trainer.network.parameters, before)
    assert np.isfinite(before).all()


def test_divergence_names_the_update_that_was_not_made() -> None:
    trainer = exploding()
    error, _ = diverged(trainer)
    assert error.step == trainer.step + 1
    assert trainer.history.loss_curve().step[-1] == trainer.step


def with_weights(first: float, second: float, activation: str = "linear") -> Trainer:
    """One hidden neuron and one output, input 10, target 0."""
    network = Network([1, 1, 1], [activation, "linear"])
    network.set([[[first]], [[second]]])
    return Trainer(network, Part([[10.0]], [[0.0]]), None, TrainingOptions(loss="half_sse"), classification=False)


@pytest.mark.parametrize(
    ("first", "second", "layer", "quantity"),
    [
        (1e308, 0.1, 1, "the pre-activation z"),
        (1e10, 1e300, 2, "the pre-activation z"),
        (1e100, 1e100, 2, "the loss"),
        (1e-307, 1e307, 1, "the gradient"),
    ],
)
def test_divergence_names_the_first_layer_and_quantity(first: float, second: float, layer: int, quantity: str) -> None:
    error, _ = diverged(with_weights(first, second))
    assert (error.step, error.layer_number, error.quantity) == (1, layer, quantity)


def test_a_loss_is_named_without_a_layer() -> None:
    loss, _ = diverged(with_weights(1e100, 1e100))
    z, _ = diverged(with_weights(1e10, 1e300))
    assert (loss.what, z.what) == ("the loss", "the pre-activation z of layer 2")
    assert str(loss).startswith("step 1: the loss is no longer a finite number;")
    assert (describe_divergence(loss).layer_number, describe_divergence(z).layer_number) == (None, 2)


def test_a_change_too_large_to_make_is_a_divergence() -> None:
    trainer = with_weights(1e10, 1e10)
    trainer.learning_rate = 1e300
    error, before = diverged(trainer)
    assert (error.step, error.layer_number, error.quantity) == (1, 1, "the change")
    assert np.array_equal(trainer.network.parameters, before)


def test_the_message_of_a_divergence_is_one_sentence() -> None:
    error, _ = diverged(with_weights(1e308, 0.1))
    assert str(error) == (
        "step 1: the pre-activation z of layer 1 is no longer a finite number; a smaller learning rate may help"
    )


def test_a_record_of_an_update_diverges_as_training_does() -> None:
    with pytest.raises(Diverged):
        record_update(with_weights(1e308, 0.1))


def test_an_earlier_state_can_be_restored() -> None:
    trainer = exploding()
    start = trainer.state()
    diverged(trainer)
    trainer.restore(start)
    trainer.learning_rate = 0.01
    assert trainer.run(lambda: False, until=100) == 100


@pytest.mark.parametrize("weight", [1e160, 1e308])
def test_a_diverged_trainer_can_be_evaluated_without_a_warning(weight: float) -> None:
    trainer = with_weights(weight, weight)
    diverged(trainer)
    snapshot = take_snapshot(trainer, ExampleIndex("training", 0))
    assert snapshot.layers[0].weights.item() == weight
    assert trainer.evaluate().train.loss == np.inf
    trainer.compute_penalty()


BY_ITS_GRADIENT = [(name, np.inf, 0.1) for name in OPTIMIZERS]
BY_ITS_RATE = [(name, 5.0, 1e308) for name in ("sgd", "momentum", "nesterov")]


@pytest.mark.parametrize(("name", "largest", "rate"), [*BY_ITS_GRADIENT, *BY_ITS_RATE])
def test_an_update_that_is_refused_leaves_the_optimizer_as_it_was(name: str, largest: float, rate: float) -> None:
    parameters, gradient = np.array([1.0, -2.0, 3.0]), np.array([0.5, 0.25, -1.0])
    optimizer = optimizer_named(name)(parameters)
    for _ in range(3):
        optimizer.update(parameters, gradient, 0.1)
    kept = parameters.copy(), {each: array.copy() for each, array in optimizer.memory.items()}, optimizer.updates
    with pytest.raises(FloatingPointError), np.errstate(all="ignore"):
        optimizer.update(parameters, np.array([0.5, largest, -1.0]), rate)
    np.testing.assert_array_equal(parameters, kept[0])
    assert optimizer.updates == kept[2]
    for each, array in optimizer.memory.items():
        np.testing.assert_array_equal(array, kept[1][each])
