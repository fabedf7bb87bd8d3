"""Who takes part in a race: runs from one start that differ in the learning rate, or in the batch size."""

from dataclasses import dataclass
from math import inf
from typing import Literal

from gradstep.core.training.race import Lane, Race
from gradstep.data.assemble import Run, run_beside

Contest = Literal["rates", "batches"]

FACTORS = (1 / 10, 1 / 3, 1, 3, 10, 30)
"""The learning rates, in terms of the present one."""

BATCHES = (1, 32, "full")
STEPS, EPOCHS = 300, 10
"""How long a race is: over rates in steps, over batches, whose steps differ, in epochs."""


@dataclass(frozen=True, eq=False)
class RaceEntries:
    """A race, and the run behind each of its lanes; lane number `own` is nearest to the run that it was made from."""

    runs: tuple[Run, ...]
    race: Race
    own: int


def enter_race(run: Run, contest: Contest) -> RaceEntries:
    """Let runs race from the start of this one, with its present learning rate or around it."""
    rate = run.trainer.learning_rate
    if contest == "rates":
        rates = [float(f"{rate * factor:.3g}") if factor != 1 else rate for factor in FACTORS]
        rates = [each for each in rates if 0 < each < inf]
        own = rates.index(rate)
        runs = {f"{rate:g}": run_beside(run, {"learning_rate": rate}) for rate in rates}
    else:
        own = next((index for index, size in enumerate(BATCHES) if size == run.trainer.options.batch_size), 1)
        runs = {str(size): run_beside(run, {"learning_rate": rate, "batch_size": size}) for size in BATCHES}
    lanes = [Lane(label, each.trainer) for label, each in runs.items()]
    length = STEPS if contest == "rates" else EPOCHS * len(run.trainer.training_part)
    race = Race(lanes, "steps" if contest == "rates" else "examples", length)
    return RaceEntries(tuple(runs.values()), race, own)
