"""The race: all lanes advance alike, and each gets a verdict."""

from functools import partial

import numpy as np
import pytest

from gradstep.core.training.divergence import Diverged
from gradstep.core.training.race import Lane, Race
from gradstep.core.training.race_verdict import VerdictKind, judge_divergence, judge_losses
from tests.core.problems import small_trainer, train

START = 2.0
DOWN = [2.0 * 0.95**step for step in range(100)]
FLAT = [2.0 - 0.001 * step for step in range(100)]
LEAPS = [2.0, 8.0, *[2.1] * 98]
ZIGZAG = [1.0 + step % 2 for step in range(100)]
RISES = [2.0 * 1.1**step for step in range(100)]

judge = partial(judge_losses, range(1, 101), start=START)


def race(*rates: float, length: int = 30) -> Race:
    lanes = [Lane(str(rate), small_trainer(held_out=6, learning_rate=rate)) for rate in rates]
    return Race(lanes, "steps", length)


def run(race: Race) -> Race:
    while not race.finished:
        race.advance()
    return race


@pytest.mark.parametrize(
    ("losses", "lowest", "kind", "words"),
    [
        (DOWN, 0.02, "good", "good: lowest so far"),
        (DOWN, 0.01, "good", "good: close behind the lowest"),
        (FLAT, 0.01, "slow", "slow: after 100 steps still at 1.91"),
        (LEAPS, 0.01, "overshoots", "overshoots: leapt to 8 at step 2"),
        (ZIGZAG, 0.01, "overshoots", "overshoots: jumps up and down around 1.5"),
        (RISES, 0.01, "diverging", "diverging: 1.69e+04 and rising, from 2 at the start"),
    ],
)
def test_each_shape_of_a_curve_has_its_verdict(
    losses: list[float], lowest: float, kind: VerdictKind, words: str
) -> None:
    found = judge(losses, lowest=lowest)
    assert (found.kind, found.words) == (kind, words)


def test_a_slow_lane_with_a_larger_rate_overshoots() -> None:
    assert judge(FLAT, lowest=0.01, larger_rate=True).words == "overshoots: too long steps, still at 1.91"


def test_a_lane_that_leapt_and_came_down_is_good() -> None:
    assert judge([2.0, 8.0, *DOWN[2:]], lowest=0.015).kind == "good"


def test_no_lane_is_good_if_all_losses_rose() -> None:
    assert judge(LEAPS, lowest=2.1).kind == "overshoots"
    assert judge([2.0] * 100, lowest=2.0).kind == "slow"


def test_a_high_loss_that_no_longer_rises_is_not_diverging() -> None:
    assert judge([2.0, 900.0, *[100.0] * 98], lowest=1.0).kind == "overshoots"


def test_the_verdict_on_a_divergence_names_step_layer_and_quantity() -> None:
    found = judge_divergence(Diverged(12, 2, "the activation a"))
    assert found.words == "diverged at step 12: the activation a of layer 2 is no longer a finite number"


def test_a_lane_makes_the_same_steps_as_a_trainer_alone() -> None:
    alone = small_trainer(held_out=6, learning_rate=0.3)
    train(alone, 30)
    lane = run(race(0.1, 0.3)).lanes[1]
    assert np.array_equal(lane.trainer.network.parameters, alone.network.parameters)


def test_lanes_that_race_over_steps_are_always_at_the_same_step() -> None:
    racing = race(0.1, 0.3, 1.0)
    for step in range(1, 31):
        racing.advance()
        assert [lane.trainer.step for lane in racing.lanes] == [step] * 3


def test_lanes_that_race_over_examples_never_use_more_and_end_equal() -> None:
    sizes = (1, 4, "full")
    racing = Race([Lane(str(size), small_trainer(batch_size=size)) for size in sizes], "examples", 50)
    while not racing.finished:
        racing.advance()
        assert racing.position <= 50
        seen = [lane._position_after("examples", lane.trainer.step) for lane in racing.lanes]
        assert all(racing.position - 10 < each <= racing.position for each in seen)
    assert [lane.trainer.epoch for lane in racing.lanes] == [5, 5, 5]
    assert [lane.trainer.step for lane in racing.lanes] == [50, 15, 5]


def test_a_point_is_the_mean_over_at_least_32_examples() -> None:
    trainer = small_trainer(batch_size=1)
    lane = Lane("1", small_trainer(batch_size=1))
    lane.advance("steps", 64)
    losses = train(trainer, 64)
    assert lane.steps == [32, 64]
    assert lane.losses == pytest.approx([np.mean(losses[:32]), np.mean(losses[32:])])


def test_a_diverged_lane_stands_still_while_the_others_go_on() -> None:
    lanes = [Lane("0.1", small_trainer()), Lane("1e308", small_trainer(learning_rate=1e308))]
    racing = run(Race(lanes, "steps", 20))
    calm, wild = racing.standings(evaluate_now=True)
    assert racing.lanes[0].trainer.step == 20
    assert racing.lanes[1].trainer.step < 5
    assert wild.verdict.kind == "diverged"
    assert f"at step {racing.lanes[1].trainer.step + 1}:" in wild.verdict.words
    assert wild.accuracy is None
    assert calm.verdict.kind == "good"


def test_a_race_ends_when_every_lane_has_diverged() -> None:
    lanes = [Lane("1e308", small_trainer(learning_rate=1e308)) for _ in range(2)]
    assert run(Race(lanes, "steps", 1000)).position < 1000


def test_at_first_it_is_too_early_to_say() -> None:
    racing = race(0.1, 0.3)
    assert [each.verdict.words for each in racing.standings()] == ["too early to say"] * 2
    run(racing)
    assert all(each.verdict.kind != "begun" for each in racing.standings())


def test_evaluate_now_gives_the_present_accuracy() -> None:
    racing = run(race(0.1, 0.3))
    for lane, standing in zip(racing.lanes, racing.standings(evaluate_now=True), strict=True):
        assert standing.accuracy == lane.trainer.evaluate().test.accuracy


def test_a_restarted_race_has_the_same_numbers() -> None:
    racing = run(race(0.1, 0.3))
    first = [lane.losses for lane in racing.lanes]
    racing.restart()
    assert racing.position == 0
    assert [lane.trainer.step for lane in racing.lanes] == [0, 0]
    run(racing)
    assert [lane.losses for lane in racing.lanes] == first


def test_extend_adds_the_same_length_again() -> None:
    racing = run(race(0.1))
    racing.extend()
    assert not racing.finished
    assert run(racing).lanes[0].trainer.step == 60
