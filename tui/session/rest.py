"""The rest of everything that computes freely while a screen opens or closes, which needs the processor for itself."""

import asyncio

SECONDS = 0.06
"""As long as Textual takes at most to style, lay out and draw a screen."""


class Rest:
    """A pause of the trainings and races between two updates. Commands are executed meanwhile.

    `begin` is called on the event loop; any thread may read `now`.
    """

    def __init__(self) -> None:
        self.now = False
        self._ends: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Rest for SECONDS from now on."""
        self.end()
        self.now = True
        self._ends = asyncio.get_running_loop().call_later(SECONDS, self.end)

    def end(self) -> None:
        """Let everything go on."""
        if self._ends is not None:
            self._ends.cancel()
        self.now, self._ends = False, None


REST = Rest()
"""The one of the program, which has one event loop."""
