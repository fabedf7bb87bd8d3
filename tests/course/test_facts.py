"""What a card can ask for is looked up in the session and on the screen, and its numbers are those of the run."""

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.ledger.bugs import BUGS
from gradstep.core.ledger.micro_step import PHASES
from gradstep.core.observation.valley import LandingKind
from gradstep.core.training.update import record_update
from gradstep.data.course.condition import Condition, WalkPhase
from gradstep.data.course.expression import evaluate, parse_expression
from gradstep.data.run import Run
from gradstep.tui.session.course.conditions import FACTS, holds
from gradstep.tui.session.course.facts import Facts, ScreenFacts
from gradstep.tui.session.course.named_numbers import NotThere, find_number
from gradstep.tui.session.training_loop import TrainingLoop
from tests.tui.driving import assembled


def facts(loop: TrainingLoop, screen: str = "training", **shown: Any) -> Facts:
    """The facts of this moment."""
    loop.observe()
    return Facts(loop.view(), ScreenFacts(screen, **shown))


def step(loop: TrainingLoop, steps: int = 1) -> None:
    for _ in range(steps):
        loop.make_step()
        loop.train_slice(lambda: False, lambda _: None)


@pytest.fixture
def loop() -> TrainingLoop:
    return TrainingLoop(assembled("iris", {"hidden": [3]}, learning_rate=0.5), None, paused=True)


# the closed set


def test_every_fact_of_a_condition_is_looked_up() -> None:
    assert set(Condition.model_fields) == {*FACTS, "guesses", "right_guesses"}


def test_the_words_of_a_condition_are_those_of_the_program() -> None:
    landing = Condition.model_fields["landing"].annotation
    assert set(get_args(get_args(landing)[0])) == set(get_args(LandingKind))
    assert get_args(WalkPhase) == PHASES
    assert all(Condition(bug=bug.name) for bug in BUGS)


@pytest.mark.parametrize(
    ("condition", "steps", "holds_before", "holds_after"),
    [
        ({"step": 0}, 1, True, False),
        ({"steps_made": 2}, 2, False, True),
        ({"step_at_least": 2}, 1, False, False),
        ({"phase": "paused"}, 0, True, True),
        ({"epoch_at_least": 2}, 8, False, True),
        ({"learning_rate": 0.5}, 0, True, True),
        ({"learning_rate_at_least": 0.6}, 0, False, False),
        ({"learning_rate_at_most": 0.5, "step": 1}, 1, False, True),
        ({"train_loss_at_most": 0.3}, 200, False, True),
        ({"train_accuracy_at_least": 0.9}, 200, False, True),
        ({"test_accuracy_at_least": 0.8}, 200, False, True),
        ({"field": {"network.hidden": [3], "training.optimizer": "sgd"}}, 0, True, True),
        ({"field": {"network.hidden": [4]}}, 0, False, False),
    ],
)
def test_a_condition_on_the_run(
    condition: dict[str, Any], steps: int, holds_before: bool, holds_after: bool, loop: TrainingLoop
) -> None:
    wanted, began = Condition(**condition), facts(loop)
    assert holds(wanted, began, began) is holds_before
    step(loop, steps)
    assert holds(wanted, facts(loop), began) is holds_after


def test_a_change_counts_from_the_beginning_of_the_card(loop: TrainingLoop) -> None:
    for name, change in {
        "example_changed": lambda: loop.show_example(1),
        "weight_set": lambda: loop.edits.edit_parameter(loop_parameter(loop), 2.5),
    }.items():
        began, wanted = facts(loop), Condition(**{name: True})
        assert not holds(wanted, began, began)
        change()
        assert holds(wanted, facts(loop), began)
        assert not holds(wanted, facts(loop), facts(loop))


def loop_parameter(loop: TrainingLoop) -> Any:
    from gradstep.core.observation.parameter_edit import find_heaviest_weight

    return find_heaviest_weight(loop.view().snapshot)


def test_a_condition_on_the_screen(loop: TrainingLoop) -> None:
    began = facts(loop)
    for name, value in {"screen": "race", "race_ended": True, "race_contest": "sizes"}.items():
        shown = {"race_ended": True, "race_contest": "sizes"}
        assert holds(Condition(**{name: value}), facts(loop, "race", **shown), began)
        assert not holds(Condition(**{name: value}), began, began)


def test_the_outputs_for_each_row_are_compared_with_their_intervals() -> None:
    rows = {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [0], [0], [1]]}
    network = {"hidden": [], "output": "sigmoid", "weights": [[[4, 4]]], "biases": [[-6]]}
    loop = TrainingLoop(assembled(rows, network, loss="mse"), None, paused=True)
    now = facts(loop)
    low, high = [0.0, 0.5], [0.5, 1.0]
    assert holds(Condition(outputs=[low, low, low, high]), now, now)
    assert not holds(Condition(outputs=[low, high, low, high]), now, now)
    assert not holds(Condition(outputs=[low, low, low]), now, now)


# numbers


def test_named_numbers_are_those_of_the_recorded_update() -> None:
    run = assembled("iris", {"hidden": [3]}, learning_rate=0.5)
    loop = TrainingLoop(run, None, paused=True)
    now = facts(loop)
    update = record_update(run.trainer)
    walk = Facts(now.view, ScreenFacts("walkthrough", update=update, example=2))
    layer = update.layers[0]
    assert find_number("w1[2,3]", walk) == layer.old[1, 2]
    assert find_number("b1[2]", walk) == layer.old[1, -1]
    assert find_number("delta1[3]", walk) == layer.delta[2, 2]
    assert find_number("grad1[1,4]", walk) == layer.gradient[0, 3]
    assert find_number("out[1]", walk) == update.layers[-1].a[2, 0]
    assert find_number("example_loss", walk) == update.losses[2]
    z = "w1[1,1]*x[1] + w1[1,2]*x[2] + w1[1,3]*x[3] + w1[1,4]*x[4] + b1[1]"
    assert find_number(z, walk) == pytest.approx(layer.z[2, 0], rel=1e-12)


def test_scores_on_the_training_part_are_those_of_the_evaluation(loop: TrainingLoop) -> None:
    step(loop, 20)
    now = facts(loop)
    trainer = loop.trainer
    score = trainer.evaluator.score(trainer.training_part)
    assert find_number("train_loss", now) == pytest.approx(score.loss, rel=1e-12)
    assert find_number("train_accuracy", now) == pytest.approx(score.accuracy, rel=1e-12)
    assert find_number("batch_size", now) == trainer.batch_size
    assert find_number("parameters", now) == len(trainer.network.parameters)


@pytest.mark.parametrize("name", ["w3[1,1]", "x[5]", "grad1[1,1]", "batch_loss"])
def test_a_number_that_there_is_not_is_told(name: str, loop: TrainingLoop) -> None:
    with pytest.raises(NotThere):
        find_number(name, facts(loop))


numbers = st.floats(0.1, 10).map(lambda number: f"{number:.6f}")
expressions = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda text: f"-{text}"),
    ),
    max_leaves=8,
)


@given(expressions)
def test_arithmetic_is_that_of_python(text: str) -> None:
    try:
        expected = eval(text, {"__builtins__": {}})
    except ZeroDivisionError:
        return
    assert evaluate(text, lambda name, indices: np.nan) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("text", ["", "w1[1,2", "__import__('os')", "x[1].real", "x[0]", "w0[1,1]", "1 if step else 2"])
def test_what_is_no_arithmetic_over_named_numbers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_expression(text)


def test_runs_are_told_apart() -> None:
    runs: list[Run] = [assembled("iris"), assembled("iris")]
    one, other = (facts(TrainingLoop(run, None, paused=True)) for run in runs)
    assert holds(Condition(run_restarted=True), other, one)
    assert not holds(Condition(run_restarted=True), one, one)
