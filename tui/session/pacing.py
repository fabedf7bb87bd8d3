"""Limits the speed of training to a pace."""

from collections.abc import Callable
from time import perf_counter

SECONDS_BEHIND = 1.0
"""A training that is further behind its pace than this does not catch up."""


class Pacing:
    """Computes when the next step is due. `pace` is in steps a second, None without a limit."""

    def __init__(self, pace: float | None, step: int, clock: Callable[[], float] = perf_counter) -> None:
        self.pace = pace
        self._clock = clock
        self.restart(step)

    def restart(self, step: int) -> None:
        """Start to count at this step and moment."""
        self._paced_from = (self._clock(), step)

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
        if due - step > self.pace * SECONDS_BEHIND + 1:
            # the machine cannot hold the pace: drop the missed steps instead of catching up
            self._paced_from = (self._clock(), step)
        return max(due, step + 1)
