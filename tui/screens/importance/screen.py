"""The importance screen: what the network relies on, measured column by column while one watches."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from textual.app import ComposeResult
from textual.containers import Container

from gradstep.core.observation.importance import Importance, ImportanceMeasurement
from gradstep.data.feature_groups import FeatureGroup, group_features
from gradstep.tui.screen_keys import IMPORTANCE_KEYS
from gradstep.tui.screens.importance.state import ImportanceView, MeasuredOn
from gradstep.tui.screens.importance.table import ImportanceTable
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.daemon_thread import call_in_daemon_thread
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen

SECONDS_AT_ONCE = 0.2
"""Columns are measured for so long before they are drawn."""


class ImportanceScreen(PanelScreen[ImportanceView, None]):
    """Measures a copy of the network in a thread, and draws what is found so far. The training is paused."""

    keys = IMPORTANCE_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012

    def __init__(self, session: TrainingSession) -> None:
        super().__init__(ImportanceView(group_features(session.run.dataset)))
        self._session = session

    def compose(self) -> ComposeResult:
        with Container(id="columns"):
            yield ImportanceTable(id="importance")
        yield KeyBar(IMPORTANCE_KEYS)

    @property
    def facts(self) -> ScreenFacts:
        return ScreenFacts("importance")

    def on_mount(self) -> None:
        self.begin_work(self._measure)

    async def _measure(self) -> None:
        groups = self.view.groups
        measurement = await self._session.prepare_importance(len(groups))
        on = MeasuredOn(measurement.part, measurement.rows, measurement.total, measurement.step)
        while (done := len(self.view.found)) < len(groups):
            found = await call_in_daemon_thread(_measure_some, measurement, groups[done:])
            added = dict(enumerate(found, start=done))
            self.show_view(replace(self.view, measured_on=on, found=self.view.found | added))

    def key_bar_view(self) -> View:
        return self._session.view.on_other_screens

    def action_scroll(self, lines: int) -> None:
        last = self.query_one(ImportanceTable).most_skipped
        self.show_view(replace(self.view, first=min(max(self.view.first + lines, 0), last)))

    def action_leave(self) -> None:
        self.dismiss()


def _measure_some(measurement: ImportanceMeasurement, groups: Sequence[FeatureGroup]) -> list[Importance]:
    """Measure at least one of these columns, and more for SECONDS_AT_ONCE."""
    began, found = perf_counter(), []
    for group in groups:
        found.append(measurement.measure(group.inputs))
        if perf_counter() - began > SECONDS_AT_ONCE:
            break
    return found
