"""The extras of the walkthrough: the batch as a table, the gradient check, and the classic bugs."""

import re

import numpy as np
import pytest

from gradstep.core.ledger.bugs import BUGS, NEW_WEIGHTS, NO_SLOPE, NOT_RESET, SUMMED, Bug
from gradstep.core.ledger.micro_step import PHASES
from gradstep.core.notation import exact, number
from gradstep.core.observation.gradient_check import GradientCheck, GradientChecker
from gradstep.data.run import Run
from gradstep.tui.numbers import NOT_COMPUTED, format_chosen, format_number, typeset_minus
from gradstep.tui.screens.walkthrough.explanation import CORRECT_BEFORE, CORRECT_NEXT
from gradstep.tui.screens.walkthrough.gradient_check import list_check_forms
from gradstep.tui.screens.walkthrough.state import CheckedGradient, WalkView
from tests.tui.driving import AppPilot, assembled, session_of
from tests.tui.walking import (
    focus_on,
    lesson_run,
    press,
    recorded,
    resized,
    shown_text,
    small,
    step,
    view,
    walk,
    walk_to,
    walking,
)

# the batch


async def test_the_batch_is_a_table_whose_mean_is_the_number_of_the_update() -> None:
    async with walking(small()) as pilot:
        twin = recorded(small())
        await walk_to(pilot, "mean 1")
        await press(pilot, "t")
        await focus_on(pilot, neuron=1, weight=2)
        rows = [line.split() for line in shown_text(pilot, "batch-table").split("\n")]
        layer = twin.layers[0]
        each = layer.delta[:, 1] * layer.inputs[:, 2]
        order = np.argsort(-np.abs(each))
        for row, example, loss, gradient in zip(rows[2:6], order, twin.losses[order], each[order], strict=True):
            assert row[0] == str(example + 1)
            assert row[2:5] == [number(loss), number(gradient), "down" if gradient > 0 else "up"]
        assert rows[6] == ["mean", number(twin.loss), number(each.mean()), "down" if each.mean() > 0 else "up"]
        assert each.mean() == pytest.approx(layer.data_gradient[1, 2], rel=1e-12)


async def test_the_batch_table_stays_on_when_walking_on_to_the_next_update() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "t")
        await walk_to(pilot, walk(pilot).steps[-1].key)
        await press(pilot, "right", "right")
        assert walk(pilot).update.step == 2
        assert shown_text(pilot, "batch-table") and not shown_text(pilot, "matrices")
        await press(pilot, "end")
        assert "the largest first" not in shown_text(pilot, "batch-table")
        await walk_to(pilot, "∂ 1")
        assert "the largest first" in shown_text(pilot, "batch-table")


async def test_the_batch_table_has_dashes_for_numbers_not_computed_yet() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "t")
        for key, first, mean in (
            ("batch", [NOT_COMPUTED, NOT_COMPUTED], [NOT_COMPUTED, NOT_COMPUTED]),
            ("loss", ["number", NOT_COMPUTED], [NOT_COMPUTED, NOT_COMPUTED]),
            ("mean", ["number", NOT_COMPUTED], ["number", NOT_COMPUTED]),
            ("∂ 2", ["number", "number"], ["number", NOT_COMPUTED]),
            ("mean 1", ["number", "number"], ["number", "number"]),
        ):
            await walk_to(pilot, key)
            rows = [line.split() for line in shown_text(pilot, "batch-table").split("\n")]
            assert [cell if cell == NOT_COMPUTED else "number" for cell in rows[2][2:4]] == first
            assert [cell if cell == NOT_COMPUTED else "number" for cell in rows[6][1:3]] == mean


async def test_an_example_asks_for_the_opposite_of_its_gradient() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "∂ 2")
        seen = set()
        for neuron in range(3):
            await focus_on(pilot, neuron=neuron, weight=1)
            layer, i = walk(pilot).update.layers[1], walk(pilot).focus.example
            delta, gradient = layer.delta[i, neuron], layer.delta[i, neuron] * layer.inputs[i, 1]
            seen.add(gradient > 0)
            shown = unwrapped(pilot)
            assert f"w −∂E/∂w = {number(-gradient)}: {'down' if gradient > 0 else 'up'}" in shown
            assert f"= {number(-delta)}: {'down' if delta > 0 else 'up'}" in shown
            through = delta * layer.old[neuron, 1]
            # the sum over all three neurons may have the other sign
            species = view(pilot).labels.of_output(neuron)
            assert f"= {number(-through)}: {'down' if through > 0 else 'up'}, for {species} alone" in shown
        assert seen == {True, False}


async def test_the_mean_of_the_batch_says_which_way_it_asks_the_weight_to_go() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "∂ 2")
        await press(pilot, "t")
        assert not re.search(r"^ *mean .*(up|down)", shown_text(pilot, "batch-table"), re.MULTILINE)
        await walk_to(pilot, "mean 2")
        mean = walk(pilot).written.result
        way = "down" if mean > 0 else "up"
        assert re.search(
            rf"^ *mean .* {re.escape(number(mean))}  {way}", shown_text(pilot, "batch-table"), re.MULTILINE
        )


async def test_the_walk_begins_with_the_example_of_the_largest_loss_and_says_so() -> None:
    async with walking(small()) as pilot:
        said = "of the training part, and has the largest loss"
        assert said in unwrapped(pilot)
        await press(pilot, "n")
        assert said not in unwrapped(pilot)
        await walk_to(pilot, "z 1")
        assert "W1|b1 is W1 with b1 as a last column." in unwrapped(pilot)
        await walk_to(pilot, "z 2")
        assert "last column" not in unwrapped(pilot)


async def test_an_example_asks_nothing_of_an_input() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "∂ 1")
        assert "so this example asks for" in unwrapped(pilot)
        assert "·w = " not in unwrapped(pilot)


async def test_the_batch_table_shows_each_target_whole_and_how_many_examples_do_not_fit() -> None:
    async with walking(assembled("sine"), size=(80, 24)) as pilot:
        await walk_to(pilot, "∂ 2")
        await press(pilot, "t")
        twin, table = walk(pilot).update, shown_text(pilot, "batch-table").split("\n")
        rows = [line.split() for line in table if re.match(r" +\d+ ", line)]
        assert len(rows) >= 6
        for example, target, *_ in rows:
            i = int(example) - 1
            assert target == format_number(float(twin.y[i, 0]), 0)
            assert format_number(float(twin.x[i, 0]), 0) in rows[[row[0] for row in rows].index(example)]
        assert f"… {twin.batch - len(rows)} more examples" in table[-1]
        await resized(pilot, (40, 16))
        narrow = [line.split()[1] for line in shown_text(pilot, "batch-table").split("\n") if re.match(r" +\d+ ", line)]
        assert narrow and set(narrow) <= {format_number(float(y), 0) for y in twin.y[:, 0]}


# the gradient check


async def test_the_gradient_check_shows_both_numbers_and_their_relative_error() -> None:
    async with walking(small(l2=1e-3)) as pilot:
        await walk_to(pilot, "mean 1")
        await focus_on(pilot, neuron=1, weight=2)
        await press(pilot, "g")
        shown = shown_text(pilot, "explanation")
        twin = recorded(small(l2=1e-3))
        checker = GradientChecker(twin)
        check, (worst, count) = checker.check(1, 1, 2), checker.find_worst(1)
        assert f"backprop     {exact(float(twin.layers[0].gradient[1, 2]))}\n" in despaced(shown)
        assert f"differences  {exact(check.numerical)}   h = {format_chosen(check.h)}" in shown
        assert f"off by       {typeset_minus(f'{check.relative_error:.1e}')} of the larger one" in shown
        assert check.relative_error < 1e-6
        assert f"worst of {count} in this layer: {typeset_minus(f'{worst.relative_error:.1e}')}" in shown
        assert count == twin.layers[0].old.size
        assert "ReLU" not in shown


@pytest.mark.parametrize(("weight", "name"), [(0, "weight 1 of neuron 2"), (4, "the bias of neuron 2")])
def test_the_worst_gradient_is_named_as_a_weight_or_as_the_bias(weight: int, name: str) -> None:
    check = GradientCheck(1, neuron=1, weight=weight, backprop=0.5, numerical=0.5, h=0.01)
    form = list_check_forms(CheckedGradient(check, check, count=10, parameters=15, inputs=4), 100)[1]
    worst = form[-1].text.rstrip()
    assert worst == f"  worst of 10 in this layer (it has 15): 0, {name}: backprop 0.5"


def despaced(shown: str) -> str:
    return "\n".join(line.rstrip() for line in shown.split("\n")) + "\n"


async def test_a_gradient_check_across_a_relu_kink_is_marked() -> None:
    corner = assembled(
        {"x": [[1.0]], "y": [[2.0]], "test_fraction": 0},
        {"hidden": [1], "activation": "relu", "weights": [[[1.0]], [[1.0]]], "biases": [[-1.0], [0.0]]},
        batch_size="full",
    )
    async with walking(corner) as pilot:
        await walk_to(pilot, "∂ 1")
        assert walk(pilot).update.layers[0].z[0, 0] == 0
        await press(pilot, "g")
        assert "ReLU" in unwrapped(pilot)
        assert "no slope there, both may be right." in unwrapped(pilot)


async def test_a_gradient_check_is_of_the_parameter_in_focus() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "mean 1")
        for asked in ("tab", "down", "n", "right"):
            await press(pilot, "g")
            assert "gradient check" in shown_text(pilot, "explanation")
            await press(pilot, asked)
            assert "gradient check" not in shown_text(pilot, "explanation")


# the classic bugs

FIRST_WRONG = [
    ("iris", 1, {NEW_WEIGHTS: "paths 1", SUMMED: "mean 1", NO_SLOPE: "δ 1"}),
    ("iris", 2, {NOT_RESET: "mean 1"}),
    ("mazur", 1, {NEW_WEIGHTS: "paths 1", NO_SLOPE: "δ 2"}),
    ("mazur", 2, {NOT_RESET: "mean 1"}),
]
CHANGES_NOTHING = [("iris", {NOT_RESET}), ("mazur", {NOT_RESET, SUMMED})]


async def switch_on(pilot: AppPilot, bug: Bug) -> None:
    """Switch this bug on at the first micro-step."""
    await press(pilot, *["home"] * len(PHASES))
    while view(pilot).bug is not bug:
        await press(pilot, "b")


def unwrapped(pilot: AppPilot) -> str:
    return " ".join(shown_text(pilot, "explanation").split())


def named(name: str) -> Run:
    return small() if name == "iris" else lesson_run(name)[0]


@pytest.mark.parametrize(("name", "number_", "first_wrong"), FIRST_WRONG)
async def test_a_bug_is_shown_where_the_first_number_goes_wrong(
    name: str, number_: int, first_wrong: dict[Bug, str]
) -> None:
    async with walking(named(name)) as pilot:
        while walk(pilot).update.step < number_:
            await walk_to(pilot, "check")
            await press(pilot, "right", "right")
        for bug, key in first_wrong.items():
            await switch_on(pilot, bug)
            before = "" if number_ == 1 else f" {CORRECT_BEFORE}"
            assert f"Bug: {bug.words}{before} Up to here every number is still right." in unwrapped(pilot)
            await walk_to(pilot, key)
            title = step(pilot).title
            assert f"✗ Here the first number goes wrong. {bug.words}" in unwrapped(pilot)
            await press(pilot, "right")
            assert f'✗ Wrong since "{title}".' in unwrapped(pilot)


@pytest.mark.parametrize(("name", "bugs"), CHANGES_NOTHING)
async def test_a_bug_that_changes_no_number_is_marked(name: str, bugs: set[Bug]) -> None:
    async with walking(named(name)) as pilot:
        for bug in bugs:
            await switch_on(pilot, bug)
            assert "In this update it changes no number." in unwrapped(pilot)
            await walk_to(pilot, "check")
            assert "✗" not in unwrapped(pilot)


async def test_without_a_bug_no_number_is_called_wrong() -> None:
    async with walking(small()) as pilot:
        for _ in walk(pilot).steps:
            assert "✗" not in shown_text(pilot) and "Bug" not in shown_text(pilot)
            await press(pilot, "right")


async def test_a_bug_changes_nothing_in_the_run() -> None:
    async with walking(small()) as pilot:
        await press(pilot, *["b"] * len(BUGS))
        assert (session_of(pilot).run.network.layers[0].matrix == recorded(small()).layers[0].new).all()
        await walk_to(pilot, "check")
        await press(pilot, "right", "right")
        assert (walk(pilot).update.layers[0].z == recorded(small(), 2).layers[0].z).all()


async def test_a_bug_stays_on_in_the_next_update_which_starts_from_the_correct_weights() -> None:
    async with walking(lesson_run("trask")[0]) as pilot:
        await switch_on(pilot, NOT_RESET)
        await walk_to(pilot, "check")
        await press(pilot, "right")
        assert CORRECT_NEXT in unwrapped(pilot)
        await press(pilot, "right")
        assert walk(pilot).update.step == 2 and view(pilot).bug is NOT_RESET
        assert CORRECT_BEFORE in unwrapped(pilot)
        assert step_at(view(pilot)) == "mean 1"
        await press(pilot, "left")
        assert walk(pilot).update.step == 1 and view(pilot).bug is NOT_RESET and view(pilot).wrong_from is None


def step_at(shown: WalkView) -> str:
    """The key of the micro-step from which on the numbers are wrong."""
    assert shown.wrong_from is not None
    return shown.walk.steps[shown.wrong_from].key


async def test_a_gradient_check_says_which_layer_is_right_while_a_bug_makes_another_one_wrong() -> None:
    async with walking(small()) as pilot:
        await switch_on(pilot, NEW_WEIGHTS)
        await walk_to(pilot, "check")
        await press(pilot, "g")
        assert "✗ Wrong since" in unwrapped(pilot) and "✓ right for layer 2" in unwrapped(pilot)
        await walk_to(pilot, "new 1")
        await press(pilot, "g")
        assert "✓ right" not in unwrapped(pilot)


async def test_a_bug_whose_numbers_leave_the_range_of_a_float_shows_them_and_ends_nothing() -> None:
    run = assembled("iris", {"hidden": [3], "output": "linear"}, batch_size=50, loss="half_sse", learning_rate=1e300)
    async with walking(run) as pilot:
        for bug in BUGS:
            await switch_on(pilot, bug)
            shown = set()
            for _ in range(len(walk(pilot).steps) - 1):
                await press(pilot, "g", "right")
                assert view(pilot).bug is bug
                shown |= set(shown_text(pilot).split())
            assert shown & {"inf", "−inf", "nan"}
            assert "is no longer a finite number" in unwrapped(pilot)
            changes = [layer.change for layer in walk(pilot).update.layers]
            assert all(np.isfinite(change).all() for change in changes) == (bug is not NEW_WEIGHTS)
