"""Lanes that are trained at once have the curves, verdicts and scores of trainers that race one by one."""

import numpy as np
import pytest

from gradstep.core.training import lane_population
from gradstep.core.training.lane import Lane
from gradstep.core.training.lane_population import MemberLane
from gradstep.core.training.race import LaneStanding, Race
from gradstep.data.assemble import assemble
from gradstep.data.race_contest import Contest
from gradstep.data.race_setup import RaceSetup, set_up_race
from gradstep.data.run import Run
from tests.tui.driving import assembled

DIGITS = {"name": "digits", "validation_fraction": 0.2}
EXACT, ROUNDED = 1e-12, 2e-3
TURNS = 120


def race_one_by_one(setup: RaceSetup) -> Race:
    """The same race, of lanes with trainers of their own."""
    race = setup.race
    trainers = [assemble(run.experiment).trainer for run in setup.runs]
    lanes = [Lane(lane.label, trainer) for lane, trainer in zip(race.lanes, trainers, strict=True)]
    return Race(lanes, race.unit, race.length, race._same_start)


CASES: list[tuple[Contest, Run, float]] = [
    ("rates", assembled("circle", {"hidden": [16, 16]}, learning_rate=0.1), EXACT),
    ("initializers", assembled("circle", {"hidden": [16, 16]}, learning_rate=0.1), EXACT),
    ("rates", assembled(DIGITS, {"hidden": [32]}, optimizer="momentum", batch_size=10, l2=0.01), EXACT),
    ("rates", assembled(DIGITS, {"hidden": [32]}, optimizer="adam", learning_rate=0.01), EXACT),
    ("initializers", assembled(DIGITS, {"hidden": [32]}, target_accuracy=0.5, patience=1), EXACT),
    ("rates", assembled("digits", {"activation": "leaky_relu"}, learning_rate=3.0), EXACT),
    ("rates", assembled("iris", {"output": "linear"}, loss="mse", learning_rate=30.0, batch_size="full"), EXACT),
    ("rates", assembled({"name": "sine", "validation_fraction": 0.2}, batch_size=10, learning_rate=0.1), EXACT),
    ("rates", assembled("iris", {"dtype": "float32"}, learning_rate=1e300), ROUNDED),
    ("initializers", assembled("iris", {"dtype": "float32"}, learning_rate=0.1), ROUNDED),
    ("rates", assembled(DIGITS, {"hidden": [32], "dtype": "float32"}, optimizer="adam", learning_rate=0.001), ROUNDED),
]  # fmt: skip


@pytest.mark.parametrize(("contest", "run", "tolerance"), CASES)
def test_a_race_of_a_population_is_that_of_its_trainers(contest: Contest, run: Run, tolerance: float) -> None:
    setup = set_up_race(run, contest)
    race, expected = setup.race, race_one_by_one(setup)
    assert all(isinstance(lane, MemberLane) for lane in race.lanes)
    while race.position < TURNS:
        race.advance()
        expected.advance()
        for now in (False,) if race.position % 30 else (False, True):
            for one, other in zip(race.standings(now), expected.standings(now), strict=True):
                assert_alike(one, other, tolerance)
    assert (race.finished, race.start_loss) == (expected.finished, expected.start_loss)
    for lane, alone in zip(race.lanes, expected.lanes, strict=True):
        assert lane.step == alone.step
        assert str(lane.divergence) == str(alone.divergence)


def assert_alike(one: LaneStanding, other: LaneStanding, tolerance: float) -> None:
    if tolerance == EXACT:
        assert one.verdict == other.verdict
    assert one.verdict.kind == other.verdict.kind
    np.testing.assert_array_equal(one.positions, other.positions)
    np.testing.assert_allclose(one.losses, other.losses, tolerance, tolerance)
    for name in ("loss", "accuracy", "validation_loss"):
        found, expected = getattr(one, name), getattr(other, name)
        assert (found is None) == (expected is None), name
        assert found is None or found == pytest.approx(expected, tolerance), name


def test_where_shapes_or_batches_differ_each_trainer_races_alone() -> None:
    for contest in ("batches", "sizes"):
        assert {type(lane) for lane in set_up_race(assembled(), contest).race.lanes} == {Lane}


def test_networks_that_are_too_large_for_a_population_race_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane_population, "MOST_BYTES", 6 * 100 * 8)
    assert {type(lane) for lane in set_up_race(assembled(network={"hidden": [50]}), "rates").race.lanes} == {Lane}
