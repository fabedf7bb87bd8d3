"""How every screen deals with what comes too late: outdated sizes, and work for a screen that is closing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events, messages
from textual.await_complete import AwaitComplete
from textual.geometry import Size
from textual.message import Message
from textual.screen import ScreenResultType
from textual.worker import Worker

from gradstep.tui.widgets.drawn_by_turns import DrawnByTurns
from gradstep.tui.widgets.work_begun_once import begin_once


class BaseScreen(DrawnByTurns[ScreenResultType]):
    """A screen that ignores outdated sizes, is laid out and drawn once for each size, and ends its work when it closes.

    Textual posts a Resize again for every layout. It would lay out and draw everything twice, and two sizes on their
    way would call each other up for ever.
    """

    class Ready(Message):
        """Posted once the screen takes keys."""

    opens = True
    """Whether the screen is not ready for keys yet."""

    _has_opened = False
    """Whether the screen has got all its widgets. One that closes while it opens, or as the program ends, has none."""

    async def on_event(self, event: events.Event) -> None:
        # a screen that opens is laid out and drawn at several events: others have their turn in between
        if not isinstance(event, events.Key):
            await asyncio.sleep(0)
        if isinstance(event, events.Mount):
            self._has_opened = self.display and bool(self.children)  # not displayed once the screen is closing
        expected = self._has_opened or isinstance(event, events.Compose | events.Unmount)
        outdated = isinstance(event, events.Resize) and event.size != self.app.size
        if expected and not outdated:
            await super().on_event(event)
        if self.opens and self._has_opened:
            self.opens = False
            self.post_message(self.Ready())

    def begin_work(self, work: Callable[[], Awaitable[Any]], group: str = "default", exclusive: bool = False) -> None:
        """Await the result of this function in a worker, so that keys act meanwhile. An exception ends the program.

        Work that is `exclusive` ends what its group has begun before.
        """
        # Not a coroutine yet: none is left over if the screen closes before the worker begins. Without a description
        # Textual takes the repr of the work, with every number of the views that are bound to it.
        self.run_worker(begin_once(work), group, group, group, exit_on_error=True, exclusive=exclusive)

    def run_worker(self, *arguments: Any, **options: Any) -> Worker[Any]:
        """Run work in a worker. On a screen that closes, which loses its widgets, it ends before it begins."""
        worker = super().run_worker(*arguments, **options)
        if self._pruning or not self.is_attached:
            worker.cancel()
        return worker

    async def on_prune(self, event: messages.Prune) -> None:
        # Textual, whose own handler is called after this one, cancels the workers of a screen only after it has removed
        # the widgets that they draw on
        self.workers.cancel_node(self)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close the screen, unless another one is shown: it may have been left while its result was computed."""
        return super().dismiss(result) if self.is_current else AwaitComplete.nothing()  # type: ignore[no-untyped-call]

    def _screen_resized(self, size: Size) -> None:
        if size != self.outer_size:
            super()._screen_resized(size)
