"""The plots of what each hidden neuron adds: every neuron is in one, and nothing is cut."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.observation.contributions import find_contributions
from gradstep.tui.drawing.contribution_plots import draw_contributions, name_plots
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import assembled
from tests.tui.wholeness import any_values, assert_well_drawn

REGRESSION = assembled("sine", {"hidden": [16], "activation": "relu"})
CLASSES = assembled(
    {"x": [[n / 7] for n in range(40)], "y": [n // 10 for n in range(40)]},
    {"hidden": [5], "output": "softmax"},
    loss="cross_entropy",
)
VIEWS = {run.dataset.name: (run, TrainingSession(run, None, True).view) for run in (REGRESSION, CLASSES)}


@pytest.mark.parametrize("most", [1, 2, 7, 16, 20])
def test_the_plots_and_the_bias_add_up_to_the_curve(most: int) -> None:
    snapshot = VIEWS["sine"][1].snapshot
    found = find_contributions(snapshot, 0)
    assert found is not None and snapshot.grid_activations is not None
    plots = name_plots(found, most)
    assert len(plots) == min(most, 16)
    total = np.sum([values for _, values in plots], axis=0) + found.bias
    np.testing.assert_allclose(total, snapshot.grid_activations[-1][:, 0], atol=1e-12)


@pytest.mark.parametrize(("size", "plots"), [((79, 21), 8), ((119, 37), 16), ((199, 57), 16)])
def test_enlarged_the_output_shows_what_each_neuron_adds(size: tuple[int, int], plots: int) -> None:
    run, view = VIEWS["sine"]
    words = "\n".join(line.text for line in OutputPanel(run).lines(view, *size))
    assert len(re.findall(r"(?<!\S)n\d+(?!\S)", words)) == (plots if plots == 16 else plots - 1)
    assert ("all others" in words) == (plots == 8)
    assert "they add up to the curve" in words
    assert "last hidden layer" not in words
    assert "they add up" not in "\n".join(line.text for line in OutputPanel(run).lines(view, 59, 17))


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
