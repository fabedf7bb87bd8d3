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
        self._screen_until = self._answer_until = self._until = 0.0

    @property
    def now(self) -> bool:
        """Whether trainings and races rest. This is asked after every update."""
        return perf_counter() < self._until

    @property
    def seconds_left(self) -> float:
        """The seconds until everything goes on; 0 or less where nothing rests."""
        return self._until - perf_counter()

    @property
    def is_answering(self) -> bool:
        """Whether a key was read that has no answer yet."""
        return perf_counter() < self._answer_until

    def begin(self) -> None:
        """Rest while a screen opens or closes."""
        self._set(perf_counter() + SCREEN_SECONDS, self._answer_until)

    def begin_answer(self) -> None:
        """Rest because a key was read, until `end_answer`, or for ANSWER_SECONDS."""
        self._set(self._screen_until, perf_counter() + ANSWER_SECONDS)

    def end_answer(self) -> None:
        """Go on, because the answer to the key is drawn."""
        self._set(self._screen_until, 0.0)

    def end(self) -> None:
        """Let everything go on."""
        self._set(0.0, 0.0)

    def _set(self, screen_until: float, answer_until: float) -> None:
        self._screen_until, self._answer_until = screen_until, answer_until
        self._until = max(screen_until, answer_until)


REST = Rest()
"""The one of the program, which has one event loop."""
