"""The names on the graph of a network, and the list of its heaviest weights."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.tui.drawing.heaviest_weights import draw_heaviest_weights
from gradstep.tui.drawing.unit_names import NetworkNames, fit_unit_names, name_predictions
from gradstep.tui.numbers import format_number
from gradstep.tui.screens.training.architecture import ArchitecturePanel
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import assembled
from tests.tui.names import names
from tests.tui.test_whole_numbers import renamed


@pytest.mark.parametrize("size", [(58, 18), (118, 37)])
def test_the_graph_names_features_and_classes(size: tuple[int, int]) -> None:
    run = assembled("iris", {"hidden": [5]})
    lines = [strip.text for strip in ArchitecturePanel(run).lines(TrainingSession(run, None, True).view, *size)]
    for name in run.dataset.feature_names:
        assert any(line.lstrip().startswith(name[:6]) for line in lines)
    for name in run.dataset.class_names:
        assert any(line.rstrip().endswith(name[:6]) or f" {name[:6]}" in line for line in lines)


@pytest.mark.parametrize(
    ("targets", "names"), [(("y",), ("ŷ",)), (("y1", "y2"), ("ŷ₁", "ŷ₂")), (("price", "y2"), ("price", "y2"))]
)
def test_an_output_without_a_name_of_its_own_is_the_prediction_and_not_the_target(
    targets: tuple[str, ...], names: tuple[str, ...]
) -> None:
    dataset = replace(assembled("sine").dataset, target_names=targets)
    assert name_predictions(dataset, len(targets)) == names


def test_a_narrow_graph_and_a_large_layer_have_no_names() -> None:
    assert fit_unit_names(("a",), ("b",), 38, 10).left == 0
    assert fit_unit_names(("a",), ("b",), 58, 10).left == 2
    many = tuple(f"pixel {n}" for n in range(64))
    fitted = fit_unit_names(many, ("0", "1"), 120, 30)
    assert (fitted.left, fitted.right) == (0, 2)


@given(
    st.lists(names, min_size=4, max_size=4),
    st.lists(names, min_size=3, max_size=3),
    st.integers(39, 160),
    st.integers(9, 50),
)
def test_no_name_makes_a_line_of_the_graph_wider(
    features: list[str], classes: list[str], width: int, height: int
) -> None:
    run = renamed(RUN, features, classes)
    for strip in ArchitecturePanel(run).lines(VIEW, width, height):
        assert strip.cell_length <= width, strip.text


RUN = assembled("iris", {"hidden": [4]})
VIEW = TrainingSession(RUN, None, True).view


@given(st.integers(40, 200), st.integers(0, 100))
def test_the_heaviest_weights_are_listed_by_name_the_largest_first(width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(3, 2)), rng.normal(size=(2, 3))]
    last, first = draw_heaviest_weights(weights, ("length", "width"), ("setosa", "virginica"), width, 4)
    for strip, layer, left, right in (
        (first, weights[0], "length width", "n1 n2 n3"),
        (last, weights[1], "n1 n2 n3", "setosa virginica"),
    ):
        assert strip.cell_length <= width
        listed = strip.text.split("  ")[1:]
        order = np.argsort(-np.abs(layer), axis=None)
        for each, index in zip(listed, order, strict=False):
            to, origin = np.unravel_index(index, layer.shape)
            name, _, number = each.rpartition(" ")
            assert name == f"{left.split()[origin]}→{right.split()[to]}"
            assert number.lstrip("+") == format_number(float(layer[to, origin]), 0)


def test_an_output_and_an_input_without_names_have_their_numbers_as_subscripts() -> None:
    called = NetworkNames((), (), ("tanh", "linear"))
    assert [called.brief(layer, 0) for layer in (0, 1, 2)] == ["x₁", "n1", "ŷ₁"]
