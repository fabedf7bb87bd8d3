"""A population: every member is the Trainer with its network and its options."""

import tracemalloc
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

import gradstep.core.training.population as population_module
from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.network.network import Network
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.measured_network import MeasuredNetwork
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part, Parts
from gradstep.core.training.population import Population
from gradstep.core.training.population_memory import count_member_bytes
from gradstep.core.training.stopping import StopConditions
from gradstep.core.training.trainer import Trainer

HIDDEN = [name for name, activation in ACTIVATIONS.items() if activation.is_elementwise]
PAIRS = [
    ("softmax", "cross_entropy"), ("softmax", "mse"), ("softmax", "half_sse"), ("sigmoid", "cross_entropy"),
    ("sigmoid", "binary_cross_entropy"), ("sigmoid", "mse"), ("linear", "mse"), ("tanh", "half_sse"),
]  # fmt: skip


def make_parts(inputs: int, outputs: int, rows: int = 43) -> tuple[Part, Part, Part]:
    """Training, validation and test part with one of the classes in each row."""
    rng = np.random.default_rng(5)
    x, y = rng.standard_normal((rows + 40, inputs)), np.eye(outputs)[rng.integers(0, outputs, rows + 40)]
    cuts = (slice(0, rows), slice(rows, rows + 20), slice(rows + 20, rows + 40))
    training, validation, test = (Part(x[cut], y[cut]) for cut in cuts)
    return training, validation, test


def make_networks(sizes: list[int], activations: list[str], count: int, dtype: str = "float64") -> list[Network]:
    networks = []
    for seed in range(count):
        network = Network(sizes, activations, dtype)
        network.initialize(list(INITIALIZERS)[seed % 4], np.random.default_rng(seed))
        networks.append(network)
    return networks


def copy(network: Network) -> Network:
    twin = Network(network.sizes, [layer.activation.name for layer in network.layers], network.dtype)
    twin.parameters[:] = network.parameters
    return twin


def make_population(
    networks: list[Network], options: list[TrainingOptions], validation: bool = True, classification: bool = True
) -> tuple[Population, list[Trainer]]:
    """A population, and a trainer for each of its members."""
    training, held_out, test = make_parts(networks[0].sizes[0], networks[0].sizes[-1])
    parts = Parts(training, held_out if validation else None, test)
    measured = MeasuredNetwork(copy(networks[0]), parts, options[0], 0.5, classification)
    trainers = [
        Trainer(copy(network), training, test, each, 0.5, classification, parts.validation)
        for network, each in zip(networks, options, strict=True)
    ]
    return Population(networks, options, measured), trainers


def assert_equal(population: Population, trainers: list[Trainer]) -> None:
    for member, trainer in enumerate(trainers):
        np.testing.assert_allclose(population.parameters[member], trainer.network.parameters, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("index", range(len(PAIRS)))
def test_a_member_has_the_parameters_of_its_trainer_after_a_thousand_steps(index: int) -> None:
    (output, loss), optimizer = PAIRS[index], list(OPTIMIZERS)[index % len(OPTIMIZERS)]
    activations = [HIDDEN[index % len(HIDDEN)], HIDDEN[(index + 2) % len(HIDDEN)], output]
    networks = make_networks([3, 5, 4, 2], activations, 4)
    options = [
        TrainingOptions(
            loss=loss, optimizer=optimizer, learning_rate=rate, batch_size=10, l1=l1, l2=l2, shuffle_seed=seed,
            train_biases=index % 3 != 0, class_weights="balanced" if index % 2 else None,
        )
        for rate, l1, l2, seed in ((0.01, 0, 0, 0), (0.003, 0.001, 0, 1), (0.01, 0, 0.01, 2), (0.001, 0.001, 0.01, 3))
    ]  # fmt: skip
    population, trainers = make_population(networks, options)
    for _ in range(1000):
        population.update()
    for trainer in trainers:
        trainer.run(lambda: False, until=1000)
    assert population.ends == [None] * 4
    assert (population.step, population.epoch) == (trainers[0].step, trainers[0].epoch)
    assert_equal(population, trainers)


def test_members_with_the_same_order_of_rows_are_equal_to_their_trainers_bit_for_bit() -> None:
    networks = make_networks([4, 8, 3], ["tanh", "softmax"], 5)
    population, trainers = make_population(networks, [TrainingOptions(batch_size=16)] * 5)
    for _ in range(200):
        population.update()
    for member, trainer in enumerate(trainers):
        trainer.run(lambda: False, until=200)
        assert (population.parameters[member] == trainer.network.parameters).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [1, 10, "full"])
def test_batches_and_dtypes_are_those_of_the_trainer(batch_size: int, dtype: str) -> None:
    options = [TrainingOptions(batch_size=batch_size, shuffle=batch_size == 10, learning_rate=0.05)] * 3
    population, trainers = make_population(make_networks([3, 6, 2], ["relu", "softmax"], 3, dtype), options)
    assert population.parameters.dtype == dtype
    for _ in range(100):
        population.update()
    for member, trainer in enumerate(trainers):
        trainer.run(lambda: False, until=100)
        tolerance = 1e-12 if dtype == "float64" else 1e-5
        np.testing.assert_allclose(
            population.parameters[member], trainer.network.parameters, rtol=tolerance, atol=tolerance
        )


def test_scores_are_those_of_the_trainers() -> None:
    population, trainers = make_population(make_networks([3, 6, 2], ["relu", "softmax"], 3), [TrainingOptions()] * 3)
    for _ in range(50):
        population.update()
    scores = population.score()
    for member, trainer in enumerate(trainers):
        trainer.run(lambda: False, until=50)
        expected = trainer.evaluate()
        for part, score in ((scores.train, expected.train), (scores.test, expected.test)):
            assert part is not None and score is not None and part.accuracies is not None
            assert part.losses[member] == pytest.approx(score.loss, rel=1e-12)
            assert part.accuracies[member] == score.accuracy


@pytest.mark.parametrize("classification", [True, False])
def test_the_newest_losses_and_watched_scores_are_those_of_the_trainers(classification: bool) -> None:
    networks, options = make_networks([3, 6, 2], ["relu", "softmax"], 3), [TrainingOptions(batch_size=10)] * 3
    population, trainers = make_population(networks, options, classification=classification)
    for _ in range(population.evaluation_interval + 2):
        population.update()
        losses = [trainer.update() for trainer in trainers]
        np.testing.assert_allclose(population.newest_losses, losses, rtol=1e-12)
        newest = [trainer.history.watched_scores() for trainer in trainers]
        np.testing.assert_allclose(population.watched_scores.losses, [each.loss[-1] for each in newest], rtol=1e-12)
        accuracies = population.watched_scores.accuracies
        expected = [each.accuracy[-1] for each in newest]
        assert (accuracies is not None and accuracies.tolist() == expected) if classification else accuracies is None


@pytest.mark.parametrize("rate", [1e160, 3.0, 200.0])
@pytest.mark.parametrize("activation", ["relu", "tanh", "linear"])
def test_where_a_member_diverges_is_said_as_its_trainer_says_it(activation: str, rate: float) -> None:
    options = [TrainingOptions(loss="mse", learning_rate=rate, batch_size=10, l2=l2) for l2 in (0.0, 10.0)]
    population, trainers = make_population(make_networks([3, 5, 2], [activation, "linear"], 2), options)
    for _ in range(500):
        population.update()
    for end, trainer in zip(population.ends, trainers, strict=True):
        with np.errstate(all="ignore"), pytest.raises(Diverged) if end else nullcontext() as error:
            trainer.run(lambda: False, until=500)
        assert end is None or str(end.divergence) == str(error.value)
    assert any(population.ends)


def test_a_member_that_diverges_stands_still_and_the_others_train_on() -> None:
    options = [TrainingOptions(loss="mse", learning_rate=rate, batch_size=10) for rate in (0.01, 1e160, 0.02)]
    population, trainers = make_population(make_networks([3, 5, 2], ["relu", "linear"], 3), options)
    for _ in range(100):
        population.update()
    with pytest.raises(Diverged) as error:
        trainers[1].run(lambda: False, until=100)
    for trainer in (trainers[0], trainers[2]):
        trainer.run(lambda: False, until=100)
    end = population.ends[1]
    assert end is not None and end.diverged and end.step == error.value.step - 1
    assert str(end.divergence) == str(error.value)
    assert list(population.training) == [0, 2]
    assert_equal(population, trainers)
    assert np.isnan(population.losses.losses[-1, 1]) and np.isfinite(population.losses.losses[-1, [0, 2]]).all()


def test_a_population_of_which_every_member_has_diverged_makes_no_more_steps() -> None:
    options = [TrainingOptions(loss="mse", learning_rate=1e160)] * 2
    population, _ = make_population(make_networks([3, 5, 2], ["relu", "linear"], 2), options)
    for _ in range(20):
        population.update()
    assert population.finished
    step = population.step
    population.update()
    assert population.step == step


@pytest.mark.parametrize("validation", [True, False])
def test_a_member_ends_where_its_trainer_meets_a_stop_condition(validation: bool) -> None:
    stops = (StopConditions(patience=1), StopConditions(target_loss=0.5), StopConditions(target_accuracy=0.6))
    options = [TrainingOptions(learning_rate=0.3, batch_size=10, stop=stop) for stop in stops]
    networks = make_networks([3, 5, 2], ["tanh", "softmax"], 3)
    population, trainers = make_population(networks, options, validation)
    for _ in range(500):
        population.update()
    for member, trainer in enumerate(trainers):
        trainer.run(lambda: trainer.stop_reason is not None, until=500)  # noqa: B023
        end = population.ends[member]
        assert (end and (end.step, end.reason)) == (trainer.stop_reason and (trainer.step, trainer.stop_reason))
    assert_equal(population, trainers)
    assert any(population.ends)


def test_the_best_parameters_are_those_of_the_trainer() -> None:
    options = [TrainingOptions(learning_rate=0.5, batch_size=10, shuffle_seed=seed) for seed in range(3)]
    population, trainers = make_population(make_networks([3, 16, 2], ["tanh", "softmax"], 3), options)
    for _ in range(400):
        population.update()
    for member, trainer in enumerate(trainers):
        trainer.run(lambda: False, until=400)
        assert trainer.best is not None
        assert population.best_steps[member] == trainer.best.step
        assert population.best_losses[member] == pytest.approx(trainer.best.score.loss, rel=1e-12)
        np.testing.assert_allclose(population.best_parameters[member], trainer.best.state.arrays["parameters"], 1e-12)


def test_networks_of_several_shapes_and_other_options_are_refused() -> None:
    two = [*make_networks([3, 5, 2], ["tanh", "softmax"], 1), *make_networks([3, 6, 2], ["tanh", "softmax"], 1)]
    with pytest.raises(GradstepError, match="one shape"):
        make_population(two, [TrainingOptions()] * 2)
    options = [TrainingOptions(), replace(TrainingOptions(), optimizer="adam")]
    with pytest.raises(GradstepError, match="learning_rate, l1, l2"):
        make_population(make_networks([3, 5, 2], ["tanh", "softmax"], 2), options)


def test_the_loss_curve_is_the_mean_of_the_batch_losses_however_long_it_is() -> None:
    population, trainers = make_population(
        make_networks([3, 4, 2], ["tanh", "softmax"], 2), [TrainingOptions(batch_size=10)] * 2
    )
    losses = []
    for _ in range(4100):
        population.update()
    for trainer in trainers:
        losses.append([trainer.update() for _ in range(4100)])
    steps, points = population.losses.steps, population.losses.losses
    assert len(steps) == len(points) <= 512
    width = steps[0]
    for member in range(2):
        expected = np.reshape(losses[member][: steps[-1]], (-1, width)).mean(axis=1)
        np.testing.assert_allclose(points[:, member], expected, rtol=1e-10)


def test_scores_in_portions_are_those_of_all_members_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population_module, "PORTION_NUMBERS", 1000)
    population, trainers = make_population(make_networks([3, 6, 2], ["relu", "softmax"], 5), [TrainingOptions()] * 5)
    part = trainers[0].training_part
    portions = population.score_in_portions(part)
    first = next(portions)
    assert len(first.losses) == 2
    population.update()
    losses = np.concatenate([first.losses, *(each.losses for each in portions)])
    expected = [trainer.evaluator.score(part).loss for trainer in trainers]
    np.testing.assert_allclose(losses, expected, rtol=1e-12)


def measure_peak(sizes: list[int], options: TrainingOptions, count: int) -> int:
    """The most bytes that a population of so many members needs for some updates."""
    parts, networks = (
        Parts(*make_parts(sizes[0], sizes[-1], 300)),
        make_networks(sizes, ["relu", "relu", "softmax"], count),
    )
    measured = MeasuredNetwork(copy(networks[0]), parts, options, 0.5, True)
    tracemalloc.start()
    try:
        population = Population(networks, [options] * count, measured)
        for _ in range(3):
            population.update()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize(("sizes", "rows"), [([64, 100, 80, 10], 32), ([8, 40, 40, 3], 300)])
def test_a_member_needs_about_as_much_memory_as_is_said(optimizer: str, sizes: list[int], rows: int) -> None:
    options = TrainingOptions(optimizer=optimizer, batch_size=rows)
    needed = (measure_peak(sizes, options, 40) - measure_peak(sizes, options, 20)) / 20
    network = make_networks(sizes, ["relu", "relu", "softmax"], 1)[0]
    said = count_member_bytes(network, OPTIMIZERS[optimizer], rows, True)
    assert 0.7 * said < needed < 1.1 * said
