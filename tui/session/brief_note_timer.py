"""How long a brief note is shown."""

import asyncio
from collections.abc import Callable

from gradstep.tui.session.view import View

NOTE_SECONDS = 4.0
"""How long a brief note is shown, unless another time is asked for."""


class BriefNoteTimer:
    """Removes each brief note after its time. All methods are called on the event loop."""

    def __init__(self, remove: Callable[[str], None]) -> None:
        """`remove` is called with the note whose time is over."""
        self._remove = remove
        self._shown, self._seconds = "", NOTE_SECONDS

    def set_seconds(self, seconds: float) -> None:
        """Set the time of the next brief note."""
        self._seconds = seconds

    def watch(self, view: View) -> None:
        """Start the time of a brief note that is new in this view."""
        if view.brief and view.note != self._shown:
            self._shown = view.note
            asyncio.get_running_loop().call_later(self._seconds, self._end, view.note)
            self._seconds = NOTE_SECONDS

    def _end(self, note: str) -> None:
        if self._shown == note:
            self._shown = ""
        self._remove(note)
