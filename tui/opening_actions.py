"""The actions of the keys that open another screen.

The screens are imported after the first frame, which needs none of them, and is drawn a tenth of a second sooner.
"""

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from gradstep.core.errors import GradstepError
from gradstep.data.lesson import Lesson
from gradstep.data.race_contest import Contest
from gradstep.data.run import Run
from gradstep.data.saved_runs import SavedRun
from gradstep.tui.course_actions import CourseActions
from gradstep.tui.drawing.remedies import FIELDS
from gradstep.tui.session.daemon_thread import call_in_daemon_thread
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import TerminalCapabilities

if TYPE_CHECKING:
    from gradstep.tui.screens.runs.screen import Resumed
    from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen


class OpeningActions(CourseActions):
    """An app whose keys open the screens beside the training screen."""

    def __init__(
        self,
        session: TrainingSession,
        capabilities: TerminalCapabilities,
        frames: float,
        lesson: Lesson | None,
        offers_example: bool,
    ) -> None:
        """A walkthrough shows the texts of the `lesson`. With `offers_example` the first one begins with a choice."""
        super().__init__(session, capabilities, frames)
        self._lesson, self._offers_example = lesson, offers_example

    async def start(self, run: Run) -> None:
        """Save and end the current session, and start one for another run."""
        raise NotImplementedError

    async def resume(self, saves: SavedRun, run: Run) -> None:
        """Save and end the current session, and go on with a saved run."""
        raise NotImplementedError

    async def import_screens(self) -> None:
        """Import the screens in a thread, so that the first key that opens one need not wait."""
        await call_in_daemon_thread(import_module, "gradstep.tui.opened_screens")

    def action_walk(self) -> None:
        """Open the walkthrough; before the first one ever, offer the example."""
        from gradstep.tui import opened_screens as screens

        if self._offers_example and not self.has_chapter:
            self.open_screen(screens.FirstWalkScreen(self.session, self._make_walk), self._open_first_walk)
        else:
            self.open_screen(self._make_walk())

    def _make_walk(self) -> "WalkthroughScreen":
        """Return a walkthrough of the update that made the newest step, or of the first update before any."""
        from gradstep.tui import opened_screens as screens

        return screens.WalkthroughScreen(self.session, None, self._lesson)

    def _open_first_walk(self, walk: "WalkthroughScreen | None") -> None:
        if walk is not None:
            self._offers_example = False
            self.open_screen(walk)

    def action_by_hand(self) -> None:
        from gradstep.tui import opened_screens as screens

        self.session.pause()
        self.open_screen(screens.WeightsScreen(self.session))

    def action_valley(self) -> None:
        """Open the valley of the step, the lane or the weight that the screen shows."""
        from gradstep.tui import opened_screens as screens

        screen = self.screen
        self.session.pause()
        if isinstance(screen, screens.WeightsScreen):
            self.open_screen(screens.ValleyScreen(self.session, parameter=screen.view.parameter))
        elif isinstance(screen, screens.RaceScreen):
            screen.find_step(lambda step: self.open_screen(screens.ValleyScreen(self.session, step, of_lane=True)))
        elif isinstance(screen, screens.WalkthroughScreen):
            self.open_screen(screens.ValleyScreen(screen.session, screen.find_step()))
        else:
            self.open_screen(screens.ValleyScreen(self.session))

    def action_experiment(self) -> None:
        """Open the experiment, at the field that the most important finding asks for."""
        from gradstep.tui import opened_screens as screens

        findings = self.session.view.findings
        field = FIELDS.get(findings[0].remedy) if findings else None
        self.open_screen(screens.ExperimentScreen(self.session, self._start_later, field))

    def _start_later(self, run: Run | None) -> None:
        if run is not None:
            self.do_before_next_key(partial(self.start, run))

    def action_importance(self) -> None:
        from gradstep.tui import opened_screens as screens

        self.session.pause()
        self.open_screen(screens.ImportanceScreen(self.session))

    def action_explore(self) -> None:
        from gradstep.tui import opened_screens as screens

        self.open_screen(screens.ExplorerScreen(self.session, self.backlog, self._frames))

    def action_race(self, contest: Contest = "rates") -> None:
        """Pause the run, and open a race from its start."""
        from gradstep.tui import opened_screens as screens

        self.session.pause()
        self.open_screen(
            screens.RaceScreen(self.session, self.backlog, self._frames, contest=contest), self._start_later
        )

    def action_luck(self) -> None:
        from gradstep.tui import opened_screens as screens

        self.session.pause()
        self.open_screen(screens.LuckScreen(self.session, self.backlog, self._frames), self._start_later)

    def action_runs(self) -> None:
        from gradstep.tui import opened_screens as screens

        self.open_screen(screens.RunsScreen(self.session, self.open_screen), self._resume_later)

    def _resume_later(self, resumed: "Resumed | None") -> None:
        if resumed is not None:
            self.do_before_next_key(partial(self.resume, *resumed))

    def action_paint(self) -> None:
        from gradstep.tui import opened_screens as screens

        try:
            self.open_screen(screens.PaintScreen(self.session, self.backlog, self._frames), self._start_later)
            self.session.pause()
        except GradstepError as error:
            self.session.show_note(str(error))
