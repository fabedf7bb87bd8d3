"""The best weights on the screen and in text: patience goes back to them, b does, and a checkpoint remembers them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.core.training.score_table import WatchedScores
from gradstep.data.checkpoint import read_checkpoint, write_checkpoint
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.data.run_log import open_log
from gradstep.tui.cli.plain_run import train_in_text
from gradstep.tui.drawing.loss_curves import find_lowest
from gradstep.tui.screens.experiment.fields import SHORT_LABELS
from gradstep.tui.session.notes import NO_BEST
from tests.tui.driving import assembled, drawn, panel, session_of, shown, step_of, supervised, text, until

IRIS: dict[str, object] = {"name": "iris", "validation_fraction": 0.2, "stratify": True}


def overfitting(**options: object) -> Run:
    """A run whose validation loss rises again."""
    return assembled(IRIS, **({"learning_rate": 0.5, "batch_size": 8, "max_epochs": 40} | options))


def test_patience_ends_at_the_best_weights_and_tells_both(capsys: pytest.CaptureFixture[str]) -> None:
    run, alone = overfitting(patience=3), overfitting(patience=3)
    summary = train_in_text(run)
    while alone.trainer.stop_reason is None:
        alone.trainer.update()
    last, best = alone.trainer.evaluate().validation, alone.trainer.best
    assert summary.stopped == "patience" and last is not None and best is not None
    assert (summary.steps, summary.last_step, summary.best_step) == (alone.trainer.step, alone.trainer.step, best.step)
    assert (summary.last_validation_loss, summary.best_validation_loss) == (last.loss, best.score.loss)
    assert summary.validation_loss == best.score.loss < last.loss
    assert (run.network.parameters == best.state.arrays["parameters"]).all()
    printed = capsys.readouterr().out
    assert f"last      step {alone.trainer.step}, validation loss" in printed
    assert f"best      step {best.step}, validation loss" in printed and "gone back to it" in printed
    assert "validation loss" in printed.split("stopped")[0] and "test loss" not in printed.split("stopped")[0]
    assert "84 rows" not in printed and "90 rows to train on, 30 for validation, 30 held out" in printed


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_end_by_patience_is_at_the_best_step_and_the_later_steps_are_kept(size: tuple[int, int]) -> None:
    alone = overfitting(patience=3)
    figures = train_in_text(alone)
    async with shown(overfitting(patience=3), paused=False, size=size) as pilot:
        session = session_of(pilot)
        await until(lambda: session.view.end is not None, pilot)
        await drawn(pilot)
        assert (step_of(session), session.view.newest_step) == (figures.best_step, figures.last_step)
        assert (session.run.network.parameters == alone.network.parameters).all()
        ending, scores, baselines, _ = text(panel(pilot, "end")).split("\n")
        assert f"back from step {figures.last_step} to the best, step {figures.best_step}" in ending
        assert "val" in scores and "test" in scores and f"best step {figures.best_step}" in baselines
        loss = text(panel(pilot, "loss"))
        assert "val" in loss and "test" not in loss
        await pilot.press("right_square_bracket")
        await until(lambda: step_of(session) == (figures.best_step or 0) + 1 and session.phase == "paused", pilot)
        await pilot.press("b")
        await until(lambda: session.view.note.startswith(f"best: step {figures.best_step}, validation loss"), pilot)
        assert step_of(session) == figures.best_step


def test_the_score_at_the_end_is_recorded_and_takes_part_in_the_best(tmp_path: Path) -> None:
    """A falling run of fewer steps than are between two scores: its last step is the best."""
    run, log = overfitting(batch_size="full", max_epochs=5), tmp_path / "log.csv"
    assert run.trainer.evaluation_interval > 5
    summary = train_in_text(run, log=open_log(log, None, on_screen=False))
    assert (summary.best_step, summary.best_validation_loss) == (5, summary.validation_loss)
    assert [row.split(",")[0] for row in log.read_text().splitlines()] == ["step", "0", "5"]
    assert log.read_text().splitlines()[-1].split(",")[5] == f"{summary.validation_loss}"
    write_checkpoint(tmp_path / "run", run.checkpoint(0.0))
    again = resume_run(read_checkpoint(tmp_path / "run"), training={"max_epochs": 40})
    assert again.trainer.history.watched_scores().step.tolist() == [0, 5]
    # what is recorded from then on is what a run without the rest records
    again.trainer.run(lambda: False, until=40)
    assert 5 not in again.trainer.history.watched_scores().step


async def test_where_a_run_pauses_its_score_is_recorded_and_can_be_the_best() -> None:
    async with supervised(overfitting(batch_size="full")) as session:
        for step in (1, 2, 3):
            session.make_step()
            await until(lambda step=step: (session.phase, step_of(session)) == ("paused", step))  # type: ignore[misc]
        best, trainer = session.view.snapshot.best, session.run.trainer
        assert best is not None and best.step == 3 == trainer.history.newest_scored_step
        session.move(-2)
        await until(lambda: step_of(session) == 1)
        session.go_to_best()
        await until(lambda: step_of(session) == 3)
        assert session.view.note.startswith("best: step 3")


def test_the_plot_marks_the_step_that_b_goes_to() -> None:
    """Not a lower loss that was measured by the clock, at a step that is not kept."""
    run = overfitting()
    run.trainer.run(lambda: False, until=200)
    best = run.trainer.best
    assert best is not None
    snapshot = take_snapshot(run.trainer, ExampleIndex("validation", 0))
    clocked = WatchedScores(np.array([0, 7, 200]), np.array([1.0, 0.0, 1.0]), np.full(3, 0.5))
    found = find_lowest(replace(snapshot, watched_scores=clocked))
    assert found is not None and (found.step, found.loss) == (best.step, best.score.loss)
    without = find_lowest(replace(snapshot, watched_scores=clocked, best=None))
    assert without is not None and (without.step, without.loss) == (7, 0.0)


async def test_b_goes_to_the_best_step_of_a_resumed_run_too(tmp_path: Path) -> None:
    run = overfitting()
    run.trainer.run(lambda: False, until=300)
    best = run.trainer.best
    assert best is not None and best.step < 300
    write_checkpoint(tmp_path / "run", run.checkpoint(0.0))
    checkpoint = read_checkpoint(tmp_path / "run")
    assert checkpoint.state.best is not None
    assert (checkpoint.state.best.score, checkpoint.state.best.state.values) == (best.score, best.state.values)
    async with supervised(resume_run(checkpoint)) as session:
        session.go_to_best()
        await until(lambda: (session.view.phase, step_of(session)) == ("paused", best.step))
        assert (session.run.network.parameters == best.state.arrays["parameters"]).all()
        # and the run goes on from there as it did
        session.make_step()
        await until(lambda: step_of(session) == best.step + 1)
    again = overfitting()
    again.trainer.run(lambda: False, until=best.step + 1)
    assert np.array_equal(again.network.parameters, session.run.network.parameters)


def test_a_checkpoint_of_before_there_was_a_validation_part_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has neither the new fields nor a revision, and its rows were drawn whatever their class."""
    path = tmp_path / "flowers.csv"
    rng = np.random.default_rng(0)
    path.write_text("x,y\n" + "".join(f"{rng.random():.3f},{'ab'[rng.random() < 0.3]}\n" for _ in range(250)))
    old = {"path": str(path), "validation_fraction": 0.0, "stratify": False}
    run = assembled(old, max_steps=20)
    run.trainer.run(lambda: False, until=10)
    from gradstep.data import checkpoint

    def without_new_fields(experiment: object) -> str:
        lines = to_toml(experiment).split("\n")  # type: ignore[arg-type]
        return "\n".join(line for line in lines if not line.startswith(("validation_fraction", "stratify")))

    to_toml = checkpoint.to_toml
    monkeypatch.setattr(checkpoint, "to_toml", without_new_fields)
    real_digest = checkpoint.compute_digest

    def digest_of_old(metadata: dict[str, str], arrays: object) -> str:
        metadata.pop("revision", None)
        return real_digest(metadata, arrays)  # type: ignore[arg-type]

    monkeypatch.setattr(checkpoint, "compute_digest", digest_of_old)
    write_checkpoint(tmp_path / "old", run.checkpoint(0.0))
    monkeypatch.undo()
    again = resume_run(read_checkpoint(tmp_path / "old"))
    assert (again.experiment.data.stratify, again.experiment.data.validation_fraction) == (False, 0.0)
    assert again.trainer.step == 10


def test_the_note_without_best_weights_names_the_field_of_the_form_that_gives_them() -> None:
    assert f"set '{SHORT_LABELS['validation_fraction']}'" in NO_BEST
