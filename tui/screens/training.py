"""The training screen: status, four panels, keys."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen

from tui.keymap import KEYS, PROGRAM_KEYS
from tui.link import Link
from tui.panels.architecture import Architecture
from tui.panels.cropping import CroppingCompositor
from tui.panels.footer import Keys
from tui.panels.gradients import Gradients
from tui.panels.loss import Loss
from tui.panels.output import Output
from tui.panels.panel import Panel
from tui.panels.status import Status
from tui.session import TrainingSession, View

ANSWER_SECONDS = 0.05
FRAMES_A_PICTURE = 4
"""The graph and the plot cost most, and say least in a tenth of a second."""

SECONDS_UNWATCHED = 2.0
"""Between two frames while the window is not looked at."""


# Textual's own tab and ctrl+c would come before those of the key table
class TrainingScreen(Screen[None], inherit_bindings=False):
    """Looks at the session's slot on a timer, and at once when a command took effect."""

    BINDINGS = [key.binding() for key in KEYS if key not in PROGRAM_KEYS]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "short"), (32, "tall")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, session: TrainingSession, link: Link, frames: float) -> None:
        super().__init__()
        self._compositor = CroppingCompositor()
        self._session, self._link, self._frames = session, link, frames
        self._seen: View | None = None
        self._pictured: View | None = None
        self._seen_slow = False
        self._frame = 0
        self._filled = False

    def compose(self) -> ComposeResult:
        run = self._session.run
        yield Status(run)
        with Container(id="panels"):
            yield Architecture(run)
            yield Loss()
            yield Gradients(id="gradients")
            yield Output(run)
        yield Keys(KEYS)

    def on_mount(self) -> None:
        self._session.changed = self._answer
        self.set_interval(1 / self._frames, self._draw_frame)
        self.query_one("#architecture").focus()

    def on_unmount(self) -> None:
        self._session.changed = None

    def on_screen_resume(self) -> None:
        self.draw_now()

    async def _answer(self) -> None:
        """Draw what a command changed, and wait until it is on its way to the terminal, though not for long.

        While training, the pictures wait for the timer: the answer to a key is in the numbers.
        """
        self._draw_panels(pictures_too=self._session.view.phase != "training")
        sent = asyncio.Event()
        self.call_after_refresh(sent.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(sent.wait(), ANSWER_SECONDS)

    def draw_now(self) -> None:
        """Draw the newest view on every panel."""
        self._draw_panels(pictures_too=True)

    def _draw_frame(self) -> None:
        self._frame += 1
        if not self.is_current or self._unwatched():
            return
        view = self._session.view
        pictures_due = self._frame % FRAMES_A_PICTURE == 0 and view is not self._pictured
        if pictures_due or view is not self._seen or self._link.slow != self._seen_slow:
            self._draw_panels(pictures_too=pictures_due or view.phase != "training")

    def _unwatched(self) -> bool:
        """Whether this frame is one of those that nobody looks at."""
        return not self.app.app_focus and self._frame % max(1, round(self._frames * SECONDS_UNWATCHED)) != 0

    def _draw_panels(self, pictures_too: bool) -> None:
        """Show the newest view, unless earlier frames are still on their way: what is drawn then is newer."""
        if self._link.is_behind():
            return
        view = self._seen = self._session.view
        self._pictured = view if pictures_too else self._pictured
        self._seen_slow = self._link.slow
        if self._seen_slow:
            view = replace(view, trouble="slow link")
        for panel in self.query(Panel):
            if panel.display and (pictures_too or not isinstance(panel, Architecture | Loss)):
                panel.show(view)

    def go_to(self, name: str) -> None:
        """Focus a panel; if one fills the screen, this one does then."""
        chosen = self.query_one(f"#{name}", Panel)
        for panel in self._panels():
            panel.display = panel is chosen or not self._filled
        self.set_focus(chosen)

    def go_to_next(self, direction: int) -> None:
        """Focus the next (1) or previous (−1) panel."""
        panels = self._panels()
        place = next((place for place, panel in enumerate(panels) if panel is self.focused), 0)
        self.go_to(str(panels[(place + direction) % len(panels)].id))

    def fill(self, filled: bool | None = None) -> None:
        """Let the focused panel fill the screen, or show all four; without `filled`, change between the two."""
        self._filled = not self._filled if filled is None else filled
        self.query_one("#panels").set_class(self._filled, "filled")
        focused = next((panel for panel in self._panels() if panel is self.focused), self._panels()[0])
        self.go_to(str(focused.id))

    def _panels(self) -> list[Panel[View]]:
        return list(self.query("#panels > Panel").results(Panel))
