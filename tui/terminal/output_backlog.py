"""Whether frames pile up on their way to the terminal."""

from collections.abc import Callable
from time import perf_counter

SECONDS_TO_ACCEPT = 0.25
"""Seconds that the terminal may take to accept a frame before it counts as slow."""

SECONDS_TO_ANSWER = 1.0
"""Seconds that the terminal may take to answer; a longer way that is always as long is no backlog."""

SECONDS_UNTIL_LOST = 10.0
"""Seconds after which an answer that has not come is asked for again."""

MOST_ANSWERS_LOST = 3
"""After so many of them in a row the terminal is taken for one that does not answer."""

LEAST_ANSWERS = 2
"""So many in a row make a terminal one that answers: shift and F3 look like an answer, too."""

SLOW_SECONDS = 5.0
"""For so long after frames have piled up the screen says so."""


class OutputBacklog:
    """Knows whether frames pile up before the terminal, so that no more of them are drawn.

    They pile up in two places. Before a slow program on this machine, writing blocks. Before a slow line to another
    machine, what lies between takes in megabytes at once, and only the terminal itself can say how far it is: it is
    asked for the cursor's position after a frame, and the answer comes when it has drawn the frame. One that never
    answers is only held to the first measure.

    `left_out` is true from when a frame was not sent until the whole screen is drawn again.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._writing_since: float | None = None
        self._asked_at: float | None = None
        self._fastest_answer: float | None = None
        self._answers = self._lost = 0
        self._last_behind: float | None = None
        self.left_out = False

    @property
    def slow(self) -> bool:
        """Whether frames have piled up a short while ago."""
        return self._last_behind is not None and self._clock() - self._last_behind < SLOW_SECONDS

    def is_behind(self) -> bool:
        """Whether a frame would have to wait for earlier ones now."""
        behind = self._is_behind(self._clock())
        if behind:
            self._last_behind = self._clock()
        return behind

    def _is_behind(self, now: float) -> bool:
        # read once: the writing thread sets it back at any moment
        writing_since, asked_at = self._writing_since, self._asked_at
        if writing_since is not None and now - writing_since > SECONDS_TO_ACCEPT:
            return True
        if (
            asked_at is None
            or not self._answering
            or self._fastest_answer is None
            or now - asked_at > SECONDS_UNTIL_LOST
        ):
            return False
        return now - asked_at > max(SECONDS_TO_ANSWER, 2 * self._fastest_answer)

    def should_ask(self) -> bool:
        """Whether the terminal should be asked how far it is: not while an answer is on its way."""
        if self._asked_at is not None and self._clock() - self._asked_at > SECONDS_UNTIL_LOST:
            self._asked_at = None
            self._lost += 1
            if self._lost >= MOST_ANSWERS_LOST or not self._answering:
                self._answers = 0
        return self._asked_at is None

    @property
    def waits_for_answer(self) -> bool:
        """Whether a terminal that answers still owes one."""
        return self._asked_at is not None and self._answering

    @property
    def _answering(self) -> bool:
        return self._answers >= LEAST_ANSWERS

    def writing(self, begins: bool) -> None:
        """A frame begins to be written, or has been."""
        self._writing_since = self._clock() if begins else None

    def asked(self) -> None:
        """The terminal was asked how far it is."""
        self._asked_at = self._clock()

    def answered(self) -> None:
        """The terminal has drawn all that was sent before it was asked."""
        if self._asked_at is None:
            return
        took = self._clock() - self._asked_at
        self._fastest_answer = took if self._fastest_answer is None else min(took, self._fastest_answer)
        self._asked_at, self._lost, self._answers = None, 0, self._answers + 1
