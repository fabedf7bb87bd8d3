"""How fast training may go, and how fast it goes."""

from collections.abc import Callable
from time import perf_counter

SPEED_SECONDS = 1.0
"""The speed on the screen is the mean over at least this time."""


class Pacing:
    """Says when the next step is due at a pace in steps a second (None: no limit), and measures the speed reached."""

    def __init__(self, pace: float | None, step: int, clock: Callable[[], float] = perf_counter) -> None:
        self.pace = pace
        self.speed: float | None = None
        self._clock = clock
        self.restart(step)

    def restart(self, step: int) -> None:
        """Count from this step and moment on."""
        self._paced_from = self._speed_from = (self._clock(), step)
        self.speed = None

    def seconds_until_due(self, step: int) -> float:
        """How long the step after `step` has to wait."""
        if self.pace is None:
            return 0.0
        began, first = self._paced_from
        return began + (step + 1 - first) / self.pace - self._clock()

    def due(self, step: int) -> int | None:
        """The step up to which training may go from `step` now: at least one more; None without a limit."""
        if self.pace is None:
            return None
        began, first = self._paced_from
        due = first + int((self._clock() - began) * self.pace)
        if due - step > self.pace * SPEED_SECONDS + 1:
            # the machine cannot hold the pace: forget what was missed instead of running after it
            self._paced_from = (self._clock(), step)
        return max(due, step + 1)

    def measure(self, step: int) -> None:
        """Take note that training has come to this step."""
        began, first = self._speed_from
        now = self._clock()
        if now - began >= SPEED_SECONDS:
            self.speed, self._speed_from = (step - first) / (now - began), (now, step)
