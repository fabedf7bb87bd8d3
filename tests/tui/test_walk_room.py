"""Nothing of the walkthrough is cut at any size."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from rich.segment import Segment

from gradstep.core.ledger.backward import example_gradient
from gradstep.core.notation import subscript
from gradstep.data.lesson import Lesson
from gradstep.data.run import Run
from gradstep.tui.drawing.image import draw_image
from gradstep.tui.drawing.palette import MARKED
from gradstep.tui.numbers import NOT_COMPUTED, format_number
from gradstep.tui.screens.walkthrough.batch_table import BatchTable
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.session.walk import start_walk
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import AppPilot, assembled
from tests.tui.walking import (
    digits,
    focus,
    lesson_run,
    press,
    recorded,
    resized,
    screen,
    shown_panels,
    shown_text,
    step,
    view,
    walk,
    walk_to,
    walking,
)

SIZES = [(120, 40), (80, 24), (200, 60), (100, 30)]
SMALL_SIZES = [(40, 12), (50, 20), (60, 15), (200, 14)]
"""Sizes at which the matrices may not fit."""


def experiment(name: str) -> tuple[Run, Lesson | None]:
    return (digits(), None) if name == "digits" else lesson_run(name)


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
async def test_nothing_is_cut_at_any_micro_step(name: str, size: tuple[int, int]) -> None:
    async with walking(*experiment(name), size=size) as pilot:
        for _ in walk(pilot).steps:
            assert_nothing_is_cut(pilot)
            assert_marked_entries_are_shown(pilot)
            await press(pilot, "right")


@pytest.mark.parametrize("size", SMALL_SIZES)
@pytest.mark.parametrize("name", ["digits", "mazur"])
async def test_on_a_small_screen_every_micro_step_has_its_title_and_its_numbers(
    name: str, size: tuple[int, int]
) -> None:
    async with walking(*experiment(name), size=size) as pilot:
        for _ in walk(pilot).steps:
            assert_nothing_is_cut(pilot)
            words = " ".join(shown_text(pilot, "explanation").split())
            assert words.startswith(step(pilot).title)
            result = walk(pilot).result
            assert result in words or result not in " ".join(walk(pilot).written.lines)
            await press(pilot, "right")


@pytest.mark.parametrize("name", ["digits", "mazur"])
async def test_with_a_bug_and_a_gradient_check_nothing_is_cut_on_any_size(name: str) -> None:
    async with walking(*experiment(name)) as pilot:
        await press(pilot, "b")
        for key in ("z 1", "δ 2", "paths 1", "∂ 1", "mean 1", "new 1", "check"):
            await walk_to(pilot, key)
            await press(pilot, "g")
            for size in (*SIZES[:2], *SMALL_SIZES):
                await resized(pilot, size)
                assert_nothing_is_cut(pilot)
                assert "backprop" in shown_text(pilot, "explanation"), f"{key} on {size}"


async def test_what_is_left_out_of_words_and_formula_is_marked_and_the_frozen_biases_are_explained() -> None:
    async with walking(*lesson_run("mazur"), size=(80, 24)) as pilot:
        for _ in walk(pilot).steps:
            assert shown_text(pilot, "phases").splitlines()[0].rstrip().endswith(("sgd", "…"))
            words = " ".join(shown_text(pilot, "explanation").split())
            whole = step(pilot).formula in words and " ".join(step(pilot).words.split()) in words
            assert whole or "…" in words, step(pilot).key
            assert step(pilot).phase != "update" or "new" not in step(pilot).key or "b: the biases are frozen" in words
            await press(pilot, "right")


async def test_the_figures_of_a_lesson_are_not_cut_on_a_narrow_tall_screen() -> None:
    async with walking(*lesson_run("mazur"), size=(40, 40)) as pilot:
        for key in ("paths 1", "new 1", "again"):
            await walk_to(pilot, key)
            assert_nothing_is_cut(pilot)
            words = " ".join(shown_text(pilot, "explanation").split())
            assert "computed 0." in words or "agree with the computed ones: 4 published by Matt Mazur" in words


async def test_the_table_of_one_example_leaves_room_for_all_that_it_asks_for() -> None:
    async with walking(*lesson_run("mazur"), size=(80, 24)) as pilot:
        await walk_to(pilot, "∂ 2")
        await press(pilot, "t")
        words = shown_text(pilot, "explanation")
        assert all(line in words for line in walk(pilot).written.lines)
        assert shown_text(pilot, "batch-table").count("comes with the update") == 1


async def test_the_table_of_the_batch_is_not_cut_on_any_size() -> None:
    async with walking(digits()) as pilot:
        await walk_to(pilot, "mean 1")
        await press(pilot, "t")
        for size in SIZES + SMALL_SIZES:
            await resized(pilot, size)
            for _ in range(3):
                await press(pilot, "p")
                assert_nothing_is_cut(pilot)
                assert f"{focus(pilot).example + 1:>7} " in shown_text(pilot, "batch-table"), size


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_largest_gradients_of_the_batch_stay_in_the_table_whichever_example_is_chosen(
    size: tuple[int, int],
) -> None:
    async with walking(digits(), size=size) as pilot:
        await walk_to(pilot, "mean 3")
        await press(pilot, "t")
        gradients = example_gradient(walk(pilot).update.layers[2], focus(pilot).neurons[2], focus(pilot).weights[2])
        order = np.argsort(-np.abs(gradients), kind="stable").tolist()
        while focus(pilot).example != order[-1]:
            await press(pilot, "n")
        table = shown_text(pilot, "batch-table")
        rows = [int(row) - 1 for row in re.findall(r"^ +(\d+) ", table, re.MULTILINE)]
        assert len(rows) > 2 and rows[:-1] == order[: len(rows) - 1]
        assert rows[-1] == focus(pilot).example
        assert re.search(rf"^ +… *\n +{rows[-1] + 1} ", table, re.MULTILINE)
        assert f"… {len(gradients) - len(rows)} more" in table
        # one that fits is in its place, without a gap before it
        while focus(pilot).example != order[1]:
            await press(pilot, "n")
        table = shown_text(pilot, "batch-table")
        rows = [int(row) - 1 for row in re.findall(r"^ +(\d+) ", table, re.MULTILINE)]
        assert rows == order[: len(rows)] and f"… {len(gradients) - len(rows)} more" in table


@pytest.mark.parametrize("height", range(1, 6))
def test_the_table_of_a_batch_of_digits_is_drawn_on_few_lines(height: int) -> None:
    run = digits()
    walk_view = WalkView(start_walk(recorded(run)), run.dataset)
    assert BatchTable(id="batch-table").lines(walk_view, 100, height)


async def test_the_table_of_the_batch_explains_its_dashes_at_every_size() -> None:
    async with walking(digits()) as pilot:
        await press(pilot, "t")
        whys = {
            "batch": "comes with the backward pass",
            "δ 3": "comes (when the backward pass is in this layer|later in this pass)",
            "∂ 3": "comes with the update",
            "mean 1": None,
        }
        for key, why in whys.items():
            await walk_to(pilot, key)
            for size in SIZES + SMALL_SIZES:
                await resized(pilot, size)
                table = shown_text(pilot, "batch-table")
                assert re.search(why, table) if why else "comes" not in table, f"{key} on {size}"
            if key == "∂ 3":
                await resized(pilot, (120, 40))
                await press(pilot, "g")
                assert "comes with the update; g has it" in shown_text(pilot, "batch-table")
                await press(pilot, "g")


def marked(panel: Panel) -> Counter[str]:
    """The marked texts of a panel."""
    segments: list[Segment] = []
    for y in range(panel.content_size.height):
        segments += panel.render_line(y)
    found = (each.text for each in segments if each.style is not None and each.style.reverse == MARKED.reverse
             and each.style.bgcolor == MARKED.bgcolor)  # fmt: skip
    return Counter(text.strip() for text in found)


def assert_marked_entries_are_shown(pilot: AppPilot) -> None:
    """Every table shows the entry in focus."""
    tables = (*step(pilot).reads, *step(pilot).writes, *walk(pilot).written.matrices)
    places = [(table, table.marked(focus(pilot))) for table in tables]
    expected = Counter(format_number(float(table.values[place]), 0) for table, place in places if place is not None)
    assert marked(screen(pilot).query_one("#matrices", Panel)) == expected


async def test_a_table_folds_around_the_entry_in_focus() -> None:
    async with walking(digits(), size=(80, 24)) as pilot:
        await walk_to(pilot, "mean 1")
        for _ in range(9):
            await press(pilot, "up", "shift+tab", "shift+tab", "p")
            assert_marked_entries_are_shown(pilot)


async def test_a_resized_screen_is_drawn_again() -> None:
    async with walking(digits(), size=(120, 40)) as pilot:
        await walk_to(pilot, "∂ 1")
        for size in SIZES[1:] + SMALL_SIZES:
            await resized(pilot, size)
            await press(pilot, "n")
            assert_nothing_is_cut(pilot)


@pytest.mark.parametrize("name", ["digits", "mazur"])
async def test_at_80_24_a_strip_of_the_network_has_the_layer_and_the_neurons_in_focus(name: str) -> None:
    async with walking(*experiment(name), size=(80, 24)) as pilot:
        for _ in walk(pilot).steps:
            strip = screen(pilot).query_one("#network-strip", Panel)
            assert strip.display
            names, numbers, *_ = shown_text(pilot, "network-strip").splitlines()
            layer = walk(pilot).update.layers[walk(pilot).layer_number - 1]
            marked = [segment.text for segment in strip.lines(view(pilot), 78, 2)[0] if segment.style == MARKED]
            name_of_layer = f"{layer.activation.name} {layer.z.shape[1]}"
            assert marked == ([name_of_layer] if step(pilot).layer else [])
            assert name_of_layer in names
            assert all(f"n{neuron + 1} " in numbers for neuron in walk(pilot).focus.neurons)
            await press(pilot, "right")


async def test_where_the_graph_is_drawn_or_the_screen_is_low_there_is_no_strip() -> None:
    async with walking(*experiment("mazur"), size=(120, 40)) as pilot:
        await press(pilot, "right")
        places = {(120, 40): False, (80, 24): True, (40, 12): False, (200, 24): False, (110, 24): True}
        for size, there in places.items():
            await resized(pilot, size)
            assert screen(pilot).query_one("#network-strip").display == there, size


async def test_the_labels_of_a_large_batch_push_no_number_off_the_table() -> None:
    async with walking(digits(batch_size="full"), size=(80, 24)) as pilot:
        await walk_to(pilot, "z 1")
        batch = walk(pilot).update.batch
        last = replace(view(pilot), walk=walk(pilot).with_focus(replace(focus(pilot), example=batch - 1)))
        lines = screen(pilot).query_one("#matrices", Panel).lines(last, 78, 9)
        assert any(f"ex {batch} " in line.text for line in lines)
        assert all(line.cell_length <= 78 for line in lines)


def outputs_shown(pilot: AppPilot, output: int) -> str:
    """The line with ŷ of this output before and after the update."""
    rows = shown_text(pilot, "walk-example", "network-strip").splitlines()
    return next(row for row in rows if f"class {output}" in row and "example" not in row)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (90, 40), (200, 24), (110, 24)])
async def test_the_image_and_its_outputs_before_and_after_stay_in_sight(size: tuple[int, int]) -> None:
    async with walking(digits(), size=size) as pilot:
        update, i, j = walk(pilot).update, focus(pilot).example, focus(pilot).neurons[-1]
        before, after = update.layers[-1].a[i, j], update.activations_after[-1][i, j]
        picture = draw_image(update.x[i].reshape(8, 8), 16, 4, FULL_CAPABILITIES)
        bright = {segment.style.bgcolor for strip in picture for segment in strip if segment.style}
        for key, numbers in (("batch", 0), ("z 2", 0), ("a 3", 1), ("paths 1", 1), ("mean 2", 1), ("check", 2)):
            await walk_to(pilot, key)
            strip = screen(pilot).query_one("#network-strip", Panel)
            panel = screen(pilot).query_one("#walk-example", Panel)
            assert panel.display or (strip.display and strip.content_size.height == 4)
            panel = panel if panel.display else strip
            strips = [panel.render_line(y) for y in range(panel.content_size.height)]
            assert bright & {segment.style.bgcolor for strip in strips for segment in strip if segment.style}
            shown = [format_number(float(value), 0) for value in (before, after)]
            assert [number in outputs_shown(pilot, j) for number in shown] == [numbers > 0, numbers > 1], (key, size)
            assert NOT_COMPUTED in outputs_shown(pilot, j) or numbers == 2


async def test_while_the_output_is_asked_it_is_not_beside_the_image() -> None:
    async with walking(digits(), size=(80, 24)) as pilot:
        await walk_to(pilot, "a 3")
        output = format_number(walk(pilot).written.result, 0)
        assert output in shown_text(pilot, "network-strip")
        await press(pilot, "h")
        assert output not in shown_text(pilot, "network-strip")
        await resized(pilot, (120, 40))
        assert output not in shown_text(pilot, "walk-example")


@pytest.mark.parametrize("size", SIZES)
async def test_small_matrices_are_whole(size: tuple[int, int]) -> None:
    async with walking(lesson_run("mazur")[0], size=size) as pilot:
        for _ in walk(pilot).steps:
            words = shown_text(pilot, "matrices").split()
            for matrix in (*step(pilot).reads, *step(pilot).writes, *walk(pilot).written.matrices):
                assert all(format_number(float(value), 0) in words for value in matrix.values.ravel()), step(pilot).key
            assert "…" not in words
            await press(pilot, "right")


async def test_inputs_and_outputs_have_names() -> None:
    async with walking(digits()) as pilot:
        await walk_to(pilot, "z 1")
        row, column = (each + 1 for each in divmod(focus(pilot).weights[0], 8))
        assert f"(px {row},{column})" in shown_text(pilot, "phases")
        assert f"px {row},{column}" in shown_text(pilot, "matrices")
        await walk_to(pilot, "paths 2")
        name = f"class {focus(pilot).neurons[-1]}"
        assert f"from {name}: w·δ" in shown_text(pilot, "explanation")
        assert name in shown_text(pilot, "matrices")
    async with walking(assembled(), size=(200, 60)) as pilot:
        await walk_to(pilot, "z 1")
        assert "sepal length" in shown_text(pilot, "walk-graph") and "setosa" in shown_text(pilot, "walk-graph")
        assert "sepal length" in shown_text(pilot, "walk-example") and "setosa" in shown_text(pilot, "walk-example")
        await walk_to(pilot, "again")
        assert "(setosa) was" in shown_text(pilot, "explanation")
        await resized(pilot, (80, 24))
        x = walk(pilot).update.x[focus(pilot).example].tolist()
        numbers = [format_number(value, 0) for value in x]
        assert "  ".join(f"x{subscript(k)} {number}" for k, number in enumerate(numbers)) in shown_text(pilot)
    async with walking(assembled(network={"hidden": [3]}), size=(80, 24)) as pilot:
        x = walk(pilot).update.x[focus(pilot).example].tolist()
        for name, value in zip(("sepal length", "sepal width", "petal length", "petal width"), x, strict=True):
            number = re.escape(format_number(value, 0))
            assert re.search(rf"{name} \(cm\) +{number}", shown_text(pilot, "network-strip"))
