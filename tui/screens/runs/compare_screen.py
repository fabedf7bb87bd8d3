"""The screen of compared runs: their losses on one plot, and the settings in which they differ beside it."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Container

from gradstep.tui.runs_keys import COMPARE_KEYS
from gradstep.tui.screens.runs.compare_plot import ComparePlot
from gradstep.tui.screens.runs.compare_state import CompareView
from gradstep.tui.screens.runs.compare_table import CompareTable
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen

MOST_BESIDE = 3
"""More runs have their table below the plot, whatever the width."""


class CompareScreen(PanelScreen[CompareView, None]):
    """Draws runs whose histories were read before. Nothing is read or computed here."""

    keys = COMPARE_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (100, "wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "low"), (20, "short"), (32, "tall")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        with Container(id="compared", classes="few" if len(self.view.runs) <= MOST_BESIDE else "many"):
            yield ComparePlot(id="compare-plot")
            yield CompareTable(id="compare-table")
        yield KeyBar(COMPARE_KEYS)

    @property
    def facts(self) -> ScreenFacts:
        return ScreenFacts("compare")

    def key_bar_view(self) -> CompareView:
        return self.view

    def action_scroll(self, direction: int) -> None:
        """Show other rows of the table, if not all fit."""
        skipped = self.view.skipped + direction
        if 0 <= skipped <= self.query_one(CompareTable).most_skipped:
            self.show_view(replace(self.view, skipped=skipped, note=""))

    def action_compare_axis(self) -> None:
        self.show_view(replace(self.view, logarithmic=not self.view.logarithmic, note=""))

    def action_compare_part(self) -> None:
        """Draw the loss of the batches instead of the held-out loss, or the reverse."""
        view = self.view
        if not view.watched and not any(len(run.scores.step) for run in view.runs):
            self.show_view(replace(view, note="none of these runs has a test part"))
        else:
            self.show_view(replace(view, watched=not view.watched, note=""))

    def action_leave(self) -> None:
        self.dismiss(None)
