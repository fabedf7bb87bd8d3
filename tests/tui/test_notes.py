"""Notes: a brief one goes after its time, the one on the phase stays, and neither erases the other."""

import pytest

from gradstep.tui.session.notes import AT_NEWEST_STEP
from tests.tui.driving import assembled, diverging, step_of, supervised, until, wait_for_commands, wait_until_paused_at


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.tui.session.brief_note_timer.NOTE_SECONDS", 0.01)


async def test_the_note_on_a_divergence_comes_back_after_a_brief_one() -> None:
    async with supervised(diverging(), paused=False) as session:
        await until(lambda: session.view.phase == "diverged")
        lasting = session.view.note
        session.show_note("brief")
        await until(lambda: session.view.note == "brief")
        await until(lambda: session.view.note == lasting)


async def test_the_note_on_the_end_stays_when_an_option_is_changed_that_does_not_move_it() -> None:
    run = assembled(max_steps=20)
    async with supervised(run, paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        lasting = session.view.note
        session.change_rate(1)
        await wait_for_commands(session)
        assert session.view.note == lasting


async def test_a_brief_note_stays_for_its_time_when_a_step_that_was_requested_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gradstep.tui.session.brief_note_timer.NOTE_SECONDS", 1000.0)
    async with supervised(assembled(max_epochs=100)) as session:
        session.make_step()
        session.show_note("brief")
        await wait_until_paused_at(session, 1)
        assert session.view.note == "brief"


async def test_a_note_that_a_key_makes_untrue_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.tui.session.brief_note_timer.NOTE_SECONDS", 1000.0)
    async with supervised(assembled(max_epochs=100)) as session:
        session.move(1)
        await until(lambda: session.view.note == AT_NEWEST_STEP)
        session.make_step()
        await wait_until_paused_at(session, 1)
        assert session.view.note == ""
        assert step_of(session) == 1
