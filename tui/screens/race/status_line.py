"""The first line of the race screen: what races, and the progress."""

from functools import lru_cache

from textual.strip import Strip

from gradstep.core.training.loss_table import POINT_EXAMPLES
from gradstep.data.run import Run
from gradstep.tui.drawing.cells import align_left
from gradstep.tui.drawing.palette import BLUE, DIM, GOOD, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.strips import Piece, longest_fitting, make_line
from gradstep.tui.numbers import format_count
from gradstep.tui.screens.race.contest_words import SIZE, WORDS
from gradstep.tui.session.race_loop import RaceView
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.run_description import RunDescription

PHASES = {"racing": ("● racing", GOOD), "paused": ("‖ paused", ORANGE), "finished": ("■ the end", BLUE)}


class RaceStatusLine(Panel[RaceView], can_focus=False):
    """Draws one line. If not everything fits, the pace and the end are left out, and the experiment is shortened."""

    def __init__(self, run: Run) -> None:
        super().__init__(id="status")
        self._own = RunDescription(run).forms()

    def lines(self, view: RaceView, width: int, height: int) -> list[Strip]:
        phase = PHASES[view.phase]
        name, position, end = _write_progress(view)
        progress: list[Piece] = [(f"  {name} ", DIM), (f"{position} of {end}", PLAIN)]
        fields: list[Piece] = [*progress, ("  pace ", DIM), (_format_pace(view), PLAIN)]
        if make_line(phase, *fields).cell_length + 20 > width:
            fields = progress
        if make_line(phase, *fields).cell_length + 3 > width:
            fields = [(f"  {name} ", DIM), (position, PLAIN)]
        room = max(0, width - make_line(phase, *fields).cell_length - 3)
        titles = WORDS[view.contest].titles
        described = _describe_sizes(view.runs[0]) if view.contest == "sizes" else self._own
        forms = [*(f"{titles[0]} · {what}" for what in described), *titles, ""]
        return [
            make_line((f" {align_left(longest_fitting(forms, room), room)} ", STRONG), phase, *fields, (" ", PLAIN))
        ]


@lru_cache(maxsize=1)
def _describe_sizes(run: Run) -> list[str]:
    """Describe the lanes of a race of sizes, whose hidden layer has n neurons, by the run of one of them."""
    return RunDescription(run, hidden=SIZE).forms()


def _format_pace(view: RaceView) -> str:
    if view.pace is None:
        return "max"
    return (
        f"{view.pace:g}/s"
        if view.contest != "batches"
        else f"{format_count(round(view.pace * POINT_EXAMPLES))} examples/s"
    )


def _write_progress(view: RaceView) -> tuple[str, str, str]:
    """The unit, position and end: in steps, or in epochs if batch sizes race, since the lanes differ in their steps."""
    if view.contest != "batches":
        return "step", format_count(view.position), format_count(view.end)
    return "epoch", f"{view.position / view.rows:,.1f}", format_count(view.end // view.rows)
