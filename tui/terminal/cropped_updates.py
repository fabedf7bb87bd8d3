"""A compositor that sends the cells that changed, and only those.

Textual knows which spans of a line changed, but sends each line from the left edge of its widget. Over a slow
connection that is most of the output. There is no public way to change this, so private names of Textual 8 are used; a
test fails when they change.
"""

from collections.abc import Iterator

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor, CompositorMap


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

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return the update of the changed spans; None if nothing changed."""
        update = super().render_partial_update()
        return update and CroppedUpdate(update.chops, update.spans, update.chop_ends)

    @property
    def full_map(self) -> CompositorMap:
        """The places of all widgets, computed again if they are outdated.

        What changes with that is drawn with the next frame. Textual compares only with the newest map when it lays out
        the screen: a notification that goes, and after which somebody asks for the place of a widget, would stay on
        the terminal.
        """
        before = self._full_map
        now = super().full_map
        if now is not before:
            places = [each.clip.intersection(each.region) for _, each in before.items() ^ now.items()]
            self._dirty_regions.update(place for place in places if place)
        return now
