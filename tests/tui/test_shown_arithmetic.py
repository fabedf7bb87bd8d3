"""Every equation of the walkthrough and the trace can be computed again from what is shown, to its last digit."""

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradstep.core.training.update import Update
from gradstep.data.run import Run
from gradstep.tui.cli.trace import format_text
from gradstep.tui.session.walk import Walk, start_walk
from tests.core.arithmetic import assert_last_digit_is_right, read_equations
from tests.core.walks import every_focus
from tests.tui.driving import assembled
from tests.tui.walking import lesson_run, recorded

RUNS: dict[str, tuple[Callable[[], Run], int]] = {
    "digits": (lambda: assembled("digits"), 3),
    "digits, batch of all": (lambda: assembled("digits", batch_size="full"), 1),
    "mazur": (lambda: lesson_run("mazur")[0], 1),
    "a saturated neuron": (lambda: lesson_run("saturation")[0], 2),
    "softmax with mse": (lambda: assembled(network={"hidden": [5], "output": "softmax"}, loss="mse"), 2),
    "sigmoid with cross-entropy": (lambda: assembled("xor", optimizer="momentum"), 4),
    "sigmoid with mse": (lambda: assembled("moons", network={"output": "sigmoid"}, loss="mse", l2=1e-3), 2),
    "regression": (lambda: assembled("sine"), 3),
    "nesterov and l1": (lambda: assembled("digits", optimizer="nesterov", l1=1e-4), 3),
    "rmsprop and l2": (lambda: assembled(optimizer="rmsprop", l2=1e-3), 3),
    "adam, l1 and l2": (lambda: assembled("circle", optimizer="adam", l1=1e-3, l2=1e-3), 5),
    "float32": (lambda: assembled("digits", network={"dtype": "float32"}), 2),
}


@pytest.fixture(scope="module", params=RUNS)
def update(request: pytest.FixtureRequest) -> Update:
    make, step = RUNS[request.param]
    return recorded(make(), step)


@pytest.fixture(scope="module")
def walk(update: Update) -> Walk:
    return start_walk(update)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_every_equation_comes_to_the_result_that_is_shown(walk: Walk, data: st.DataObject) -> None:
    focus = data.draw(every_focus(walk.update))
    fewest = 3 if walk.update.x.dtype == "float32" else 9
    for step in walk.steps:
        for equation in read_equations(step.at(focus).lines):
            assert_last_digit_is_right(equation, fewest)


def test_every_equation_of_the_trace_comes_to_the_result_that_is_shown(update: Update) -> None:
    written = [line for line in format_text(update).split("\n") if line.startswith("    ") and "[" not in line]
    equations = read_equations(written)
    assert len(equations) > 8
    for equation in equations:
        assert_last_digit_is_right(equation, 3 if update.x.dtype == "float32" else 9)


def test_no_term_is_left_out_of_a_sum(walk: Walk) -> None:
    lines = [line for step in walk.steps for line in step.at(walk.focus).lines]
    for line in lines:
        assert not re.search(r"…(?! \d+ more terms, together)", line), line
