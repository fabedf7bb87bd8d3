"""The runs of a sweep, and which of them train together."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from gradstep.core.errors import GradstepError
from gradstep.core.training.member_options import VARYING_OPTIONS
from gradstep.core.training.stopping import StopConditions
from gradstep.data.data_defaults import choose_validation_fraction
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import Experiment, apply_overrides, make_experiment, to_tables
from gradstep.data.settings import TrainingSettings
from gradstep.data.sweep.shared_data import SharedData
from gradstep.data.sweep.variation import write_values

FREE_FIELDS = (
    *(f"training.{option}" for option in VARYING_OPTIONS if option in TrainingSettings.model_fields),
    *(f"training.{field.name}" for field in fields(StopConditions)),
    "network.seed",
    "network.init",
)
"""The fields in which runs that train together may differ: the varying options, of which `stop` has several fields, and
what draws the first weights. The shuffle seed is data.seed, which draws the split of the data too."""

LEAST_TOGETHER, MOST_TOGETHER = 8, 64
"""Networks that train together: fewer are much slower, and more hardly faster. An interruption loses them together."""

PARTS_A_WORKER = 4
"""Into so many parts for each worker a large group is split, so that all have work up to the end."""

MOST_PARAMETERS = 2_000_000
"""Parameters of all networks that train together, about."""


@dataclass(frozen=True, slots=True)
class SweepRun:
    """One run: its index in the sweep, what is varied in it by dotted field, its seed, and its experiment, filled in.

    `parameters` is how many its network has.
    """

    index: int
    values: Mapping[str, object]
    seed: int
    experiment: Experiment
    parameters: int

    @property
    def words(self) -> str:
        """What is varied in it, but the seed, in words."""
        return write_values(self.values) or "as it is"


class Sweep:
    """All runs, in the order of their indices.

    `digest` names the sweep: the same runs on the same data have the same one.
    """

    def __init__(self, base: Experiment, combinations: Sequence[Mapping[str, object]], seeds: int | None) -> None:
        """Each combination of values is trained with so many seeds of the network, from that of `base` on.

        Without `seeds` each has its one seed. Raises GradstepError, before anything is trained, for a value that is
        not allowed, or that does not fit the data.
        """
        self.runs: list[SweepRun] = []
        shared, fingerprints = SharedData(), list[str]()
        fields = list(combinations[0])
        # what is the same in all runs need not be shown, unless it is all that was asked for
        varied = [field for field in fields if any(each[field] != combinations[0][field] for each in combinations)]
        varied = varied or fields
        for values in combinations:
            given = make_experiment(apply_overrides(base.model_dump(exclude_unset=True), dict(values)))
            if seeds is not None:
                _check_seeds(given, values)
            # what does not fit together is told now, and not after an hour
            first = shared.assemble(_hold_out(given, shared.assemble(given).dataset))
            fingerprints.append(first.fingerprint)
            for seed in range(first.experiment.network.seed, first.experiment.network.seed + (seeds or 1)):
                experiment = _with_seed(first.experiment, seed)
                shown = {field: values[field] for field in varied}
                self.runs.append(SweepRun(len(self.runs), shown, seed, experiment, first.network.parameters.size))
        described = json.dumps([fingerprints, [to_tables(run.experiment) for run in self.runs]], default=str)
        self.digest = hashlib.sha256(described.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _hold_out(experiment: Experiment, dataset: Dataset) -> Experiment:
    """Return the experiment with a validation part, which a sweep decides by, where that is left open.

    It is as large as where a run decides by it when to end.
    """
    if experiment.data.validation_fraction is not None:
        return experiment
    tables = experiment.model_dump(exclude_unset=True)
    ends_early = make_experiment(apply_overrides(tables, {"training.patience": 1}))
    fraction = choose_validation_fraction(ends_early, dataset)
    return make_experiment(apply_overrides(tables, {"data.validation_fraction": fraction}))


def _check_seeds(experiment: Experiment, values: Mapping[str, object]) -> None:
    if "network.seed" in values:
        raise GradstepError("--seeds and --vary network.seed: only one of them can say the seeds")
    network = experiment.network
    if network.weights is not None or network.start is not None:
        raise GradstepError("--seeds: this experiment gives the first weights, so that no seed draws them")


def _with_seed(experiment: Experiment, seed: int) -> Experiment:
    tables = experiment.model_dump()
    tables["network"]["seed"] = seed
    return make_experiment(tables)


def find_groups(runs: Sequence[SweepRun], workers: int) -> Iterator[list[SweepRun]]:
    """Yield runs that train together: networks of one shape that differ in FREE_FIELDS only, in parts."""
    by_shape: dict[str, list[SweepRun]] = {}
    for run in runs:
        by_shape.setdefault(_describe_shape(run.experiment), []).append(run)
    for group in by_shape.values():
        size = min(max(LEAST_TOGETHER, len(group) // (PARTS_A_WORKER * workers)), MOST_TOGETHER)
        size = max(1, min(size, MOST_PARAMETERS // group[0].parameters, -(-len(group) // workers)))
        for start in range(0, len(group), size):
            yield group[start : start + size]


def _describe_shape(experiment: Experiment) -> str:
    tables: dict[str, Any] = experiment.model_dump()
    for field in FREE_FIELDS:
        table, _, name = field.partition(".")
        tables[table].pop(name)
    return repr(tables)
