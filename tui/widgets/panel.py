"""The base class of panels, which redraws only the cells that changed."""

import asyncio
from functools import lru_cache
from itertools import pairwise
from typing import Generic, Protocol, TypeVar, cast

from rich.cells import get_character_cell_size
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES, TerminalCapabilities

V = TypeVar("V")

Cells = list[tuple[str, Style | None]]
"""The text and style of each cell of a line. The second cell of a wide character has no text."""

CURSOR_MOVE = 4
"""Moving the cursor over unchanged cells takes about as many bytes as sending so many of them again."""


class HasCapabilities(Protocol):
    """The attribute of the app that a panel uses."""

    capabilities: TerminalCapabilities


class HasDrawingTurn(Protocol):
    """The attribute of the screen that a panel uses."""

    drawing_turn: asyncio.Lock


class Panel(Widget, Generic[V], can_focus=True):
    """A widget that turns a view into lines, keeps them, and refreshes the spans that differ from the last ones.

    A subclass draws in `lines`. It has no access to the training except through its view.
    """

    view: V | None = None

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._lines: list[Strip] = []
        self._drawn: list[Strip] = []
        self._base: Style | None = None

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
        """Draw the view again, and refresh the cells that differ."""
        width, height = self.content_size
        if self.view is None or not (width and height):
            return
        base = self.rich_style
        lines = self.lines(self.view, width, height)[:height]
        lines += [Strip([])] * (height - len(lines))
        lines_before, drawn_before, self._lines = self._lines, self._drawn, lines
        if base != self._base or len(drawn_before) != height or drawn_before[0].cell_length != width:
            self._base, self._drawn = base, [_fill(line, width, base) for line in lines]
            self.refresh()
            return
        changed = [y for y in range(height) if lines[y] != lines_before[y]]
        self._drawn = drawn_before.copy()
        for y in changed:
            self._drawn[y] = _fill(lines[y], width, base)
        regions = [region for y in changed for region in find_changed_spans(drawn_before[y], self._drawn[y], y)]
        if regions:
            self.refresh(*regions)

    async def on_resize(self) -> None:
        # after a new layout many panels are resized: others have their turn between two of them
        async with cast(HasDrawingTurn, self.screen).drawing_turn:
            self.redraw()

    def render_line(self, y: int) -> Strip:
        return self._drawn[y] if y < len(self._drawn) else Strip.blank(0)


def _fill(line: Strip, width: int, base: Style) -> Strip:
    """Extend or cut a line to the width. Drawings have no background: they take that of the panel's style."""
    return line.adjust_cell_length(width).apply_style(base)


def find_changed_spans(before: Strip, after: Strip, y: int) -> list[Region]:
    """Return the runs of cells of line `y` that differ; two with fewer than CURSOR_MOVE cells between them are one.

    Each begins and ends between whole characters of both lines: a terminal cannot draw half of a wide one.
    """
    if before == after:
        return []
    old_cells, new_cells = split_cells(before), split_cells(after)
    if len(old_cells) != len(new_cells):
        return [Region(0, y, max(before.cell_length, after.cell_length), 1)]
    spans: list[Region] = []
    for first, last in _find_runs(old_cells, new_cells):
        start, end = first, last + 1
        while _is_inside_character(start, old_cells) or _is_inside_character(start, new_cells):
            start -= 1
        while _is_inside_character(end, old_cells) or _is_inside_character(end, new_cells):
            end += 1
        if spans and start - spans[-1].right <= CURSOR_MOVE:
            start = spans.pop().x
        spans.append(Region(start, y, end - start, 1))
    return spans


def _find_runs(old_cells: Cells, new_cells: Cells) -> list[tuple[int, int]]:
    """Return the first and the last cell of each run of cells that differ."""
    changed = [x for x, (old, new) in enumerate(zip(old_cells, new_cells, strict=True)) if old != new]
    ends = [index for index in range(1, len(changed)) if changed[index] > changed[index - 1] + 1]
    return [(changed[i], changed[j - 1]) for i, j in pairwise([0, *ends, len(changed)])] if changed else []


def _is_inside_character(x: int, cells: Cells) -> bool:
    """Whether a cut before cell x would part a wide character, or a combining mark from its character."""
    return 0 < x < len(cells) and (not cells[x][0] or _ends_with_mark(cells, x))


def _ends_with_mark(cells: Cells, end: int) -> bool:
    """Whether the character before cell `end` has a combining mark."""
    last = cells[end - 1][0] or cells[end - 2][0]
    return len(last) > 1


def split_cells(strip: Strip) -> Cells:
    """Return the text and style of each cell.

    A combining mark, as in m̂, belongs to the character before it.
    """
    found: Cells = []
    for segment in strip:
        style = segment.style
        mark, texts = _split_text(segment.text)
        if mark and found:
            owner = -1 if found[-1][0] else -2
            found[owner] = (found[owner][0] + mark, found[owner][1])
        found += [(text, style) for text in texts]
    return found


@lru_cache(8192)
def _split_text(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the combining marks at the beginning of a text, and the text of each cell after them."""
    mark, cells = "", list[str]()
    for character in text:
        width = get_character_cell_size(character)
        if width:
            cells += [character, ""][:width]
        elif not cells:
            mark += character
        else:
            cells[-1 if cells[-1] else -2] += character
    return mark, tuple(cells)
