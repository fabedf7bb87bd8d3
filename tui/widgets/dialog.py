"""A dialog over another screen, which is dimmed behind it."""

from functools import lru_cache
from typing import TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import _RenderCache

from gradstep.tui.widgets.base_screen import BaseScreen

T = TypeVar("T")


class Dialog(ModalScreen[T], BaseScreen[T]):
    """A modal screen that dims the screen behind it as Textual does, but each style once, at a tenth of the cost."""

    def _render_content(self) -> None:
        # Textual renders the screen behind as text, and cuts that into lines again
        rendered = self.render()
        if not isinstance(rendered, BackgroundScreen):
            super()._render_content()
            return
        lines = [_dim_line(line, rendered.color) for line in rendered.screen._compositor.render_strips()]
        self._render_cache = _RenderCache(self.size, lines)
        self._dirty_regions.clear()


def _dim_line(line: Strip, color: Color) -> Strip:
    """Blend the colours of a line with one colour."""
    return Strip([Segment(text, _dim(style or Style.null(), color)) for text, style, _ in line], line.cell_length)


@lru_cache(4096)
def _dim(style: Style, color: Color) -> Style:
    """Return the dimmed style, as Textual computes it."""
    return next(iter(BackgroundScreen.process_segments([Segment("", style)], color))).style or Style.null()
