"""The plots of what each hidden neuron adds: every neuron is in one, and nothing is cut."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.observation.contributions import find_contributions
from gradstep.data.run import Run
from gradstep.tui.drawing.contribution_plots import draw_contributions, name_parts
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from tests.tui.driving import assembled, panel, panels, session_of, shown, text, until
from tests.tui.wholeness import any_values, assert_well_drawn

REGRESSION = assembled("sine", {"hidden": [16], "activation": "relu"})
CLASSES = assembled(
    {"x": [[n / 7] for n in range(40)], "y": [n // 10 for n in range(40)]},
    {"hidden": [5], "output": "softmax"},
    loss="cross_entropy",
)
VIEWS = {run.dataset.name: (run, TrainingSession(run, None, True).view) for run in (REGRESSION, CLASSES)}


def words_on(run: Run, view: View, size: tuple[int, int]) -> str:
    return "\n".join(line.text for line in OutputPanel(run).lines(view, *size))


@pytest.mark.parametrize("most", [1, 2, 7, 16, 20])
def test_the_plots_and_the_bias_add_up_to_the_curve(most: int) -> None:
    snapshot = VIEWS["sine"][1].snapshot
    found = find_contributions(snapshot, 0)
    assert found is not None and snapshot.grid_activations is not None
    parts = name_parts(found, most)
    assert len(parts) == min(most, 16)
    total = np.sum([part.values for part in parts], axis=0) + found.bias
    np.testing.assert_allclose(total, snapshot.grid_activations[-1][:, 0], atol=1e-12)
    of_example = sum(part.of_example for part in parts) + found.bias
    np.testing.assert_allclose(of_example, snapshot.layers[-1].a[0], atol=1e-12)


@pytest.mark.parametrize("size", [(79, 21), (119, 37), (199, 57)])
def test_enlarged_the_output_shows_what_each_neuron_adds(size: tuple[int, int]) -> None:
    run, view = VIEWS["sine"]
    words = words_on(run, view, size)
    assert len(re.findall(r"(?<!\S)n\d+(?!\S)", words)) == 16
    assert "others" not in words and "v: " not in words
    assert "they add up to the curve" in words
    assert "last hidden layer" not in words


def test_of_more_neurons_than_fit_the_smallest_are_drawn_together() -> None:
    run = assembled("sine", {"hidden": [40]})
    words = words_on(run, TrainingSession(run, None, True).view, (119, 25))
    shown = len(re.findall(r"(?<!\S)n\d+(?!\S)", words))
    assert 16 < shown < 40 and "others" in words


@pytest.mark.parametrize("hidden", [8, 30])
def test_the_numbers_at_the_example_and_the_bias_add_up_to_its_output(hidden: int) -> None:
    run = assembled("sine", {"hidden": [hidden]})
    words = words_on(run, TrainingSession(run, None, True).view, (119, 37)).replace("−", "-")
    numbers = [float(each) for each in re.findall(r"(?:n\d+|others) ◉ (\S+)", words)]
    assert len(numbers) in (hidden, 28)
    (total,) = re.findall(r"the curve, at ◉ to (\S+)", words)
    (bias,) = re.findall(r"b = (\S+)", words)
    assert sum(numbers) + float(bias) == pytest.approx(float(total), abs=1e-4 * hidden)


def test_a_curve_in_the_unit_of_the_data_is_said_to_be_scaled_where_the_parts_add_up() -> None:
    rows = {"x": [[n / 7] for n in range(40)], "y": [[100.0 + n] for n in range(40)], "scale": "standard"}
    run = assembled(rows, {"hidden": [5]})
    assert "add up to the scaled curve" in words_on(run, TrainingSession(run, None, True).view, (119, 37))


@pytest.mark.parametrize("size", [(38, 9), (59, 17)])
def test_a_small_output_panel_says_how_each_neuron_is_shown(size: tuple[int, int]) -> None:
    run, view = VIEWS["sine"]
    assert "v: " in words_on(run, view, size)
    assert "they add up" not in words_on(run, view, size)
    line = assembled("sine", {"hidden": []})
    assert "v: " not in words_on(line, TrainingSession(line, None, True).view, size)


async def test_v_enlarges_the_curve_with_what_each_neuron_adds() -> None:
    async with shown(assembled("sine"), size=(80, 24)) as pilot:
        await pilot.press("c", "v")
        await until(lambda: "n1" in text(panel(pilot, "output")), pilot)
        assert [panel.id for panel in panels(pilot) if panel.id in ("architecture", "output")] == ["output"]
        await pilot.press("v")
        await until(lambda: panel(pilot, "architecture").display, pilot)


def test_alone_the_panel_shows_what_each_neuron_adds_on_fewer_lines() -> None:
    run, view = VIEWS["sine"]
    panel = OutputPanel(run)
    panel.is_alone = True
    assert "they add up" in "\n".join(line.text for line in panel.lines(view, 79, 16))
    assert "v: " not in "\n".join(line.text for line in panel.lines(view, 79, 12))


async def test_v_says_where_there_is_no_room_for_what_each_neuron_adds() -> None:
    async with shown(assembled("sine"), size=(80, 14)) as pilot:
        await pilot.press("v")
        await until(lambda: "needs more lines" in session_of(pilot).view.note, pilot)


def test_below_other_hidden_layers_they_are_said_to_be_those_of_the_last() -> None:
    deep = assembled("sine", {"hidden": [4, 3]})
    snapshot = TrainingSession(deep, None, True).view.snapshot
    head, *_ = draw_contributions(snapshot, 0, "", 140, 20)
    assert "what each neuron of the last hidden layer adds" in head.text


@given(st.sampled_from(sorted(VIEWS)), any_values, st.tuples(st.integers(38, 140), st.integers(9, 45)))
@settings(max_examples=80, deadline=None)
def test_whatever_the_numbers_no_line_is_too_long(name: str, value: float, size: tuple[int, int]) -> None:
    run, view = VIEWS[name]
    grid = view.snapshot.grid_activations
    assert grid is not None
    with np.errstate(all="ignore"):
        grids = tuple(layer * value for layer in grid)
        shown = replace(view, snapshot=replace(view.snapshot, grid_activations=grids))
        assert_well_drawn(OutputPanel(run), shown, size)
        lines = draw_contributions(shown.snapshot, 0, "a name", size[0], size[1])
    assert len(lines) <= size[1]
    assert all(line.cell_length <= size[0] for line in lines)
    assert math.isnan(value) or lines
