"""The log of a session's run, written to a few times a second."""

from time import perf_counter

from gradstep.core.training.history import History
from gradstep.data.run_log import SECONDS_BETWEEN_ROWS, RunLog


class PacedLog:
    """Appends the history of a run to its log while it trains; does nothing without a log."""

    def __init__(self, log: RunLog | None) -> None:
        self._log, self._due = log, 0.0

    @property
    def trouble(self) -> str:
        """Why the newest rows could not be written; empty if they were."""
        return "" if self._log is None else self._log.trouble

    def write_when_due(self, history: History, seconds: float, now: bool = False) -> None:
        """Append what is new, if that is due or has to be done `now`."""
        if self._log is not None and (now or perf_counter() > self._due):
            self._log.write(history, seconds)
            self._due = perf_counter() + SECONDS_BETWEEN_ROWS

    def go_back(self, newest_step: int) -> None:
        """Note that the run has no step after this one any more."""
        if self._log is not None:
            self._log.go_back(newest_step)

    def finish(self, history: History, seconds: float) -> None:
        """Append what is new, and a row for the newest step."""
        if self._log is not None:
            self._log.write(history, seconds, ended=True)
