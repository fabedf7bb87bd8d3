"""Pointing at a neuron, and following the example through the layers."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.observation.unit_view import UnitIndex, UnitView, view_unit
from gradstep.tui.drawing.layer_facts import draw_layer_facts
from gradstep.tui.drawing.unit_facts import draw_unit_facts
from gradstep.tui.drawing.unit_names import name_network
from gradstep.tui.drawing.unit_words import describe_unit, format_signed
from gradstep.tui.keymap import FOLLOW_KEYS, KEYS, POINTER_KEYS
from gradstep.tui.numbers import format_number
from gradstep.tui.screens.training.architecture import ArchitecturePanel
from gradstep.tui.screens.training.pointer import Pointer
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.widgets.key_bar import KeyBar
from tests.tui.driving import AppPilot, assembled, drawn, panel, panels, session_of, shown, step_of, text, until
from tests.tui.names import names
from tests.tui.test_whole_numbers import renamed
from tests.tui.wholeness import numbers_on, values

RUNS = {
    "classes": assembled("iris", {"hidden": [4, 3], "activation": ["relu", "tanh"]}),
    "one class": assembled("xor", {"hidden": [3], "activation": "sigmoid"}),
    "numbers": assembled("sine", {"hidden": [3], "activation": "step"}),
    "pixels": assembled("digits"),
}
VIEWS = {name: TrainingSession(run, None, True).view for name, run in RUNS.items()}


def architecture(pilot: AppPilot) -> ArchitecturePanel:
    found = panel(pilot, "architecture")
    assert isinstance(found, ArchitecturePanel)
    return found


def unit_shown(pilot: AppPilot) -> UnitView:
    index = architecture(pilot).pointer.index
    assert index is not None
    return view_unit(session_of(pilot).view.snapshot, index)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (200, 60)])
async def test_the_arrows_point_at_a_neuron_and_enter_follows_the_example(size: tuple[int, int]) -> None:
    run = assembled("iris", {"hidden": [4, 3]})
    run.trainer.run(lambda: False, until=30)
    async with shown(run, size=size) as pilot:
        await pilot.press("right")
        assert architecture(pilot).pointer.index == UnitIndex(1, int(np.argmax(view_of(pilot).layers[0].a)))
        await pilot.press("left", "left", "left")
        assert "input petal" in text(architecture(pilot)) or "input sepal" in text(architecture(pilot))
        assert re.search("x [−0-9.]+ +δ –", text(architecture(pilot)))
        unscaled = run.split.scaling.undo(session_of(pilot).view.snapshot.example.x)[unit_shown(pilot).index.unit]
        assert f"scaled from {format_number(float(unscaled), 0)}" in " ".join(text(architecture(pilot)).split())
        await pilot.press("right", "right", "right", "right")
        for _ in range(3):
            await pilot.press("down")
            unit, words = unit_shown(pilot), text(architecture(pilot))
            assert f'output "{run.dataset.class_names[unit.index.unit]}" (softmax)' in words
            for name, value in (("z", unit.z), ("a", unit.a), ("δ", unit.delta)):
                assert f"{name} {format_number(value, 0)}" in words
            assert format_number(float(unit.weights[0]), 0) in words
        assert {each.id for each in (*POINTER_KEYS, *FOLLOW_KEYS)} <= {
            each.id for each in pilot.app.screen.query_one(KeyBar)._keys
        }
        for told in ("the example enters", "layer 1 of 3", "layer 2 of 3", "the output"):
            await pilot.press("enter")
            assert told in text(architecture(pilot))
        await pilot.press("enter")
        assert "softmax)" in text(architecture(pilot))
        await pilot.press("enter", "escape")
        assert "softmax)" in text(architecture(pilot))
        await pilot.press("escape")
        assert architecture(pilot).pointer.index is None
        assert pilot.app.screen.query_one(KeyBar)._keys[: len(POINTER_KEYS)] == KEYS[: len(POINTER_KEYS)]


def view_of(pilot: AppPilot) -> Snapshot:
    return session_of(pilot).view.snapshot


async def test_the_numbers_of_the_layers_are_of_one_snapshot_while_training_goes_on() -> None:
    run = assembled("iris", {"hidden": [4, 3]})
    async with shown(run, pace=50.0, paused=False) as pilot:
        await until(lambda: step_of(session_of(pilot)) > 3, pilot)
        await pilot.press("right", "enter")
        held = architecture(pilot).pointer.held
        assert held is not None
        for layer in held.layers:
            await until(lambda: step_of(session_of(pilot)) > held.step + 3, pilot)
            await pilot.press("enter")
            assert architecture(pilot).pointer.held is held
            assert f"at step {held.step}" in text(architecture(pilot))
            assert format_number(float(layer.a[np.argmax(np.abs(layer.a))]), 0) in text(architecture(pilot))
        await pilot.press("n")
        await until(lambda: view_of(pilot).example.index.row == 1, pilot)
        await drawn_architecture(pilot)
        assert f"at step {held.step}\n" not in text(architecture(pilot))


async def drawn_architecture(pilot: AppPilot) -> None:
    panel = architecture(pilot)
    await until(lambda: panel.view is not None and panel.view.snapshot.example.index.row == 1, pilot)


async def test_a_click_points_at_the_neuron_under_the_mouse() -> None:
    async with shown(assembled("iris", {"hidden": [4, 3]}), size=(120, 40)) as pilot:
        await pilot.press("2")
        graph = architecture(pilot)
        for layer_number, unit in ((2, 1), (0, 3), (3, 2), (2, 1)):
            columns = graph._place_graph(view_of(pilot), *graph._fit_graph(*graph.content_size)).columns
            column = columns[layer_number]
            # the border is above the content, the head above the graph, and the content has a blank before it
            await pilot.click(graph, offset=(column.x + 1, column.half_rows[unit] // 2 + 2))
            assert graph.pointer.index == UnitIndex(layer_number, unit)
        assert "neuron 2 of layer 2 (relu)" in text(graph)
        await pilot.press("down")
        assert architecture(pilot).pointer.index == UnitIndex(2, 2)


async def test_enter_and_the_arrows_keep_their_other_meanings() -> None:
    async with shown(assembled("xor")) as pilot:
        await pilot.press("enter")
        assert [each.id for each in panels(pilot) if each.id in ("architecture", "loss")] == ["architecture"]
        await pilot.press("escape", "right", "m")
        assert [each.id for each in panels(pilot) if each.id in ("architecture", "loss")] == ["architecture"]
        await pilot.press("escape", "escape", "v")
        await until(lambda: session_of(pilot).view.request.maps, pilot)
        await drawn(pilot)
        await pilot.press("right")
        assert architecture(pilot).pointer.index is None
        await pilot.press("2", "m", "left")
        assert architecture(pilot).pointer.index is None


sizes = st.tuples(st.integers(38, 140), st.integers(4, 40))


@given(st.sampled_from(sorted(RUNS)), st.integers(0, 3), st.integers(0, 63), values, st.lists(names, min_size=3), sizes)
@settings(max_examples=100, deadline=None)
def test_no_fact_of_a_unit_or_a_layer_is_cut(
    kind: str, layer_number: int, unit: int, value: float, labels: list[str], size: tuple[int, int]
) -> None:
    run = renamed(RUNS[kind], labels, labels * 4)
    snapshot, outputs = VIEWS[kind].snapshot, run.network.sizes[-1]
    layer_number %= len(run.network.sizes)
    last = replace(snapshot.layers[-1], z=np.full(outputs, value), a=np.full(outputs, value))
    snapshot = replace(snapshot, layers=(*snapshot.layers[:-1], last))
    index = UnitIndex(layer_number, unit % run.network.sizes[layer_number])
    called = name_network(run.dataset, [layer.activation.name for layer in run.network.layers], outputs)
    unit_view = view_unit(snapshot, index)
    sums = {format_signed(float(unit_view.products[shown:].sum())) for shown in range(len(unit_view.weights))}
    for draw in (
        lambda size: draw_unit_facts(unit_view, called, *size),
        lambda size: draw_layer_facts(snapshot, called, layer_number, *size),
    ):
        lines = draw(size)
        assert len(lines) <= size[1]
        assert all(line.cell_length <= size[0] for line in lines), [line.text for line in lines]
        assert numbers_on(lines) <= numbers_on(draw((300, 900))) | numbers_on(draw((300, 4))) | sums
    panel = ArchitecturePanel(run)
    for pointer in (Pointer(index), Pointer(index, layer_number, snapshot)):
        panel.pointer = pointer
        lines = panel.lines(replace(VIEWS[kind], snapshot=snapshot), *(size[0], max(9, size[1])))
        assert len(lines) <= max(9, size[1])
        assert all(line.cell_length <= size[0] for line in lines)


def test_the_words_are_true_of_the_numbers() -> None:
    run = assembled("iris", {"hidden": [2], "activation": "relu"})
    snapshot = TrainingSession(run, None, True).view.snapshot
    called = name_network(run.dataset, ["relu", "softmax"], 3)
    for unit in range(2):
        view = view_unit(snapshot, UnitIndex(1, unit))
        words = " ".join(describe_unit(view, called))
        assert ("it is silent" in words) == (view.a == 0)
        assert ("δ is above 0: a slightly smaller z" in words) == (view.delta is not None and view.delta > 0)
        largest = int(view.others[np.argmax(np.abs(view.values))])
        sign = "larger" if snapshot.example.x[largest] > 0 else "smaller"
        assert f"a {sign} weight from {called.brief(0, largest)}" in words
        assert "whose weight" not in words and "Training does not change the inputs." in words


@pytest.mark.parametrize(
    ("activation", "at_end", "between", "weight"),
    [("relu", 0.0, 2.0, -1.0), ("step", 0.0, 1.0, -1.0), ("step", 1.0, 0.0, 1.0), ("sigmoid", 0.999, 0.5, 1.0)],
)
def test_what_raises_z_is_possible(activation: str, at_end: float, between: float, weight: float) -> None:
    run = assembled("iris", {"hidden": [2], "activation": activation})
    snapshot = TrainingSession(run, None, True).view.snapshot
    first, last = snapshot.layers
    first, last = (
        replace(first, a=np.array([at_end, between])),
        replace(last, weights=np.tile([2 * weight, weight], (3, 1))),
    )
    called = name_network(run.dataset, [activation, "softmax"], 3)
    words = describe_unit(view_unit(replace(snapshot, layers=(first, last)), UnitIndex(2, 0)), called)[1]
    assert f"a {'larger' if weight > 0 else 'smaller'} n2, whose weight is" in words and "n1, whose weight" not in words
    both = replace(first, a=np.array([at_end, at_end]))
    words = describe_unit(view_unit(replace(snapshot, layers=(both, last)), UnitIndex(2, 0)), called)[1]
    assert "whose weight" not in words and "a larger bias" in words


def test_a_frozen_bias_is_not_among_what_raises_z() -> None:
    run = assembled("iris", {"hidden": [2], "train_biases": False})
    view, panel = TrainingSession(run, None, True).view, ArchitecturePanel(run)
    panel.pointer = Pointer(UnitIndex(2, 0))
    said = " ".join(line.text for line in panel.lines(view, 118, 36))
    assert "What raises z" in said and "a larger bias" not in said


@pytest.mark.parametrize("size", [(39, 9), (59, 17), (118, 36)])
def test_where_a_sentence_about_a_neuron_has_no_room_the_panel_says_that_m_gives_more(size: tuple[int, int]) -> None:
    run = assembled("sine")
    view, panel = TrainingSession(run, None, True).view, ArchitecturePanel(run)
    panel.pointer = Pointer(UnitIndex(2, 0))
    said = " ".join(line.text for line in panel.lines(view, *size))
    assert ("m: more" in said) == ("What raises z" not in said or "δ is" not in said) == (size[0] < 100)
    panel.is_alone = True
    assert "m: more" not in " ".join(line.text for line in panel.lines(view, *size))


@pytest.mark.parametrize("height", [13, 40])
def test_the_terms_of_a_neuron_add_up_to_z_and_each_has_the_bar_of_its_number(height: int) -> None:
    run = RUNS["pixels"]
    snapshot = VIEWS["pixels"].snapshot
    called = name_network(run.dataset, [layer.activation.name for layer in run.network.layers], 10)
    unit = view_unit(snapshot, UnitIndex(3, 1))
    lines = [line.text for line in draw_unit_facts(unit, called, 78, height)]
    rows = {line.split()[0]: line for line in lines if " · " in line}
    longest = max(np.abs(unit.products))
    for other, term in zip(unit.others.tolist(), unit.products.tolist(), strict=True):
        if (line := rows.get(f"n{other + 1}")) is not None:
            assert len(line.rstrip().partition("= ")[2].split()) == 1 + (round(abs(term) / longest * 160) > 0), line
    terms = [line.partition(" = ")[2].split()[0] for line in lines if " = " in line and "f(z)" not in line]
    *terms, total = [float(term.replace("−", "-")) for term in terms]
    assert "their sum z" in lines[-1] and total == pytest.approx(unit.z, abs=1e-4)
    assert sum(terms) == pytest.approx(total, abs=1e-4 * len(terms))
