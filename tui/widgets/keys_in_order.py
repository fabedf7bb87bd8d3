"""Takes up keys one after the other, also those that are typed faster than screens open."""

from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual._callback import invoke
from textual._context import active_message_pump
from textual.app import App, ReturnType

from gradstep.tui.widgets.base_screen import BaseScreen


class KeysInOrder(App[ReturnType]):
    """An app that finishes with one key, or with a pasted text, before it takes up the next.

    Textual passes a key from the focused widget to its parents by their queues of messages, up to the app, which acts
    on it: the next key may be sent meanwhile to a screen that is about to be left, or to one whose line for typing
    has no focus yet. Here the app calls them itself, one after the other, and keys wait for a screen that opens.
    """

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self._typed_ahead: deque[events.Key | events.Paste] = deque()
        self._begun = 0

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed_ahead.append(event)
            await self._take_up_keys()
        else:
            await super().on_event(event)

    def on_mount(self) -> None:
        # a screen that is left while it opens does not open any more
        self.screen_change_signal.subscribe(self, lambda _: self.call_later(self._take_up_keys))

    async def on_base_screen_ready(self) -> None:
        await self._take_up_keys()

    def do_before_next_key(self, work: Callable[[], Awaitable[None]]) -> None:
        """Await this after the present message: keys that have been typed ahead wait for its end."""
        self._begun += 1
        self.call_later(self._finish, work)

    async def _finish(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        finally:
            self._begun -= 1
        await self._take_up_keys()

    @property
    def _takes_keys(self) -> bool:
        """Whether a key finds the screen that it is meant for. While the app ends, there is none any more."""
        screens = self.screen_stack
        return bool(screens) and not self._begun and not (isinstance(screens[-1], BaseScreen) and screens[-1].opens)

    async def _take_up_keys(self) -> None:
        while self._typed_ahead and self._takes_keys:
            event = self._typed_ahead.popleft()
            self.app_focus = True
            self.screen._clear_tooltip()
            if not (isinstance(event, events.Key) and await self._check_bindings(event.key, priority=True)):
                event._set_forwarded()
                await self._pass_on(event)

    async def _pass_on(self, event: events.Key | events.Paste) -> None:
        """Call the handlers of the focused widget, and of all that contain it, until one stops the event."""
        for node in (self.focused or self.screen).ancestors_with_self:
            # what a handler posts or begins is on behalf of its widget, and not of the app
            before = active_message_pump.set(node)
            try:
                for _, handler in node._get_dispatch_methods(event.handler_name, event):
                    await invoke(handler, event)
            finally:
                active_message_pump.reset(before)
            if event._stop_propagation:
                break
            event._no_default_action = False
