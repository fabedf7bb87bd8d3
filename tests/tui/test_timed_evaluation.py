"""The score on the screen is as old as it says, and every panel shows the same evaluation."""

import random
import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.training.evaluation import Evaluator
from gradstep.core.training.trainer import Trainer
from gradstep.data.run import Run
from gradstep.tui.drawing.loss_curves import make_watched_curves
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.session.timed_evaluation import MOST_SECONDS, TimedEvaluation
from gradstep.tui.session.training_loop import TrainingLoop
from gradstep.tui.session.view import View
from tests.tui.driving import AppPilot, assembled, panel, same, session_of, shown, text, trained_alone, until

LOOK_SECONDS = 0.1


class Clock:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def make_slow(trainer: Trainer, clock: Clock, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every timed evaluation take so many seconds of the clock."""
    trainer.evaluation_interval = 10**9
    score = trainer.watched_score

    def slow() -> object:
        clock.now += seconds
        return score()

    monkeypatch.setattr(trainer, "watched_score", slow)


@pytest.mark.parametrize(
    ("cost", "seconds_a_step"),
    [*product([0.0, 0.001, 0.03, 0.2, 0.8], [0.005, 0.02, 0.3, 1.0]), *product([1.2, 1.4, 1.6, 1.89], [0.005, 0.02])],
)
def test_the_newest_score_is_never_older_than_two_seconds(
    cost: float, seconds_a_step: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, clock = assembled("iris").trainer, Clock()
    evaluation = TimedEvaluation(trainer, "test", clock)
    make_slow(trainer, clock, cost, monkeypatch)
    evaluation.evaluate_when_due(False, False, 0.0)
    true_at, steps = clock.now, 0
    for _ in range(200):
        for _ in range(max(1, round(LOOK_SECONDS / seconds_a_step))):
            trainer.update()
            steps += 1
            clock.now += seconds_a_step
        before = clock.now
        shown_step = evaluation.step
        evaluation.evaluate_when_due(False, False, 0.0)
        if evaluation.step != shown_step:
            assert clock.now - true_at <= MOST_SECONDS
            true_at = clock.now
        assert before - true_at <= MOST_SECONDS
        assert evaluation.scores().step[-1] == evaluation.step <= trainer.step == steps


def test_evaluations_take_a_small_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, clock = assembled("iris").trainer, Clock()
    evaluation = TimedEvaluation(trainer, "test", clock)
    make_slow(trainer, clock, 0.02, monkeypatch)
    began, looks = clock.now, 500
    for _ in range(looks):
        trainer.update()
        clock.now += LOOK_SECONDS
        evaluation.evaluate_when_due(False, False, 0.0)
    assert clock.now - began - looks * LOOK_SECONDS <= 0.03 * (clock.now - began)


@pytest.mark.parametrize("cost", [2.0, 3.0, 30.0])
def test_slow_evaluations_leave_a_third_of_the_time_to_the_training(
    cost: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, clock = assembled("iris").trainer, Clock()
    evaluation = TimedEvaluation(trainer, "test", clock)
    make_slow(trainer, clock, cost, monkeypatch)
    evaluation.evaluate_when_due(False, False, 0.0)
    began, looks = clock.now, 3000
    for _ in range(looks):
        trainer.update()
        clock.now += LOOK_SECONDS
        evaluation.evaluate_when_due(False, False, 0.0)
    assert looks * LOOK_SECONDS >= 0.3 * (clock.now - began)


def test_time_that_the_pace_leaves_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, clock = assembled("iris").trainer, Clock()
    evaluation = TimedEvaluation(trainer, "test", clock)
    make_slow(trainer, clock, 0.01, monkeypatch)
    for _ in range(20):
        trainer.update()
        clock.now += 0.1
        evaluation.evaluate_when_due(False, False, spare=0.015)
        assert evaluation.step == trainer.step


def test_scores_of_a_later_step_are_dropped_after_going_back() -> None:
    run = assembled("iris")
    loop = TrainingLoop(run, None, paused=True)
    for step in range(1, 30):
        loop.make_step()
        loop.train_slice(lambda: False, lambda _: None)
        assert loop.view().snapshot.watched_scores.step[-1] == step
    loop.rewind.move(-12)
    loop.observe()
    scores = loop.view().snapshot.watched_scores
    assert scores.step.tolist() == list(range(18))
    assert scores.loss[-1] == run.trainer.watched_score().loss


def test_after_resuming_the_scores_before_are_not_joined_with_the_new_ones() -> None:
    first, resumed = assembled("iris"), assembled("iris")
    for run in (first, resumed):
        run.trainer.evaluation_interval = 10**9
    first.trainer.run(lambda: False, until=400)
    resumed.trainer.restore(first.trainer.state())
    loop = TrainingLoop(resumed, None, paused=True)
    for _ in range(5):
        curves = make_watched_curves(loop.view().snapshot.watched_scores, 100, True)
        assert all(np.ptp(x) < 10 for x, _ in curves.values())
        assert {0.0, 400.0} <= {float(step) for x, _ in curves.values() for step in x}
        loop.make_step()
        loop.train_slice(lambda: False, lambda _: None)


def test_training_and_what_is_saved_of_it_do_not_depend_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimedEvaluation, "_is_due", lambda self, spare: True)
    run = assembled("iris")
    loop = TrainingLoop(run, None)
    while run.trainer.step < 200:
        loop.train_slice(lambda: True, lambda _: None)
        loop._observer.observe(resting=False)
    assert len(loop.view().snapshot.watched_scores.step) > len(run.trainer.history.watched_scores().step)
    assert same(run.trainer.state(), trained_alone(assembled("iris"), run.trainer.step))


# all panels agree

MOVES = ["step", "epoch", "back", "on", "back epoch", "on epoch", "output", "rate", "reset", "example", "run"]


def check_agreement(run: Run, view: View, loss_panel: str, output_panel: str) -> None:
    """Fail unless the header of the loss and the report show the same evaluation, and its age."""
    snapshot, report = view.snapshot, view.snapshot.part_report
    if report is None:
        return
    assert report.step == snapshot.watched_scores.step[-1]
    assert report.score.loss == snapshot.watched_scores.loss[-1]
    accuracy = re.search(r"([\d.]+%)", loss_panel.splitlines()[0])
    assert accuracy
    step = f"at step {report.step:,}"
    assert (step in output_panel) == (report.step < snapshot.step)
    assert ((step in loss_panel) or (f"at {report.step:,}" in loss_panel)) or report.step == snapshot.step
    if view.request.output == "confusion":
        assert accuracy[1] in output_panel.splitlines()[0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(MOVES), max_size=25), st.booleans())
def test_panels_agree_after_any_commands(moves: list[str], slow: bool) -> None:
    run = assembled("iris")
    loop = TrainingLoop(run, None, paused=True)
    if slow:
        # as if an evaluation took long, so that most views show an earlier one
        loop._observer._evaluation._clock = lambda: 0.0
        loop._observer._evaluation._is_due = lambda spare: False  # type: ignore[method-assign]
    loss, output = LossPanel(), OutputPanel(run)
    loop.show_next_output()
    for move in moves:
        {
            "step": loop.make_step,
            "epoch": loop.make_epoch,
            "back": lambda: loop.rewind.move(-1),
            "on": lambda: loop.rewind.move(1),
            "back epoch": lambda: loop.rewind.move_epoch(-1),
            "on epoch": lambda: loop.rewind.move_epoch(1),
            "output": loop.show_next_output,
            "rate": lambda: loop.change_rate(1),
            "reset": loop.rewind.reset,
            "example": lambda: loop.show_example(1),
            "run": loop.toggle_pause,
        }[move]()
        loop.observe()
        views = [loop.view()]
        if views[0].phase == "training":
            loop.train_slice(lambda: True, views.append)
        for view in views:
            lines = ["\n".join(strip.text for strip in each.lines(view, 70, 18)) for each in (loss, output)]
            check_agreement(run, view, *lines)


KEYS = ["s", "S", "left_square_bracket", "right_square_bracket", "left_curly_bracket", "plus", "c", "n", "r", "space"]
KEYS += ["m", "tab", "y", "greater_than_sign"]


@pytest.mark.parametrize("seed", range(6))
async def test_the_panels_of_the_app_agree_at_every_moment_whatever_is_pressed(seed: int) -> None:
    rng = random.Random(seed)
    async with shown(assembled("iris", max_steps=10**9), pace=100.0, paused=bool(seed % 2)) as pilot:
        await pilot.press("c")
        await until(lambda: "right" in text(panel(pilot, "output")), pilot)
        for _ in range(25):
            await pilot.press(rng.choice(KEYS))
            for _ in range(rng.randrange(4)):
                check_what_is_shown(pilot)
                await pilot.pause(0.01)


def check_what_is_shown(pilot: AppPilot) -> None:
    loss, output = panel(pilot, "loss"), panel(pilot, "output")
    if not (loss.display and output.display) or output.view is None:
        return
    if output.view.request.output == "example":
        return
    assert isinstance(output.view, View) and isinstance(loss.view, View)
    assert loss.view.snapshot.watched_scores.step[-1] == output.view.snapshot.watched_scores.step[-1]
    check_agreement(session_of(pilot).run, output.view, text(loss), text(output))


def test_a_key_while_training_is_answered_without_the_evaluations_that_take_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = TrainingLoop(assembled("digits"), None)
    loop.train_slice(lambda: True, lambda _: None)
    loop.trainer.update()
    parts: list[int] = []
    score = Evaluator.score
    monkeypatch.setattr(Evaluator, "score", lambda self, part: parts.append(len(part)) or score(self, part))
    monkeypatch.setattr(TimedEvaluation, "_is_due", lambda self, spare: True)
    loop.show_example(1)
    loop.observe()
    assert loop.view().snapshot.step == loop.trainer.step
    assert loop.view().snapshot.example.index.row == 1
    assert parts == []
