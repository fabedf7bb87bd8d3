"""The saved runs as a table, with the whole of the chosen one below it."""

from functools import lru_cache

from rich.style import Style
from textual.strip import Strip

from gradstep.core.errors import make_printable
from gradstep.data.run_list import ListedRun, measure_room, name_data
from gradstep.tui.drawing.cells import shorten
from gradstep.tui.drawing.palette import BAD, DIM, MARKED, ORANGE, PLAIN, STRONG
from gradstep.tui.drawing.run_table import (
    describe_network,
    describe_state,
    format_duration,
    format_room,
    write_score,
    write_table,
)
from gradstep.tui.drawing.strips import Piece, flow_pieces, longest_fitting, make_line, wrap_text
from gradstep.tui.screens.runs.state import RunsView
from gradstep.tui.widgets.panel import Panel

MARKS = 4
"""Cells before a row: the arrow of the chosen run, the mark, and what it is to the run that trains."""

MOST_DETAILS = 5
"""Lines of the chosen run below the table."""

LEAST_ROWS = 3
"""Rows of the table that the lines of the chosen run leave it."""


class RunList(Panel[RunsView], can_focus=False):
    """Draws a row for each run: ▸ chosen, * marked, = the run that trains, ~ the one whose curve is beside it.

    A click on a row chooses it.
    """

    BORDER_TITLE = "Saved runs: * marked, = yours, ~ beside it"

    def lines(self, view: RunsView, width: int, height: int) -> list[Strip]:
        if view.runs is None:
            done, of = view.read
            forms = [f"reading the saved runs: {done:,} of {of:,}" if of else "reading the saved runs …", "reading …"]
            return [make_line((longest_fitting(forms, width), DIM))]
        if not view.runs:
            return wrap_text(f"no run is saved in {view.folder}", width, DIM)[:height]
        details = self._draw_details(view, width)
        details = details[: max(0, min(MOST_DETAILS, height - 2 - LEAST_ROWS))]
        title, rows = _write_table(view.runs, width - MARKS, view.own)
        room = max(1, height - 1 - (len(details) + 1 if details else 0))
        first = min(max(0, view.chosen - room // 2), max(0, len(rows) - room))
        drawn = [_draw_row(view, index, row) for index, row in list(enumerate(rows))[first : first + room]]
        above, below = first, len(rows) - first - len(drawn)
        more = ", ".join(f"{count:,} {where}" for count, where in ((above, "above"), (below, "below")) if count)
        head = make_line((" " * MARKS + title, DIM))
        if more and head.cell_length + len(more) + 2 <= width:
            head = make_line((" " * MARKS + title, DIM), (f"  {more}".rjust(width - head.cell_length), DIM))
        return [head, *drawn, *([Strip([]), *details] if details else [])][:height]

    def _draw_details(self, view: RunsView, width: int) -> list[Strip]:
        """Draw everything on the chosen run, and the room that all runs take."""
        run = view.run
        assert run is not None and view.runs is not None
        count = "1 entry takes" if len(view.runs) == 1 else f"{len(view.runs):,} entries take"
        total = f"{count} {format_room(measure_room(view.runs))}; none is removed by itself"
        lines = [make_line((shorten(make_printable(run.name), width), STRONG))]
        if run.experiment is None:
            return [*lines, *wrap_text(describe_state(run), width, BAD), make_line((shorten(total, width), DIM))]
        pieces: list[Piece] = [(shorten(text, width), PLAIN) for text in _list_facts(run)]
        return [*lines, *flow_pieces(width, *pieces), make_line((shorten(total, width), DIM))]


@lru_cache(maxsize=1)
def _write_table(runs: tuple[ListedRun, ...], width: int, own: str) -> tuple[str, list[str]]:
    """Return the table, which is written once for hundreds of runs, and not for every key."""
    return write_table(runs, width, own, short=True)


def _list_facts(run: ListedRun) -> list[str]:
    assert run.experiment is not None
    training, score = run.experiment.training, run.facts.score
    facts = [
        f"saved {run.saved.astimezone():%Y-%m-%d %H:%M}",
        make_printable(name_data(run.experiment)),
        describe_network(run),
        f"{training.optimizer}, rate {run.learning_rate:g}",
        f"step {run.step:,}, epoch {run.epoch:,}",
    ]
    if score is not None:
        best, last = write_score(score, score.best), write_score(score, score.last)
        facts.append(f"{score.part} {score.measure} {last}, at the best step {score.best_step:,} {best}")
    facts += [f"{format_duration(run.seconds)} trained", format_room(run.bytes)]
    if state := describe_state(run):
        facts.append(state)
    return [fact if index == 0 else f"   {fact}" for index, fact in enumerate(facts)]


def _draw_row(view: RunsView, index: int, row: str) -> Strip:
    assert view.runs is not None
    run = view.runs[index]
    chosen, marked = index == view.chosen, run.name in view.marked
    relation = "=" if run.name == view.own else "~" if run.name == view.beside else " "
    style = MARKED if chosen else BAD if run.problem else PLAIN
    click = Style(meta={"@click": f"screen.choose_run({index})"})
    return make_line(
        ("▸" if chosen else " ", STRONG),
        ("*" if marked else " ", ORANGE),
        (relation, DIM),
        (" ", PLAIN),
        (row, style + click),
    )
