"""The race screen: runs with different learning rates, batch sizes, numbers of hidden neurons or initializers."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual.app import ComposeResult

from gradstep.core.training.descent_step import DescentStep
from gradstep.core.training.divergence import Diverged
from gradstep.data.race_contest import Contest
from gradstep.tui.screen_keys import RACE_KEYS
from gradstep.tui.screens.race.contest_words import name_lane
from gradstep.tui.screens.race.plot import RacePlot
from gradstep.tui.screens.race.status_line import RaceStatusLine
from gradstep.tui.screens.race.table import RaceTable
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.session.race_loop import RaceView
from gradstep.tui.session.race_session import RaceSession
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.key_bar import ONE_MOMENT, KeyBar
from gradstep.tui.widgets.many_runs_screen import ManyRunsScreen

NEXT_CONTEST: dict[Contest, Contest] = {
    "rates": "batches",
    "batches": "sizes",
    "sizes": "initializers",
    "initializers": "rates",
}
NO_STEP = "this lane has diverged: it makes no step any more"


class RaceScreen(ManyRunsScreen[RaceView]):
    """Shows a race, and starts others. While a race is set up there is no view."""

    session: RaceSession
    keys = RACE_KEYS
    BINDINGS = [key.binding() for key in keys]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "low"), (20, "short"), (32, "tall")]  # noqa: RUF012

    def __init__(
        self,
        session: TrainingSession,
        backlog: OutputBacklog,
        frames: float,
        paused: bool = False,
        contest: Contest = "rates",
    ) -> None:
        super().__init__(session, backlog, frames, RaceSession(contest, session.set_up_race, paused=paused))

    def choose_first(self, newest: RaceView) -> RaceView:
        return replace(newest, chosen=newest.own_index)

    def compose(self) -> ComposeResult:
        yield RaceStatusLine(self._training.run)
        yield RacePlot(id="race-plot")
        yield RaceTable(self._training.run)
        yield KeyBar(RACE_KEYS)

    @property
    def facts(self) -> ScreenFacts:
        ended = self._view is not None and self._view.phase == "finished"
        return ScreenFacts("race", race_ended=ended, race_contest=self.session.contest)

    def on_mount(self) -> None:
        self.begin_work(self.session.supervise)

    def draw(self, view: RaceView) -> None:
        """Draw this view, with the title of the plot."""
        plot, title = self.query_one(RacePlot), "Loss" if view.fits is None else "Curves"
        # a title that is set is drawn again, with the whole panel
        if plot.border_title != title:
            plot.border_title = title
        super().draw(view)

    def can_act(self, id: str) -> bool:
        view = self._view
        if id in ("race_pick", "valley"):
            return view is not None and view.standings[view.chosen].verdict.kind != "diverged"
        return True

    def action_race_pause(self) -> None:
        self.session.toggle_pause()

    def action_race_pace(self, direction: int) -> None:
        self.session.change_pace(direction)

    def action_race_restart(self) -> None:
        self.session.restart()

    def action_choose(self, direction: int) -> None:
        if self._view is not None:
            chosen = (self._view.chosen + direction) % len(self._view.standings)
            self.show_view(replace(self._view, chosen=chosen, note=""))

    def action_contest(self) -> None:
        """Start the next contest: batch sizes, network sizes, initializers, then learning rates again."""
        before = self.session
        self.replace_session(RaceSession(NEXT_CONTEST[before.contest], self._training.set_up_race, before.pace))
        self.begin_work(self.session.supervise)

    async def action_pick(self) -> None:
        """Dismiss with the run of the chosen lane, unless it has diverged."""
        view = self._view
        if view is None:
            return
        if view.standings[view.chosen].verdict.kind == "diverged":
            self._refuse_diverged(view)
            return
        self.show_view(replace(view, note=ONE_MOMENT))
        self.begin_work(partial(self._pick, self.session, view.chosen), "picking")

    async def _pick(self, session: RaceSession, lane: int) -> None:
        try:
            run = await session.take_run(lane)
        except Diverged:
            self._refuse_diverged(self.view)
            return
        if not session.is_closed:
            await session.end()
            self.dismiss(run)

    def _refuse_diverged(self, view: RaceView) -> None:
        name = name_lane(view, view.standings[view.chosen])
        self.show_view(replace(view, note=f"{name} has diverged: choose another lane"))

    def find_step(self, found: Callable[[DescentStep], object]) -> None:
        """Pause the race, and call `found` with the next step of the chosen lane.

        It is not called if the lane has diverged or is not set up, and if the race is left meanwhile.
        """
        if self._view is not None:
            self.begin_work(partial(self._find_step, self.session, self._view.chosen, found), "step", exclusive=True)

    async def _find_step(self, session: RaceSession, lane: int, found: Callable[[DescentStep], object]) -> None:
        try:
            step = await session.find_next_step(lane)
        except Diverged:
            self.show_view(replace(self.view, note=NO_STEP))
            return
        if self.is_current and not session.is_closed:
            found(step)
