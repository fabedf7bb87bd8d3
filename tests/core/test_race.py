"""The race: all lanes advance alike, and each gets a verdict."""

from itertools import groupby

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.training.lane import Lane
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.race import Race
from gradstep.core.training.race_verdict import (
    VerdictKind,
)
from gradstep.core.training.trainer import Trainer
from tests.core.problems import small_trainer, train
from tests.core.race_curves import assert_agrees


def race(*rates: float, length: int = 30) -> Race:
    lanes = [Lane(str(rate), small_trainer(6, 7, learning_rate=rate)) for rate in rates]
    return Race(lanes, "steps", length)


def run(race: Race) -> Race:
    while not race.finished:
        race.advance()
    return race


def test_a_lane_makes_the_same_steps_as_a_trainer_alone() -> None:
    alone = small_trainer(6, 7, learning_rate=0.3)
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


def test_the_seconds_of_an_epoch_are_the_time_of_the_updates_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr("gradstep.core.training.lane.perf_counter", lambda: next(clock))
    lane = Lane("4", small_trainer(batch_size=4))  # three updates an epoch, a second each
    for step in range(1, 7):
        next(clock)  # what passes in between does not count
        assert lane.seconds_per_epoch == (3 if step > 3 else None)
        lane.advance("steps", step)
    lane.restart()
    assert lane.seconds_per_epoch is None


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
        assert standing.accuracy == lane.trainer.evaluate().validation.accuracy


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


@pytest.mark.parametrize("rates", [(0.01, 0.1, 1.0, 5.0), (0.3, 3.0, 30.0, 300.0)])
@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
@pytest.mark.parametrize("batch_size", [1, 4, "full"])
def test_at_every_moment_of_a_race_the_verdicts_agree_with_the_curves_and_with_themselves(
    batch_size: int | str, loss: str, rates: tuple[float, ...]
) -> None:
    lanes = [
        Lane(str(rate), small_trainer(held_out=6, learning_rate=rate, batch_size=batch_size, loss=loss))
        for rate in rates
    ]
    racing = Race(lanes, "steps", 300)
    kinds: list[list[VerdictKind]] = []
    while not racing.finished:
        racing.advance()
        standings = racing.standings()
        going = [each.loss for each in standings if each.loss is not None and each.verdict.kind != "diverged"]
        for each in standings:
            if len(each.losses) and each.verdict.kind != "diverged":
                assert_agrees(each.verdict, each.losses, racing.start_loss, min(going), each.is_smoothed)
        kinds.append([each.verdict.kind for each in standings])
    for lane in zip(*kinds, strict=True):
        assert_steady([kind for kind in lane if kind not in ("begun", "diverging", "diverged")])


def assert_steady(kinds: list[VerdictKind]) -> None:
    """No kind of verdict comes back after another one that stood for a moment only."""
    runs = [(kind, len(list(group))) for kind, group in groupby(kinds)]
    for (before, _), (_, length), (after, _) in zip(runs, runs[1:], runs[2:], strict=False):
        assert before != after or length >= 10


def test_a_race_without_a_validation_part_looks_at_no_test_part() -> None:
    lane = Lane("0.1", small_trainer(held_out=6))
    for evaluate_now in (True, False):
        (standing,) = run(Race([lane], "steps", 10)).standings(evaluate_now)
        assert standing.accuracy is None and standing.validation_loss is None


def test_a_race_of_a_regression_has_a_validation_loss() -> None:
    network = Network([2, 3, 1], ["tanh", "linear"])
    network.initialize("xavier", np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(20, 2))
    part, held_out = Part(x[:15], x[:15, :1]), Part(x[15:], x[15:, :1])
    options = TrainingOptions(loss="mse")
    trainer = Trainer(network, part, None, options, classification=False, validation_part=held_out)
    lane = Lane("0.1", trainer)
    for evaluate_now in (True, False):
        (standing,) = run(Race([lane], "steps", 10)).standings(evaluate_now)
        assert standing.accuracy is None
        assert standing.validation_loss is not None
    assert standing.validation_loss == pytest.approx(lane.trainer.evaluate().validation.loss, rel=0.5)


def test_a_lane_that_hardly_moves_does_not_overshoot_because_its_batches_differ() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 3))
    part = Part(x, np.exp(2 * x[:, :1]))
    lanes = []
    for rate in (1e-7, 1e-3):
        network = Network([3, 1], ["linear"])
        network.initialize("xavier", np.random.default_rng(0))
        options = TrainingOptions(loss="mse", learning_rate=rate, batch_size=32)
        lanes.append(Lane(f"{rate:g}", Trainer(network, part, None, options, classification=False)))
    racing = Race(lanes, "steps", 200)
    still, _ = racing.lanes
    while not racing.finished:
        racing.advance()
        assert racing.standings()[0].verdict.kind in ("begun", "slow")
    assert max(still.losses) > 1.5 * racing.start_loss
