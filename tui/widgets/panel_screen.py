"""A screen whose panels all draw one view."""

import asyncio
from typing import Any, Generic, TypeVar

from textual import events
from textual.screen import Screen, ScreenResultType

from gradstep.tui.widgets.key_bar import HasNote, KeyBar
from gradstep.tui.widgets.panel import Panel

V = TypeVar("V")


# Textual's own tab and ctrl+c would come before those of the key table
class PanelScreen(Screen[ScreenResultType], Generic[V, ScreenResultType], inherit_bindings=False):
    """Hands its view to every panel that can be seen, again when the screen comes back or changes its size.

    The key bar gets what `noted` returns instead. A subclass that shows more than the view it is given, as the newest
    snapshot beside it, completes it in `show_view`. Without a view, which is still computed, nothing is drawn.
    """

    def __init__(self, view: V | None) -> None:
        super().__init__()
        self._view = view
        self._redraw_due = False

    @property
    def view(self) -> V:
        """What is drawn, once there is a view."""
        assert self._view is not None
        return self._view

    def noted(self) -> HasNote:
        """The view whose note the key bar shows."""
        raise NotImplementedError

    def show_view(self, view: V) -> None:
        """Draw this view on every panel that can be seen."""
        self._view = view
        for panel in self.visible_panels():
            self.show_on(panel, view)

    def redraw(self) -> None:
        """Draw the view again."""
        if self._view is not None:
            self.show_view(self._view)

    def visible_panels(self) -> list[Panel[Any]]:
        """The panels that are displayed, the key bar among them."""
        return [panel for panel in self.query(Panel) if panel.display]

    def show_on(self, panel: Panel[Any], view: V) -> None:
        """Draw this view on one panel."""
        panel.show(self.noted() if isinstance(panel, KeyBar) else view)

    async def on_event(self, event: events.Event) -> None:
        # a screen that opens is laid out and drawn at several events: others have their turn in between
        await asyncio.sleep(0)
        await super().on_event(event)

    def on_screen_resume(self) -> None:
        self.redraw_in_place()

    def on_resize(self) -> None:
        self.redraw_in_place()

    def redraw_in_place(self) -> None:
        """Draw once the panels have their sizes: what fits on one can decide how large another is."""
        if not self._redraw_due:
            self._redraw_due = True
            self.call_after_refresh(self._redraw_when_due)

    async def _redraw_when_due(self) -> None:
        self._redraw_due = False
        await self.redraw_by_turns()

    async def redraw_by_turns(self) -> None:
        """Draw the view again; where that takes long, the event loop has a turn between two panels."""
        self.redraw()
