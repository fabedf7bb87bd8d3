"""A dialog over another screen, which is dimmed behind it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen

from gradstep.tui.widgets.base_screen import BaseScreen

T = TypeVar("T")


class Dialog(ModalScreen[T], BaseScreen[T]):
    """A modal screen that dims the screen behind it as Textual does, but each style once, at a tenth of the cost."""

    def render(self) -> RenderableType:
        rendered = super().render()
        return DimmedScreen(rendered.screen, rendered.color) if isinstance(rendered, BackgroundScreen) else rendered


class DimmedScreen(BackgroundScreen):
    """A screen whose colours are blended with one colour."""

    @classmethod
    def process_segments(cls, segments: Iterable[Segment], color: Color) -> Iterable[Segment]:
        for text, style, control in segments:
            yield Segment(text, style if control else _dim(style or Style.null(), color), control)


@lru_cache(4096)
def _dim(style: Style, color: Color) -> Style:
    """Return the dimmed style, as Textual computes it."""
    return next(iter(BackgroundScreen.process_segments([Segment("", style)], color))).style or Style.null()
