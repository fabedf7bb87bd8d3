"""The end of a run, at the planned step or by a divergence, and how it goes on."""

import re

import numpy as np
import pytest

from gradstep.tui.session.notes import DIVERGED
from tests.tui.driving import (
    assembled,
    diverging,
    same,
    step_of,
    supervised,
    until,
    wait_for_commands,
    wait_until_paused_at,
)


async def test_the_planned_end_ends_the_training() -> None:
    async with supervised(assembled(max_steps=7), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        await wait_for_commands(session)
        assert step_of(session) == session.run.trainer.step == 7
        assert session.view.planned_ending == "max_steps"
        assert "space" in session.view.note


async def test_going_on_leads_beyond_the_planned_end() -> None:
    async with supervised(assembled(max_steps=7), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        session.toggle_pause()
        await until(lambda: step_of(session) > 7)
        assert (session.view.phase, session.view.note) == ("training", "")


async def test_a_step_after_the_planned_end_is_one_step() -> None:
    async with supervised(assembled(max_steps=7), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        session.make_step()
        await wait_until_paused_at(session, 8)


async def test_the_last_planned_step_made_by_hand_ends_the_training() -> None:
    async with supervised(assembled(max_steps=1)) as session:
        session.make_step()
        await until(lambda: session.view.phase == "finished")
        assert step_of(session) == 1


async def test_after_a_reset_the_planned_end_counts_again() -> None:
    async with supervised(assembled(max_steps=7), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        session.make_step()
        await wait_until_paused_at(session, 8)
        session.reset()
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished" and step_of(session) == 7)


async def test_a_divergence_stops_and_names_step_layer_and_quantity() -> None:
    async with supervised(diverging(), paused=False) as session:
        await until(lambda: session.view.phase == "diverged")
        assert f"step {step_of(session) + 1}: " in session.view.note
        assert session.view.note.endswith("h: back, smaller rate")
        assert re.search(r"the (loss|(pre-activation z|activation a) of layer \d) blew up", session.view.note)
        assert np.isfinite(session.run.network.parameters).all()


@pytest.mark.parametrize("command", ["toggle_pause", "make_step", "make_epoch"])
async def test_after_a_divergence_nothing_trains(command: str) -> None:
    async with supervised(diverging(), paused=False) as session:
        await until(lambda: session.view.phase == "diverged")
        step = step_of(session)
        getattr(session, command)()
        await wait_for_commands(session)
        assert (session.view.phase, session.run.trainer.step) == ("diverged", step)
        assert session.view.note == DIVERGED
        assert len(DIVERGED) + 2 <= 80


async def test_a_reset_leads_back_from_a_divergence() -> None:
    async with supervised(diverging(), paused=False) as session:
        await until(lambda: session.view.phase == "diverged")
        session.reset()
        await wait_until_paused_at(session, 0)
        assert session.view.note == ""
        assert same(session.run.trainer.state(), diverging().trainer.state())


async def test_a_run_that_went_back_to_its_planned_end_ends_there_again() -> None:
    async with supervised(assembled(max_steps=20), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        session.make_step()
        await wait_until_paused_at(session, 21)
        session.move(-1)
        await wait_until_paused_at(session, 20)
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        assert step_of(session) == 20
        session.toggle_pause()
        await until(lambda: step_of(session) > 30)


async def test_a_run_that_went_back_before_its_planned_end_ends_there_again() -> None:
    async with supervised(assembled(max_steps=20), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        session.make_step()
        await wait_until_paused_at(session, 21)
        session.move(-5)
        await wait_until_paused_at(session, 16)
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        assert step_of(session) == 20
