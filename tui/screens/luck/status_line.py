"""The first line of the luck screen: what is compared, and the progress."""

from textual.strip import Strip

from gradstep.data.run import Run
from gradstep.tui.drawing.cells import align_left
from gradstep.tui.drawing.palette import BLUE, DIM, GOOD, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.numbers import format_count
from gradstep.tui.screens.luck.words import list_titles
from gradstep.tui.session.luck_view import LuckView
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.run_description import RunDescription

PHASES = {"training": ("● training", GOOD), "paused": ("‖ paused", ORANGE), "finished": ("■ the end", BLUE)}

ANY_DEPTH = "…"
"""What stands for the hidden layers where their number varies."""


class LuckStatusLine(Panel[LuckView], can_focus=False):
    """Draws one line. If not everything fits, the end is left out, and the experiment is shortened."""

    def __init__(self, run: Run) -> None:
        super().__init__(id="status")
        self._own = RunDescription(run).forms()
        self._of_any_depth = RunDescription(run, hidden=ANY_DEPTH).forms()

    def lines(self, view: LuckView, width: int, height: int) -> list[Strip]:
        phase = PHASES[view.phase]
        fields: list[Piece] = [("  step ", DIM), (f"{format_count(view.step)} of {format_count(view.end)}", PLAIN)]
        if make_line(phase, *fields).cell_length + 12 > width:
            fields = [("  step ", DIM), (format_count(view.step), PLAIN)]
        room = max(0, width - make_line(phase, *fields).cell_length - 3)
        titles = list_titles(view)
        described = self._of_any_depth if view.variation == "depths" else self._own
        forms = [*(f"{titles[0]} · {what}" for what in described), *titles, ""]
        return [
            make_line((f" {align_left(longest_fitting(forms, room), room)} ", STRONG), phase, *fields, (" ", PLAIN))
        ]
