"""The base class of panels, which draws only the cells that changed."""

import asyncio
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Generic, Protocol, TypeVar, cast

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from gradstep.tui.drawing.strips import EMPTY
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES, TerminalCapabilities
from gradstep.tui.terminal.changed_cells import Cells, Span, find_changed_spans, split_cells

V = TypeVar("V")

MOST_CODES = 2000
"""The styles for which a panel keeps the codes. A map has many, and other ones after each step."""


class HasCapabilities(Protocol):
    """The attribute of the app that a panel uses."""

    capabilities: TerminalCapabilities


class DrawsPanels(Protocol):
    """What a panel uses of its screen."""

    drawing_turn: asyncio.Lock

    def can_draw_over(self, panel: Widget) -> bool:
        """Whether the cells of this panel are on the terminal, and nothing lies over them."""

    def draw_over(self, region: Region, text: str) -> None:
        """Send a text that draws these cells, soon."""


class Panel(Widget, Generic[V], can_focus=True):
    """A widget that turns a view into lines, keeps them, and draws the spans that differ from the last ones.

    The spans are sent past Textual, which would style, compose and cut whole lines for them. Where something lies over
    the panel, they are left to Textual.

    A subclass draws in `lines`. It has no access to the training except through its view.
    """

    view: V | None = None

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._lines: list[Strip] = []
        self._cells: dict[int, Cells] = {}
        self._drawn_as: tuple[Style, int, int] | None = None
        self._codes: dict[Style | None, tuple[str, str]] = {}

    @property
    def capabilities(self) -> TerminalCapabilities:
        """What the terminal can show."""
        return cast(HasCapabilities, self.app).capabilities if self.is_attached else FULL_CAPABILITIES

    def lines(self, view: V, width: int, height: int) -> list[Strip]:
        """Draw the view on `height` lines of `width` cells, or fewer."""
        raise NotImplementedError

    def show(self, view: V) -> None:
        """Draw this view."""
        self.view = view
        self.redraw()

    def redraw(self) -> None:
        """Draw the view again, and send the cells that differ."""
        width, height = self.content_size
        if self.view is None or not (width and height):
            return
        lines = self.lines(self.view, width, height)[:height]
        lines += [EMPTY] * (height - len(lines))
        before, self._lines = self._lines, lines
        drawn_as = self.rich_style, width, height
        if drawn_as != self._drawn_as:
            self._drawn_as = drawn_as
            self._cells, self._codes = {}, {}
            self.refresh()
            return
        changed = [y for y in range(height) if lines[y] != before[y]]
        if spans := [(y, span) for y in changed for span in self._find_changed_spans(y, before[y], width)]:
            self._draw_spans(spans)

    def _find_changed_spans(self, y: int, line_before: Strip, width: int) -> list[Span]:
        """Return the spans of line `y` that differ from the line before, and keep its cells for the next time."""
        before = self._cells.get(y) or split_cells(line_before.adjust_cell_length(width))
        self._cells[y] = split_cells(self._lines[y].adjust_cell_length(width))
        return find_changed_spans(before, self._cells[y])

    def _draw_spans(self, spans: list[tuple[int, Span]]) -> None:
        screen = cast(DrawsPanels, self.screen)
        if not screen.can_draw_over(self):
            self.refresh(*(Region(start, y, end - start, 1) for y, (start, end) in spans))
            return
        # so that Textual, when it draws the panel for another reason, asks for its lines again
        self._styles_cache.set_dirty(self.outer_size.region)
        left, top = self.content_region.offset
        for y, (start, end) in spans:
            region = Region(left + start, top + y, end - start, 1)
            screen.draw_over(region, "".join(self._write_cells(self._cells[y][start:end])))

    def _write_cells(self, cells: Cells) -> Iterator[str]:
        """Yield the text that draws the cells, with the codes of each run of one style."""
        for style, run in groupby(cells, key=itemgetter(1)):
            before, after = self._codes.get(style) or self._find_codes(style)
            yield before + "".join(text for text, _ in run) + after

    def _find_codes(self, style: Style | None) -> tuple[str, str]:
        """Return what is written before and after a text of this style, as Textual would write it, and keep it."""
        if len(self._codes) >= MOST_CODES:
            self._codes.clear()
        line = Strip([Segment(".", style)])
        assert self._drawn_as is not None
        line = line.apply_style(self._drawn_as[0])
        for line_filter in self.get_line_filters():
            line = line.apply_filter(line_filter, self.background_colors[1])
        before, _, after = line.render(self.app.console).partition(".")
        self._codes[style] = before, after
        return before, after

    async def on_resize(self) -> None:
        # after a new layout many panels are resized: others have their turn between two of them
        async with cast(DrawsPanels, self.screen).drawing_turn:
            self.redraw()

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines) or self._drawn_as is None:
            return Strip.blank(0)
        base, width, _ = self._drawn_as
        # drawings have no background: they take that of the panel
        return self._lines[y].adjust_cell_length(width).apply_style(base)
