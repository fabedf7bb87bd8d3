"""How far a sweep is: a table on a terminal, or lines of text."""

from collections.abc import Mapping
from time import perf_counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live

from gradstep.data.sweep.standings import find_judge, find_standings
from gradstep.data.sweep.sweep import Sweep
from gradstep.data.sweep.train_group import RunResult
from gradstep.tui.cli.standard_streams import is_interactive
from gradstep.tui.cli.sweep_table import make_table, make_table_for_screen
from gradstep.tui.numbers import NOT_COMPUTED, plain_number, plain_share

SECONDS_BETWEEN_LINES = 2.0

MOST_PRINTED = 20
"""Combinations that are listed at the end."""


class SweepProgress:
    """Shows the combinations, the best first, and how much time is left. A context manager."""

    def __init__(self, sweep: Sweep, plain: bool) -> None:
        self._sweep = sweep
        self._console = Console(highlight=False)
        self._live = None if plain or not is_interactive() else Live(console=self._console, auto_refresh=False)
        self._began, self._printed = perf_counter(), 0.0
        self._known: int | None = None

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.update("")
            self._live.stop()

    def show(self, results: Mapping[int, RunResult]) -> None:
        """Show these results. Those of the first call were known before the sweep began."""
        if self._known is None:
            self._known = len(results)
        if self._live is not None:
            standings, judge = find_standings(self._sweep, results), find_judge(results)
            table = make_table_for_screen(standings, judge, self._describe(results), self._console)
            self._live.update(table, refresh=True)
        elif perf_counter() - self._printed > SECONDS_BETWEEN_LINES:
            print(self._describe(results), flush=True)
            self._printed = perf_counter()

    def print_end(self, results: Mapping[int, RunResult]) -> None:
        """Print the combinations with their scores, and which is the best."""
        standings = find_standings(self._sweep, results)
        if self._live is None:
            self._print_lines(results)
        else:
            table = make_table(standings, find_judge(results), self._describe(results), self._console, MOST_PRINTED)
            self._console.print(table)
        best = standings[0]
        good = best.done - best.diverged
        mean = f", mean of {good} seeds" if good > 1 else ""
        if best.loss is None:
            print("every run diverged: a smaller learning rate may help; there is no best experiment")
        elif best.test_loss is not None:
            print(f"best      {best.first.words}   test {_write_score(best.test_loss, best.test_accuracy)}{mean}")
        else:
            print(f"best      {best.first.words}")

    def _print_lines(self, results: Mapping[int, RunResult]) -> None:
        judge = find_judge(results)
        for standing in find_standings(self._sweep, results)[:MOST_PRINTED]:
            diverged = f"   {standing.diverged} diverged" if standing.diverged else ""
            spread = "" if standing.loss_spread is None else f" ± {plain_number(standing.loss_spread, 0)}"
            score = _write_score(standing.loss, standing.accuracy, spread)
            runs = "1 run" if standing.done == 1 else f"{standing.done} runs"
            print(f"{standing.first.words}   {runs}   {judge} {score}{diverged}")
        print(self._describe(results), flush=True)

    def _describe(self, results: Mapping[int, RunResult]) -> str:
        done, planned, seconds = len(results), len(self._sweep.runs), perf_counter() - self._began
        words = f"{done} of {planned} runs done"
        known = self._known or 0
        if known:
            words += f", {known} of them before"
        if known < done < planned:
            words += f", {_write_time(seconds * (planned - done) / (done - known))} left"
        return f"{words}, {_write_time(seconds)}"


def _write_score(loss: float | None, accuracy: float | None, spread: str = "") -> str:
    if loss is None:
        return NOT_COMPUTED
    return f"loss {plain_number(loss, 0)}{spread}" + (
        "" if accuracy is None else f"   accuracy {plain_share(accuracy)}"
    )


def _write_time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
