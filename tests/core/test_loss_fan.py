"""The fan of many loss curves."""

import numpy as np
import pytest

from gradstep.core.observation.loss_fan import SHARES, make_fan
from gradstep.core.training.recent_loss import smooth_losses

RNG = np.random.default_rng(3)


def test_the_own_curve_is_smoothed_as_a_lane_of_a_race_is() -> None:
    curves = RNG.random((300, 7))
    fan = make_fan(np.arange(300), curves[:, 1:], np.zeros(6, bool), curves[:, 0], 10.0)
    assert fan.own is not None
    np.testing.assert_array_equal(fan.own, smooth_losses(curves[:, 0]))


@pytest.mark.parametrize("points", [0, 1, 2, 200])
def test_the_lines_are_quantiles_of_the_curves(points: int) -> None:
    curves = RNG.random((points, 9))
    fan = make_fan(np.arange(points), curves, np.zeros(9, bool), None, 10.0)
    assert fan.lines.shape == (5, points)
    if points:
        ordered = np.sort(smooth_losses(curves), axis=1)
        assert np.array_equal(fan.lines, ordered[:, [0, 2, 4, 6, 8]].T)


def test_what_has_diverged_is_above_all_and_what_has_stopped_keeps_its_loss() -> None:
    curves = np.tile(np.array([1.0, 2.0, 3.0]), (10, 1))
    curves[4:, 0] = curves[6:, 2] = np.nan
    fan = make_fan(np.arange(10), curves, np.array([True, False, False]), curves[:, 2], 10.0)
    assert fan.lines[0].tolist() == [1.0] * 4 + [2.0] * 6
    assert fan.lines[4].tolist() == [3.0] * 4 + [np.inf] * 6
    assert fan.lines[SHARES.index(0.5)].tolist() == [2.0] * 4 + [3.0] * 6
    assert fan.own is not None and fan.own[:6].tolist() == [3.0] * 6 and np.isnan(fan.own[6:]).all()


def test_a_network_that_never_made_a_point_is_above_all() -> None:
    curves = np.full((4, 2), np.nan)
    curves[:, 1] = 1.0
    fan = make_fan(np.arange(4), curves, np.array([True, False]), None, 10.0)
    assert fan.lines[0].tolist() == [1.0] * 4 and np.isinf(fan.lines[4]).all()


def test_a_loss_that_is_too_large_spoils_none_after_it() -> None:
    curves = np.ones((100, 1))
    curves[3] = 1e300
    fan = make_fan(np.arange(100), curves, np.zeros(1, bool), None, 1e3)
    assert fan.lines[2, -1] == pytest.approx(1.0, rel=1e-9) and fan.lines.max() <= 1e3
