"""Matrices as tables: whole where they fit, and never without the row of the chosen numbers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.ledger.micro_step import EXAMPLES, Axis, Focus, Matrix
from gradstep.tui.drawing.matrix_table import Table, draw_matrices
from gradstep.tui.drawing.palette import MARKED
from gradstep.tui.drawing.unit_labels import UnitLabels
from gradstep.tui.numbers import format_number
from tests.tui.names import names

LARGEST = 70


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Table], Focus]:
    """Up to three tables of one layer with named units, and a focus in them; the weight may be the bias."""
    batch, inputs, units = (draw(st.integers(1, LARGEST)) for _ in range(3))
    focus = Focus(draw(st.integers(0, batch - 1)), (draw(st.integers(0, units - 1)),), (draw(st.integers(0, inputs)),))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    labels = UnitLabels(("x",) * inputs, (draw(names),) * units, 1) if draw(st.booleans()) else UnitLabels()
    neurons, weights = Axis("neuron", 1), Axis("weight", 1)
    matrices = [
        Matrix("x", rng.normal(size=(batch, inputs)), EXAMPLES, weights),
        Matrix("W1|b1", rng.normal(size=(units, inputs + 1)), neurons, weights),
        Matrix("z1", rng.normal(size=(batch, units)), EXAMPLES, neurons),
    ][draw(st.integers(0, 2)) :]
    return [Table(matrix, written=matrix is matrices[-1], labels=labels) for matrix in matrices], focus


@given(tables(), st.integers(30, 140), st.integers(3, 50))
@settings(max_examples=80)
def test_the_chosen_entry_is_shown_at_any_size_and_whole_matrices_where_they_fit(
    drawn: tuple[list[Table], Focus], width: int, height: int
) -> None:
    shown, focus = drawn
    strips = draw_matrices(shown, focus, width, height)
    assert len(strips) <= height and all(strip.cell_length <= width for strip in strips)
    marked = [segment.text for strip in strips for segment in strip if segment.style == MARKED]
    last = shown[-1].matrix
    entry = last.marked(focus)
    assert entry is not None and format_number(float(last.values[entry]), 0) in marked
    row = shown[-1].matrix.rows.index(focus)
    assert last.rows.counts != "example" or any(f"ex {row + 1}" in strip.text for strip in strips)
    whole = sum(2 + table.rows for table in shown) <= height
    if whole and all(table.measure_whole() <= width for table in shown):
        words = " ".join(strip.text for strip in strips).split()
        for table in shown:
            assert all(format_number(float(value), 0) in words for value in table.matrix.values.ravel())
