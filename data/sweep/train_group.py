"""Trains runs of a sweep that share their data and the shape of their networks, in this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

from gradstep.core.network.stacked import NetworkStack
from gradstep.core.training.population import MemberEnd, Population
from gradstep.core.training.stack_scores import PartScores, StackEvaluator, StackScores
from gradstep.core.training.stopping import StopReason
from gradstep.data.assemble import make_training_options
from gradstep.data.planned_end import find_last_step_from_start
from gradstep.data.run import Run
from gradstep.data.sweep.shared_data import SharedData
from gradstep.data.sweep.sweep import SweepRun

Stopped = StopReason | Literal["max_epochs", "max_steps", "diverged"]

SHARED_DATA = SharedData()
"""The data of this process, which are loaded once for all its groups."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run of a sweep came to: the same as `gradstep train` with its experiment, up to rounding.

    Scores are those at its end; those of the best step if patience ended it. None for a part without rows, and for the
    accuracy of a regression. `best_step` and `best_validation_loss` are those of the lowest validation loss. `seconds`
    is the run's share of the time that its group took.
    """

    index: int
    steps: int
    epochs: int
    stopped: Stopped
    train_loss: float
    train_accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None
    best_step: int | None
    best_validation_loss: float | None
    seconds: float


def train_group(runs: Sequence[SweepRun]) -> list[RunResult]:
    """Train runs to their ends, and return their results in order."""
    began = perf_counter()
    assembled = [SHARED_DATA.assemble(run.experiment) for run in runs]
    first = assembled[0]
    options = [make_training_options(run.experiment) for run in assembled]
    population = Population([run.network for run in assembled], options, first.trainer)
    last_step, limit = find_last_step_from_start(first)
    while population.step < last_step and not population.finished:
        population.update()
    population.record_score()
    ends: list[tuple[int, Stopped]] = [_find_end(end, last_step, limit) for end in population.ends]
    scores = _score_ends(population, ends, first)
    seconds = (perf_counter() - began) / len(runs)
    return [
        _make_result(run.index, member, ends[member], population, scores, seconds) for member, run in enumerate(runs)
    ]


def _find_end(end: MemberEnd | None, last_step: int, limit: Stopped) -> tuple[int, Stopped]:
    """Return the last step of a member, and what ended it there: the limit before a stop condition at the same step."""
    if end is None or (end.step >= last_step and not end.diverged):
        return last_step, limit
    return end.step, end.reason or "diverged"


def _score_ends(population: Population, ends: Sequence[tuple[int, Stopped]], run: Run) -> StackScores:
    """Score each member at its end, or at its best step if patience ended it."""
    parameters = population.parameters
    for member, (_, stopped) in enumerate(ends):
        if stopped == "patience" and len(population.best_steps):
            parameters[member] = population.best_parameters[member]
    return StackEvaluator(NetworkStack(run.network, parameters), run.trainer).score_parts()


def _make_result(
    index: int,
    member: int,
    end: tuple[int, Stopped],
    population: Population,
    scores: StackScores,
    seconds: float,
) -> RunResult:
    steps, stopped = end
    train, validation, test = (_read(part, member) for part in (scores.train, scores.validation, scores.test))
    assert train[0] is not None
    has_best = len(population.best_steps) > 0
    return RunResult(
        index=index,
        steps=steps,
        epochs=steps // population.steps_per_epoch,
        stopped=stopped,
        train_loss=train[0],
        train_accuracy=train[1],
        validation_loss=validation[0],
        validation_accuracy=validation[1],
        test_loss=test[0],
        test_accuracy=test[1],
        best_step=int(population.best_steps[member]) if has_best else None,
        best_validation_loss=float(population.best_losses[member]) if has_best else None,
        seconds=seconds,
    )


def _read(scores: PartScores | None, member: int) -> tuple[float | None, float | None]:
    if scores is None:
        return None, None
    return float(scores.losses[member]), None if scores.accuracies is None else float(scores.accuracies[member])
