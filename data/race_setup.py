"""Sets up a race: runs that differ in learning rate, batch size, size of the hidden layer, or initializer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.training.lane import Lane
from gradstep.core.training.lane_population import make_lanes
from gradstep.core.training.race import Race
from gradstep.data.assemble import WITHOUT_HIDDEN_LAYER, assemble_variant
from gradstep.data.race_contest import Contest
from gradstep.data.run import Run

FACTORS = (1 / 10, 1 / 3, 1, 3, 10, 30)
"""The learning rates, as multiples of the present one."""

BATCH_SIZES: tuple[int | str, ...] = (1, 32, "full")
OTHER_SIZE_INDEX = 1
"""The index of the batch size that stands for one that is not among BATCH_SIZES."""

HIDDEN_SIZES = (1, 2, 4, 16)
"""The neurons of the one hidden layer."""

STEPS, STEPS_OF_SIZES, EPOCHS = 300, 1000, 10
"""The length of a race: in steps between learning rates and between networks, whose curves take longer to bend; in
epochs between batch sizes, whose steps differ."""


@dataclass(frozen=True, eq=False)
class RaceSetup:
    """A race, and the run behind each of its lanes, whose trainer is at the step of the lane once it has caught up.

    `own_index` is the index of the lane with the learning rate, the batch size, the hidden layer or the initializer of
    the run that the race was made from. For a batch size that no lane has, it is that of the lane with batch size 32,
    for other hidden layers that of the largest.
    """

    runs: tuple[Run, ...]
    race: Race
    own_index: int


def set_up_race(run: Run, contest: Contest) -> RaceSetup:
    """Set up a race from the start of this run, between learning rates around its own, or between batch sizes.

    Between network sizes, each has one hidden layer with the activation of this run's first, and its seed. Between
    initializers, each draws the first weights of this run's network from its seed.
    """
    set_up = {
        "rates": _race_rates,
        "batches": _race_batch_sizes,
        "sizes": _race_hidden_sizes,
        "initializers": _race_initializers,
    }
    return set_up[contest](run)


def _race_rates(run: Run) -> RaceSetup:
    own_rate = run.trainer.learning_rate
    rates = [float(f"{own_rate * factor:.3g}") if factor != 1 else own_rate for factor in FACTORS]
    rates = [rate for rate in rates if 0 < rate < inf]
    runs = {f"{rate:g}": assemble_variant(run, {"learning_rate": rate}) for rate in rates}
    return RaceSetup(tuple(runs.values()), Race(_make_lanes(runs), "steps", STEPS), rates.index(own_rate))


def _race_batch_sizes(run: Run) -> RaceSetup:
    rate, own_size = run.trainer.learning_rate, run.trainer.options.batch_size
    runs = {str(size): assemble_variant(run, {"learning_rate": rate, "batch_size": size}) for size in BATCH_SIZES}
    race = Race(_make_lanes(runs), "examples", EPOCHS * len(run.trainer.training_part))
    own_index = BATCH_SIZES.index(own_size) if own_size in BATCH_SIZES else OTHER_SIZE_INDEX
    return RaceSetup(tuple(runs.values()), race, own_index)


def _race_hidden_sizes(run: Run) -> RaceSetup:
    network = run.experiment.network
    rate, activation = run.trainer.learning_rate, (network.hidden_activations or (WITHOUT_HIDDEN_LAYER,))[0]
    runs = {
        str(size): assemble_variant(
            run,
            {"learning_rate": rate},
            {"hidden": [size], "activation": activation, "weights": None, "biases": None},
        )
        for size in HIDDEN_SIZES
    }
    own_index = next((i for i, size in enumerate(HIDDEN_SIZES) if network.hidden == (size,)), len(HIDDEN_SIZES) - 1)
    race = Race(_make_lanes(runs), "steps", STEPS_OF_SIZES, same_start=False)
    return RaceSetup(tuple(runs.values()), race, own_index)


def _race_initializers(run: Run) -> RaceSetup:
    rate, own = run.trainer.learning_rate, run.experiment.network.init
    assert own is not None
    drawn = {"weights": None, "biases": None}
    runs = {name: assemble_variant(run, {"learning_rate": rate}, {"init": name, **drawn}) for name in INITIALIZERS}
    race = Race(_make_lanes(runs), "steps", STEPS, same_start=False)
    return RaceSetup(tuple(runs.values()), race, list(INITIALIZERS).index(own))


def _make_lanes(runs: Mapping[str, Run]) -> Sequence[Lane]:
    return make_lanes({label: run.trainer for label, run in runs.items()})
