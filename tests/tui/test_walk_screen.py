"""The walkthrough screen: its numbers are those of the update, all of it can be read, and it goes on with the run."""

import re
from collections import Counter

import pytest
from rich.segment import Segment

from core.bugs import BUGS, NO_SLOPE, NOT_RESET, STALE, SUMMED, Bug
from core.gradient_check import GradientChecker
from core.ledger.micro_step import exact, number
from core.update import Update
from data.assemble import Run
from data.lesson import Lesson
from tests.tui.driving import AppPilot, assembled, diverging, session_of, step_of, text, until
from tests.tui.walking import (
    digits,
    focus,
    focus_on,
    lesson_run,
    press,
    recorded,
    screen,
    shown_panels,
    shown_text,
    step,
    view,
    walk,
    walk_to,
    walking,
)
from tui.colours import MARKED
from tui.figures import NONE, figure
from tui.panels.panel import Panel
from tui.screens.training import TrainingScreen
from tui.screens.walk import WalkScreen
from tui.walk import Walk

SIZES = [(120, 40), (80, 24), (200, 60), (100, 30)]
ROWS = {"z": "z", "a": "a", "δ": "δ", "∂E/∂w": "∂", "g": "mean", "new": "new"}


def experiment(name: str) -> tuple[Run, Lesson | None]:
    return (digits(), None) if name == "digits" else lesson_run(name)


def small(**training: object) -> Run:
    """Iris on one small hidden layer."""
    return assembled(network={"hidden": [3], "activation": "tanh"}, batch_size=4, **training)


def expected_number(update: Update, walk: Walk, key: str) -> float:
    """The number of a micro-step, straight from the arrays of an update."""
    name, _, layer_number = key.partition(" ")
    i = walk.focus.example
    if name == "loss":
        return float(update.losses[i])
    if name == "mean" and not layer_number:
        return update.loss + update.penalty
    layer = update.layers[int(layer_number) - 1]
    j, k = walk.focus.neurons[int(layer_number) - 1], walk.focus.weights[int(layer_number) - 1]
    by_name = {
        "z": layer.z[i, j],
        "a": layer.a[i, j],
        "δ": layer.delta[i, j],
        "∂": layer.delta[i, j] * layer.inputs[i, k],
        "mean": layer.data_gradient[j, k],
        "new": layer.new[j, k],
    }
    return float(by_name[name])


def values(pilot: AppPilot) -> dict[str, str]:
    """The cells of the panel "so far", by micro-step."""
    found: dict[str, str] = {}
    for line in shown_text(pilot, "walk-values").split("\n"):
        name, *cells = line.split() or [""]
        if name in ROWS:
            cells = cells[1:] if name == "new" else cells
            layers = range(1, len(walk(pilot).update.layers) + 1)
            found |= {f"{ROWS[name]} {layer}": cell for layer, cell in zip(layers, cells, strict=False)}
        elif name in ("E", "L"):
            found["loss" if name == "E" else "mean"] = cells[0]
    return found


def notices(pilot: AppPilot) -> list[str]:
    return [notification.message for notification in pilot.app._notifications]


# the numbers


async def test_the_values_so_far_are_those_of_the_update_and_what_lies_ahead_is_a_dash() -> None:
    async with walking(digits()) as pilot:
        twin = recorded(digits())
        steps = walk(pilot).steps
        for place in range(len(steps)):
            cells = values(pilot)
            assert len(cells) == 3 * len(ROWS) + 2
            for key, cell in cells.items():
                ahead = key not in [each.key for each in steps[: place + 1]]
                assert cell == (NONE if ahead else number(expected_number(twin, walk(pilot), key)))
            await press(pilot, "right")


async def test_the_explanation_comes_to_the_numbers_of_the_update() -> None:
    async with walking(small(optimizer="adam", l1=1e-3)) as pilot:
        twin = recorded(small(optimizer="adam", l1=1e-3))
        for key in ["loss", "mean", *(f"{name} {layer}" for name in ROWS.values() for layer in (1, 2))]:
            await walk_to(pilot, key)
            assert f"= {exact(expected_number(twin, walk(pilot), key))}" in shown_text(pilot, "explanation")


async def test_the_numbers_follow_the_chosen_neuron_weight_and_example() -> None:
    async with walking(small()) as pilot:
        twin = recorded(small())
        await walk_to(pilot, "∂ 1")
        await press(pilot, "n", "n")
        await focus_on(pilot, neuron=2, weight=1)
        layer = twin.layers[0]
        result = float(layer.delta[2, 2] * layer.inputs[2, 1])
        assert exact(result) in shown_text(pilot, "explanation")
        assert values(pilot)["∂ 1"] == number(result)
        assert figure(result, 0) in shown_text(pilot, "matrices")


async def test_the_matrices_are_those_of_the_update() -> None:
    async with walking(small(), size=(200, 60)) as pilot:
        twin = recorded(small())
        await walk_to(pilot, "a 1")
        for value in (*twin.layers[0].z.ravel(), *twin.layers[0].a.ravel()):
            assert figure(float(value), 0) in shown_text(pilot, "matrices")


async def test_the_network_shows_what_it_has_computed_and_dashes_for_the_rest() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        for key, dashes in (("batch", 2), ("z 1", 2), ("a 1", 1), ("z 2", 1), ("a 2", 0), ("δ 2", 1), ("δ 1", 0)):
            await walk_to(pilot, key)
            assert shown_text(pilot, "walk-graph").count(NONE) == dashes


async def test_the_batch_is_a_table_whose_mean_is_the_number_of_the_update() -> None:
    async with walking(small()) as pilot:
        twin = recorded(small())
        await walk_to(pilot, "mean 1")
        await press(pilot, "t")
        await focus_on(pilot, neuron=1, weight=2)
        rows = [line.split() for line in shown_text(pilot, "batch-table").split("\n")]
        layer = twin.layers[0]
        each = layer.delta[:, 1] * layer.inputs[:, 2]
        for row, loss, gradient in zip(rows[2:6], twin.losses, each, strict=True):
            assert row[2:4] == [number(loss), number(gradient)]
        assert rows[6] == ["mean", number(twin.loss), number(each.mean())]
        assert each.mean() == pytest.approx(layer.data_gradient[1, 2], rel=1e-12)


async def test_the_batch_table_has_dashes_for_what_lies_ahead() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "t")
        for key, first, mean in (
            ("batch", [NONE, NONE], [NONE, NONE]),
            ("loss", ["number", NONE], [NONE, NONE]),
            ("mean", ["number", NONE], ["number", NONE]),
            ("∂ 2", ["number", "number"], ["number", NONE]),
            ("mean 1", ["number", "number"], ["number", "number"]),
        ):
            await walk_to(pilot, key)
            rows = [line.split() for line in shown_text(pilot, "batch-table").split("\n")]
            assert [cell if cell == NONE else "number" for cell in rows[2][2:4]] == first
            assert [cell if cell == NONE else "number" for cell in rows[6][1:3]] == mean


# room


def assert_nothing_is_cut(pilot: AppPilot) -> None:
    for panel in shown_panels(pilot):
        width, height = panel.content_size
        lines = panel.lines(view(pilot), width, height)
        where = f"{panel.id} at {step(pilot).key}, {width} × {height}"
        assert len(lines) <= height, f"{where}: {len(lines)} lines"
        for line in lines:
            assert line.cell_length <= width, f"{where}: {line.text!r} has {line.cell_length} cells"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["digits", "mazur"])
async def test_at_no_micro_step_is_anything_cut(name: str, size: tuple[int, int]) -> None:
    async with walking(*experiment(name), size=size) as pilot:
        for _ in walk(pilot).steps:
            assert_nothing_is_cut(pilot)
            assert_marked_entries_are_shown(pilot)
            await press(pilot, "right")


@pytest.mark.parametrize("size", SIZES[:2])
@pytest.mark.parametrize("name", ["digits", "mazur"])
async def test_with_a_bug_and_a_gradient_check_nothing_is_cut(name: str, size: tuple[int, int]) -> None:
    async with walking(*experiment(name), size=size) as pilot:
        await press(pilot, "b")
        for key in ("z 1", "δ 2", "paths 1", "∂ 1", "mean 1", "new 1", "check"):
            await walk_to(pilot, key)
            await press(pilot, "g")
            assert_nothing_is_cut(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_the_table_of_the_batch_is_not_cut(size: tuple[int, int]) -> None:
    async with walking(digits(), size=size) as pilot:
        await walk_to(pilot, "mean 1")
        await press(pilot, "t")
        for _ in range(3):
            await press(pilot, "p")
            assert_nothing_is_cut(pilot)
            assert f"{focus(pilot).example + 1:>7} " in shown_text(pilot, "batch-table")


def marked(panel: Panel) -> Counter[str]:
    """The marked texts of a panel."""
    segments: list[Segment] = []
    for y in range(panel.content_size.height):
        segments += panel.render_line(y)
    found = (each.text for each in segments if each.style is not None and each.style.reverse == MARKED.reverse
             and each.style.bgcolor == MARKED.bgcolor)  # fmt: skip
    return Counter(text.strip() for text in found)


def assert_marked_entries_are_shown(pilot: AppPilot) -> None:
    """In every table the entry that the focus is on."""
    tables = (*step(pilot).reads, *step(pilot).writes, *walk(pilot).written.tables)
    places = [(table, table.marked(focus(pilot))) for table in tables]
    expected = Counter(figure(float(table.values[place]), 0) for table, place in places if place is not None)
    assert marked(screen(pilot).query_one("#matrices", Panel)) == expected


async def test_a_table_folds_around_the_entry_that_is_looked_at() -> None:
    async with walking(digits(), size=(80, 24)) as pilot:
        await walk_to(pilot, "mean 1")
        for _ in range(9):
            await press(pilot, "up", "shift+tab", "shift+tab", "p")
            assert_marked_entries_are_shown(pilot)


async def test_a_screen_of_another_size_is_drawn_anew() -> None:
    async with walking(digits(), size=(120, 40)) as pilot:
        await walk_to(pilot, "∂ 1")
        for size in SIZES[1:]:
            await pilot.resize_terminal(*size)
            await press(pilot, "n")
            assert_nothing_is_cut(pilot)


# from update to update


async def test_past_the_last_micro_step_the_next_update_is_made() -> None:
    async with walking(small()) as pilot:
        await press(pilot, *["right"] * len(walk(pilot).steps))
        assert (walk(pilot).update.step, walk(pilot).place) == (2, 0)
        assert (walk(pilot).update.x == recorded(small(), 2).x).all()
        assert step_of(session_of(pilot)) == 2


async def test_before_the_first_micro_step_is_the_last_of_the_update_before() -> None:
    async with walking(small()) as pilot:
        await press(pilot, *["right"] * len(walk(pilot).steps), "left")
        assert walk(pilot).update.step == 1
        assert step(pilot) is walk(pilot).steps[-1]
        assert walk(pilot).written.result == recorded(small()).loss_after


async def test_before_the_first_update_there_is_none() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "left")
        assert (walk(pilot).update.step, walk(pilot).place) == (1, 0)
        assert notices(pilot) == ["This is the first update of the run."]


async def test_before_what_is_kept_of_the_run_one_stays_and_is_told() -> None:
    run = small()
    run.trainer.run(lambda: False, until=5)
    async with walking(run) as pilot:
        assert walk(pilot).update.step == 6
        await press(pilot, "left")
        assert (walk(pilot).update.step, walk(pilot).place) == (6, 0)
        assert notices(pilot) == ["The run before update 6 is not kept any more."]


async def test_an_update_that_diverges_is_told_and_one_stays() -> None:
    async with walking(diverging()) as pilot:
        while not notices(pilot):
            await press(pilot, "end", "end", "end", "end", "right", "right")
        (notice,) = notices(pilot)
        assert notice.startswith(f"step {walk(pilot).update.step + 1}: ")
        assert step(pilot) is walk(pilot).steps[-1]


async def test_walking_and_going_on_is_the_same_run() -> None:
    async with walking(small()) as pilot:
        await press(pilot, *["right"] * (2 * len(walk(pilot).steps)), "b", "g", "t", "b", "b", "left", "left")
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        await pilot.press("S")
        trainer, twin = session_of(pilot).run.trainer, small().trainer
        await until(lambda: step_of(session_of(pilot)) == trainer.steps_per_epoch, pilot)
        twin.run(lambda: False, until=trainer.step)
        assert (trainer.network.parameters == twin.network.parameters).all()


@pytest.mark.parametrize("after", ["escape", "ctrl+q"])
async def test_a_walk_that_is_left_at_once_leaves_nothing_behind(after: str) -> None:
    async with walking(small()) as pilot:
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        for key in ("w", after):
            pilot.app.simulate_key(key)
        await until(lambda: pilot.app._exit or not isinstance(pilot.app.screen, WalkScreen), pilot)


# the gradient check


async def test_the_gradient_check_shows_both_numbers_and_how_far_they_are_apart() -> None:
    async with walking(small(l2=1e-3)) as pilot:
        await walk_to(pilot, "mean 1")
        await focus_on(pilot, neuron=1, weight=2)
        await press(pilot, "g")
        shown = shown_text(pilot, "explanation")
        twin = recorded(small(l2=1e-3))
        checker = GradientChecker(twin)
        check, (worst, count) = checker.check(1, 1, 2), checker.worst(1)
        assert f"backprop     {exact(float(twin.layers[0].gradient[1, 2]))}\n" in despaced(shown)
        assert f"differences  {exact(check.numerical)}   h = {check.h:g}" in shown
        assert f"off by       {check.relative_error:.1e} of it" in shown
        assert check.relative_error < 1e-6
        assert f"worst of {count} in this layer: {worst.relative_error:.1e}" in shown
        assert count == twin.layers[0].old.size
        assert "ReLU" not in shown


def despaced(shown: str) -> str:
    return "\n".join(line.rstrip() for line in shown.split("\n")) + "\n"


async def test_a_relu_at_its_corner_is_named_as_what_it_is() -> None:
    corner = assembled(
        {"x": [[1.0]], "y": [[2.0]], "test_fraction": 0},
        {"hidden": [1], "activation": "relu", "weights": [[[1.0]], [[1.0]]], "biases": [[-1.0], [0.0]]},
        batch_size="full",
    )
    async with walking(corner) as pilot:
        await walk_to(pilot, "∂ 1")
        assert walk(pilot).update.layers[0].z[0, 0] == 0
        await press(pilot, "g")
        assert re.search("ReLU.* corner between w − h and w \\+ h", unwrapped(pilot))


async def test_a_gradient_check_is_of_the_parameter_that_was_chosen() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "mean 1")
        for asked in ("tab", "down", "n", "right"):
            await press(pilot, "g")
            assert "gradient check" in shown_text(pilot, "explanation")
            await press(pilot, asked)
            assert "gradient check" not in shown_text(pilot, "explanation")


# the classic bugs

FIRST_WRONG = [
    ("iris", STALE, 1, "paths 1"),
    ("iris", SUMMED, 1, "mean 1"),
    ("iris", NO_SLOPE, 1, "δ 1"),
    ("iris", NOT_RESET, 2, "mean 1"),
    ("mazur", STALE, 1, "paths 1"),
    ("mazur", NO_SLOPE, 1, "δ 2"),
    ("mazur", NOT_RESET, 2, "mean 1"),
]
CHANGES_NOTHING = [("iris", NOT_RESET, 1), ("mazur", SUMMED, 1), ("mazur", NOT_RESET, 1)]


async def with_bug_in_update(pilot: AppPilot, bug: Bug, number_: int) -> None:
    while walk(pilot).update.step < number_:
        await press(pilot, "right")
    await press(pilot, *["b"] * (BUGS.index(bug) + 1))
    assert view(pilot).bug is bug
    assert walk(pilot).update.step == number_


def unwrapped(pilot: AppPilot) -> str:
    return " ".join(shown_text(pilot, "explanation").split())


@pytest.mark.parametrize(("name", "bug", "number_", "key"), FIRST_WRONG)
async def test_a_bug_is_shown_where_the_first_number_goes_wrong(name: str, bug: Bug, number_: int, key: str) -> None:
    async with walking(small() if name == "iris" else lesson_run(name)[0]) as pilot:
        await with_bug_in_update(pilot, bug, number_)
        assert f"Bug: {bug.words} Up to here every number is still right." in unwrapped(pilot)
        await walk_to(pilot, key)
        title = step(pilot).title
        assert f"✗ Here the first number goes wrong. {bug.words}" in unwrapped(pilot)
        await press(pilot, "right")
        assert f"✗ Wrong since «{title}»." in unwrapped(pilot)


@pytest.mark.parametrize(("name", "bug", "number_"), CHANGES_NOTHING)
async def test_a_bug_that_changes_no_number_says_so(name: str, bug: Bug, number_: int) -> None:
    async with walking(small() if name == "iris" else lesson_run(name)[0]) as pilot:
        await with_bug_in_update(pilot, bug, number_)
        assert "In this update it changes no number." in unwrapped(pilot)
        await press(pilot, "end", "end", "end", "end")
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
        await press(pilot, *["right"] * len(walk(pilot).steps))
        assert view(pilot).bug is None
        assert (walk(pilot).update.layers[0].z == recorded(small(), 2).layers[0].z).all()


async def test_the_phases_and_the_network_are_written_over_the_walk() -> None:
    async with walking(digits()) as pilot:
        shown = text(screen(pilot).query_one("#phases", Panel))
        assert "forward  ▸ loss ▸ backward ▸ update ▸ check   1 of" in shown
        assert "ŷ = softmax(W₃·relu(W₂·relu(W₁·x + b₁) + b₂) + b₃)" in shown
