"""No number on the screen is cut, whatever the names, the numbers and the size."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.strip import Strip

from gradstep.core.observation.parameter_edit import find_heaviest_weight
from gradstep.core.observation.part_report import report_part
from gradstep.core.observation.snapshot import LayerView
from gradstep.data.run import Run
from gradstep.tui.numbers import format_of_data
from gradstep.tui.screens.explorer.panels import ActivationPlot, LossPlot
from gradstep.tui.screens.explorer.state import ExplorerView
from gradstep.tui.screens.training.architecture import ArchitecturePanel
from gradstep.tui.screens.training.gradients import GradientsPanel
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.screens.training.status_line import StatusLine
from gradstep.tui.screens.weights.state import WeightsView
from gradstep.tui.screens.weights.weight_editor import WeightEditor
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import assembled
from tests.tui.names import names

NUMBER = re.compile(r"[−+]?\d[\d,]*\.?\d*(?:e[−+]?\d+)?%?")

LEAST, LARGE = (39, 9), (220, 60)
"""The least size of a panel, and one at which everything fits."""

sizes = st.tuples(st.integers(LEAST[0], 120), st.integers(LEAST[1], 40))
sizes_of_numbers = st.floats(1e-320, 1e308) | st.sampled_from((0.0, 1.0, 0.99996, 1 - 1e-12, 2011.0, 1e-320, 1e308))
values = st.tuples(sizes_of_numbers, st.sampled_from((1, -1))).map(lambda pair: pair[0] * pair[1])
rows_of_values = st.lists(values, min_size=3, max_size=3).map(np.array)


@cache
def trained(name: str) -> tuple[Run, View]:
    """A run of some steps with three or one outputs, and its view."""
    data: dict[str, object] = {"x": [[n / 7, n % 3, n] for n in range(40)], "y": [[n * 1.5] for n in range(40)]}
    run = assembled("iris", {"hidden": [4]}) if name == "classes" else assembled(data, learning_rate=0.01)
    run.trainer.run(lambda: False, until=30)
    return run, TrainingSession(run, None, True).view


def renamed(run: Run, features: list[str], classes: list[str], target: str = "y") -> Run:
    """The run on data whose features, classes and target have these names."""
    count = run.dataset.inputs.shape[1]
    dataset = replace(
        run.dataset,
        feature_names=tuple((features * count)[:count]),
        class_names=tuple(classes[: len(run.dataset.class_names)]),
        target_names=(target,) * len(run.dataset.target_names),
    )
    return replace(run, dataset=dataset, split=replace(run.split, dataset=dataset))


def with_outputs(view: View, outputs: np.ndarray) -> View:
    """The view of a network that puts out these values, with a loss as large as the first."""
    layers = view.snapshot.layers
    last: LayerView = replace(layers[-1], a=outputs, z=outputs)
    example = replace(view.snapshot.example, outputs=outputs, loss=float(abs(outputs[0])))
    snapshot = replace(view.snapshot, layers=(*layers[:-1], last), example=example, batch_loss=example.loss)
    return replace(view, snapshot=snapshot)


def numbers_on(lines: Iterable[Strip]) -> set[str]:
    return {number for line in lines for number in NUMBER.findall(line.text)}


def assert_whole(panel: Panel, view: object, size: tuple[int, int]) -> None:
    """No line is wider than its panel, and each number on it is also on the large one."""
    lines = panel.lines(view, *size)
    assert len(lines) <= size[1]
    for line in lines:
        assert line.cell_length <= size[0], line.text
    whole = numbers_on(panel.lines(view, *LARGE))
    assert numbers_on(lines) <= whole, f"{size}: {[line.text for line in lines]}"


@given(st.lists(names, min_size=1, max_size=4), st.lists(names, min_size=3, max_size=3), rows_of_values, sizes)
@settings(max_examples=200, deadline=None)
def test_no_number_of_a_classification_is_cut(
    features: list[str], classes: list[str], outputs: np.ndarray, size: tuple[int, int]
) -> None:
    run, view = trained("classes")
    run, view = renamed(run, features, classes), with_outputs(view, outputs)
    assert_whole(OutputPanel(run), view, size)
    for output in ("confusion", "worst"):
        report = report_part(run.trainer, "test")
        snapshot = replace(view.snapshot, part_report=report)
        asked = replace(view, snapshot=snapshot, request=replace(view.request, output=output))
        lines = OutputPanel(run).lines(asked, *size)
        assert all(line.cell_length <= size[0] for line in lines)
    weights = WeightsView(view.snapshot, run.dataset, find_heaviest_weight(view.snapshot))
    assert_whole(WeightEditor(id="weight"), weights, size)


@given(st.lists(names, min_size=1, max_size=3), names, values, sizes)
@settings(max_examples=200, deadline=None)
def test_a_regression_shows_target_and_prediction_whole_at_every_size(
    features: list[str], target: str, output: float, size: tuple[int, int]
) -> None:
    run, view = trained("numbers")
    run, view = renamed(run, features, [], target), with_outputs(view, np.array([output]))
    lines = OutputPanel(run).lines(view, *size)
    assert all(line.cell_length <= size[0] for line in lines)
    words = " ".join(line.text for line in lines) + " "
    for value in (view.snapshot.example.outputs, view.snapshot.example.y):
        assert f" {format_of_data(float(run.split.target_scaling.undo(value)[0]))} " in words


@given(rows_of_values, sizes)
@settings(max_examples=100, deadline=None)
def test_no_number_of_the_other_panels_is_cut(outputs: np.ndarray, size: tuple[int, int]) -> None:
    run, view = trained("classes")
    view = with_outputs(view, outputs)
    for panel in (StatusLine(run), ArchitecturePanel(run), LossPanel(), GradientsPanel(id="gradients")):
        assert all(line.cell_length <= size[0] for line in panel.lines(view, *size)), panel.id
    explored = ExplorerView(view.snapshot, run.trainer.loss, (), 1, 0, "softmax")
    for plot in (ActivationPlot(id="f"), LossPlot(id="loss")):
        assert all(line.cell_length <= size[0] for line in plot.lines(explored, *size)), plot.id


@pytest.mark.parametrize("size", [(39, 9), (59, 17), (38, 9), (59, 19)])
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("x,age\n" + "".join(f"{n / 7:.6f},{20 + n}\n" for n in range(100)), "target 20 "),
        ("x,z,pop\n" + "".join(f"{n},{n * n},{1460132.129696 + 1000 * n}\n" for n in range(50)), "target 1460132.1 "),
        (
            "state=00,state=01,customer_lifetime_value\n" + "".join(f"0.{n},1,{n}.5\n" for n in range(50)),
            "target 0.5000 ",
        ),
        ("x,y,z,年収の合計金額\n" + "".join(f"{n},1,{n},{n * 1000 + 7}\n" for n in range(50)), "target 7 "),
    ],
)
def test_a_file_of_numbers_shows_its_target_whole_at_every_size(
    rows: str, expected: str, size: tuple[int, int], tmp_path: Path
) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text(rows)
    run = assembled({"path": str(path), "test_fraction": 0, "task": "regression"})
    text = " ".join(strip.text for strip in OutputPanel(run).lines(TrainingSession(run, None, True).view, *size)) + " "
    assert expected in text


@pytest.mark.parametrize("scale", ["standard", "minmax"])
def test_zeros_of_a_one_hot_column_and_whole_numbers_stay_what_they_are(scale: str) -> None:
    kinds = [[1.0, 0.0, 0.0, 2011.0], [0.0, 1.0, 0.0, 1957.0], [0.0, 0.0, 1.0, 1999.0]] * 33
    run = assembled({"x": kinds, "y": [[0.1 * n] for n in range(99)], "scale": scale})
    for row in range(3):
        session = TrainingSession(run, None, True)
        example = replace(session.view.snapshot.example, x=run.split.train_x[row])
        view = replace(session.view, snapshot=replace(session.view.snapshot, example=example))
        lines = [strip.text.split() for strip in OutputPanel(run).lines(view, 58, 18)]
        shown = {line[0]: line[1] for line in lines if line and re.fullmatch(r"x\d", line[0])}
        assert list(shown.values()) == [f"{value:.0f}" for value in run.dataset.inputs[run.split.train_rows[row]]]
