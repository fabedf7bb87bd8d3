"""A compositor that sends the cells that changed, and only those.

Textual knows which spans of a line changed, but sends each line from the left edge of its widget. Over a slow
connection that is most of the output. There is no public way to change this, so private names of Textual 8 are used; a
test fails when they change.
"""

from collections.abc import Iterator

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor, CompositorMap, ReflowResult
from textual.geometry import Size
from textual.widget import Widget


class CroppedUpdate(ChopsUpdate):
    """An update whose strips are cut to the changed spans."""

    def render_segments(self, console: Console) -> str:
        """Return the text that draws the changed spans."""
        return "".join(self._sequences(console))

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

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return the update of the changed spans; None if nothing changed."""
        update = super().render_partial_update()
        return update and CroppedUpdate(update.chops, update.spans, update.chop_ends)

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay the screen out, and compare it with the last layout.

        Textual compares it with the newest map of places, which is another one if somebody has asked for a place since
        a widget came or went: a notification that goes would stay on the terminal, and a panel that gets another size
        would not be told.
        """
        self._full_map = self._laid_out
        result = super().reflow(parent, size)
        self._laid_out = self._full_map
        return result
