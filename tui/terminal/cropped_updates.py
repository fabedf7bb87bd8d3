"""A compositor that sends the cells that changed, and only those.

Textual knows which spans of a line changed, but sends each line from the left edge of its widget. Over a slow
connection that is most of the output. There is no public way to change this, so private names of Textual 8 are used; a
test fails when they change.

What a panel draws by itself is sent with Textual's own updates.
"""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor, CompositorMap, LayoutUpdate, ReflowResult
from textual.geometry import Region, Size
from textual.widget import Widget


class CroppedUpdate(ChopsUpdate):
    """An update whose strips are cut to the changed spans, and texts that draw other cells after them."""

    drawn_over: Iterable[str] = ()

    def render_segments(self, console: Console) -> str:
        """Return the text that draws the changed spans."""
        return "".join((*self._sequences(console), *self.drawn_over))

    def _sequences(self, console: Console) -> Iterator[str]:
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                left, right = max(x, x1), min(end, x2)
                yield Control.move_to(left, y).segment.text
                yield strip.crop(left - x, right - x).render(console)


class CroppingCompositor(Compositor):
    """Textual's compositor with cropped updates, which forgets no change."""

    def __init__(self) -> None:
        super().__init__()
        self._laid_out: CompositorMap = {}
        self._drawn_over: list[tuple[Region, str]] = []
        self._looked_at: dict[Widget, tuple[Region, Region]] | None = None
        self._uncovered: dict[Widget, bool] = {}

    @property
    def has_drawn_over(self) -> bool:
        """Whether there are texts for the next update."""
        return bool(self._drawn_over)

    def draw_over(self, region: Region, text: str) -> None:
        """Send a text that draws the cells of a region of one line with the next update."""
        self._drawn_over.append((region, text))

    def leave_to_textual(self) -> None:
        """Let Textual draw the regions for which there are texts, because what lies over them may have changed."""
        self._dirty_regions.update(region for region, _ in self._drawn_over)
        self._drawn_over.clear()

    def is_uncovered(self, widget: Widget) -> bool:
        """Whether the whole widget is on the screen, and no other widget lies over it."""
        # a new one is made after each change of the layout
        if self.visible_widgets is not self._looked_at:
            self._looked_at, self._uncovered = self.visible_widgets, {}
        if widget not in self._uncovered:
            self._uncovered[widget] = self._find_whether_uncovered(widget)
        return self._uncovered[widget]

    def _find_whether_uncovered(self, widget: Widget) -> bool:
        if widget not in self.visible_widgets:
            return False
        region, clip = self.visible_widgets[widget]
        # the topmost first
        for other, (its_region, its_clip) in self.visible_widgets.items():
            if other is widget:
                break
            if region.overlaps(its_region.intersection(its_clip)):
                return False
        return clip.contains_region(region) and self.size.region.contains_region(region)

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return the update of the changed spans; None if nothing changed."""
        if any(region.overlaps(dirty) for region, _ in self._drawn_over for dirty in self._dirty_regions):
            # the texts may be older than what Textual draws there
            self.leave_to_textual()
        update = super().render_partial_update()
        if update is None and not self._drawn_over:
            return None
        cropped = CroppedUpdate(update.chops, update.spans, update.chop_ends) if update else CroppedUpdate([], [], [])
        cropped.drawn_over = [
            Control.move_to(region.x, region.y).segment.text + text for region, text in self._drawn_over
        ]
        self._drawn_over.clear()
        return cropped

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """Return the update of the whole screen."""
        self._drawn_over.clear()
        return super().render_full_update(simplify)

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay the screen out, and compare it with the last layout.

        Textual compares it with the newest map of places, which is another one if somebody has asked for a place since
        a widget came or went: a notification that goes would stay on the terminal, and a panel that gets another size
        would not be told.
        """
        self.leave_to_textual()
        self._full_map = self._laid_out
        result = super().reflow(parent, size)
        self._laid_out = self._full_map
        return result
