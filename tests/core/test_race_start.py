"""What the lanes of a race are held against: their starts, and a constant guess where it is a yardstick."""

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.training.lane import Lane
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.race import LaneStanding, Race
from gradstep.core.training.trainer import Trainer


def make_lane(rate: float, rows: int, same_targets: bool = False, batch_size: int | str = "full") -> Lane:
    network = Network([2, 3, 1], ["tanh", "linear"])
    network.initialize("xavier", np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(rows, 2))
    y = np.full((rows, 1), 0.1) if same_targets else np.tanh(x[:, :1])
    options = TrainingOptions(loss="mse", learning_rate=rate, batch_size=batch_size)
    return Lane(f"{rate:g}", Trainer(network, Part(x, y), None, options, classification=False))


def run(*lanes: Lane, length: int = 300) -> tuple[LaneStanding, ...]:
    racing = Race(lanes, "steps", length)
    while not racing.finished:
        racing.advance()
    return racing.standings()


@pytest.mark.parametrize("rows", [1, 7])
def test_where_all_targets_are_the_same_a_constant_guess_is_no_yardstick(rows: int) -> None:
    slow, fast = run(make_lane(1e-4, rows, same_targets=True), make_lane(0.1, rows, same_targets=True))
    assert fast.verdict.words == "good: the lowest now"
    assert "guess" not in slow.verdict.words


def test_a_verdict_names_the_step_of_the_lane_even_within_a_point() -> None:
    lane = make_lane(1e-4, 40, batch_size=5)
    (standing,) = run(lane, length=299)
    assert lane.steps[-1] == 294
    assert "after 299 steps" in standing.verdict.words


def test_with_the_whole_training_part_as_batch_the_loss_is_the_newest_one() -> None:
    whole, parts = make_lane(0.05, 40), make_lane(0.05, 40, batch_size=5)
    for lane, standing in zip((whole, parts), run(whole, parts), strict=True):
        assert (standing.loss == lane.losses[-1]) == (not standing.is_smoothed)
    assert not whole.is_smoothed and whole.steps[-1] == 300
