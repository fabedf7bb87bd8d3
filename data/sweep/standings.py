"""How the combinations of a sweep stand: the runs of each with all its seeds, taken together."""

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, pstdev
from typing import Any, Literal

from gradstep.data.experiment import to_tables
from gradstep.data.json_values import make_finite
from gradstep.data.sweep.sweep import Sweep, SweepRun
from gradstep.data.sweep.train_group import RunResult
from gradstep.data.sweep.variation import write_value

Judge = Literal["validation", "training"]
"""The part that combinations are compared by: the training part where nothing else is held out for it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One combination: its runs that are done, how many diverged, and the scores of the others.

    `loss` and `accuracy` are the means over the seeds on the part that judges, `loss_spread` the standard deviation of
    the losses, of several runs. `test_accuracy` and `test_loss` are means too. All are None without a run that has
    ended well, and the accuracies for a regression. A combination of which a run has diverged stands behind those
    without.
    """

    first: SweepRun
    done: int
    planned: int
    diverged: int
    loss: float | None
    loss_spread: float | None
    accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None

    @property
    def rank(self) -> tuple[bool, float, float]:
        """What combinations are sorted by: whether no run is done, the share of runs that diverged, then the loss."""
        return not self.done, self.diverged / max(1, self.done), math.inf if self.loss is None else self.loss


def find_judge(results: Mapping[int, RunResult]) -> Judge:
    """Return the part that combinations are compared by."""
    return "validation" if any(result.validation_loss is not None for result in results.values()) else "training"


def find_standings(sweep: Sweep, results: Mapping[int, RunResult]) -> list[Standing]:
    """Return how all combinations stand, the best first; those without a result last, in their order."""
    groups: dict[str, list[SweepRun]] = {}
    for run in sweep.runs:
        groups.setdefault(repr(run.values), []).append(run)
    judge = find_judge(results)
    return sorted((_judge(runs, results, judge) for runs in groups.values()), key=lambda standing: standing.rank)


def _judge(runs: Sequence[SweepRun], results: Mapping[int, RunResult], judge: Judge) -> Standing:
    done = [results[run.index] for run in runs if run.index in results]
    good = [result for result in done if result.stopped != "diverged" and math.isfinite(result.train_loss)]
    validated = judge == "validation"
    losses = [result.validation_loss if validated else result.train_loss for result in good]
    accuracies = [result.validation_accuracy if validated else result.train_accuracy for result in good]
    return Standing(
        runs[0],
        len(done),
        len(runs),
        len(done) - len(good),
        _mean(losses),
        pstdev([loss for loss in losses if loss is not None]) if len(good) > 1 else None,
        _mean(accuracies),
        _mean([result.test_loss for result in good]),
        _mean([result.test_accuracy for result in good]),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def format_csv(sweep: Sweep, results: Mapping[int, RunResult]) -> str:
    """Format the results as CSV, a row for each run that is done, with a column for each field that is varied."""
    fields = list(sweep.runs[0].values)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [name for name in RunResult.__dataclass_fields__ if name != "index"]
    writer.writerow(["run", *fields, "seed", *names])
    for run in sweep.runs:
        if run.index in results:
            figures = asdict(results[run.index])
            values = [write_value(run.values[field]) for field in fields]
            row = ["" if figures[name] is None else figures[name] for name in names]
            writer.writerow([run.index + 1, *values, run.seed, *row])
    return text.getvalue()


def format_json(sweep: Sweep, results: Mapping[int, RunResult]) -> str:
    """Format the standings and all results as a JSON object; infinities and NaN, as after a divergence, are null."""
    standings = find_standings(sweep, results)
    rows = [
        {"run": run.index + 1, **run.values, "seed": run.seed, **asdict(results[run.index])}
        for run in sweep.runs
        if run.index in results
    ]
    for row in rows:
        del row["index"]
    described = {
        "judged_by": find_judge(results),
        "combinations": [_describe(standing) for standing in standings],
        "best": to_tables(standings[0].first.experiment) if standings[0].loss is not None else None,
        "runs": rows,
    }
    return json.dumps(make_finite(described), indent=2) + "\n"


def _describe(standing: Standing) -> dict[str, Any]:
    figures = asdict(standing)
    del figures["first"]
    return {**standing.first.values, **figures}
