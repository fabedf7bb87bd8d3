"""The matrices that the current micro-step reads and writes."""

from textual.strip import Strip

from gradstep.tui.drawing.matrix_table import Table, draw_matrices
from gradstep.tui.drawing.palette import DIM
from gradstep.tui.drawing.strips import make_line
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.widgets.panel import Panel


class MatrixPanel(Panel[WalkView], can_focus=False):
    """Draws the matrices that are read, then those that are written, in bold. The entries in focus are marked.

    While a number is asked, those that are written show no numbers.
    """

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        strips = draw_matrices(list_tables(view), view.walk.focus, width, height)
        return strips or [make_line(("no matrices here", DIM))]


def list_tables(view: WalkView) -> list[Table]:
    """Return the matrices that the micro-step reads, and then those that it writes."""
    step, labels = view.walk.step, view.labels
    written = (*step.writes, *view.walk.written.matrices)
    return [
        *(Table(matrix, written=False, labels=labels) for matrix in step.reads),
        *(Table(matrix, written=True, hidden=view.hidden, labels=labels) for matrix in written),
    ]
