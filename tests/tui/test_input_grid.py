"""The grid of inputs for the maps, in the units of the data and scaled."""

import numpy as np
import pytest

from gradstep.data.input_grid import ALONG, SIDE, InputGrid, make_input_grid
from tests.tui.driving import assembled


def make_grid(data: str | dict[str, object]) -> InputGrid:
    found = make_input_grid(assembled(data).split)
    assert found is not None
    return found


def test_the_grid_covers_all_data_with_a_margin() -> None:
    run = assembled("circle")
    found = make_input_grid(run.split)
    assert found is not None
    low, high = run.dataset.inputs.min(axis=0), run.dataset.inputs.max(axis=0)
    np.testing.assert_allclose(found.low, low - 0.1 * (high - low))
    np.testing.assert_allclose(found.high, high + 0.1 * (high - low))


def test_the_rows_of_the_grid_run_from_the_top_and_from_left_to_right() -> None:
    found = make_grid("xor")
    lines = found.raw.reshape(SIDE, SIDE, 2)
    assert lines[0, 0].tolist() == [found.low[0], found.high[1]]
    assert lines[-1, -1].tolist() == [found.high[0], found.low[1]]
    assert (np.diff(lines[:, :, 0], axis=1) > 0).all()
    assert (np.diff(lines[:, :, 1], axis=0) < 0).all()


def test_the_grid_is_scaled_like_the_data() -> None:
    run = assembled({"name": "xor", "scale": "standard"})
    found = make_input_grid(run.split)
    assert found is not None
    np.testing.assert_allclose(found.scaled, (found.raw - run.split.scaling.shift) / run.split.scaling.scale)
    assert run.split.scaling.scale.min() != 1


def test_with_one_input_the_grid_is_a_line() -> None:
    found = make_grid({"x": [[0.0], [10.0]], "y": [[1.0], [2.0]]})
    assert found.raw.shape == (ALONG, 1)
    assert (found.raw[0, 0], found.raw[-1, 0]) == (-1.0, 11.0)


def test_constant_inputs_have_a_margin() -> None:
    found = make_grid({"x": [[0.05, 0.1]], "y": [[1.0, 2.0]]})
    assert (found.high - found.low).tolist() == [2.0, 2.0]


@pytest.mark.parametrize("data", ["iris", "digits"])
def test_more_than_two_inputs_have_no_grid(data: str) -> None:
    assert make_input_grid(assembled(data).split) is None
