"""The axes of plots: round numbers, at least two, never cut, and 0 as 0."""

import re

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gradstep.tui.drawing.axis import draw_horizontal_axis, find_share, format_range, format_ticks, label_rows
from gradstep.tui.drawing.function_plot import find_column
from gradstep.tui.drawing.loss_plot import draw_loss_plot
from gradstep.tui.round_numbers import choose_round_ticks

NUMBER = re.compile(r"−?\d+\.?\d*(?:e-?−?\d+)?")

ends = st.floats(-1e307, 1e307) | st.floats(-10, 10)


def read(text: str) -> float:
    return float(text.replace("−", "-"))


@given(ends, ends, st.integers(2, 12))
@example(-0.3, 1.15, 3)
@example(-1.1502, 1.1497, 5)
@example(1e-5, 1.3e-5, 4)
@example(-5e307, 5e307, 6)
def test_there_are_two_ticks_or_more_at_equal_distances_in_the_range(low: float, high: float, most: int) -> None:
    assume(low < high)
    ticks = choose_round_ticks(low, high, most)
    assert 2 <= len(ticks) <= most
    slack = 1e-9 * (high - low)
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert ticks == sorted(ticks)


@given(ends, ends, st.integers(2, 12))
@example(-0.3, 1.15, 3)
@example(1e-5, 1.3e-5, 4)
@example(-1.5, -0.4, 2)
@example(-1.5e16, -1.0, 2)
def test_labels_differ_and_say_what_their_ticks_are(low: float, high: float, most: int) -> None:
    assume(high - low > max(1e-290, 1e-6 * max(abs(low), abs(high))))
    ticks = choose_round_ticks(low, high, most)
    labels = format_ticks(ticks)
    assert len(set(labels)) == len(labels)
    for tick, label in zip(ticks, labels, strict=True):
        assert read(label) == pytest.approx(tick, rel=1e-6, abs=1e-6 * (high - low))
        assert (label == "0") == (read(label) == 0)


@given(ends, ends, st.integers(3, 40), st.integers(5, 9))
@example(-1.1502, 1.1497, 10, 7)
@example(-1.3, 1.3, 8, 8)
def test_a_vertical_axis_has_whole_labels_in_their_rows(low: float, high: float, rows: int, room: int) -> None:
    labels = label_rows(low, high, rows, room)
    assert len(labels) != 1
    for row, label in labels.items():
        assert len(label) <= room and 0 <= row < rows
        assert low <= high - (row - 1) / rows * (high - low)
    assert list(map(read, labels.values())) == sorted(map(read, labels.values()))
    distances = np.diff(sorted(labels))
    assert len(labels) < 3 or np.ptp(distances) <= distances.min() // 3


@given(ends, ends, st.integers(8, 150))
@example(-2.4e-4, 6.0, 40)
def test_a_horizontal_axis_has_two_whole_numbers_or_none(low: float, high: float, columns: int) -> None:
    line = draw_horizontal_axis(low, high, columns)
    assert len(line) == columns
    numbers = line.split()
    assert len(numbers) != 1
    assert all(NUMBER.fullmatch(number) for number in numbers)


@pytest.mark.parametrize(("low", "high"), [(-1.5e308, 1.5e308), (-1.79e308, 1.79e308), (-1e308, 1.7e308)])
def test_a_span_that_no_float_holds_has_labels_and_rows(low: float, high: float) -> None:
    assert format_ticks([low, high]) == [f"{each:.2g}".replace("+", "").replace("-", "−") for each in (low, high)]
    assert set(label_rows(low, high, 10, 8)) == {0, 9}
    assert len(draw_horizontal_axis(low, high, 40).split()) == 2
    assert find_column(0.0, (low, high), 100) in (36, 37, 50)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(-240.0, 2641.3, "−200 … 2600"), (-0.00024, 6.3, "0 … 6.3"), (0.1, 0.12, "0.1 … 0.12"), (3.0, 3.0, "3 … 3"),
     (1.2e7, 3.4e7, "1.2e7 … 3.4e7")],
)  # fmt: skip
def test_a_range_is_rounded_to_a_part_of_its_span(low: float, high: float, text: str) -> None:
    assert format_range(low, high) == text


@pytest.mark.parametrize(("low", "high"), [(-0.5, -0.25), (-0.51, -0.31), (-3.0, 2.0), (1.1, 1.3)])
def test_a_narrow_logarithmic_axis_has_two_ticks(low: float, high: float) -> None:
    curve = np.array([0.0, 9.0]), np.array([low, high])
    colours = {"rates": (1, 1, 1), "1": (9, 9, 9)}
    text = draw_loss_plot({"1": curve}, (60, 12), (0, 9), (low, high), [], True, {"1": "1"}, colours)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    ticks = [match[1] for line in lines if (match := re.match(r" *([\d.e−-]+)[┤┼├]", line))]
    assert len(ticks) >= 2, text


def test_a_value_between_two_equal_ends_is_in_the_middle() -> None:
    assert find_share(2.0, 2.0, 2.0) == 0.5
    assert find_share(-1e308, 1e308, 0.0) == 0.5
