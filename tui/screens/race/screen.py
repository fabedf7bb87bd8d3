"""The race: learning rates, or batch sizes, from the same start, side by side."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.screen import Screen
from textual.worker import Worker

from gradstep.data.assemble import Run
from gradstep.data.race_entries import Contest
from gradstep.tui.keymap import RACE_KEYS
from gradstep.tui.numbers import typeset_minus
from gradstep.tui.screens.race.plot import RacePlot
from gradstep.tui.screens.race.status import RaceStatus
from gradstep.tui.screens.race.table import RaceTable
from gradstep.tui.session.race_session import RaceSession, RaceView
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel import Panel


class RaceScreen(Screen[Run | None], inherit_bindings=False):
    """Looks at the race's slot on a timer, and at once after a key. Ends with the run that was picked, or None."""

    BINDINGS = [key.binding() for key in RACE_KEYS]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "low"), (20, "short"), (32, "tall")]  # noqa: RUF012

    def __init__(self, run: Run, backlog: OutputBacklog, frames: float, paused: bool = False) -> None:
        super().__init__()
        self._run, self._backlog, self._frames = run, backlog, frames
        self._contest: Contest = "rates"
        self.session = RaceSession(run, self._contest, paused=paused)
        self._worker: Worker[None] | None = None
        self._chosen, self._logarithmic, self._note = self.session.own, True, ""
        self._seen: RaceView | None = None

    def compose(self) -> ComposeResult:
        yield RaceStatus(self._run)
        yield RacePlot(id="race-plot")
        yield RaceTable(id="race-table")
        yield KeyBar(RACE_KEYS)

    def on_mount(self) -> None:
        self._begin()
        self.set_interval(1 / self._frames, self._draw_frame)

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def on_unmount(self) -> None:
        self.session.close()

    def _begin(self) -> None:
        self._worker = self.run_worker(self.session.supervise(), name="race", exit_on_error=True)

    async def _end(self) -> None:
        """Let nobody touch the lanes any more."""
        self.session.close()
        if self._worker is not None:
            await self._worker.wait()

    @property
    def view(self) -> RaceView:
        """What is to be drawn."""
        return replace(self.session.view, chosen=self._chosen, logarithmic=self._logarithmic, note=self._note)

    def _draw_frame(self) -> None:
        if self.is_current and self.session.view is not self._seen:
            self._draw()

    def _draw(self) -> None:
        if self._backlog.is_behind():
            return
        self._seen = self.session.view
        view = self.view
        for panel in self.query(Panel):
            if panel.display:
                panel.show(view)

    def action_race_pause(self) -> None:
        self.session.pause_or_go_on()

    def action_race_pace(self, direction: int) -> None:
        self.session.change_pace(direction)

    def action_race_restart(self) -> None:
        self.session.restart()

    def action_race_axis(self) -> None:
        self._logarithmic = not self._logarithmic
        self._draw()

    def action_choose(self, direction: int) -> None:
        self._chosen = (self._chosen + direction) % len(self.session.view.standings)
        self._note = ""
        self._draw()

    async def action_contest(self) -> None:
        """Race the batch sizes instead of the rates, or the rates again."""
        await self._end()
        self._contest = "batches" if self._contest == "rates" else "rates"
        self.session = RaceSession(self._run, self._contest, self.session.view.pace)
        self._chosen, self._note = self.session.own, ""
        self._begin()
        self._draw()

    async def action_pick(self) -> None:
        """Go on with the chosen lane as the run."""
        standing = self.session.view.standings[self._chosen]
        if standing.verdict.kind == "diverged":
            self._note = f"{typeset_minus(standing.label)} has diverged: choose another"
            self._draw()
            return
        await self._end()
        self.dismiss(self.session.runs[self._chosen])

    async def action_leave(self) -> None:
        await self._end()
        self.dismiss(None)
