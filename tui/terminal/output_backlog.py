"""Detects whether frames queue up on their way to the terminal."""

from collections.abc import Callable
from time import perf_counter

SECONDS_TO_ACCEPT = 0.25
"""Seconds that the terminal may take to accept a frame before it counts as slow."""

SECONDS_TO_ANSWER = 1.0
"""Seconds that the terminal may take to answer. A connection that always takes longer is not behind."""

SECONDS_UNTIL_LOST = 10.0
"""Seconds after which an answer counts as lost and the request is repeated."""

MOST_ANSWERS_LOST = 3
"""After so many lost answers in a row the terminal counts as one that does not answer."""

LEAST_ANSWERS = 2
"""Answers in a row after which the terminal counts as one that answers. Shift+F3 sends the bytes of an answer, too."""

SLOW_SECONDS = 5.0
"""Seconds after a backlog for which `slow` stays true."""


class OutputBacklog:
    """Measures whether frames queue up before the terminal, so that no more of them are sent.

    They queue up in two places. If the terminal program on this machine is slow, writing takes long. If the connection
    to another machine is slow, megabytes are buffered on the way, and writing does not show it. Therefore the terminal
    is asked for its cursor position after a frame, and answers once it has drawn the frame. Of a terminal that never
    answers only the writing is measured.

    `left_out` is true from a skipped frame until the whole screen is drawn again.
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
        """Whether there was a backlog in the last SLOW_SECONDS."""
        return self._last_behind is not None and self._clock() - self._last_behind < SLOW_SECONDS

    def is_behind(self) -> bool:
        """Whether a frame sent now would have to wait for earlier ones."""
        behind = self._is_behind(self._clock())
        if behind:
            self._last_behind = self._clock()
        return behind

    def _is_behind(self, now: float) -> bool:
        # read once, because the writing thread can reset it at any moment
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
        """Whether to ask the terminal for its cursor position: yes, unless an answer is still expected."""
        if self._asked_at is not None and self._clock() - self._asked_at > SECONDS_UNTIL_LOST:
            self._asked_at = None
            self._lost += 1
            if self._lost >= MOST_ANSWERS_LOST or not self._answering:
                self._answers = 0
        return self._asked_at is None

    @property
    def is_waiting_for_answer(self) -> bool:
        """Whether an answer is expected from a terminal that answers."""
        return self._asked_at is not None and self._answering

    def expects_answer(self) -> bool:
        """Whether an answer may come now: the terminal was asked, and is not known to be one that never answers."""
        asked_at = self._asked_at
        if asked_at is None or self._clock() - asked_at > SECONDS_UNTIL_LOST:
            return False
        return self._answering or self._lost < MOST_ANSWERS_LOST

    @property
    def _answering(self) -> bool:
        return self._answers >= LEAST_ANSWERS

    def note_writing(self, begins: bool) -> None:
        """Note that the writing of a frame begins, or that it has ended."""
        self._writing_since = self._clock() if begins else None

    def note_question(self) -> None:
        """Note that the terminal was asked for its cursor position."""
        self._asked_at = self._clock()

    def note_answer(self) -> None:
        """Note an answer: the terminal has drawn everything that was sent before the request."""
        if self._asked_at is None:
            return
        took = self._clock() - self._asked_at
        self._fastest_answer = took if self._fastest_answer is None else min(took, self._fastest_answer)
        self._asked_at, self._lost, self._answers = None, 0, self._answers + 1
