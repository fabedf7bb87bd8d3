"""The valley: its losses against direct evaluations, its slope against autograd, and what is said of a landing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.network.network import Network
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.core.network.stacked import STACK_NUMBERS, find_losses, split_stack
from gradstep.core.observation.loss_surface import LossSurface, make_batch_surface, make_part_surface
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.observation.parameter_line import (
    DISTANCES,
    make_axis,
    measure_around,
    measure_parameter,
)
from gradstep.core.observation.valley import measure_line
from gradstep.core.training.descent_step import find_next_step, find_step_of
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import record_update
from tests.core.problems import problem, small_trainer
from tests.oracle import HIDDEN, PAIRS

POSITIONS = np.linspace(-0.5, 3, 29)


def parabola(learning_rate: float, w: float = 3.0) -> Trainer:
    """One weight w, x = 1, target 0 and half the squared error: L = w²/2, so that the second derivative is 1."""
    network = Network([1, 1], ["linear"])
    network.set([[[w]]])
    options = TrainingOptions(loss="half_sse", learning_rate=learning_rate, train_biases=False)
    return Trainer(network, Part([[1.0]], [[0.0]]), None, options, classification=False)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 1000),
    hidden=st.lists(st.sampled_from(HIDDEN), max_size=2),
    pair=st.sampled_from(PAIRS),
    penalty=st.sampled_from([(0.0, 0.0), (0.1, 0.0), (0.0, 0.2)]),
)
def test_every_loss_on_the_line_is_that_of_a_direct_evaluation(
    seed: int, hidden: list[str], pair: tuple[str, str], penalty: tuple[float, float]
) -> None:
    loss, output = pair
    sizes = [3, *[4] * len(hidden), 1 if loss == "binary_cross_entropy" else 2]
    trainer, oracle = problem(sizes, [*hidden, output], seed=seed, loss=loss, l1=penalty[0], l2=penalty[1])
    step = find_next_step(trainer)
    line = measure_line(step, POSITIONS)
    direct = [oracle.total(step.network.parameters - t * step.change) for t in POSITIONS]
    assert line.losses == pytest.approx(direct, rel=1e-9)
    assert line.now == pytest.approx(oracle.total(step.network.parameters), rel=1e-9)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_the_tangent_has_the_slope_that_autograd_finds(optimizer: str) -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], optimizer=optimizer, l1=0.01, l2=0.1)
    trainer.update()
    step = find_next_step(trainer)
    slope = -oracle.gradient(step.network.parameters) @ step.change
    assert measure_line(step, POSITIONS).slope == pytest.approx(slope, rel=1e-9)


def test_the_landing_has_the_loss_of_the_batch_after_the_step() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], l2=0.1)
    line = measure_line(find_next_step(trainer), POSITIONS)
    trainer.update()
    landing = line.land(1.0)
    assert landing.loss == pytest.approx(oracle.total(trainer.network.parameters), rel=1e-12)
    assert landing.real == pytest.approx(landing.loss - line.now)
    assert landing.promised == line.slope


@pytest.mark.parametrize(
    ("rate", "kind", "end"),
    [
        (0.1, "short", 2.7),
        (1.0, "lowest", 0.0),
        (0.9, "near", 0.3),
        (1.1, "near", -0.3),
        (1.7, "beyond", -2.1),
        (2.5, "higher", -4.5),
    ],
)
def test_on_a_parabola_a_rate_lands_short_at_the_lowest_point_beyond_it_or_higher(
    rate: float, kind: str, end: float
) -> None:
    trainer = parabola(rate)
    step = find_next_step(trainer)
    assert step.landing[0] == pytest.approx(end)
    line = measure_line(step, np.linspace(-0.5, 12, 101))
    assert line.land(1.0).kind == kind
    assert line.best_rate == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(("x", "y"), [([1.0], [0.0]), ([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]), ([0.7, 0.9], [0.3, 0.8])])
def test_the_lowest_point_of_a_parabola_is_found_as_exactly_as_rounding_allows(x: list[float], y: list[float]) -> None:
    network = Network([1, 1], ["linear"])
    network.set([[[3.0]]])
    options = TrainingOptions(loss="mse", learning_rate=0.037, train_biases=False)
    part = Part(np.array(x)[:, None], np.array(y)[:, None])
    step = find_next_step(Trainer(network, part, None, options, classification=False))
    line = measure_line(step, np.linspace(-0.5, 40, 57))
    lowest = 3.0 - line.lowest.at * step.change[0]
    assert lowest == pytest.approx(np.dot(x, y) / np.dot(x, x), rel=1e-7)
    least = np.square(np.dot(x, y) / np.dot(x, x) * np.array(x) - np.array(y)).mean()
    assert line.lowest.loss == pytest.approx(least, rel=1e-12, abs=1e-16)
    assert line.touches_zero == (least < 1e-16)


@pytest.mark.parametrize(("rate", "too_much"), [(0.1, False), (0.5, False), (0.51, True), (1.0, True), (2.5, True)])
def test_a_tangent_that_leads_below_0_promises_too_much(rate: float, too_much: bool) -> None:
    line = measure_line(find_next_step(parabola(rate)), POSITIONS)
    landing = line.land(1.0)
    assert line.promises_too_much(landing) == too_much == (line.now + landing.promised < 0)


def test_no_loss_can_be_below_0() -> None:
    for loss, output in PAIRS:
        trainer, oracle = problem([3, 4, 1 if loss == "binary_cross_entropy" else 2], ["tanh", output], loss=loss)
        for seed in range(20):
            vector = np.random.default_rng(seed).normal(0, 1, len(trainer.network.parameters))
            assert oracle.total(vector) >= 0


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_promised_is_the_sum_of_slope_times_change_with_the_change_that_the_step_makes(optimizer: str) -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], optimizer=optimizer)
    trainer.update()
    step = find_next_step(trainer)
    gradient, made = oracle.gradient(step.network.parameters), step.landing - step.network.parameters
    promised = measure_line(step, POSITIONS).land(1.0).promised
    assert promised == pytest.approx(gradient @ made, rel=1e-9)
    written = {"Σ g·Δw": gradient @ made, "−α·‖g‖²": -step.learning_rate * gradient @ gradient}
    assert promised == pytest.approx(written[OPTIMIZERS[optimizer].predicted_change_formula], rel=1e-9)


def test_at_two_divided_by_the_second_derivative_it_jumps_between_two_points_for_ever() -> None:
    trainer = parabola(2.0)
    for sign in (-1, 1, -1, 1):
        landing = measure_line(find_next_step(trainer), POSITIONS).land(1.0)
        trainer.update()
        assert trainer.network.parameters[0] == sign * 3.0
        assert (landing.real, landing.kind) == (0.0, "beyond")


def test_a_line_that_falls_to_its_end_has_no_best_rate() -> None:
    line = measure_line(find_next_step(parabola(0.01)), POSITIONS)
    assert (line.lowest.inside, line.best_rate, line.land(1.0).kind) == (False, None, "short")


def test_a_step_against_the_slope_is_uphill_and_one_without_length_is_flat() -> None:
    trainer, _ = problem([2, 3, 2], ["tanh", "softmax"], optimizer="momentum")
    trainer.optimizer.memory["velocity"][:] = -10 * find_next_step(trainer).gradient
    assert measure_line(find_next_step(trainer), POSITIONS).land(1.0).kind == "uphill"
    trainer, _ = problem([2, 3, 2], ["step", "step"], loss="mse")
    assert measure_line(find_next_step(trainer), POSITIONS).land(1.0).kind == "flat"


def test_a_landing_out_of_the_range_of_a_float_is_told() -> None:
    assert measure_line(find_next_step(parabola(1e200)), POSITIONS).land(1.0).kind == "not finite"


def test_a_large_part_is_sampled_evenly_and_a_small_one_taken_whole() -> None:
    trainer = small_trainer()
    assert make_part_surface(find_next_step(trainer), trainer.training_part).rows == 10
    network = Network([1000, 100, 1], ["tanh", "linear"])
    x = np.arange(2000.0)[:, None].repeat(1000, 1)
    wide = Trainer(network, Part(x, x[:, :1]), None, TrainingOptions(loss="mse"), classification=False)
    surface = make_part_surface(find_next_step(wide), wide.training_part)
    assert 900 < surface.rows < 1000
    assert surface.find_losses(np.zeros((1, 1)), np.zeros((1, len(network.parameters))))[0] == pytest.approx(
        np.square(np.linspace(0, 1999, surface.rows).round()).mean()
    )


def test_a_plane_through_two_directions_is_evaluated_directly() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], l1=0.1)
    step, rng = find_next_step(trainer), np.random.default_rng(1)
    directions, moves = rng.normal(size=(2, len(step.change))), rng.normal(size=(20, 2))
    direct = [oracle.total(step.network.parameters + move @ directions) for move in moves]
    assert make_batch_surface(step).find_losses(moves, directions) == pytest.approx(direct, rel=1e-12)


def test_more_vectors_than_are_held_at_once_give_the_same_losses_one_by_one() -> None:
    trainer, _ = problem([40, 30, 3], ["relu", "softmax"], rows=60)
    network, part = trainer.network, trainer.training_part
    vectors = network.parameters * np.linspace(0.5, 2, 700)[:, None]
    assert len(list(split_stack(len(vectors), vectors.shape[1] + 2 * 60 * 40))) > 1
    x, y = part.with_ones[:, :-1], part.y
    together = find_losses(network, trainer.loss, vectors, x, y)
    alone = [find_losses(network, trainer.loss, vector[None], x, y)[0] for vector in vectors]
    assert together == pytest.approx(alone, rel=1e-12)
    assert [part.stop - part.start for part in split_stack(5, 2 * STACK_NUMBERS)] == [1] * 5


def test_one_parameter_has_backprops_slope_and_difference_quotients_that_come_closer_to_it() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], l2=0.1)
    step = find_next_step(trainer)
    gradient = oracle.gradient(step.network.parameters)
    for parameter in (ParameterIndex(1, 2, 1), ParameterIndex(1, 3, None), ParameterIndex(2, 0, 3)):
        axis = make_axis(step.network, parameter)
        at = int(axis.argmax())
        line = measure_parameter(step, parameter, np.linspace(-2, 2, 9))
        assert (line.value, line.slope) == (step.network.parameters[at], pytest.approx(gradient[at], rel=1e-9))
        errors = [abs(quotient - gradient[at]) for quotient in line.quotients]
        assert errors == sorted(errors, reverse=True)
        for h, quotient in zip(DISTANCES, line.quotients, strict=True):
            ahead = oracle.total(step.network.parameters + h * axis)
            assert quotient == pytest.approx((ahead - line.now) / h, rel=1e-6)
        for value, loss in zip(line.values, line.losses, strict=True):
            direct = oracle.total(step.network.parameters + (value - line.value) * axis)
            assert loss == pytest.approx(direct, rel=1e-12)
            assert line.find_loss(value) == pytest.approx(direct, rel=1e-12)


def test_a_frozen_bias_has_the_slope_that_the_loss_has_along_it() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], l2=0.1, train_biases=False)
    gradient = oracle.gradient(trainer.network.parameters)
    recorded = find_step_of(record_update(trainer), trainer.network)
    for step in (recorded, find_next_step(problem([3, 4, 2], ["tanh", "softmax"], l2=0.1, train_biases=False)[0])):
        parameter = ParameterIndex(1, 3, None)
        at = int(make_axis(step.network, parameter).argmax())
        line = measure_parameter(step, parameter, np.linspace(-2, 2, 9))
        assert line.frozen and line.slope == pytest.approx(gradient[at], rel=1e-9) and step.gradient[at] == 0
        assert line.quotients[-1] == pytest.approx(line.slope, rel=1e-2)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_at_each_rate_the_step_gives_a_parameter_the_value_that_the_line_names(optimizer: str) -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"], optimizer=optimizer, learning_rate=0.02)
    trainer.update()
    line = measure_around(find_next_step(trainer), ParameterIndex(1, 2, 1), 9)
    for rate in (0.02, 0.1):
        trainer.learning_rate = rate
        landing = find_next_step(trainer).landing @ line.axis
        assert line.find_landing(rate) == pytest.approx(landing, rel=1e-12)


def test_a_surface_is_computed_in_float64_also_for_a_network_of_float32() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], dtype=np.float32)
    network = trainer.network
    surface = LossSurface(network, trainer.loss, oracle.x, oracle.y)
    found = surface.find_losses(np.zeros((1, 1)), np.zeros((1, len(network.parameters))))[0]
    assert found == pytest.approx(oracle.loss(network.parameters.astype(np.float64)), rel=1e-14)


@pytest.mark.parametrize("w", [0.0, 3.0, 1e12, -4e40, 1e150])
def test_the_line_of_a_parameter_of_any_size_has_points_and_quotients_that_rounding_keeps_apart(w: float) -> None:
    line = measure_around(find_next_step(parabola(0.1, w)), ParameterIndex(1, 0, 0))
    assert line.value == w and line.reaches(w) and (np.diff(line.values) > 0).all()
    assert all(line.value + h != line.value for h in line.distances)
    assert line.quotients[-1] == pytest.approx(w, rel=1e-3, abs=1e-2)
    if abs(w) <= 3:
        assert line.distances == DISTANCES
