"""The matrices that the current micro-step reads and writes."""

from textual.strip import Strip

from tui.colours import DIM
from tui.panels.panel import Panel, line
from tui.panels.tables import draw_tables
from tui.walk_view import WalkView


class Matrices(Panel[WalkView], can_focus=False):
    """Read ones first, then written ones in strong letters; the current entries are marked."""

    def lines(self, view: WalkView, width: int, height: int) -> list[Strip]:
        step = view.walk.step
        tables = [(table, False) for table in step.reads]
        if not view.hidden:
            tables += [(table, True) for table in (*step.writes, *view.walk.written.tables)]
        strips = draw_tables(tables, view.walk.focus, width, height)
        return strips or [line(("no matrices here", DIM))]
