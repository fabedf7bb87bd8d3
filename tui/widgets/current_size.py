"""What every screen does about sizes of the terminal that are outdated."""

import asyncio

from textual import events
from textual.message_pump import MessagePump


class CurrentSize(MessagePump):
    """Is mixed into a screen, which then ignores sizes that the terminal has no longer.

    Textual posts a Resize again for every layout. Two sizes on their way would call each other up for ever.
    """

    async def on_event(self, event: events.Event) -> None:
        # a screen that opens is laid out and drawn at several events: others have their turn in between
        await asyncio.sleep(0)
        if not (isinstance(event, events.Resize) and event.size != self.app.size):
            await super().on_event(event)
