"""Stop conditions end a run at the same step with a screen, without one, and after a resume."""

from pathlib import Path

import pytest

from gradstep.data.checkpoint import read_checkpoint, write_checkpoint
from gradstep.data.experiment import make_experiment
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.tui.cli.plain_run import train_in_text
from tests.tui.driving import assembled, same, step_of, supervised, until, wait_until_paused_at

CONDITIONS: dict[str, dict[str, object]] = {
    "target_loss": {"target_loss": 0.2},
    "target_accuracy": {"target_accuracy": 0.9},
    "patience": {"patience": 2, "learning_rate": 0.5, "batch_size": 8},
}


def run_until(condition: str) -> Run:
    return assembled(**{"max_epochs": 10**6} | CONDITIONS[condition])


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_summary_names_what_ended_the_run(condition: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = run_until(condition)
    summary = train_in_text(run)
    assert summary.stopped == condition
    assert summary.steps == summary.epochs * run.trainer.steps_per_epoch
    assert f"stopped   {condition} after {summary.epochs} epochs" in capsys.readouterr().out


def test_a_run_that_reached_its_target_has_that_accuracy() -> None:
    summary = train_in_text(run_until("target_accuracy"))
    assert summary.test_accuracy is not None and summary.test_accuracy >= 0.9


@pytest.mark.parametrize("pace", [None, 10_000.0])
@pytest.mark.parametrize("condition", CONDITIONS)
async def test_with_a_screen_a_run_ends_at_the_same_step(condition: str, pace: float | None) -> None:
    alone = run_until(condition)
    train_in_text(alone)
    async with supervised(run_until(condition), pace, paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        assert session.view.planned_ending == condition
        assert same(session.run.trainer.state(), alone.trainer.state())


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_resumed_run_ends_at_the_same_step(condition: str, tmp_path: Path) -> None:
    whole, first = run_until(condition), run_until(condition)
    train_in_text(whole)
    first.trainer.run(lambda: False, until=whole.trainer.step - 5)
    write_checkpoint(tmp_path / "run", first.checkpoint(0.0))
    second = resume_run(read_checkpoint(tmp_path / "run"))
    train_in_text(second)
    assert same(second.trainer.state(), whole.trainer.state())


@pytest.mark.parametrize("condition", CONDITIONS)
async def test_a_finished_run_that_is_resumed_is_finished(condition: str, tmp_path: Path) -> None:
    run = run_until(condition)
    train_in_text(run)
    write_checkpoint(tmp_path / "run", run.checkpoint(0.0))
    again = resume_run(read_checkpoint(tmp_path / "run"))
    assert train_in_text(again).steps == run.trainer.step
    async with supervised(again, paused=False) as session:
        assert (session.view.phase, session.view.planned_ending) == ("finished", condition)


async def test_past_its_planned_end_a_run_goes_on_without_an_end() -> None:
    async with supervised(run_until("target_loss"), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        end = step_of(session)
        session.toggle_pause()
        await until(lambda: step_of(session) > end + 2 * session.run.trainer.steps_per_epoch)


async def test_a_stop_condition_also_ends_a_single_epoch() -> None:
    async with supervised(assembled(target_loss=100.0)) as session:
        session.make_epoch()
        await until(lambda: session.view.phase == "finished")
        assert session.view.note == "the target loss is reached; space goes on"


async def test_a_run_without_a_validation_part_says_what_patience_is_judged_on() -> None:
    async with supervised(assembled(learning_rate=10.0, optimizer="sgd")) as session:
        tables = session.run.experiment.model_dump()
        tables["training"] |= {"patience": 1}
        session.change_training(make_experiment(tables))
        said = "patience is judged by the training part: the run has no validation part"
        await until(lambda: session.view.note == said)
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        why = "no lower training loss for as many epochs as patience allows"
        assert session.view.note == f"{why}; space goes on"
        assert resume_run(session.run.checkpoint(0.0), training={"target_loss": 0.1}).notes == (
            "patience and the target loss are judged by the training part: the run has no validation part",
        )
    assert not assembled(patience=3).note_on_stopping
    with_part = resume_run(assembled(patience=3).checkpoint(0.0), training={"patience": 5})
    assert not with_part.notes


async def test_after_a_move_back_the_run_ends_at_the_same_step() -> None:
    async with supervised(run_until("target_loss"), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        end = session.run.trainer.state()
        session.move(-10)
        await wait_until_paused_at(session, end.values["step"] - 10)
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished")
        assert same(session.run.trainer.state(), end)


def test_the_first_condition_that_is_met_ends_the_run() -> None:
    assert train_in_text(assembled(max_epochs=1, target_loss=0.0)).stopped == "max_epochs"
