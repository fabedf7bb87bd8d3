"""Training that prints lines of text, and the summary at its end."""

import json
import re
import signal
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gradstep.core.network.passes import Pass
from gradstep.data.assemble import assemble
from gradstep.data.checkpoint import read_checkpoint, write_checkpoint
from gradstep.data.experiment import make_experiment
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.data.saved_runs import SavedRun
from gradstep.tui.cli.plain_run import train_in_text
from gradstep.tui.cli.summary import Summary, save_and_summarize
from gradstep.tui.session.autosave import Autosave


def assembled(**training: object) -> Run:
    return assemble(make_experiment({"data": {"name": "iris"}, "training": training}))


def without_time(summary: Summary) -> dict[str, object]:
    return {name: value for name, value in asdict(summary).items() if "second" not in name}


def epochs_in(text: str) -> list[int]:
    return [int(epoch) for epoch in re.findall(r"^epoch (\d+)", text, re.MULTILINE)]


def test_a_fast_run_prints_its_first_and_its_last_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    train_in_text(assembled(max_epochs=70))
    assert epochs_in(capsys.readouterr().out) == [1, 70]


def test_a_slow_run_prints_one_line_for_every_epoch(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradstep.tui.cli.plain_run.SECONDS_BETWEEN_LINES", 0.0)
    monkeypatch.setattr("gradstep.tui.cli.plain_run.SECONDS_BETWEEN_SAVES", 0.0)
    train_in_text(assembled(max_epochs=4, batch_size=40))
    assert epochs_in(capsys.readouterr().out) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("number", "ending"),
    [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated"), (signal.SIGHUP, "hung up")],
)
def test_a_signal_ends_the_run_after_the_current_update_and_saves_it(
    number: signal.Signals, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, autosave = assembled(max_epochs=10**9), Autosave(SavedRun(tmp_path / "run"))
    update = run.trainer.backpropagate

    def killed_at_step_20(rows: NDArray[np.intp]) -> tuple[float, Pass]:
        if run.trainer.step == 20:
            signal.raise_signal(number)
        return update(rows)

    monkeypatch.setattr(run.trainer, "backpropagate", killed_at_step_20)
    summary = train_in_text(run, autosave)
    assert (summary.stopped, summary.steps) == (ending, 21)
    assert summary.checkpoint is not None
    assert read_checkpoint(Path(summary.checkpoint)).state.values["step"] == 21
    assert summary.format_text().endswith("saved     gradstep resume run")


def test_a_signal_that_is_ignored_at_the_start_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    run = assembled(max_steps=10)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        monkeypatch.setattr(run.trainer, "_judge_step", lambda epoch_ends: signal.raise_signal(signal.SIGHUP))
        assert train_in_text(run).stopped == "max_steps"
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_run_is_saved_when_its_output_pipe_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, autosave = assembled(max_epochs=3), Autosave(SavedRun(tmp_path / "run"))

    def gone(*words: object, **how: object) -> None:
        if run.trainer.step:
            raise BrokenPipeError

    monkeypatch.setattr("builtins.print", gone)
    with pytest.raises(BrokenPipeError):
        train_in_text(run, autosave)
    assert autosave.path is not None
    assert read_checkpoint(autosave.path).state.values["step"] == run.trainer.steps_per_epoch


def test_a_resumed_run_includes_the_time_before_it_was_saved(tmp_path: Path) -> None:
    run = assembled(max_steps=5)
    assert train_in_text(replace(run, seconds=1000.0)).seconds > 1000


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"max_epochs": 2}, "no step is made: max_epochs is 2, and the run has made 3 epochs"),
        ({"max_steps": 4}, "no step is made: max_steps is 4, and the run has made 12 steps"),
        ({"max_epochs": 4}, ""),
    ],
)
def test_a_run_that_is_resumed_past_its_end_says_that_no_step_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: dict[str, object], words: str
) -> None:
    run = assembled(max_epochs=3)
    train_in_text(run)
    assert "no step is made" not in capsys.readouterr().out
    write_checkpoint(tmp_path / "run", run.checkpoint(0.0))
    train_in_text(resume_run(read_checkpoint(tmp_path / "run"), training=given))
    out = capsys.readouterr().out
    assert f"note      {words}\n" in out if words else "no step is made" not in out


def test_the_last_lines_show_the_figures_of_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    summary = train_in_text(assembled(max_epochs=3))
    last = [line for line in capsys.readouterr().out.splitlines() if line.startswith("epoch")][-1]
    for value in (summary.train_loss, summary.train_accuracy, summary.test_loss, summary.test_accuracy):
        assert value is not None
        assert f"{value:.4f}" in last


def test_the_header_names_data_network_loss_optimizer_and_seed(capsys: pytest.CaptureFixture[str]) -> None:
    train_in_text(assembled(max_epochs=1, l2=0.01))
    header = capsys.readouterr().out.split("epoch")[0]
    for words in (
        "iris: 120 rows to train on, 30 held out, scale standard",
        "4-16-16-3: relu, relu, softmax; 403 parameters",
        "cross_entropy: natural log, mean over the batch, l2 0.01",
        "sgd, learning rate 0.1, batch 32",
        "defaults  hidden 16,16, relu, init he, sgd, rate 0.1, batch 32: for the iris data",
        "seed      0",
    ):
        assert words in header


def test_the_same_seed_gives_the_same_summary() -> None:
    first, second = (train_in_text(assembled(max_epochs=3)) for _ in range(2))
    assert without_time(first) == without_time(second)


def test_printing_more_lines_changes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    seldom = train_in_text(assembled(max_epochs=3))
    monkeypatch.setattr("gradstep.tui.cli.plain_run.SECONDS_BETWEEN_LINES", 0.0)
    often = train_in_text(assembled(max_epochs=3))
    assert without_time(seldom) == without_time(often)


def test_the_limit_that_is_reached_first_ends_the_run() -> None:
    by_steps = train_in_text(assembled(max_epochs=10, max_steps=7))
    by_epochs = train_in_text(assembled(max_epochs=1, max_steps=7))
    assert (by_steps.steps, by_steps.epochs, by_steps.stopped) == (7, 1, "max_steps")
    assert (by_epochs.steps, by_epochs.epochs, by_epochs.stopped) == (4, 1, "max_epochs")


def test_train_loss_is_the_data_term_and_train_loss_total_adds_the_penalty() -> None:
    run = assembled(max_epochs=2, l1=0.01, l2=0.1)
    summary = train_in_text(run)
    weights = [layer.weights for layer in run.network.layers]
    penalty = sum(0.01 * abs(w).sum() + 0.1 / 2 * (w**2).sum() for w in weights)
    assert summary.train_loss == run.trainer.evaluate().train.loss
    assert summary.train_loss_total - summary.train_loss == pytest.approx(penalty)


def test_steps_per_second_are_the_steps_divided_by_the_seconds() -> None:
    run = assembled()
    run.trainer.run(lambda: False, until=10)
    assert save_and_summarize(run, seconds=4.0, stopped="quit").steps_per_second == 2.5


def test_a_run_without_a_step_has_0_steps_per_second() -> None:
    summary = save_and_summarize(assembled(), seconds=0.0, stopped="quit")
    assert (summary.steps, summary.steps_per_second) == (0, 0.0)


def test_without_a_test_part_the_test_figures_are_null_and_a_dash() -> None:
    run = assemble(make_experiment({"data": {"name": "iris", "test_fraction": 0}, "training": {"max_epochs": 1}}))
    summary = train_in_text(run)
    assert json.loads(summary.format_json())["test_loss"] is None
    assert json.loads(summary.format_json())["test_accuracy"] is None
    assert re.search(r"^test +–$", summary.format_text(), re.MULTILINE)


def test_a_regression_has_no_accuracy(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"x": [[0.0], [1.0]], "y": [[0.5], [1.5]]}
    summary = train_in_text(assemble(make_experiment({"data": rows, "training": {"max_epochs": 1}})))
    assert summary.train_accuracy is None
    assert "accuracy" not in capsys.readouterr().out


def test_a_divergence_ends_the_run_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    run = assemble(
        make_experiment({"network": {"output": "linear"}, "training": {"loss": "mse", "learning_rate": 1e9}})
    )
    summary = train_in_text(run)
    assert summary.stopped == "diverged"
    assert capsys.readouterr().err.startswith(f"gradstep: step {summary.steps + 1}: ")


def test_numbers_that_are_not_finite_are_null_in_the_json() -> None:
    run = assembled()
    run.network.parameters[:] = float("nan")
    figures = json.loads(save_and_summarize(run, seconds=1.0, stopped="diverged").format_json())
    assert figures["train_loss"] is None
    assert figures["parameters"] == 403
