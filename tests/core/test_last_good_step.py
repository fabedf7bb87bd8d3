"""The way back from a divergence: the last step after which the network was still good."""

import numpy as np
import pytest

from gradstep.core.training.history import History, LossCurve
from gradstep.core.training.last_good_step import find_last_good_step


def curve(*losses: float) -> LossCurve:
    history = History()
    for loss in losses:
        history.add_loss(loss)
    return history.loss_curve()


def test_without_a_loss_it_is_the_start() -> None:
    assert find_last_good_step(curve(), 5) == 0


def test_a_rate_too_large_from_the_beginning_leads_back_to_the_start() -> None:
    assert find_last_good_step(curve(1, 9, 81, 729), 1) == 0


def test_it_is_just_before_the_loss_rose() -> None:
    """Loss number 5 is the first bad one; it was measured after step 4, so step 3 left the last good network."""
    assert find_last_good_step(curve(1.0, 0.8, 0.6, 0.5, 5.0, 50.0, 500.0), 1) == 3


def test_where_no_loss_rose_it_is_the_step_before_the_last() -> None:
    assert find_last_good_step(curve(1.0, 0.9, 0.8), 1) == 2


def test_a_lucky_example_does_not_make_a_ruined_network_good() -> None:
    losses = [0.5, 0.4, 0.6, 0.5, *[1e3, 1e4, 0.0, 1e5, 1e6, 0.0]]
    assert find_last_good_step(curve(*losses), 3) <= 3


def test_a_hard_example_does_not_make_a_good_network_ruined() -> None:
    losses = [0.5, 0.4, 3.0, 0.5, 0.4, 0.5, 0.4, 0.5]
    assert find_last_good_step(curve(*losses), 4) == 7


@pytest.mark.parametrize("steps", [3_000, 50_000])
def test_in_a_long_run_it_is_as_near_as_the_curve_is_fine(steps: int) -> None:
    losses = [*np.linspace(2, 0.1, steps), *(0.1 * 2.0 ** np.arange(1, 1000))]
    found = curve(*losses)
    assert found.bucket_size > 1
    assert steps - 2 * found.bucket_size <= find_last_good_step(found, 1) <= steps


def test_small_losses_count_beside_losses_near_the_largest_number() -> None:
    assert find_last_good_step(curve(1.0, 0.5, 1e300, 1.7e308), 3) == 1
