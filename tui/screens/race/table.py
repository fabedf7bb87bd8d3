"""The lanes of the race as a table, and of the chosen one the whole verdict."""

from rich.style import Style
from textual.strip import Strip

from gradstep.core.training.race import Kind, Standing
from gradstep.tui.drawing.palette import BAD, DIM, GOOD, MARKED, ORANGE, PLAIN, STRONG, style
from gradstep.tui.drawing.strips import Piece, line, longest_fitting, wrapped
from gradstep.tui.numbers import figure, share
from gradstep.tui.screens.race.plot import LANE_COLOURS
from gradstep.tui.session.race_session import RaceView
from gradstep.tui.widgets.panel import Panel

VERDICTS: dict[Kind, Style] = {
    "begun": DIM,
    "slow": PLAIN,
    "good": GOOD,
    "overshoots": ORANGE,
    "diverging": BAD,
    "diverged": BAD,
}
NARROW = 56
"""Below this width the accuracy is left out, for the verdict needs its room."""


class RaceTable(Panel[RaceView], can_focus=False):
    """One row a lane: its number on the plot, its rate or batch size, the loss now, the share right, the verdict."""

    BORDER_TITLE = "Who learns how"

    def lines(self, view: RaceView, width: int, height: int) -> list[Strip]:
        wide = width >= NARROW
        what = "rate" if view.contest == "rates" else "batch"
        header = f"    {what:<8}{'loss now':>8}" + ("  test right" if wide else "") + "  verdict"
        rows = [line((header, DIM))]
        rows += [_row(place, each, view, width, wide) for place, each in enumerate(view.standings)]
        for below in _below(view, what, width):
            if len(rows) + len(below) <= height:
                return rows + below
        return rows


def _below(view: RaceView, what: str, width: int) -> list[list[Strip]]:
    """The whole verdict on the chosen lane and what can be done, the longest form first."""
    chosen = view.standings[view.chosen]
    if chosen.verdict.kind == "diverged":
        hint = "It cannot go on: ↑ ↓ choose another."
    else:
        hint = f"enter goes on with {what} {chosen.label}; esc leaves your run as it was."
    further = f"{hint} space races on." if view.phase == "finished" else hint
    said = wrapped(f"{chosen.label}: {chosen.verdict.words}.", width)
    longest = [*said, *wrapped(further, width, DIM)]
    return [[Strip([]), *longest], longest, [*said, *wrapped(hint, width, DIM)], wrapped(hint, width, DIM)]


def _row(place: int, standing: Standing, view: RaceView, width: int, wide: bool) -> Strip:
    chosen = place == view.chosen
    name = MARKED if chosen else STRONG
    pieces: list[Piece] = [
        ("▸" if chosen else " ", STRONG),
        (f"{place + 1} ", style(LANE_COLOURS[place], bold=True)),
        (f" {standing.label:<8}"[:9], name),
        (figure(standing.loss), PLAIN),
    ]
    if wide:
        pieces.append((share(standing.accuracy).rjust(12), PLAIN))
    room = width - line(*pieces).cell_length - 2
    words = longest_fitting([standing.verdict.words, standing.verdict.brief, standing.verdict.kind], room)
    return line(*pieces, (f"  {words}", VERDICTS[standing.verdict.kind]))
