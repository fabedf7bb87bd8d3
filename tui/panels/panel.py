"""What all panels share: they draw lines, and send only the cells that changed."""

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.session import View

Piece = tuple[str, Style]


def line(*pieces: Piece) -> Strip:
    """One line from texts and their styles."""
    return Strip([Segment(text, style) for text, style in pieces if text])


class Panel(Widget, can_focus=True):
    """A widget that turns a `View` into lines, keeps them, and refreshes the spans that differ from the last ones.

    A subclass draws in `lines`. It holds nothing of the training beyond the view it was given.
    """

    view: View | None = None

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._drawn: list[Strip] = []

    def lines(self, view: View, width: int, height: int) -> list[Strip]:
        """Draw the view on `height` lines of `width` cells, or fewer."""
        raise NotImplementedError

    def show(self, view: View) -> None:
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
        regions = [region for y in range(height) if (region := changed_span(before[y], lines[y], y))]
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        self.redraw()

    def render_line(self, y: int) -> Strip:
        return self._drawn[y] if y < len(self._drawn) else Strip.blank(self.content_size.width)


def changed_span(before: Strip, after: Strip, y: int) -> Region | None:
    """The part of line `y` from the first to the last cell that differs, if any does."""
    if before == after:
        return None
    pairs = zip(cells(before), cells(after), strict=True)
    differing = [x for x, (old, new) in enumerate(pairs) if old != new]
    return Region(differing[0], y, differing[-1] + 1 - differing[0], 1) if differing else None


def cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """The cells of a line; every character that panels draw is one cell wide."""
    return [(character, segment.style) for segment in strip for character in segment.text]
