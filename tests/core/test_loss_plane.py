"""The loss on a plane: every cell against a direct evaluation, and where the path, the landing and downhill are."""

import numpy as np
import pytest

from gradstep.core.observation.loss_plane import MOST_WORK, measure_plane, span_by_parameters, span_by_steps
from gradstep.core.observation.loss_surface import make_batch_surface
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.observation.parameter_line import make_axis
from gradstep.core.training.descent_step import find_next_step
from tests.core.problems import problem


def test_every_cell_has_the_loss_at_its_middle() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], l2=0.1)
    trainer.update()
    step = find_next_step(trainer)
    for axes in (span_by_steps(step), span_by_parameters(step, ParameterIndex(1, 0, 1), ParameterIndex(2, 1, None))):
        assert axes is not None
        plane = measure_plane(step, axes, 6, 4, [])
        for row in range(4):
            for column in range(6):
                x, y = (2 * column + 1) / 6 - 1, 1 - (2 * row + 1) / 4
                move = np.array([x * axes.reach[0], y * axes.reach[1]]) @ axes.directions
                direct = oracle.total(step.network.parameters + move)
                assert plane.losses[row, column] == pytest.approx(direct, rel=1e-12)
        assert plane.now == pytest.approx(oracle.total(step.network.parameters), rel=1e-12)


def test_the_directions_of_the_steps_are_at_right_angles_and_the_step_and_the_one_before_lie_in_the_plane() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"], optimizer="adam")
    trainer.update()
    before = trainer.network.parameters.copy()
    trainer.update()
    step = find_next_step(trainer)
    axes = span_by_steps(step)
    assert axes is not None
    assert axes.directions @ axes.directions.T == pytest.approx(np.eye(2), abs=1e-12)
    plane = measure_plane(step, axes, 4, 4, [before])
    assert plane.landing == pytest.approx((np.linalg.norm(step.change), 0.0), abs=1e-12)
    (x, y), length = plane.path[0], np.linalg.norm(trainer.optimizer.change)
    assert np.hypot(x, y) == pytest.approx(length) and y > 0


def test_downhill_is_the_negative_gradient_of_the_two_parameters() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"])
    step, chosen = find_next_step(trainer), (ParameterIndex(1, 2, 0), ParameterIndex(2, 0, 1))
    gradient = oracle.gradient(step.network.parameters)
    plane = measure_plane(step, span_by_parameters(step, *chosen), 4, 4, [])
    slopes = [make_axis(step.network, parameter) @ gradient for parameter in chosen]
    assert plane.downhill == pytest.approx([-slope for slope in slopes], rel=1e-9)


def test_downhill_is_0_along_frozen_biases() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], train_biases=False)
    step, chosen = find_next_step(trainer), (ParameterIndex(1, 2, 0), ParameterIndex(2, 0, None))
    plane = measure_plane(step, span_by_parameters(step, *chosen), 4, 4, [])
    slope = make_axis(step.network, chosen[0]) @ oracle.gradient(step.network.parameters)
    assert plane.downhill == (pytest.approx(-slope, rel=1e-9), 0.0)
    assert not plane.train_biases


def test_the_first_step_and_two_steps_along_one_line_span_no_plane() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"])
    assert span_by_steps(find_next_step(trainer)) is None
    line, _ = problem([1, 1], ["linear"], loss="mse", train_biases=False)
    line.update()
    assert span_by_steps(find_next_step(line)) is None


def test_a_plane_of_much_work_has_fewer_cells() -> None:
    trainer, _ = problem([300, 300, 2], ["relu", "softmax"], rows=2000)
    step = find_next_step(trainer)
    axes = span_by_parameters(step, ParameterIndex(1, 0, 0), ParameterIndex(1, 0, 1))
    columns, rows = 2000, 1000
    share = np.sqrt(MOST_WORK / make_batch_surface(step).work / (columns * rows))
    assert share < 0.01
    assert measure_plane(step, axes, columns, rows, []).losses.shape == (
        max(4, int(rows * share)),
        int(columns * share),
    )
