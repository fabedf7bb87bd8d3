"""What every screen does about sizes that the terminal has no longer, and about those that it is laid out for."""

import asyncio

from textual import events
from textual.await_complete import AwaitComplete
from textual.geometry import Size
from textual.screen import Screen, ScreenResultType


class CurrentSize(Screen[ScreenResultType]):
    """A screen that ignores outdated sizes, and is laid out and drawn once for each size.

    Textual posts a Resize again for every layout. It would lay out and draw everything twice, and two sizes on their
    way would call each other up for ever.
    """

    async def on_event(self, event: events.Event) -> None:
        # a screen that opens is laid out and drawn at several events: others have their turn in between
        await asyncio.sleep(0)
        if not (isinstance(event, events.Resize) and event.size != self.app.size):
            await super().on_event(event)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close the screen, unless another one is shown: it may have been left while its result was computed."""
        return super().dismiss(result) if self.is_current else AwaitComplete.nothing()  # type: ignore[no-untyped-call]

    def _screen_resized(self, size: Size) -> None:
        if size != self.outer_size:
            super()._screen_resized(size)
