"""What all panels share: they draw lines, and send only the cells that changed."""

from typing import Generic, Protocol, TypeVar, cast

from rich.cells import get_character_cell_size
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES, TerminalCapabilities

V = TypeVar("V")


CURSOR_MOVE = 4
"""To move the cursor past unchanged cells costs about as much as to send so many of them again."""


class HasCapabilities(Protocol):
    """What a panel asks of its app."""

    capabilities: TerminalCapabilities


class Panel(Widget, Generic[V], can_focus=True):
    """A widget that turns a view into lines, keeps them, and refreshes the spans that differ from the last ones.

    A subclass draws in `lines`. It holds nothing of the training beyond the view it was given.
    """

    view: V | None = None

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._drawn: list[Strip] = []

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
        """Draw again, and refresh what differs."""
        width, height = self.content_size
        if self.view is None or not (width and height):
            return
        # colours that stand on the panel's own background, whatever the terminal's is
        base = self.rich_style
        lines = [
            strip.adjust_cell_length(width).apply_style(base) for strip in self.lines(self.view, width, height)[:height]
        ]
        lines += [Strip.blank(width, base)] * (height - len(lines))
        before, self._drawn = self._drawn, lines
        if len(before) != height or before[0].cell_length != width:
            self.refresh()
            return
        regions = [region for y in range(height) for region in changed_spans(before[y], lines[y], y)]
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        self.redraw()

    def render_line(self, y: int) -> Strip:
        return self._drawn[y] if y < len(self._drawn) else Strip.blank(self.content_size.width, self.rich_style)


def changed_spans(before: Strip, after: Strip, y: int) -> list[Region]:
    """The runs of cells of line `y` that differ; where few cells lie between two, they are one run."""
    if before == after:
        return []
    old_cells, new_cells = cells_of(before), cells_of(after)
    if len(old_cells) != len(new_cells):
        # a sequence of signs that is drawn as one, as some emoji are, is narrower than its signs
        return [Region(0, y, max(before.cell_length, after.cell_length), 1)]
    pairs = zip(old_cells, new_cells, strict=True)
    differing = [x for x, (old, new) in enumerate(pairs) if old != new]
    spans: list[Region] = []
    for x in differing:
        if spans and x - spans[-1].right <= CURSOR_MOVE:
            spans[-1] = Region(spans[-1].x, y, x + 1 - spans[-1].x, 1)
        else:
            spans.append(Region(x, y, 1, 1))
    return spans


def cells_of(strip: Strip) -> list[tuple[str, Style | None]]:
    """The cells of a line. A combining mark, as in m̂, is in the cell before it; a wide character takes two cells."""
    found: list[tuple[str, Style | None]] = []
    for segment in strip:
        for character in segment.text:
            width = get_character_cell_size(character)
            if width == 0 and found:
                found[-1] = (found[-1][0] + character, found[-1][1])
            else:
                found += [(character, segment.style), ("", segment.style)][:width]
    return found
