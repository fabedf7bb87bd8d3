"""The plain report: lines of text while a network trains, and the summary at the end."""

import json
import re
from dataclasses import asdict

import pytest

from data.assemble import Run, assemble
from data.experiment import experiment_from
from tui.report import Summary, summarize, train_in_text


def assembled(**training: object) -> Run:
    return assemble(experiment_from({"data": {"name": "iris"}, "training": training}))


def without_time(summary: Summary) -> dict[str, object]:
    return {name: value for name, value in asdict(summary).items() if "second" not in name}


def epochs_in(text: str) -> list[int]:
    return [int(epoch) for epoch in re.findall(r"^epoch (\d+)", text, re.MULTILINE)]


def test_a_line_is_printed_at_1_2_5_10_20_50_epochs_and_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    train_in_text(assembled(max_epochs=70))
    assert epochs_in(capsys.readouterr().out) == [1, 2, 5, 10, 20, 50, 70]


def test_a_slow_run_prints_lines_between_those_epochs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.report.SECONDS_BETWEEN_LINES", 0.0)
    train_in_text(assembled(max_epochs=2, batch_size=40))
    steps = re.findall(r"step (\d+)", capsys.readouterr().out)
    assert steps == ["1", "2", "3", "4", "5", "6"]


def test_the_last_line_shows_what_the_summary_says(capsys: pytest.CaptureFixture[str]) -> None:
    summary = train_in_text(assembled(max_epochs=3))
    last = [line for line in capsys.readouterr().out.splitlines() if line.startswith("epoch")][-1]
    for value in (summary.train_loss, summary.train_accuracy, summary.test_loss, summary.test_accuracy):
        assert value is not None
        assert f"{value:.4f}" in last


def test_the_header_names_data_network_loss_rule_and_seed(capsys: pytest.CaptureFixture[str]) -> None:
    train_in_text(assembled(max_epochs=1, l2=0.01))
    header = capsys.readouterr().out.split("epoch")[0]
    for words in (
        "iris: 120 rows to train on, 30 held out, scale standard",
        "4-16-16-3: relu, relu, softmax; 403 parameters",
        "cross_entropy: natural log, mean over the batch, l2 0.01",
        "sgd, learning rate 0.1, batch 32",
        "seed      0",
    ):
        assert words in header


def test_the_same_seed_gives_the_same_summary() -> None:
    first, second = (train_in_text(assembled(max_epochs=3)) for _ in range(2))
    assert without_time(first) == without_time(second)


def test_how_often_a_line_is_printed_changes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    seldom = train_in_text(assembled(max_epochs=3))
    monkeypatch.setattr("tui.report.SECONDS_BETWEEN_LINES", 0.0)
    often = train_in_text(assembled(max_epochs=3))
    assert without_time(seldom) == without_time(often)


def test_what_limit_comes_first_ends_the_run() -> None:
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


def test_steps_per_second_are_the_steps_by_the_seconds() -> None:
    run = assembled()
    run.trainer.run(lambda: False, until=10)
    assert summarize(run, seconds=4.0, stopped="quit").steps_per_second == 2.5


def test_a_run_that_was_left_before_its_first_step_has_no_speed() -> None:
    summary = summarize(assembled(), seconds=0.0, stopped="quit")
    assert (summary.steps, summary.steps_per_second) == (0, 0.0)


def test_without_a_test_part_its_figures_are_null_and_a_dash() -> None:
    run = assemble(experiment_from({"data": {"name": "iris", "test_fraction": 0}, "training": {"max_epochs": 1}}))
    summary = train_in_text(run)
    assert json.loads(summary.as_json())["test_loss"] is None
    assert json.loads(summary.as_json())["test_accuracy"] is None
    assert re.search(r"^test +–$", summary.as_text(), re.MULTILINE)


def test_a_regression_has_no_accuracy(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"x": [[0.0], [1.0]], "y": [[0.5], [1.5]]}
    summary = train_in_text(assemble(experiment_from({"data": rows, "training": {"max_epochs": 1}})))
    assert summary.train_accuracy is None
    assert "accuracy" not in capsys.readouterr().out


def test_a_divergence_ends_the_run_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    run = assemble(
        experiment_from({"network": {"output": "linear"}, "training": {"loss": "mse", "learning_rate": 1e9}})
    )
    summary = train_in_text(run)
    assert summary.stopped == "diverged"
    assert capsys.readouterr().err.startswith(f"gradstep: step {summary.steps + 1}: ")


def test_what_is_no_finite_number_is_null_in_the_json() -> None:
    run = assembled()
    run.network.parameters[:] = float("nan")
    figures = json.loads(summarize(run, seconds=1.0, stopped="diverged").as_json())
    assert figures["train_loss"] is None
    assert figures["parameters"] == 403
