"""The runs of the lanes of a race, which go on with the numbers of trainers that trained alone."""

import asyncio

import numpy as np
import pytest

from gradstep.core.training.descent_step import find_next_step
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.race import Race
from gradstep.data.assemble import assemble
from gradstep.data.race_contest import Contest
from gradstep.data.race_setup import RaceSetup, set_up_race
from gradstep.tui.session.race_loop import RaceLoop
from gradstep.tui.session.race_session import RaceSession
from tests.tui.driving import assembled, same, until


def advance(race: Race, turns: int) -> None:
    for _ in range(turns):
        race.advance()


DIVERGING = {"network": {"output": "linear"}, "loss": "mse", "learning_rate": 1.0}


@pytest.mark.parametrize("contest", ["rates", "initializers"])
def test_a_run_that_is_taken_has_the_state_of_one_that_trained_alone(contest: Contest) -> None:
    setup = set_up_race(assembled({"name": "iris", "validation_fraction": 0.2}, optimizer="adam"), contest)
    loop = RaceLoop(setup, contest, None)
    advance(setup.race, 40)
    assert {run.trainer.step for run in setup.runs} == {0}
    seconds = [0.0]
    for lane, more in ((0, 0), (2, 0), (2, 30), (2, 0), (1, 0)):
        advance(setup.race, more)
        run, alone = loop.take_run(lane, lambda: False), assemble(setup.runs[lane].experiment)
        alone.trainer.run(lambda: False, until=setup.race.position)
        assert run.trainer is setup.runs[lane].trainer
        assert same(run.trainer.state(), alone.trainer.state())
        assert run.trainer.best is not None and alone.trainer.best is not None
        assert same(run.trainer.best.state, alone.trainer.best.state)
        assert loop.view().phase == "paused"
        step, expected = loop.find_next_step(lane, lambda: False), find_next_step(alone.trainer)
        assert step.step == expected.step == setup.race.position + 1
        for name in ("gradient", "landing", "before"):
            np.testing.assert_array_equal(getattr(step, name), getattr(expected, name))
        seconds.append(run.seconds)
    assert 0 < seconds[2] < seconds[3] == seconds[4]


def test_a_race_that_begins_anew_after_runs_were_taken_has_the_same_numbers() -> None:
    setup = set_up_race(assembled(**DIVERGING), "rates")
    loop = RaceLoop(setup, "rates", None)
    while not setup.race.finished:
        setup.race.advance()
    first = [(lane.losses, str(lane.divergence)) for lane in setup.race.lanes]
    loop.take_run(0, lambda: False)
    loop.restart()
    assert setup.race.lanes[0].seconds == 0 and setup.race.lanes[0].trainer.step == 0
    while not setup.race.finished:
        setup.race.advance()
    assert [(lane.losses, str(lane.divergence)) for lane in setup.race.lanes] == first


def test_the_run_of_a_lane_that_has_diverged_cannot_be_taken_and_its_words_are_those_of_the_trainer() -> None:
    setup = set_up_race(assembled(**DIVERGING), "rates")
    loop = RaceLoop(setup, "rates", None)
    advance(setup.race, 300)
    diverged = [index for index, lane in enumerate(setup.race.lanes) if lane.divergence]
    assert 0 < len(diverged) < len(setup.runs)
    for index in diverged:
        for take in (loop.take_run, loop.find_next_step):
            with pytest.raises(Diverged) as said:
                take(index, lambda: False)
        with pytest.raises(Diverged) as expected:
            assemble(setup.runs[index].experiment).trainer.run(lambda: False)
        assert str(said.value) == str(expected.value)


def test_a_trainer_that_diverges_while_it_catches_up_ends_its_lane() -> None:
    setup = set_up_race(assembled(**DIVERGING), "rates")
    advance(setup.race, 20)
    lane = setup.race.lanes[0]
    lane.trainer.learning_rate = 1e300
    with pytest.raises(Diverged):
        RaceLoop(setup, "rates", None).take_run(0, lambda: False)
    assert setup.race.standings()[0].verdict.kind == "diverged"
    points = len(lane.losses)
    advance(setup.race, 20)
    assert len(lane.losses) == points and setup.race.standings()[0].verdict.kind == "diverged"


def test_the_trainer_stops_to_catch_up_when_it_is_interrupted() -> None:
    setup = set_up_race(assembled(), "rates")
    advance(setup.race, 40)
    turns = iter(range(15))
    run = RaceLoop(setup, "rates", None).take_run(1, lambda: next(turns, None) is None)
    assert run.trainer.step == 15


async def test_a_session_that_is_closed_ends_a_trainer_that_catches_up(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = set_up_race(assembled(), "rates")
    advance(setup.race, 40)
    updates = list[None]()
    monkeypatch.setattr(setup.race.lanes[1], "_update", lambda: updates.append(None))  # it never catches up

    async def enter(contest: Contest) -> RaceSetup:
        return setup

    session = RaceSession("rates", enter, paused=True)
    worker = asyncio.create_task(session.supervise())
    asking = asyncio.create_task(session.take_run(1))
    await until(lambda: bool(updates))
    session.close()
    await asyncio.wait_for(worker, 5)
    assert session.is_closed and (await asking).trainer.step == 0
