"""Sets up what the luck screen trains: populations of networks, each of which can become a run."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from gradstep.core.network.network import Network
from gradstep.core.network.optimizers import optimizer_named
from gradstep.core.training.measured_network import MeasuredNetwork
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import PartName, Parts, PreparedPart
from gradstep.core.training.population import Population
from gradstep.core.training.population_memory import count_member_bytes
from gradstep.data.assemble import assemble_variant, make_network, make_training_options, vary_experiment
from gradstep.data.luck_groups import WANTED_SEEDS, LuckGroup, Variation, list_groups, starts_from_seed
from gradstep.data.planned_end import find_last_step_from_start
from gradstep.data.run import Run

MOST_STEPS = 3000
"""The length of a training that is planned longer."""

MOST_BYTES = 200_000_000
"""About the memory that the networks may need together. There are fewer of them where it is too little for all."""


@dataclass(frozen=True, slots=True)
class LuckMember:
    """One of the networks: the index of its group, and its seed; None for a start that is the run's, of no seed.

    `is_own` says that it is the network of the run, from the start on and with its present options.
    """

    group: int
    seed: int | None
    is_own: bool


@dataclass(frozen=True, eq=False)
class LuckSetup:
    """The networks of all groups, group by group, and the populations that train them, in the same order.

    `part` decides which network is the best: the validation part, or without one the training part. `guess` is the loss
    of a constant guess there, infinite where all training targets are the same: then it is no yardstick. `wanted` is
    the number of networks that there would be with enough memory, and `steps` how long they train.
    """

    run: Run
    variation: Variation
    groups: tuple[LuckGroup, ...]
    members: tuple[LuckMember, ...]
    populations: tuple[Population, ...]
    part: PreparedPart
    part_name: PartName
    guess: float
    training_guess: float
    wanted: int
    steps: int

    def find_population(self, index: int) -> tuple[Population, int]:
        """Return the population that trains a member, and the index of the member there."""
        for population in self.populations:
            if index < len(population):
                return population, index
            index -= len(population)
        raise IndexError(index)

    def make_run(self, index: int) -> Run:
        """Return the run that starts as a member did, with its own trainer at step 0."""
        return assemble_variant(self.run, *_find_fields(self.run, self.groups, self.members[index]))


def set_up_luck(run: Run, variation: Variation) -> LuckSetup:
    """Set up the networks from the start of this run, on its data. The run does not change."""
    groups, wanted = list_groups(run, variation), WANTED_SEEDS[variation]
    kept, seeds = _fit_memory(run, groups, wanted, 2 if variation == "seeds" else 1)
    members = tuple(_list_members(run, variation, kept, seeds))
    prepared = [_prepare(run, kept, member) for member in members]
    populations = [
        Population([network for network, _ in those], [options for _, options in those], measured)
        for those, measured in _group_by_shape(run, prepared)
    ]
    validation, training = run.trainer.validation_part, run.trainer.training_part
    guesses = run.trainer.constant_guess
    return LuckSetup(
        run,
        variation,
        kept,
        members,
        tuple(populations),
        training if validation is None else validation,
        "training" if validation is None else "validation",
        (guesses.validation or guesses.train).loss if training.targets_vary else math.inf,
        guesses.train.loss,
        wanted * len(groups),
        min(find_last_step_from_start(run)[0], MOST_STEPS),
    )


def _list_members(run: Run, variation: Variation, groups: Sequence[LuckGroup], seeds: int) -> Iterator[LuckMember]:
    """Yield the members of all groups, each from the same starts: the run's own first, then from other seeds.

    Between initializers and depths each network has weights of its own, so that a start which comes from no seed is
    left out.
    """
    own, from_seed = run.experiment.network.seed, starts_from_seed(run)
    others = [seed for seed in range(seeds + 1) if seed != own or not from_seed]
    keeps_start = from_seed or variation in ("seeds", "rates")
    starts: list[int | None] = [own if from_seed else None] if keeps_start else []
    for index, group in enumerate(groups):
        for column, seed in enumerate([*starts, *others][:seeds]):
            yield LuckMember(index, seed, group.is_own and keeps_start and column == 0)


Fields = tuple[dict[str, object], dict[str, object] | None]
"""The fields of [training] and of [network] in which a member differs from the run; None for the start of the run."""


def _find_fields(run: Run, groups: Sequence[LuckGroup], member: LuckMember) -> Fields:
    group = groups[member.group]
    training: dict[str, object] = {"learning_rate": run.trainer.learning_rate, **group.training}
    if member.seed is None:
        return training, None
    return training, {"seed": member.seed, "weights": None, "biases": None, **group.network}


def _prepare(run: Run, groups: Sequence[LuckGroup], member: LuckMember) -> tuple[Network, TrainingOptions]:
    """Return the first network of a member, and its options."""
    experiment, start = vary_experiment(run, *_find_fields(run, groups, member))
    network = make_network(experiment, run.dataset, run.split, start=start)
    return network, make_training_options(experiment)


Prepared = tuple[Network, TrainingOptions]


def _group_by_shape(run: Run, prepared: Sequence[Prepared]) -> Iterator[tuple[list[Prepared], MeasuredNetwork]]:
    """Yield neighbours of one shape, and what measures them. The test part is not among it: it decides nothing."""
    trainer = run.trainer
    parts = Parts(trainer.training_part, trainer.validation_part)
    for _, found in groupby(prepared, key=lambda each: each[0].sizes):
        those = list(found)
        network, options = those[0]
        yield those, MeasuredNetwork(network, parts, options, trainer.threshold, trainer.classification)


def _fit_memory(run: Run, groups: tuple[LuckGroup, ...], wanted: int, least: int) -> tuple[tuple[LuckGroup, ...], int]:
    """Return the groups and the number of starts in each that fit into MOST_BYTES, or the `least` of one group.

    Groups are left out only where a single network of each is too much: those furthest from the run's own.
    """
    needed = {index: _count_bytes(run, group) for index, group in enumerate(groups)}
    own = next((index for index, group in enumerate(groups) if group.is_own), 0)
    kept = list[int]()
    for index in sorted(needed, key=lambda index: abs(index - own)):
        if not kept or sum(needed[each] for each in [*kept, index]) <= MOST_BYTES:
            kept.append(index)
    seeds = max(least, min(wanted, MOST_BYTES // sum(needed[index] for index in kept)))
    return tuple(groups[index] for index in sorted(kept)), seeds


def _count_bytes(run: Run, group: LuckGroup) -> int:
    """Return about how much memory a network of a group needs."""
    network, options = _prepare(run, [group], LuckMember(0, 0, False))
    optimizer, validates = optimizer_named(options.optimizer), run.trainer.validation_part is not None
    return count_member_bytes(network, optimizer, run.trainer.batch_size, validates)
