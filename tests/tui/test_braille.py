"""The braille canvas."""

import numpy as np

from gradstep.tui.drawing.braille import BrailleCanvas


def test_each_dot_of_a_cell_is_a_bit() -> None:
    canvas = BrailleCanvas(2, 1)
    canvas.set_dots(np.array([0, 1, 0, 1]), np.array([0, 0, 3, 3]))
    assert canvas.lines() == ["⣉ "]
    assert canvas.character(0, 0) == "⣉"


def test_a_segment_spans_cells_and_is_clipped_at_the_edge() -> None:
    canvas = BrailleCanvas(1, 2)
    canvas.set_segment(1, 9, 3)
    assert canvas.lines() == ["⢀", "⢸"]
    canvas.set_segment(0, -5, -1)
    canvas.set_segment(0, 8, 20)
    assert canvas.lines() == ["⢀", "⢸"]


def test_dots_in_one_cell_are_combined() -> None:
    canvas = BrailleCanvas(1, 1)
    for _ in range(2):
        canvas.set_segment(0, 0, 3)
    canvas.set_segment(1, 1, 1)
    assert canvas.lines() == ["⡗"]
