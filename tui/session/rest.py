"""The rest of everything that computes freely while the event loop needs the processor for itself."""

from time import perf_counter

SCREEN_SECONDS = 0.06
"""As long as Textual takes at most to style, lay out and draw a screen."""

ANSWER_SECONDS = 0.03
"""As long as it usually takes at most to draw what a key asked for."""


class Rest:
    """A pause of the trainings and races between two updates. Commands are executed meanwhile. Any thread may use it.

    It lasts while a screen opens or closes, and from the moment at which a key is read until its answer is drawn.
    """

    def __init__(self) -> None:
        self._screen_until = self._answer_until = 0.0

    @property
    def seconds_left(self) -> float:
        """The seconds until everything goes on; 0 or less where nothing rests."""
        return max(self._screen_until, self._answer_until) - perf_counter()

    @property
    def now(self) -> bool:
        """Whether trainings and races rest."""
        return self.seconds_left > 0

    @property
    def is_answering(self) -> bool:
        """Whether a key was read that has no answer yet."""
        return self._answer_until > perf_counter()

    def begin(self) -> None:
        """Rest while a screen opens or closes."""
        self._screen_until = perf_counter() + SCREEN_SECONDS

    def begin_answer(self) -> None:
        """Rest because a key was read, until `end_answer`, or for ANSWER_SECONDS."""
        self._answer_until = perf_counter() + ANSWER_SECONDS

    def end_answer(self) -> None:
        """Go on, because the answer to the key is drawn."""
        self._answer_until = 0.0

    def end(self) -> None:
        """Let everything go on."""
        self._screen_until = self._answer_until = 0.0


REST = Rest()
"""The one of the program, which has one event loop."""
