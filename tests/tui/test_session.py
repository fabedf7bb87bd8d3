"""The training session: each command does its work, and none changes a number of the training."""

import asyncio
from collections.abc import Callable

import numpy as np
import pytest

from gradstep.core.training.trainer import Trainer
from gradstep.tui.round_numbers import next_round_number
from gradstep.tui.session.rest import REST
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import (
    BETWEEN_STEPS,
    assembled,
    same,
    step_of,
    supervised,
    trained_alone,
    until,
    wait_for_commands,
    wait_until_paused_at,
)

FOREVER = 10**9


async def test_a_paused_network_is_scored_with_its_present_parameters() -> None:
    async with supervised(assembled()) as session:
        for step in (1, 2, 3):
            session.make_step()
            await wait_until_paused_at(session, step)
            score, watched_scores = session.run.trainer.watched_score(), session.view.snapshot.watched_scores
            assert score is not None
            assert (watched_scores.step[-1], watched_scores.loss[-1], watched_scores.accuracy[-1]) == (
                step,
                score.loss,
                score.accuracy,
            )


async def test_pausing_stops_the_training_and_going_on_continues_it() -> None:
    async with supervised(assembled(max_steps=FOREVER), paused=False) as session:
        await until(lambda: step_of(session) > 0)
        session.toggle_pause()
        await until(lambda: session.view.phase == "paused")
        stopped_at = step_of(session)
        await wait_until_paused_at(session, stopped_at)
        session.toggle_pause()
        await until(lambda: step_of(session) > stopped_at)
        assert session.view.phase == "training"


async def test_training_rests_while_a_screen_opens_and_commands_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.tui.session.rest.SCREEN_SECONDS", 3600)
    async with supervised(assembled(max_steps=FOREVER), paused=False) as session:
        await until(lambda: step_of(session) > 0)
        REST.begin()
        steps = []
        for _ in range(3):
            rate = session.view.snapshot.learning_rate
            session.change_rate(-1)
            await until(lambda: session.view.snapshot.learning_rate < rate)  # noqa: B023
            steps.append(step_of(session))
        assert steps == [steps[0]] * 3
        REST.end()
        session.show_example(1)  # it looks again at a command
        await until(lambda: step_of(session) > steps[0])


async def test_training_rests_from_a_key_to_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.tui.session.rest.ANSWER_SECONDS", 3600)
    async with supervised(assembled(max_steps=FOREVER), paused=False) as session:
        await until(lambda: step_of(session) > 0)
        drawn: list[tuple[int, bool]] = []

        async def draw() -> None:
            drawn.append((step_of(session), REST.is_answering))

        session.call_on_change(draw)
        REST.begin_answer()
        session.show_example(1)
        await until(lambda: bool(drawn))
        step, was_answering = drawn[0]
        assert was_answering
        await until(lambda: step_of(session) > step)
        assert not REST.is_answering


async def test_one_step_is_exactly_one_step() -> None:
    async with supervised(assembled()) as session:
        for step in (1, 2, 3):
            session.make_step()
            await wait_until_paused_at(session, step)


async def test_steps_requested_at_once_are_all_made() -> None:
    async with supervised(assembled()) as session:
        for _ in range(3):
            session.make_step()
        await wait_until_paused_at(session, 3)


async def test_a_step_while_training_pauses_after_it() -> None:
    async with supervised(assembled(), pace=BETWEEN_STEPS, paused=False) as session:
        session.make_step()
        await wait_until_paused_at(session, 1)


async def test_a_step_does_not_wait_for_the_pace() -> None:
    async with supervised(assembled(), pace=BETWEEN_STEPS) as session:
        session.make_step()
        await wait_until_paused_at(session, 1)


@pytest.mark.parametrize("steps_before", [0, 1, 3, 4])
async def test_an_epoch_ends_at_its_end_wherever_it_began(steps_before: int) -> None:
    run = assembled()
    run.trainer.run(lambda: False, until=steps_before)
    epoch = run.trainer.epoch + 1
    async with supervised(run) as session:
        session.make_epoch()
        await wait_until_paused_at(session, epoch * run.trainer.steps_per_epoch)
        assert session.view.snapshot.epoch == epoch


@pytest.mark.parametrize(("direction", "rates"), [(1, [0.2, 0.5, 1.0, 2.0]), (-1, [0.05, 0.02, 0.01, 0.005])])
async def test_the_learning_rate_goes_through_1_2_5(direction: int, rates: list[float]) -> None:
    async with supervised(assembled(learning_rate=0.1)) as session:
        for rate in rates:
            session.change_rate(direction)
            await until(lambda rate=rate: session.view.snapshot.learning_rate == rate)
        assert session.run.trainer.learning_rate == rates[-1]
        assert [rate for _, rate in session.view.snapshot.rate_changes][-1] == rates[-1]


@pytest.mark.parametrize(("rate", "direction", "notch"), [(0.3, 1, 0.5), (0.3, -1, 0.2), (3e-4, 1, 5e-4), (1, -1, 0.5)])
def test_a_rate_between_two_notches_goes_to_the_next(rate: float, direction: int, notch: float) -> None:
    assert next_round_number(rate, direction) == notch


async def test_the_learning_rate_stays_a_number_above_0_however_often_it_is_changed() -> None:
    async with supervised(assembled()) as session:
        for direction in (-1, 1):
            for _ in range(100):
                session.change_rate(direction)
            await wait_for_commands(session)
            assert 0 < session.run.trainer.learning_rate < float("inf")


async def paces(pace: float | None, direction: int, times: int) -> list[float | None]:
    """The paces that so many presses of a key go through."""
    seen: list[float | None] = []
    async with supervised(assembled(), pace) as session:
        for _ in range(times):
            session.change_pace(direction)
            await wait_for_commands(session)
            seen.append(session.view.pace)
    return seen


async def test_the_pace_goes_up_to_no_limit_and_stays_there() -> None:
    assert await paces(1000.0, 1, 5) == [2000, 5000, 10_000, None, None]


async def test_the_pace_comes_back_from_no_limit() -> None:
    assert await paces(None, -1, 3) == [10_000, 5000, 2000]


async def test_the_slowest_pace_is_one_step_a_second() -> None:
    assert await paces(5.0, -1, 3) == [2, 1, 1]


async def test_a_pace_between_two_notches_goes_to_the_next() -> None:
    assert await paces(30.0, 1, 2) == [50, 100]
    assert await paces(30.0, -1, 2) == [20, 10]


async def test_slower_is_never_faster() -> None:
    assert await paces(0.5, -1, 1) == [0.5]
    assert await paces(0.5, 1, 1) == [1]


async def test_a_faster_pace_is_kept_at_once() -> None:
    async with supervised(assembled(max_steps=FOREVER), pace=1.0, paused=False) as session:
        for _ in range(20):
            session.change_pace(1)
        await until(lambda: session.view.pace is None and step_of(session) > 100)


async def test_the_examples_wrap_around_the_test_part() -> None:
    run = assembled()
    async with supervised(run) as session:
        rows = [session.view.snapshot.example.index.row]
        for direction in (-1, 1, 1):
            session.show_example(direction)
            await until(lambda: session.view.snapshot.example.index.row != rows[-1])
            rows.append(session.view.snapshot.example.index.row)
        assert rows == [0, len(run.split.test_rows) - 1, 0, 1]
        assert np.array_equal(session.view.snapshot.example.x, run.split.test_x[1])


async def test_without_a_test_part_the_examples_are_those_trained_on() -> None:
    run = assembled({"name": "iris", "test_fraction": 0})
    async with supervised(run) as session:
        session.show_example(-1)
        await until(lambda: session.view.snapshot.example.index.row == 149)
        assert session.view.snapshot.example.index.part == "training"
        assert np.array_equal(session.view.snapshot.example.x, run.split.train_x[149])


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
async def test_a_reset_gives_the_numbers_of_a_fresh_start(optimizer: str) -> None:
    async with supervised(assembled(optimizer=optimizer)) as session:
        session.make_epoch()
        await wait_until_paused_at(session, 4)
        session.change_rate(1)
        session.make_step()
        session.make_step()
        await wait_until_paused_at(session, 6)
        session.reset()
        await wait_until_paused_at(session, 0)
        assert same(session.run.trainer.state(), assembled(optimizer=optimizer).trainer.state())
        session.make_epoch()
        await wait_until_paused_at(session, 4)
        session.make_step()
        await wait_until_paused_at(session, 5)
        assert same(session.run.trainer.state(), trained_alone(assembled(optimizer=optimizer), 5))


async def test_a_reset_while_training_goes_on_training_from_the_start() -> None:
    async with supervised(assembled(), pace=BETWEEN_STEPS, paused=False) as session:
        session.run.trainer.run(lambda: False, until=3)
        session.reset()
        await until(lambda: step_of(session) == session.run.trainer.step == 0)
        assert session.view.phase == "training"


@pytest.mark.parametrize("count", [2, 3, 7])
async def test_requests_for_epochs_and_steps_add_up_however_fast_they_come(count: int) -> None:
    async with supervised(assembled()) as session:
        per_epoch = session.run.trainer.steps_per_epoch
        for _ in range(count):
            session.make_epoch()
        await wait_until_paused_at(session, count * per_epoch)
        for _ in range(count):
            session.make_step()
        await wait_until_paused_at(session, count * per_epoch + count)


async def test_epochs_requested_past_the_planned_end_are_made_as_if_typed_slowly() -> None:
    async with supervised(assembled(max_epochs=2)) as session:
        for _ in range(3):
            session.make_epoch()
        await wait_until_paused_at(session, 3 * session.run.trainer.steps_per_epoch)


async def test_a_pause_drops_the_requests_that_wait() -> None:
    async with supervised(assembled(batch_size=1)) as session:
        for _ in range(3):
            session.make_epoch()
        session.toggle_pause()
        await until(lambda: step_of(session) > 0 and session.view.phase == "paused")
        await wait_for_commands(session)
        assert step_of(session) < session.run.trainer.steps_per_epoch


async def test_a_step_cuts_an_epoch_short() -> None:
    async with supervised(assembled(batch_size=1)) as session:
        session.make_epoch()
        session.make_step()
        await until(lambda: step_of(session) > 0 and session.view.phase == "paused")
        assert step_of(session) < session.run.trainer.steps_per_epoch


@pytest.mark.parametrize(("pace", "paused"), [(None, False), (BETWEEN_STEPS, False), (None, True)])
async def test_closing_ends_the_worker_and_the_training(pace: float | None, paused: bool) -> None:
    session = TrainingSession(assembled(max_steps=FOREVER), pace, paused)
    worker = asyncio.create_task(session.supervise())
    await wait_for_commands(session)
    session.close()
    await until(worker.done)
    assert worker.exception() is None


async def test_the_screen_is_notified_when_a_command_has_taken_effect() -> None:
    async with supervised(assembled(learning_rate=0.1)) as session:
        seen: list[float] = []

        async def look_at_the_rate() -> None:
            seen.append(session.view.snapshot.learning_rate)

        session.call_on_change(look_at_the_rate)
        session.change_rate(1)
        await until(lambda: bool(seen))
        assert seen == [0.2]


async def test_an_exception_in_the_thread_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("broken")

    session = TrainingSession(assembled(), None)
    monkeypatch.setattr(Trainer, "run", broken)
    with pytest.raises(RuntimeError, match="broken"):
        await session.supervise()


@pytest.mark.parametrize("pace", [None, 10_000.0, 200.0])
async def test_the_numbers_are_those_of_the_trainer_alone(pace: float | None) -> None:
    async with supervised(assembled(max_steps=60), pace, paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        assert same(session.run.trainer.state(), trained_alone(assembled(), 60))


async def test_snapshots_and_pauses_change_no_number() -> None:
    async with supervised(assembled(max_steps=FOREVER), paused=False) as session:
        for _ in range(20):
            session.change_pace(-1)
            session.make_step()
            session.toggle_pause()
            await wait_for_commands(session)
            session.change_pace(1)
            session.toggle_pause()
            await until(lambda: session.view.phase == "paused")
        steps = session.run.trainer.step
        assert same(session.run.trainer.state(), trained_alone(assembled(), steps))


@pytest.mark.parametrize(
    ("command", "note"),
    [
        (lambda session: session.change_pace(1), "no faster pace"),
        (lambda session: session.change_rate(1), "goes no higher"),
        (lambda session: session.show_example(1), "the only example"),
        (lambda session: session.show_neurons(), "two inputs"),
        (lambda session: session.move(-1), "the first step"),
        (lambda session: session.move(1), "the newest step"),
        (lambda session: session.go_back_slower(), "h is for"),
        (lambda session: session.save(), "nothing to save"),
    ],
)
async def test_a_command_that_changes_nothing_says_why(command: Callable[[TrainingSession], None], note: str) -> None:
    run = assembled({"x": [[1.0, 2.0, 3.0]], "y": [[1.0]]}, learning_rate=5e9)
    async with supervised(run) as session:
        command(session)
        await until(lambda: note in session.view.note)
        assert step_of(session) == 0


async def test_a_requested_step_is_made_also_while_training_rests() -> None:
    async with supervised(assembled()) as session:
        for step in (1, 2, 3):
            REST.begin()
            session.make_step()
            update = await session.record_update(None)
            assert update.step == step
        REST.end()
