"""The length of a vector, and indices that are spread evenly."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.network.arrays import norm, spread_evenly


@given(st.lists(st.floats(-1e3, 1e3), max_size=20))
def test_the_norm_is_the_root_of_the_sum_of_squares(values: list[float]) -> None:
    assert norm(values) == pytest.approx(math.hypot(*values), rel=1e-12, abs=1e-300)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=20))
def test_numbers_whose_squares_overflow_or_underflow_have_a_norm(values: list[float]) -> None:
    assert norm(values) == pytest.approx(math.hypot(*values), rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("scale", [1e-30, 1e-20, 1.0, 1e20, 1e30])
def test_float32_numbers_whose_squares_overflow_or_underflow_have_a_norm(scale: float) -> None:
    assert norm(np.array([[3, 4]], np.float32) * np.float32(scale)) == pytest.approx(5 * scale, rel=1e-6)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_the_norm_of_numbers_that_are_not_finite_is_not_finite(value: float) -> None:
    assert not math.isfinite(norm([1.0, value]))


def test_the_norm_of_zeros_and_of_nothing_is_0() -> None:
    assert norm(np.zeros((2, 3))) == norm([]) == 0.0


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_indices_are_spread_evenly_from_the_first_to_the_last(count: int, most: int) -> None:
    indices = spread_evenly(count, most)
    assert len(indices) == min(count, most)
    assert indices[0] == 0
    if len(indices) > 1:
        assert indices[-1] == count - 1
        gaps = np.diff(indices)
        assert gaps.min() >= 1
        assert gaps.max() - gaps.min() <= 1
