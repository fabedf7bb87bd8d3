"""Limits the speed of training to a pace, and measures the speed."""

from collections.abc import Callable
from time import perf_counter

SPEED_SECONDS = 1.0
"""The measured speed is the mean over at least this time."""


class Pacing:
    """Computes when the next step is due, and measures the speed.

    `pace` and `speed` are in steps a second. A pace of None is no limit.
    """

    def __init__(self, pace: float | None, step: int, clock: Callable[[], float] = perf_counter) -> None:
        self.pace = pace
        self.speed: float | None = None
        self._clock = clock
        self.restart(step)

    def restart(self, step: int) -> None:
        """Start to count at this step and moment."""
        self._paced_from = self._speed_from = (self._clock(), step)
        self.speed = None

    def seconds_until_due(self, step: int) -> float:
        """Return the seconds until the step after `step` is due. Negative if it is overdue."""
        if self.pace is None:
            return 0.0
        began, first = self._paced_from
        return began + (step + 1 - first) / self.pace - self._clock()

    def due(self, step: int) -> int | None:
        """Return the step up to which training may go from `step` now, at least `step + 1`; None without a limit."""
        if self.pace is None:
            return None
        began, first = self._paced_from
        due = first + int((self._clock() - began) * self.pace)
        if due - step > self.pace * SPEED_SECONDS + 1:
            # the machine cannot hold the pace: drop the missed steps instead of catching up
            self._paced_from = (self._clock(), step)
        return max(due, step + 1)

    def measure(self, step: int) -> None:
        """Record that training has reached this step, and update `speed`."""
        began, first = self._speed_from
        now = self._clock()
        if now - began >= SPEED_SECONDS:
            self.speed, self._speed_from = (step - first) / (now - began), (now, step)
