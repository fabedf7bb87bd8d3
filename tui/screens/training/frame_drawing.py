"""How the training screen draws the newest view: frame by frame, and at once after a command."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.screens.training.pictures import GROUP_BY_FRAME, PICTURES, Group, list_groups, name_content
from gradstep.tui.session.rest import REST
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.terminal.output_backlog import OutputBacklog
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.panel_screen import PanelScreen

SECONDS_BETWEEN_LOOKS = 0.002
"""How often a frame looks whether the answer to a key is drawn."""

SECONDS_UNWATCHED = 2.0
"""The time between two frames while the terminal has no focus."""


class FrameDrawing:
    """Draws the newest view of a session on the panels of a screen, the pictures in turn.

    Nothing is drawn while earlier frames are not sent yet, nor under another screen.
    """

    def __init__(
        self,
        screen: PanelScreen[View, None],
        session: TrainingSession,
        backlog: OutputBacklog,
        frames: float,
        take_view: Callable[[View], None],
    ) -> None:
        """`frames` is in frames a second. `take_view` is called with each view before it is drawn on a panel."""
        self._screen, self._session, self._backlog, self._frames = screen, session, backlog, frames
        self._take_view = take_view
        self._drawn: View | None = None
        self._drawn_slow = False
        self._frame = 0

    async def draw_answer(self) -> None:
        """Draw the effect of a command.

        The pictures of a group whose content was changed come first, then the numbers; both are sent at once. While
        training, the other pictures wait for the timer. Under another screen nothing is drawn before it closes.
        """
        screen = self._screen
        # none has panels any more while the app ends
        if not (screen.is_active and screen.has_panels):
            return
        view = self._session.view
        groups = list_groups(view)
        at_once = tuple(group for group in groups if OutputPanel in group and self._shows_other_content(view))
        later: list[Callable[[], None]] = []
        for first, *others in self._panel_updates(at_once, numbers=False):
            first()
            if view.request.output == "example":
                later += others
            else:
                # the loss and the report on a part show the same evaluation
                for show in others:
                    show()
        if at_once:
            screen.send_now()
            await asyncio.sleep(0)
        for show, *_ in self._panel_updates(()):
            show()
        screen.send_now()
        if view.phase != "training":
            for update in self._panel_updates(tuple(group for group in groups if group not in at_once), numbers=False):
                later += update
        for show in later:
            await asyncio.sleep(0)
            if screen.is_open:
                show()

    def _shows_other_content(self, view: View) -> bool:
        """Whether the panels show another example, or other contents, than this view."""
        drawn = self._screen.query_one(OutputPanel).view
        return drawn is None or name_content(drawn) != name_content(view)

    async def draw_all(self) -> None:
        """Draw the newest view on every panel."""
        await self._draw_one_by_one(list_groups(self._session.view))

    def draw_frame(self) -> None:
        """Draw the newest view if there is something new in it; while training, only the pictures of this frame."""
        self._frame += 1
        # a change under another screen would make Textual draw both screens whole
        if not self._screen.is_active or self._is_unwatched():
            return
        view = self._session.view
        groups: tuple[Group, ...] = list_groups(view)
        due = GROUP_BY_FRAME[self._frame % len(GROUP_BY_FRAME)]
        picture_due = due is not None and self._screen.query_one(groups[due][0]).view is not view
        if picture_due or view is not self._drawn or self._backlog.slow != self._drawn_slow:
            if self._screen.app.app_focus and view.phase == "training":
                groups = () if due is None else (groups[due],)
            self._screen.begin_work(partial(self._draw_one_by_one, groups, True), "frame")

    def _is_unwatched(self) -> bool:
        """Whether this frame is left out because the terminal has no focus."""
        return not self._screen.app.app_focus and self._frame % max(1, round(self._frames * SECONDS_UNWATCHED)) != 0

    async def _draw_one_by_one(self, groups: tuple[Group, ...], gives_way: bool = False) -> None:
        """Draw a frame panel by panel, so that a key waits for one group at most. A newer view ends it.

        With `gives_way` the answer to a key that is read meanwhile is drawn first.
        """
        updates = self._panel_updates(groups)
        drawn = self._drawn
        for update in updates:
            while gives_way and REST.is_answering:
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            if self._drawn is not drawn:
                return
            # the panels of a group agree whenever they are sent
            for show in update:
                show()
            await asyncio.sleep(0)

    def _panel_updates(self, groups: tuple[Group, ...], numbers: bool = True) -> list[list[Callable[[], None]]]:
        """The functions, for each panel of numbers and each group in turn, that show the newest view.

        The first one of a group gives the view to all its panels and draws one, each of the others draws another. The
        list is empty while earlier frames are not sent yet.
        """
        if self._backlog.is_behind() or not self._screen.is_open:
            return []
        view = self._drawn = self._session.view
        self._drawn_slow = self._backlog.slow
        if self._drawn_slow:
            view = replace(view, trouble="slow link")
        if numbers:
            self._take_view(view)
        panels = self._screen.visible_panels()
        updates: list[list[Callable[[], None]]] = [
            [partial(self._screen.show_on, panel, view)]
            for panel in panels
            if numbers and not isinstance(panel, PICTURES)
        ]
        for group in groups:
            together = [panel for panel in panels if isinstance(panel, group)]
            together.sort(key=lambda panel: not isinstance(panel, OutputPanel))
            if together:
                first = partial(_show_together, together, view)
                updates.append([first, *(panel.redraw for panel in together[1:])])
        return updates


def _show_together(panels: list[Panel[View]], view: View) -> None:
    """Give the view to all panels, and draw the first."""
    for panel in panels:
        panel.view = view
    panels[0].redraw()
