"""The race: learning rates, or batch sizes, from the same start, side by side."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.screen import Screen

from gradstep.data.assemble import Run
from gradstep.data.race_entries import Contest
from gradstep.tui.keymap import RACE_KEYS
from gradstep.tui.screens.race.plot import RacePlot
from gradstep.tui.screens.race.status import RaceStatus
from gradstep.tui.screens.race.table import RaceTable
from gradstep.tui.session.race_loop import RaceView
from gradstep.tui.session.race_session import RaceSession
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel import Panel

ENTERING = "one moment …"


class RaceScreen(Screen[Run | None], inherit_bindings=False):
    """Looks at the race's slot on a timer, and at once after a key. Ends with the run that was picked, or None."""

    BINDINGS = [key.binding() for key in RACE_KEYS]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "low"), (20, "short"), (32, "tall")]  # noqa: RUF012

    def __init__(self, session: TrainingSession, backlog: OutputBacklog, frames: float, paused: bool = False) -> None:
        super().__init__()
        self._training, self._backlog, self._frames = session, backlog, frames
        self.session = RaceSession("rates", session.enter_race, paused=paused)
        self._chosen: int | None = None
        self._logarithmic, self._note = True, ""
        self._seen: RaceView | None = None

    def compose(self) -> ComposeResult:
        yield RaceStatus(self._training.run)
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
        self.run_worker(self.session.supervise(), name="race", exit_on_error=True)

    @property
    def view(self) -> RaceView | None:
        """What is to be drawn; None until the lanes have entered."""
        view = self.session.view
        if view is None:
            return None
        chosen = view.own if self._chosen is None else self._chosen
        return replace(view, chosen=chosen, logarithmic=self._logarithmic, note=self._note)

    @property
    def waits(self) -> bool:
        """Whether the lanes have not entered yet."""
        return self.session.view is None

    def _draw_frame(self) -> None:
        if self.is_current and self.session.view is not self._seen:
            self._draw()

    def _draw(self) -> None:
        if self._backlog.is_behind():
            return
        self._seen, view = self.session.view, self.view
        if view is None:
            self.query_one(KeyBar).show(replace(self._training.view, note=ENTERING))
            return
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
        view = self.view
        if view is not None:
            self._chosen = (view.chosen + direction) % len(view.standings)
            self._note = ""
            self._draw()

    def action_contest(self) -> None:
        """Race the batch sizes instead of the rates, or the rates again."""
        before = self.session
        before.close()
        contest: Contest = "batches" if before.contest == "rates" else "rates"
        self.session = RaceSession(contest, self._training.enter_race, before.pace)
        self._chosen, self._note = None, ""
        self._begin()
        self._draw()

    async def action_pick(self) -> None:
        """Go on with the chosen lane as the run."""
        view = self.view
        if view is None:
            return
        standing = view.standings[view.chosen]
        if standing.verdict.kind == "diverged":
            self._note = f"{standing.label} has diverged: choose another"
            self._draw()
            return
        await self.session.end()
        self.dismiss(view.runs[view.chosen])

    def action_leave(self) -> None:
        self.session.close()
        self.dismiss(None)
