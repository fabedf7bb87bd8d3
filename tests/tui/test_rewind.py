"""Rewind: the run goes back to any of its steps exactly, and from there repeats its steps or branches."""

import numpy as np
import pytest
from textual.strip import Strip

from gradstep.core.network.passes import predict
from gradstep.core.training.update import Update
from gradstep.data.run import Run
from gradstep.tui.drawing.loss_plot import COLOURS
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from tests.tui.driving import (
    assembled,
    drawn,
    panel,
    same,
    session_of,
    shown,
    step_of,
    supervised,
    text,
    trained_alone,
    until,
    wait_for_walk,
    wait_until_paused_at,
)
from tests.tui.walking import digits, press, recorded, walk, walk_to, walking

STEPS, PAST = 500, 137


def to_500() -> Run:
    return digits(max_steps=STEPS)


async def train_to_end(session: TrainingSession) -> None:
    """Train to the planned end."""
    session.toggle_pause()
    await until(lambda: session.view.phase == "finished")
    assert step_of(session) == STEPS


async def move_to(session: TrainingSession, step: int) -> None:
    session.move(step - step_of(session))
    await wait_until_paused_at(session, step)


def equal(one: Update, other: Update) -> bool:
    """Whether two updates have the same numbers, bit for bit."""
    layers = zip(one.layers, other.layers, strict=True)
    return (
        one.step == other.step
        and np.array_equal(one.rows, other.rows)
        and np.array_equal(one.losses_after, other.losses_after)
        and all(np.array_equal(a.new, b.new) and np.array_equal(a.delta, b.delta) for a, b in layers)
    )


# the session


async def test_moving_past_either_end_changes_nothing_and_shows_a_note() -> None:
    async with supervised(assembled()) as session:
        session.make_step()
        await wait_until_paused_at(session, 1)
        layers = session.view.snapshot.layers
        session.move(1)
        await until(lambda: session.view.note.startswith("this is the newest step"))
        assert session.view.snapshot.layers[0].statistics is not None and layers[0].statistics is not None
        session.move(-1)
        await wait_until_paused_at(session, 0)
        session.move(-1)
        await until(lambda: session.view.note.startswith("this is the first step"))


async def test_going_on_from_the_past_repeats_the_run_bit_for_bit() -> None:
    async with supervised(to_500()) as session:
        await train_to_end(session)
        first = session.run.trainer.state()
        await move_to(session, PAST)
        assert equal(await session.record_update(PAST), recorded(digits(), PAST))
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        assert same(session.run.trainer.state(), first)
        assert same(first, trained_alone(to_500(), STEPS))


@pytest.mark.parametrize("step", [0, 1, 64, PAST, 499])
async def test_going_back_restores_every_step_exactly(step: int) -> None:
    async with supervised(to_500()) as session:
        await train_to_end(session)
        await move_to(session, step)
        assert same(session.run.trainer.state(), trained_alone(to_500(), step))


async def test_recording_an_earlier_update_keeps_the_newest_step() -> None:
    async with supervised(to_500()) as session:
        await train_to_end(session)
        await session.record_update(PAST)
        assert (step_of(session), session.view.phase, session.view.newest_step) == (PAST, "paused", STEPS)


async def test_recording_past_the_newest_step_makes_one_step() -> None:
    async with supervised(digits()) as session:
        assert (await session.record_update(1)).step == 1
        assert equal(await session.record_update(2), recorded(digits(), 2))
        assert (step_of(session), session.view.newest_step) == (2, 2)


async def test_moving_ends_at_the_start_and_at_the_newest_step() -> None:
    async with supervised(digits(max_steps=20)) as session:
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        session.move(-1000)
        await wait_until_paused_at(session, 0)
        session.move(1000)
        await wait_until_paused_at(session, 20)


async def test_moving_through_a_running_training_pauses_it() -> None:
    async with supervised(digits(max_steps=10**9), paused=False) as session:
        await until(lambda: step_of(session) > 10)
        session.move(-5)
        await until(lambda: session.view.phase == "paused")
        step = step_of(session)
        assert session.view.newest_step == step + 5
        assert same(session.run.trainer.state(), trained_alone(digits(), step))


async def test_after_a_move_back_the_later_curve_stays_until_the_run_catches_up() -> None:
    async with supervised(to_500()) as session:
        await train_to_end(session)
        assert session.view.other is None
        await move_to(session, PAST)
        assert session.view.other is not None
        assert session.view.other.step[-1] == STEPS
        assert session.view.snapshot.loss_curve.step[-1] == PAST
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        assert session.view.other is None


async def branch(session: TrainingSession) -> None:
    """Train, go back, and raise the learning rate there."""
    await train_to_end(session)
    await move_to(session, PAST)
    session.change_rate(1)
    await until(lambda: session.view.snapshot.learning_rate == 0.2)


async def test_another_learning_rate_in_the_past_makes_a_new_branch() -> None:
    async with supervised(to_500()) as session:
        await branch(session)
        assert (session.view.newest_step, step_of(session)) == (PAST, PAST)
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        twin = digits().trainer
        twin.run(lambda: False, until=PAST)
        twin.learning_rate = 0.2
        twin.run(lambda: False, until=STEPS)
        assert (session.run.network.parameters == twin.network.parameters).all()


async def test_beside_a_branch_the_old_curve_stays() -> None:
    async with supervised(to_500()) as session:
        await train_to_end(session)
        old = session.view.snapshot.loss_curve
        await move_to(session, PAST)
        session.change_rate(1)
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        for step in (STEPS, STEPS + 1):
            await session.record_update(step)
            assert session.view.other is not None
            assert (session.view.other.mean == old.mean).all()


async def test_beside_a_branch_the_map_has_what_the_old_course_predicted_at_its_end() -> None:
    run = assembled("circle", {"hidden": [4]})
    async with supervised(run) as session:
        for _ in range(2):
            session.make_epoch()
        await until(lambda: step_of(session) == 26 and session.view.phase == "paused")
        assert session.view.other_classes is None
        assert run.grid is not None
        old = run.trainer.classify(predict(run.network, run.grid.scaled))
        await move_to(session, 5)
        assert np.array_equal(session.view.others_on_map[0], old)
        session.change_rate(1)
        for _ in range(3):
            session.make_epoch()
        await until(lambda: step_of(session) == 39 and session.view.phase == "paused")
        now = run.trainer.classify(predict(run.network, run.grid.scaled))
        classes, whose = session.view.others_on_map
        assert whose == "the old course"
        assert np.array_equal(classes, old)
        assert not np.array_equal(now, old)
    async with supervised(to_500()) as session:
        await branch(session)
        assert session.view.others_on_map == (None, "")


async def test_going_back_in_a_branch_changes_the_rate_where_it_was_changed() -> None:
    async with supervised(to_500()) as session:
        await branch(session)
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        end = session.run.trainer.state()
        await move_to(session, 100)
        assert session.view.snapshot.learning_rate == 0.1
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        assert same(session.run.trainer.state(), end)


async def test_reset_forgets_the_past() -> None:
    async with supervised(to_500()) as session:
        await branch(session)
        session.reset()
        await until(lambda: step_of(session) == 0)
        assert (session.view.newest_step, session.view.other) == (0, None)
        assert session.view.snapshot.learning_rate == 0.1


# the loss panel


def dimmed(strips: list[Strip]) -> int:
    """The number of cells drawn in the colour of the other curve."""
    triplets = [
        (segment.text, segment.style.color.triplet)
        for strip in strips
        for segment in strip
        if segment.style is not None and segment.style.color is not None
    ]
    return sum(len(text) for text, triplet in triplets if triplet == COLOURS["other"])


async def test_the_loss_panel_draws_the_other_curve_dimmed_and_has_room_for_both() -> None:
    async with supervised(to_500()) as session:
        await train_to_end(session)
        loss = LossPanel()
        newest: View = session.view
        assert dimmed(loss.lines(newest, 60, 16)) == 0
        await move_to(session, PAST)
        strips = loss.lines(session.view, 60, 16)
        assert dimmed(strips) > 20
        assert "600" in strips[-1].text
        session.change_rate(1)
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        assert dimmed(loss.lines(session.view, 60, 16)) > 20


# the keys


async def test_the_keys_of_rewind_move_a_step_or_an_epoch_and_the_status_says_where_it_stands() -> None:
    async with shown(to_500()) as pilot:
        session = session_of(pilot)
        await pilot.press("space")
        await until(lambda: session.view.phase == "finished", pilot)
        await drawn(pilot)
        assert "made" not in text(panel(pilot, "status"))
        per_epoch = session.run.trainer.steps_per_epoch
        steps = [499, 498, 498 - per_epoch, 498, 499, 498]
        keys = ["left_square_bracket"] * 2 + ["left_curly_bracket", "right_curly_bracket", "right_square_bracket", "["]
        for key, step in zip(keys, steps, strict=True):
            await pilot.press(key)
            await until(lambda step=step: step_of(session) == step, pilot)  # type: ignore[misc]
            await drawn(pilot)
            assert f"step {step} of 500 made" in text(panel(pilot, "status"))
        session.move(PAST - 498)
        await until(lambda: step_of(session) == PAST, pilot)
        await drawn(pilot)
        assert "step 137 of 500 made" in text(panel(pilot, "status"))


async def test_a_step_of_the_past_is_walked_and_all_panels_move_with_it() -> None:
    async with shown(to_500()) as pilot:
        session = session_of(pilot)
        await pilot.press("space")
        await until(lambda: session.view.phase == "finished", pilot)
        session.move(PAST - STEPS)
        await until(lambda: step_of(session) == PAST, pilot)
        await pilot.press("w")
        await wait_for_walk(pilot)
        assert equal(walk(pilot).update, recorded(digits(), PAST))
        await press(pilot, "left", *["home"] * 5, "left")
        assert equal(walk(pilot).update, recorded(digits(), PAST - 2))
        await pilot.press("escape")
        await until(lambda: "step 135 of 500" in text(panel(pilot, "status")), pilot)
        await drawn(pilot)


async def test_a_walk_from_the_past_goes_on_through_the_recorded_steps() -> None:
    async with walking(assembled(network={"hidden": [3]})) as pilot:
        await pilot.press("escape", "S")
        await until(lambda: step_of(session_of(pilot)) == 4, pilot)
        made = session_of(pilot).run.network.parameters.copy()
        session_of(pilot).move(-2)
        await until(lambda: step_of(session_of(pilot)) == 2, pilot)
        await pilot.press("w")
        await wait_for_walk(pilot)
        for step in (3, 4):
            await walk_to(pilot, "check")
            await press(pilot, "right")
            assert walk(pilot).update.step == step
        assert (session_of(pilot).run.network.parameters == made).all()
