"""The app: keys become commands to the session."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Literal, TypeVar

from rich.console import Console
from textual import events
from textual._styles_cache import StylesCache
from textual.app import App, SystemCommand
from textual.filter import LineFilter, Monochrome, NoColor
from textual.geometry import Size
from textual.screen import Screen

from gradstep.data.lesson import Lesson
from gradstep.data.run import Run
from gradstep.data.saved_runs import name_new_run
from gradstep.tui.drawing.colour_fallback import colour_filters
from gradstep.tui.drawing.glyph_fallback import glyph_table
from gradstep.tui.keymap import (
    EXPERIMENT_KEYS,
    EXPLORER_KEYS,
    KEYS,
    PROGRAM_KEYS,
    RACE_KEYS,
    WALK_KEYS,
    WEIGHTS_KEYS,
    Key,
)
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.dialogs.quit import QuitScreen
from gradstep.tui.screens.dialogs.too_small import TooSmallScreen, is_too_small
from gradstep.tui.screens.experiment.screen import ExperimentScreen
from gradstep.tui.screens.explorer.screen import ExplorerScreen
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.screens.weights.screen import WeightsScreen
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import FRAMES_A_SECOND, FULL_CAPABILITIES, Colours, TerminalCapabilities
from gradstep.tui.terminal.driver import TerminalDriver
from gradstep.tui.terminal.output_backlog import OutputBacklog

SECONDS_BETWEEN_COLLECTIONS = 5.0
NEVER = 1_000_000
"""So many garbage collections of the middle generation do not come before a full one."""

T = TypeVar("T")

COLOUR_SYSTEMS: dict[Colours, Literal["truecolor", "256", "standard"] | None] = {
    "truecolor": "truecolor",
    "256": "256",
    "16": "standard",
    "none": None,
}
"""What rich calls them."""


class GradstepApp(App[Ending]):
    """Owns the session, and runs it as a worker."""

    TITLE = "gradstep"
    CSS_PATH = "gradstep.tcss"
    BINDINGS = [key.binding() for key in PROGRAM_KEYS]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = True
    ESCAPE_TO_MINIMIZE = False

    def __init__(
        self,
        session: TrainingSession,
        walk: bool = False,
        lesson: Lesson | None = None,
        capabilities: TerminalCapabilities = FULL_CAPABILITIES,
        frames: float = FRAMES_A_SECOND,
    ) -> None:
        """With `walk` the app begins in the walkthrough of the first update; `frames` are drawn in a second."""
        super().__init__(driver_class=TerminalDriver)
        self.session = session
        self.capabilities = capabilities
        # Textual asks the environment alone
        self.no_color = capabilities.colours == "none"
        self.console = _console(capabilities, self.console)
        self._recolouring = colour_filters(capabilities)
        self._glyphs = glyph_table(capabilities.glyphs)
        self.backlog = OutputBacklog()
        self._walk, self._lesson, self._frames = walk, lesson, frames
        self._training_screen = TrainingScreen(session, self.backlog, frames)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, but for the greys that it makes of NO_COLOR; then those of the capabilities."""
        filters = [each for each in super().get_line_filters() if not isinstance(each, Monochrome | NoColor)]
        return [*filters, *self._recolouring]

    def on_mount(self) -> None:
        self._open(self._training_screen)
        # what is there by now stays: without this every full garbage collection walks through all of it again,
        # which took a third of the screen's time
        self.call_after_refresh(gc.freeze)
        # what is left takes 10 ms and more as well: it gets a turn of the event loop instead of prolonging a drawing
        self._collecting = gc.get_threshold()
        gc.set_threshold(*self._collecting[:2], NEVER)
        self.set_interval(SECONDS_BETWEEN_COLLECTIONS, self._collect_garbage)
        self._training = self.run_worker(self.session.supervise(), name="training", exit_on_error=True)
        self.set_interval(1 / FRAMES_A_SECOND, self._catch_up)
        if self._walk:
            self.call_after_refresh(self.action_walk)

    async def start(self, run: Run) -> None:
        """End the present session, with its run saved, and begin with another run on a training screen of its own.

        A session that was paused stays paused. Called through `call_later`, never from a screen that this ends.
        """
        before = self.session
        before.close()
        await self._training.wait()
        autosave = None
        if before.autosave is not None:
            await asyncio.to_thread(before.save_for_good)
            autosave = Autosave(name_new_run(run.dataset.name))
        paused = before.phase == "paused"
        self.session = await asyncio.to_thread(TrainingSession, run, before.view.pace, paused, autosave)
        self._lesson = None
        while self.screen is not self._training_screen:
            self.pop_screen()
        self._training_screen = TrainingScreen(self.session, self.backlog, self._frames)
        self.switch_screen(self._training_screen)
        self._training = self.run_worker(self.session.supervise(), name="training", exit_on_error=True)
        self._cover(self.size)

    def _open(self, screen: Screen[T], take: Callable[[T | None], None] | None = None) -> None:
        """Show a screen, and cover it where it has no room; `take` gets what it ends with."""
        self.push_screen(screen, take)
        self._cover(self.size)

    def on_resize(self, event: events.Resize) -> None:
        self._cover(event.size)

    def _cover(self, size: Size) -> None:
        """Cover a screen that has no room on a terminal of this size; when there is room again, it is there again."""
        if is_too_small(size) and not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen(), self._leave)

    def on_unmount(self) -> None:
        gc.set_threshold(*self._collecting)
        self.session.close()

    def _collect_garbage(self) -> None:
        # Textual remembers in this cache all that closed screens have drawn
        StylesCache.get_inner_outer.cache_clear()
        gc.collect()

    def encode(self, text: str) -> bytes:
        """What the terminal is sent for a text; from any thread."""
        return (text if self._glyphs is None else text.translate(self._glyphs)).encode("utf-8", "replace")

    def _catch_up(self) -> None:
        """Draw the screen again when frames were left out and the terminal takes them again, or has another size.

        Of many changes of its size the signal of the last can get lost.
        """
        if isinstance(self._driver, TerminalDriver) and (size := self._driver.size_now()) != self.size:
            self.post_message(events.Resize(size, size))
        if self.backlog.left_out and not self.backlog.is_behind():
            self.backlog.left_out = False
            self.action_redraw()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for key in dict.fromkeys((*keys_of(screen), *PROGRAM_KEYS)):
            if key.id not in ("palette", "walk_help", "weights_help", "form_help", "explorer_help", "race_help"):
                yield SystemCommand(f"{key.does}", f"key {key.shown}", self._runner(f"{key.owner}.{key.action}"))

    def _runner(self, action: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await self.run_action(action)

        return run

    def action_pause(self) -> None:
        self.session.pause_or_go_on()

    def action_step(self) -> None:
        self.session.make_step()

    def action_epoch(self) -> None:
        self.session.make_epoch()

    def action_rate(self, direction: int) -> None:
        self.session.change_rate(direction)

    def action_pace(self, direction: int) -> None:
        self.session.change_pace(direction)

    def action_save(self) -> None:
        self.session.save()

    def action_reset(self) -> None:
        self.session.reset()

    def action_move(self, steps: int) -> None:
        self.session.move(steps)

    def action_move_epoch(self, direction: int) -> None:
        self.session.move_epoch(direction)

    def action_walk(self) -> None:
        """Walk through the update that made the step on the screen; before the first, through the first."""
        step = max(1, self.session.view.snapshot.step)
        self._open(WalkthroughScreen(self.session, step, self._lesson))

    def action_by_hand(self) -> None:
        self.session.pause()
        self._open(WeightsScreen(self.session))

    def action_undo(self) -> None:
        self.run_worker(self._undo(), name="undo", exit_on_error=True)

    async def _undo(self) -> None:
        effect = await self.session.undo_edit()
        self.session.say(
            "undone: the weight is what it was" if effect else "no change by hand to undo since the last step"
        )

    def action_go_back_slower(self) -> None:
        self.session.go_back_slower()

    def action_experiment(self) -> None:
        self._open(ExperimentScreen(self.session, self._begin))

    def _begin(self, run: Run) -> None:
        self.call_later(self.start, run)

    def action_explore(self) -> None:
        self._open(ExplorerScreen(self.session))

    def action_race(self) -> None:
        """Let learning rates race from the start of the run, which waits meanwhile."""
        self.session.pause()
        self._open(RaceScreen(self.session, self.backlog, self._frames), self._go_on_with)

    def _go_on_with(self, run: Run | None) -> None:
        if run is not None:
            self._begin(run)

    def action_example(self, direction: int) -> None:
        self.session.show_example(direction)

    def action_next_output(self) -> None:
        self.session.show_next_output()

    def action_maps(self) -> None:
        self.session.show_maps()

    def action_log_axis(self) -> None:
        self._training_screen.query_one(LossPanel).toggle_axis()

    def action_panel(self, name: str) -> None:
        self._training_screen.focus_panel(name)

    def action_next_panel(self, direction: int) -> None:
        self._training_screen.focus_next_panel(direction)

    def action_fill(self) -> None:
        self._training_screen.fill()

    async def action_back(self) -> None:
        self._training_screen.fill(False)

    def action_help(self) -> None:
        self.push_screen(HelpScreen(keys_of(self.screen)))

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


KEYS_OF: dict[type[Screen[Any]], tuple[Key, ...]] = {
    WalkthroughScreen: WALK_KEYS,
    WeightsScreen: WEIGHTS_KEYS,
    RaceScreen: RACE_KEYS,
    ExperimentScreen: EXPERIMENT_KEYS,
    ExplorerScreen: EXPLORER_KEYS,
}
"""The keys of each screen but the training's."""


def _console(capabilities: TerminalCapabilities, textuals: Console) -> Console:
    """Textual's console, with the colours that the terminal has."""
    return Console(
        color_system=COLOUR_SYSTEMS[capabilities.colours],
        file=textuals.file,
        force_terminal=True,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        safe_box=False,
    )


def keys_of(screen: Screen[object]) -> tuple[Key, ...]:
    """The keys that act on this screen."""
    return next((keys for kind, keys in KEYS_OF.items() if isinstance(screen, kind)), KEYS)
