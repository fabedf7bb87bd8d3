"""The Textual app: it opens the screens, and turns keys into commands to the session."""

import asyncio
from collections.abc import Callable, Iterable
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.geometry import Size
from textual.screen import Screen

from gradstep.data.lesson import Lesson
from gradstep.data.run import Run
from gradstep.data.saved_runs import SavedRun, make_file_name, name_new_run
from gradstep.tui.garbage_collection import SECONDS_BETWEEN_CHECKS, GarbageCollector
from gradstep.tui.keymap import COACH_KEYS, PROGRAM_KEYS, Key
from gradstep.tui.opening_actions import OpeningActions
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.dialogs.palette import Commands, Palette, list_commands
from gradstep.tui.screens.dialogs.quit import QuitScreen
from gradstep.tui.screens.dialogs.too_small import TooSmallScreen, is_too_small
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.rest import REST
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import FRAMES_A_SECOND, FULL_CAPABILITIES, TerminalCapabilities
from gradstep.tui.terminal.driver import TerminalDriver
from gradstep.tui.widgets.panel_screen import PanelScreen, find_keys

if TYPE_CHECKING:
    from gradstep.data.course.opening import Opening

T = TypeVar("T")

NOT_LOGGED = "the log ended with the run before: this one is not logged"


class GradstepApp(OpeningActions):
    """Owns the session, and runs it as a worker. `tui/keymap.py` describes the keys.

    Most of their actions are inherited: those that pass a command on to the session from `SessionActions`, those that
    open a screen from `OpeningActions`, and those of the course from `CourseActions`.
    """

    TITLE = "gradstep"
    CSS_PATH = "gradstep.tcss"
    BINDINGS = [key.binding() for key in (*PROGRAM_KEYS, *COACH_KEYS)]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {Commands}  # noqa: RUF012
    ESCAPE_TO_MINIMIZE = False

    def __init__(
        self,
        session: TrainingSession,
        walk: bool = False,
        lesson: Lesson | None = None,
        capabilities: TerminalCapabilities = FULL_CAPABILITIES,
        frames: float = FRAMES_A_SECOND,
        offers_example: bool = False,
    ) -> None:
        """Make the app; with `walk` it opens the walkthrough of the first update. `frames` is in frames a second.

        With `offers_example` it offers the two-neuron example before the first walkthrough.
        """
        super().__init__(session, capabilities, frames, lesson, offers_example)
        self._walk = walk
        self._last_key = 0.0
        self._garbage = GarbageCollector(lambda: self._last_key)
        self._training_screen = TrainingScreen(session, self.backlog, frames)

    @property
    def picture_name(self) -> str:
        """The name of a picture: what is trained, and the step."""
        return f"gradstep-{make_file_name(self.session.run.dataset.name)}-step-{self.session.view.snapshot.step}"

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, lambda _: REST.begin())
        self.open_screen(self._training_screen)
        self._garbage.begin()
        self.set_interval(SECONDS_BETWEEN_CHECKS, self._collect_garbage)
        self._training = self.begin_work(self.session.supervise, "training")
        self.set_interval(1 / FRAMES_A_SECOND, self._redraw_if_outdated)
        self.call_after_refresh(self.begin_work, self.import_screens, "screens")
        if self._walk:
            self.call_after_refresh(self.action_walk)
        if self.at_start is not None:
            self.call_after_refresh(self.at_start)

    async def start(self, run: Run) -> None:
        """Save and end the current session, and start one for another run, at its pace, paused if the old one was.

        This closes every screen, so a screen has to call it through `do_before_next_key`.
        """
        before = self.session
        saves = name_new_run(run.dataset.name) if before.autosave is not None else None
        await self._start(run, saves, before.view.pace, before.phase == "paused")

    async def _start(self, run: Run, saves: SavedRun | None, pace: float | None, paused: bool) -> None:
        """Save and end the current session, and start one for another run, which is saved to `saves` if given."""
        before = self.session
        before.close()
        await self._training.wait()
        if before.autosave is not None:
            await asyncio.to_thread(before.save_for_good)
            before.autosave.close()
        autosave = Autosave(saves) if saves is not None else None
        self.session = await asyncio.to_thread(TrainingSession, run, pace, paused, autosave)
        if before.is_logged:
            self.session.show_note(NOT_LOGGED)
        self._lesson = None
        while self.screen is not self._training_screen:
            self.pop_screen()
        self._training_screen = TrainingScreen(self.session, self.backlog, self._frames)
        self.switch_screen(self._training_screen)
        self._garbage.note_ended(before)
        self._training = self.begin_work(self.session.supervise, "training")
        self._cover_if_too_small(self.size)

    async def start_opening(self, opening: "Opening") -> None:
        """Start the run of a chapter."""
        run = await asyncio.to_thread(opening.make_run)
        saves = opening.saves if self.session.autosave is not None else None
        # a run that trains by itself is one to be watched, and its findings need the time
        pace = None if self.reads_alone and opening.paused else opening.pace
        await self._start(run, saves, pace, opening.paused)

    def open_screen(self, screen: Screen[T], on_result: Callable[[T | None], None] | None = None) -> None:
        """Show a screen; `on_result` is called with its result when it closes."""
        self.push_screen(screen, on_result)
        self._cover_if_too_small(self.size)

    async def import_screens(self) -> None:
        await super().import_screens()
        self._garbage.freeze()

    def _collect_garbage(self) -> None:
        if self._has_screens:
            self._garbage.check(other_screens=self.screen is not self._training_screen)

    def pop_screen(self) -> AwaitComplete:
        self._garbage.note_ended(self.screen)
        return super().pop_screen()

    def note_key(self) -> None:
        REST.begin_answer()
        self._last_key = monotonic()

    @property
    def _has_screens(self) -> bool:
        """Whether there is a screen. While the app ends, keys, new sizes and timers find none any more."""
        return bool(self.screen_stack)

    async def on_event(self, event: events.Event) -> None:
        if self._has_screens or not isinstance(event, events.InputEvent | events.Resize):
            await super().on_event(event)

    def on_resize(self, event: events.Resize) -> None:
        self._cover_if_too_small(event.size)

    def _cover_if_too_small(self, size: Size) -> None:
        """Show TooSmallScreen over the others while the terminal has this size, if that is too small."""
        if is_too_small(size) and not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen(), self._leave)

    def on_unmount(self) -> None:
        self._garbage.end()
        REST.end()
        self.session.close()

    def _redraw_if_outdated(self) -> None:
        """Draw the screen again if its size changed, or if frames were skipped and the terminal has caught up."""
        if not self._has_screens:
            return
        # the last of many SIGWINCH signals can get lost
        if isinstance(self._driver, TerminalDriver) and (size := self._driver.read_size()) != self.size:
            self.post_message(events.Resize(size, size))
        if self.backlog.left_out and not self.backlog.is_behind():
            self.backlog.left_out = False
            self.screen.refresh()  # with a layout it would be drawn twice, and be too slow again where the first was

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        keys = (*find_keys(screen), *PROGRAM_KEYS, *(COACH_KEYS if self.has_chapter else ()))
        return list_commands((key for key in keys if self._can_act(key, screen)), self.run_action)

    @property
    def _suspends(self) -> bool:
        """Whether there is a shell to go back to, as there is none in a browser."""
        return not self.is_web

    def _can_act(self, key: Key, screen: Screen[object]) -> bool:
        """Whether a key has something to act on now, as far as that can be known."""
        if key.id == "suspend":
            return self._suspends
        if key.id == "save":
            return self.session.view.snapshot.step > 0 and self.session.autosave is not None
        return not isinstance(screen, PanelScreen) or screen.can_act(key.id)

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    async def resume(self, saves: SavedRun, run: Run) -> None:
        """Go on with a saved run, at the pace of the present one, paused if that was."""
        await self._start(run, saves, self.session.view.pace, self.session.phase == "paused")
        if run.notes:
            self.session.show_note("; ".join(run.notes))

    def action_log_axis(self) -> None:
        self._training_screen.query_one(LossPanel).toggle_axis()

    def action_panel(self, name: str) -> None:
        self._training_screen.focus_panel(name)

    def action_maps(self) -> None:
        self._training_screen.show_neurons()

    def action_next_panel(self, direction: int) -> None:
        self._training_screen.focus_next_panel(direction)

    def action_fill(self) -> None:
        self._training_screen.fill()

    async def action_back(self) -> None:
        self._training_screen.fill(False)

    def action_help(self) -> None:
        self.push_screen(
            HelpScreen(tuple(key for key in find_keys(self.screen) if key.id != "suspend" or self._suspends))
        )

    def action_redraw(self) -> None:
        self.screen.refresh(repaint=True, layout=True)

    async def action_quit(self) -> None:
        if self.session.phase != "training":
            self._leave(True)
        else:
            self.push_screen(QuitScreen(), self._leave)

    def _leave(self, leave: bool | None) -> None:
        if leave:
            endings: dict[str, Ending] = {"finished": self.session.view.planned_ending, "diverged": "diverged"}
            self.exit(endings.get(self.session.phase, "quit"))
