"""The race: learning rates, or batch sizes, from the same start, side by side."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.worker import Worker

from gradstep.data.race_setup import Contest
from gradstep.data.run import Run
from gradstep.tui.keymap import RACE_KEYS
from gradstep.tui.numbers import typeset_minus
from gradstep.tui.screens.race.plot import RacePlot
from gradstep.tui.screens.race.status_line import RaceStatusLine
from gradstep.tui.screens.race.table import RaceTable
from gradstep.tui.session.race_session import RaceSession, RaceView
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel_screen import PanelScreen


class RaceScreen(PanelScreen[RaceView, Run | None]):
    """Looks at the race's slot on a timer, and at once after a key. Ends with the run that was picked, or None."""

    BINDINGS = [key.binding() for key in RACE_KEYS]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "low"), (20, "short"), (32, "tall")]  # noqa: RUF012

    def __init__(self, run: Run, backlog: OutputBacklog, frames: float, paused: bool = False) -> None:
        self._contest: Contest = "rates"
        self.session = RaceSession(run, self._contest, paused=paused)
        super().__init__(replace(self.session.view, chosen=self.session.own))
        self._run, self._backlog, self._frames = run, backlog, frames
        self._worker: Worker[None] | None = None
        self._seen: RaceView | None = None

    def compose(self) -> ComposeResult:
        yield RaceStatusLine(self._run)
        yield RacePlot(id="race-plot")
        yield RaceTable(id="race-table")
        yield KeyBar(RACE_KEYS)

    def on_mount(self) -> None:
        self._begin()
        self.set_interval(1 / self._frames, self._draw_frame)

    def on_unmount(self) -> None:
        self.session.close()

    def _begin(self) -> None:
        self._worker = self.run_worker(self.session.supervise(), name="race", exit_on_error=True)

    async def _end(self) -> None:
        """Let nobody touch the lanes any more."""
        self.session.close()
        if self._worker is not None:
            await self._worker.wait()

    def _draw_frame(self) -> None:
        if self.is_current and self.session.view is not self._seen:
            self.redraw()

    def noted(self) -> RaceView:
        return self._view

    def show_view(self, view: RaceView) -> None:
        """Draw the race as it stands, with what a person has chosen in this view; later where frames have to wait."""
        newest = self.session.view
        self._view = replace(newest, chosen=view.chosen, logarithmic=view.logarithmic, note=view.note)
        if not self._backlog.is_behind():
            self._seen = newest
            super().show_view(self._view)

    def action_race_pause(self) -> None:
        self.session.pause_or_go_on()

    def action_race_pace(self, direction: int) -> None:
        self.session.change_pace(direction)

    def action_race_restart(self) -> None:
        self.session.restart()

    def action_race_axis(self) -> None:
        self.show_view(replace(self._view, logarithmic=not self._view.logarithmic))

    def action_choose(self, direction: int) -> None:
        chosen = (self._view.chosen + direction) % len(self.session.view.standings)
        self.show_view(replace(self._view, chosen=chosen, note=""))

    async def action_contest(self) -> None:
        """Race the batch sizes instead of the rates, or the rates again."""
        await self._end()
        self._contest = "batches" if self._contest == "rates" else "rates"
        self.session = RaceSession(self._run, self._contest, self.session.view.pace)
        self._begin()
        self.show_view(replace(self._view, chosen=self.session.own, note=""))

    async def action_pick(self) -> None:
        """Go on with the chosen lane as the run."""
        standing = self.session.view.standings[self._view.chosen]
        if standing.verdict.kind == "diverged":
            self.show_view(replace(self._view, note=f"{typeset_minus(standing.label)} has diverged: choose another"))
            return
        await self._end()
        self.dismiss(self.session.runs[self._view.chosen])

    async def action_leave(self) -> None:
        await self._end()
        self.dismiss(None)
