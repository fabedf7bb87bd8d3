"""The base class of screens whose panels all draw the same view."""

import asyncio
from functools import partial
from typing import Any, Generic, TypeVar

from textual import events
from textual.geometry import Region
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget

from gradstep.tui.chosen_keys import rebind
from gradstep.tui.keymap import KEYS, Key
from gradstep.tui.session.course.facts import ScreenFacts
from gradstep.tui.terminal.cropped_updates import CroppingCompositor
from gradstep.tui.widgets.base_screen import BaseScreen
from gradstep.tui.widgets.coach import Coach, CoachView, count_coach_lines
from gradstep.tui.widgets.key_bar import HasNote, KeyBar
from gradstep.tui.widgets.panel import Panel

V = TypeVar("V")

ELSEWHERE = "does nothing here: it is a key of the training screen"


# no bindings are inherited: Textual's tab and ctrl+c would take precedence over the table of keys
class PanelScreen(BaseScreen[ScreenResultType], Generic[V, ScreenResultType], inherit_bindings=False):
    """Passes its view to every visible panel, and again when the screen is resumed or resized.

    The key bar gets the result of `key_bar_view` instead. A subclass that shows more than the view it is given, such as
    the newest snapshot, adds it in `show_view`; one that also places its panels does so in `draw`. While there is no
    view, nothing is drawn.
    """

    _compositor: CroppingCompositor

    def __init__(self, view: V | None) -> None:
        super().__init__()
        self._bindings = rebind(self._bindings)
        self._compositor = CroppingCompositor()
        self._view = view
        self._redraw_due = False
        self._coach_lines = 0
        self.drawing_turn = asyncio.Lock()

    @property
    def view(self) -> V:
        """The view that is drawn. Raises AssertionError while there is none."""
        assert self._view is not None
        return self._view

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys that act on this screen."""
        raise NotImplementedError

    def can_act(self, id: str) -> bool:
        """Whether the key of this id has something to act on now. The palette offers no other."""
        return True

    @property
    def facts(self) -> ScreenFacts:
        """What the conditions of a chapter can see of this screen."""
        raise NotImplementedError

    def _get_breakpoint_classes(self, dimension: int, breakpoints: list[tuple[int, str]]) -> set[str]:
        """Return the class for a width or a height; the panels cannot have the lines of the coach."""
        if breakpoints == self.VERTICAL_BREAKPOINTS:
            dimension -= self._coach_lines
        return super()._get_breakpoint_classes(dimension, breakpoints)

    def _give_coach_lines(self, lines: int) -> None:
        """Leave the coach so many lines, and lay the panels out for the rest."""
        if lines != self._coach_lines:
            self._coach_lines = lines
            names = dict.fromkeys((name for _, name in self.VERTICAL_BREAKPOINTS or []), False)
            chosen = self._get_breakpoint_classes(self.size.height, self.VERTICAL_BREAKPOINTS or [])
            self.update_classes(names | dict.fromkeys(chosen, True) | {"coached": lines > 0}, animate=False)

    @property
    def has_coach(self) -> bool:
        """Whether the card of a chapter is shown."""
        return bool(self.query(Coach))

    def show_coach(self, view: CoachView | None) -> None:
        """Draw this card above the keys; none takes the strip away."""
        self._give_coach_lines(0 if view is None else count_coach_lines(view))
        coach = next(iter(self.query(Coach)), None)
        if view is None:
            if coach is not None:
                coach.remove()
        elif coach is None:
            new = Coach()
            new.view = view
            new.styles.height = count_coach_lines(view)
            self.mount(new, before=self.query_one(KeyBar))
        else:
            coach.show(view)

    @property
    def is_open(self) -> bool:
        """Whether the screen has its panels: it is mounted, and not being removed."""
        return self.is_attached and self.display

    @property
    def has_panels(self) -> bool:
        """Whether the screen is open and its panels are mounted."""
        return self.is_open and any(True for _ in self.walk_children(KeyBar))

    def key_bar_view(self) -> HasNote:
        """Return the view whose note the key bar shows."""
        raise NotImplementedError

    def show_view(self, view: V) -> None:
        """Draw this view on every visible panel, unless the screen was closed while the view was computed."""
        self._view = view
        if self.is_open:
            self.draw(view)

    def draw(self, view: V) -> None:
        """Draw this view in a worker, so that a key waits for one panel at most."""
        self.begin_work(partial(self._draw_panel_by_panel, view), "drawing")

    async def _draw_panel_by_panel(self, view: V) -> None:
        """Draw the view panel by panel, the key bar first. A newer view ends it."""
        for panel in sorted(self.visible_panels(), key=lambda panel: not isinstance(panel, KeyBar)):
            if view is not self._view or not self.is_open:
                return
            self.show_on(panel, view)
            await asyncio.sleep(0)

    def redraw(self) -> None:
        """Draw the view again."""
        if self._view is not None:
            self.show_view(self._view)

    def visible_panels(self) -> list[Panel[Any]]:
        """Return the visible panels, the key bar among them."""
        # several times as fast as a query, which compares selectors; every key asks for them
        return [panel for panel in self.walk_children(Panel) if panel.display]

    def can_draw_over(self, panel: Widget) -> bool:
        """Whether the cells of this panel are on the terminal, and nothing lies over them."""
        return self.is_active and self._compositor.is_uncovered(panel)

    def draw_over(self, region: Region, text: str) -> None:
        """Send a text that draws these cells at Textual's next tick, or with `send_now`."""
        self._compositor.draw_over(region, text)
        self._update_timer.resume()

    def _update_now(self) -> None:
        super()._update_now()
        # Textual sends an update only if one of its widgets is marked
        if self._compositor.has_drawn_over:
            self._send_drawn_over()

    def _send_drawn_over(self) -> None:
        if not self.is_active:
            self._compositor.leave_to_textual()
        elif not self.app._batch_count:
            self._compositor_refresh()

    def send_now(self) -> None:
        """Send what is drawn on the panels to the terminal now, and not at Textual's next tick 60 times a second."""
        if self.is_current and not self.app._batch_count and not self.waits_for_drawing:
            self._compositor.update_widgets(set(self.visible_panels()))
            self._compositor_refresh()

    def show_on(self, panel: Panel[Any], view: V) -> None:
        """Draw this view on one panel. The coach has a view of its own."""
        if not isinstance(panel, Coach):
            panel.show(self.key_bar_view() if isinstance(panel, KeyBar) else view)

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
        # the screen may have been closed meanwhile
        if self.is_open:
            await self.redraw_by_turns()

    def on_key(self, event: events.Key) -> None:
        """Say of a key that acts on the training screen, but not here, that it does; until the next key."""
        pressed = _name_key_of_training(event.key) if all(event.key not in key.names for key in self.keys) else ""
        for bar in self.walk_children(KeyBar):
            bar.say(f"{pressed} {ELSEWHERE}" if pressed else "")

    async def redraw_by_turns(self) -> None:
        """Draw the view again; where that takes long, the event loop has a turn between two panels."""
        self.redraw()


def _name_key_of_training(pressed: str) -> str:
    """Return how a key is written that acts on the training screen, and not on every screen; empty for any other."""
    found = next((key for key in KEYS if pressed in key.names and key.group != "Program"), None)
    return found.shown.split()[found.names.index(pressed)] if found else ""


def find_keys(screen: Screen[Any]) -> tuple[Key, ...]:
    """Return the keys that act on this screen; those of the training screen for a dialog."""
    return screen.keys if isinstance(screen, PanelScreen) else KEYS
