"""After a divergence, h goes back to the last good step, with a learning rate that holds; space goes on."""

import numpy as np
import pytest

from gradstep.core.observation.finding import Remedy
from gradstep.data.run import Run
from gradstep.tui.session.notes import NO_RATE_HOLDS
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import assembled, diverging, session_of, shown, step_of, supervised, until, wait_until_paused_at


def overshooting(rate: float = 2.0) -> Run:
    """A regression whose loss explodes some steps before its numbers are infinite."""
    return assembled(
        network={"hidden": [], "output": "linear"}, loss="mse", learning_rate=rate, batch_size="full", max_steps=3000
    )


async def wait_for_divergence(session: TrainingSession) -> int:
    await until(lambda: session.view.phase == "diverged")
    return step_of(session)


async def wait_for_end(session: TrainingSession) -> str:
    await until(lambda: session.view.phase in ("diverged", "finished"))
    return session.view.phase


async def go_back(session: TrainingSession) -> None:
    session.go_back_slower()
    await until(lambda: session.view.phase == "paused")


async def test_h_goes_back_to_a_step_before_the_loss_exploded_and_pauses() -> None:
    async with supervised(overshooting(), paused=False) as session:
        ruined = await wait_for_divergence(session)
        await go_back(session)
        assert step_of(session) == 0 < ruined
        assert session.view.snapshot.learning_rate == 1.0
        assert session.view.note == "back at step 0, learning rate 1: space goes on"
        assert session.view.other is not None


async def test_repeating_h_and_space_reaches_a_rate_that_learns() -> None:
    async with supervised(overshooting(), paused=False) as session:
        start = session.run.trainer.evaluate().train.loss
        presses = 0
        while await wait_for_end(session) == "diverged":
            presses += 1
            await go_back(session)
            session.toggle_pause()
            await until(lambda: session.view.phase != "paused")
        assert presses > 0
        assert session.view.snapshot.learning_rate == 2.0 / 2**presses
        assert session.run.trainer.evaluate().train.loss < start / 10


async def test_after_a_rate_raised_too_far_h_goes_back_to_a_step_that_was_learning() -> None:
    async with supervised(overshooting(0.1)) as session:
        for _ in range(30):
            session.make_step()
        await wait_until_paused_at(session, 30)
        learnt = session.run.trainer.evaluate().train.loss
        for _ in range(5):
            session.change_rate(1)
        session.toggle_pause()
        await wait_for_divergence(session)
        rate = session.run.trainer.learning_rate
        await go_back(session)
        assert step_of(session) >= 29
        assert session.run.trainer.evaluate().train.loss < 2 * learnt
        assert session.run.trainer.learning_rate < rate
        session.toggle_pause()
        assert await wait_for_end(session) == "finished"


@pytest.mark.parametrize("seed", [0, 1])
async def test_a_divergence_gets_one_cure_and_it_works(seed: int) -> None:
    """A sine at the rate .5, whose first half diverges as well."""
    network = {"hidden": [16, 16], "output": "linear", "activation": "relu", "init": "he", "seed": seed}
    run = assembled("sine", network, loss="mse", optimizer="sgd", learning_rate=0.5, batch_size=32, max_steps=600)
    async with supervised(run, paused=False) as session:
        await wait_for_divergence(session)
        (finding,) = session.view.findings
        assert (finding.kind, finding.remedy) == ("diverged", Remedy.BACK_TO_A_RATE_THAT_HOLDS)
        await go_back(session)
        assert session.view.findings == () and session.view.snapshot.learning_rate < 0.25
        session.toggle_pause()
        assert await wait_for_end(session) == "finished"
        assert run.trainer.evaluate().train.loss < run.trainer.constant_guess.train.loss


async def test_if_no_rate_holds_the_start_is_said_to_be_at_fault() -> None:
    rows = {"x": [[1e200], [2e200], [3e200]], "y": [[1.0], [2.0], [3.0]], "scale": "none"}
    run = assembled(rows, {"hidden": [], "output": "linear"}, loss="mse")
    async with supervised(run, paused=False) as session:
        await wait_for_divergence(session)
        await go_back(session)
        assert step_of(session) == 0
        assert session.view.note == NO_RATE_HOLDS


async def test_if_no_good_step_is_kept_h_goes_back_to_the_start() -> None:
    run = overshooting()
    run.trainer.run(lambda: False, until=20)
    async with supervised(run, paused=False) as session:
        await wait_for_divergence(session)
        await go_back(session)
        assert step_of(session) == 0
        assert (run.network.parameters == overshooting().network.parameters).all()
        session.make_step()
        await wait_until_paused_at(session, 1)


async def test_the_run_after_h_can_be_repeated_bit_for_bit() -> None:
    async with supervised(overshooting(), paused=False) as session:
        await wait_for_divergence(session)
        while await wait_for_end(session) == "diverged":
            await go_back(session)
            session.toggle_pause()
            await until(lambda: session.view.phase != "paused")
        end, step = session.run.network.parameters.copy(), step_of(session)
        session.move(-20)
        await wait_until_paused_at(session, step - 20)
        session.move(20)
        await wait_until_paused_at(session, step)
        assert (session.run.network.parameters == end).all()


@pytest.mark.parametrize("phase", ["training", "paused"])
async def test_without_a_divergence_h_changes_nothing(phase: str) -> None:
    async with supervised(assembled(max_steps=10**9), pace=0.0001, paused=phase == "paused") as session:
        session.go_back_slower()
        await until(lambda: "h is for" in session.view.note)
        assert session.view.phase == phase
        assert session.run.trainer.learning_rate == 0.1


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_last_line_offers_h_after_a_divergence(size: tuple[int, int]) -> None:
    async with shown(diverging(), paused=False, size=size) as pilot:
        footer = pilot.app.screen_stack[1].query_one("#footer")
        await until(lambda: "h: back, smaller rate" in footer.render_line(0).text, pilot)
        assert "blew up" in footer.render_line(0).text
        await pilot.press("h")
        await until(lambda: session_of(pilot).view.phase == "paused", pilot)
        assert np.isfinite(session_of(pilot).run.network.parameters).all()


async def test_h_goes_back_after_an_explosion_that_stays_finite_and_not_before() -> None:
    async with supervised(assembled("digits", learning_rate=0.1)) as session:
        session.make_step()
        await wait_until_paused_at(session, 1)
        session.go_back_slower()
        await until(lambda: "h is for a run that has diverged or exploded" in session.view.note)
        for _ in range(13):
            session.change_rate(1)
        for _ in range(4):
            session.make_step()
        await wait_until_paused_at(session, 5)
        assert np.isfinite(session.view.snapshot.batch_loss) and session.view.snapshot.batch_loss > 250
        await go_back(session)
        await until(lambda: step_of(session) < 5)
        assert session.view.note.startswith("back at step ")
