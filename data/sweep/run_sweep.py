"""Trains all runs of a sweep by an executor, and keeps each result as soon as it is there."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from concurrent.futures.process import BrokenProcessPool

from gradstep.core.errors import GradstepError
from gradstep.data.sweep.journal import Journal
from gradstep.data.sweep.sweep import Sweep, find_groups
from gradstep.data.sweep.train_group import RunResult, train_group

SECONDS_BETWEEN_LOOKS = 0.1


def run_sweep(
    sweep: Sweep, executor: Executor, workers: int, journal: Journal, stop: Callable[[], bool] = lambda: False
) -> Iterator[dict[int, RunResult]]:
    """Yield all results by the index of their run: those that are known already first, then more with each group.

    What the journal has is not trained again. It ends early, with what is under way left to the executor, when `stop()`
    is true. Raises what a group raises, WriteError, and GradstepError if a process has been killed.
    """
    results = {index: result for index, result in journal.read().items() if index < len(sweep.runs)}
    yield results
    missing = [run for run in sweep.runs if run.index not in results]
    waiting = {executor.submit(train_group, group) for group in find_groups(missing, workers)}
    while waiting and not stop():
        done, waiting = wait(waiting, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
        for future in done:
            try:
                found = future.result()
            except BrokenProcessPool:
                raise GradstepError(
                    "a process of the sweep was killed, most likely because memory ran out; the same command goes on"
                ) from None
            journal.add(found)
            results |= {result.index: result for result in found}
            yield results
    for future in waiting:
        future.cancel()
