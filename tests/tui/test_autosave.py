"""A run is saved while it trains, and training goes on if saving fails."""

import asyncio
import threading
from pathlib import Path
from threading import Thread

import pytest

from gradstep.data.checkpoint import Checkpoint, read_checkpoint
from gradstep.data.resume import resume_run
from gradstep.data.saved_runs import SavedRun
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.training_loop import TrainingLoop
from tests.tui.driving import (
    assembled,
    same,
    step_of,
    supervised,
    trained_alone,
    until,
    wait_for_commands,
    wait_until_paused_at,
)


def an_autosave(tmp_path: Path) -> Autosave:
    return Autosave(SavedRun(tmp_path / "runs" / "iris"))


def saved_step(autosave: Autosave) -> int | None:
    return None if autosave.path is None else int(read_checkpoint(autosave.path).state.values["step"])


async def test_before_the_first_step_there_is_nothing_to_save(tmp_path: Path) -> None:
    autosave = an_autosave(tmp_path)
    autosave.write(assembled().checkpoint(0.0))
    assert (autosave.path, autosave.resume_command, autosave.trouble) == (None, "", "")
    assert not (tmp_path / "runs").exists()
    async with supervised(assembled(), autosave=autosave) as session:
        session.save()
        await until(lambda: session.view.note == "nothing to save yet: no step was made")


def test_a_resumed_run_is_saved_from_the_start(tmp_path: Path) -> None:
    first = an_autosave(tmp_path)
    run = assembled()
    run.trainer.run(lambda: False, until=3)
    first.write(run.checkpoint(0.0))
    first.close()
    resumed = an_autosave(tmp_path)
    assert (resumed.path, resumed.resume_command) == (first.path, "gradstep resume iris")


async def test_a_pause_saves_the_run(tmp_path: Path) -> None:
    autosave = an_autosave(tmp_path)
    async with supervised(assembled(max_steps=10**9), paused=False, autosave=autosave) as session:
        await until(lambda: step_of(session) > 0)
        session.toggle_pause()
        await until(lambda: session.view.phase == "paused" and saved_step(autosave) == step_of(session))


async def test_the_end_of_a_run_saves_it(tmp_path: Path) -> None:
    autosave = an_autosave(tmp_path)
    async with supervised(assembled(max_steps=20), paused=False, autosave=autosave):
        await until(lambda: saved_step(autosave) == 20)


async def test_a_single_step_is_not_worth_a_checkpoint(tmp_path: Path) -> None:
    autosave = an_autosave(tmp_path)
    async with supervised(assembled(), autosave=autosave) as session:
        session.make_step()
        await wait_until_paused_at(session, 1)
        assert autosave.path is None


async def test_the_run_is_saved_again_and_again_while_it_trains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradstep.tui.session.save_schedule.SECONDS_BEFORE_FIRST", 0.0)
    monkeypatch.setattr("gradstep.tui.session.save_schedule.SECONDS_BETWEEN_SAVES", 0.0)
    autosave = an_autosave(tmp_path)
    steps = set()

    def saved_three_times() -> bool:
        steps.add(saved_step(autosave))
        return len(steps - {None}) >= 3

    async with supervised(assembled(max_epochs=10**6), paused=False, autosave=autosave):
        await until(saved_three_times)


async def test_a_failed_save_is_shown_and_training_goes_on(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file where a folder should be")
    autosave = an_autosave(tmp_path)
    async with supervised(assembled(max_epochs=10**6), paused=False, autosave=autosave) as session:
        await until(lambda: step_of(session) > 0)
        session.save()
        await until(lambda: session.view.trouble == f"not saved: Not a directory: {tmp_path / 'runs'}")
        before = step_of(session)
        await until(lambda: step_of(session) > before)
        assert session.view.note == ""
        (tmp_path / "runs").unlink()
        session.save()
        await until(lambda: session.view.trouble == "" and session.view.note.startswith("saved at step "))


async def test_a_note_goes_away_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.tui.session.brief_note_timer.NOTE_SECONDS", 0.01)
    async with supervised(assembled(), autosave=an_autosave(tmp_path)) as session:
        session.make_step()
        session.save()
        await until(lambda: session.view.note == "saved at step 1")
        await until(lambda: session.view.note == "")


async def test_saving_changes_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.tui.session.save_schedule.SECONDS_BEFORE_FIRST", 0.0)
    monkeypatch.setattr("gradstep.tui.session.save_schedule.SECONDS_BETWEEN_SAVES", 0.0)
    async with supervised(assembled(max_steps=300), paused=False, autosave=an_autosave(tmp_path)) as session:
        await until(lambda: session.view.phase == "finished")
        assert same(session.run.trainer.state(), trained_alone(assembled(max_steps=300), 300))


async def test_another_thread_can_end_the_training_after_the_current_update(tmp_path: Path) -> None:
    async with supervised(assembled(max_epochs=10**6), paused=False) as session:
        await until(lambda: step_of(session) > 0)
        released: list[TrainingLoop | None] = []
        watcher = Thread(target=lambda: released.append(session.release(30.0)))
        watcher.start()
        await until(lambda: bool(released))
        assert released[0] is not None
        step = released[0].trainer.step
        session.make_step()
        await asyncio.sleep(0.05)
        assert same(released[0].trainer.state(), trained_alone(assembled(), step))


async def test_a_resumed_run_goes_on_from_its_step_and_r_goes_back_to_the_first_start(tmp_path: Path) -> None:
    run = assembled(max_steps=50)
    run.trainer.run(lambda: False, until=30)
    again = resume_run(run.checkpoint(7.5))
    async with supervised(again) as session:
        assert step_of(session) == 30
        assert TrainingLoop(again, None, paused=True).seconds == 7.5
        session.make_step()
        await wait_until_paused_at(session, 31)
        assert same(again.trainer.state(), trained_alone(assembled(max_steps=50), 31))
        session.reset()
        await wait_until_paused_at(session, 0)
        assert same(again.trainer.state(), assembled(max_steps=50).trainer.state())


async def test_a_run_that_was_finished_is_resumed_as_finished() -> None:
    run = assembled(max_steps=10)
    run.trainer.run(lambda: False, until=10)
    async with supervised(resume_run(run.checkpoint(1.0)), paused=False) as session:
        await wait_for_commands(session)
        assert (session.view.phase, step_of(session)) == ("finished", 10)
        session.toggle_pause()
        await until(lambda: step_of(session) > 10)


async def test_a_session_without_autosave_saves_nothing(state_home: Path) -> None:
    async with supervised(assembled(max_steps=5), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        session.save()
        await wait_for_commands(session)
    assert not state_home.exists()


async def test_only_one_save_runs_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    autosave = an_autosave(tmp_path)
    begun, end = [], asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow_disk(checkpoint: object) -> None:
        begun.append(checkpoint)
        asyncio.run_coroutine_threadsafe(end.wait(), loop).result()

    monkeypatch.setattr(autosave, "write", slow_disk)
    async with supervised(assembled(), autosave=autosave) as session:
        session.make_step()
        session.save()
        session.save()
        await wait_for_commands(session)
        await until(lambda: bool(begun))
        end.set()
    assert len(begun) == 1


async def test_a_save_requested_while_another_is_written_saves_the_present_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    autosave = an_autosave(tmp_path)
    write, begun, end = autosave.write, threading.Event(), threading.Event()

    def slow_disk(checkpoint: Checkpoint) -> None:
        begun.set()
        end.wait()
        write(checkpoint)

    monkeypatch.setattr(autosave, "write", slow_disk)
    async with supervised(assembled(), autosave=autosave) as session:
        for step in (1, 2, 3):
            session.make_step()
            await wait_until_paused_at(session, step)
            session.save()
            await until(begun.is_set)
        await wait_for_commands(session)
        end.set()
        await until(lambda: session.view.note == "saved at step 3")
    assert autosave.path is not None
    assert read_checkpoint(autosave.path).state.values["step"] == 3


def test_a_run_that_another_program_has_opened_meanwhile_is_told_and_training_goes_on(tmp_path: Path) -> None:
    saves = SavedRun(tmp_path / "run")
    other = SavedRun(tmp_path / "run")
    other.open()
    autosave = Autosave(saves)
    run = assembled("iris")
    run.trainer.run(lambda: False, until=1)
    autosave.write(run.checkpoint(0.0))
    assert autosave.trouble.startswith("not saved: the run run is open in another gradstep")
    other.close()
    autosave.write(run.checkpoint(0.0))
    assert (autosave.trouble, saved_step(autosave)) == ("", 1)
