"""A screen that is drawn whole in several turns of the event loop: others have theirs in between."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual._context import visible_screen_stack
from textual.geometry import Size
from textual.screen import Screen, ScreenResultType


class DrawnByTurns(Screen[ScreenResultType]):
    """Has each widget render its lines in a turn of its own, where the whole screen is to be drawn.

    Textual renders and composes all widgets in one turn: at once after each new layout, and again at its next tick,
    when the widgets know their sizes. Here only the tick does. Until then nothing else of the screen is sent.
    """

    _draw_due, _draws, _lays_out = False, False, False
    """Whether the whole screen is to be drawn, whether that has begun, and whether its layout is being made."""

    def begin_work(self, work: Callable[[], Awaitable[Any]], group: str) -> None:
        """Await the result of this function in a worker of the screen."""
        raise NotImplementedError

    @property
    def waits_for_drawing(self) -> bool:
        """Whether the whole screen will be drawn soon."""
        return self._draw_due or self._repaint_required

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        self._lays_out = True
        super()._refresh_layout(size, scroll)
        self._lays_out = False

    def _compositor_refresh(self) -> None:
        if self._lays_out:
            self._draw_due = True
            self._update_timer.resume()
        else:
            super()._compositor_refresh()

    def _on_timer_update(self) -> None:
        if self.is_active and not self.app._batch_count:
            self._draw_due = self.waits_for_drawing
            self._repaint_required = False
        if self._layout_required or not (self._draw_due or self._draws):
            self._update_now()
            return
        self._update_timer.pause()
        if not self._draws:
            self._draws = True
            self.begin_work(self._draw_by_turns, "drawing all")

    def _update_now(self) -> None:
        """Make the layout that is required, or draw what has changed."""
        super()._on_timer_update()

    async def _draw_by_turns(self) -> None:
        screens = (*self.app._background_screens, self)
        for index, screen in enumerate(screens):
            for widget, (region, clip) in list(screen._compositor.visible_widgets.items()):
                await asyncio.sleep(0)
                if widget.is_attached and clip.contains_region(region):
                    # a new list each time: Textual takes the screen that is dimmed behind this one out of it
                    visible_screen_stack.set(list(screens[:index]))
                    widget.render_lines(region.size.region)  # which the widget keeps
        await asyncio.sleep(0)
        self._draw_due = self._draws = False
        can_draw = self.is_active and not self.app._batch_count
        self._repaint_required = not can_draw
        # a layout that is required by now is drawn after it is made
        if can_draw and not self._layout_required:
            self._draw_all()
        self._update_now()

    def _draw_all(self) -> None:
        self._compositor.update_widgets(self._dirty_widgets)
        self._compositor._dirty_regions.add(self._compositor.size.region)
        self._compositor_refresh()
