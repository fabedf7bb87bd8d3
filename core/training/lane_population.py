"""Lanes of the race that are trained at once, as the members of one population.

An update of six lanes takes 0.43 of the processor time that their trainers take one by one on the circle (2-16-16-1, in
batches of 32), 0.59 on the digits (64-32-10) and about 0.85 from 64-128-128-10 to 784-512-512-10. For the last of these
a population needs 350 MB, and a trainer four seconds to catch up 300 steps. The gain is not worth that: see MOST_BYTES.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gradstep.core.network.stacked import describe_shape
from gradstep.core.training.evaluation import Score
from gradstep.core.training.lane import Lane, RaceUnit
from gradstep.core.training.measured_network import MeasuredNetwork
from gradstep.core.training.member_options import keep_common
from gradstep.core.training.parts import Parts
from gradstep.core.training.population import Population
from gradstep.core.training.population_memory import count_member_bytes
from gradstep.core.training.stack_scores import PartScores, join_scores
from gradstep.core.training.stopping import StopConditions
from gradstep.core.training.trainer import Trainer

MOST_BYTES = 100_000_000
"""The most memory that a population of lanes may need: that of six networks of about 190,000 parameters with sgd."""


def make_lanes(trainers: Mapping[str, Trainer]) -> Sequence[Lane]:
    """Return a lane for each trainer, by its label; they are trained at once where they can be."""
    if can_train_at_once(list(trainers.values())):
        return LanePopulation(trainers).lanes
    return [Lane(label, trainer) for label, trainer in trainers.items()]


def can_train_at_once(trainers: Sequence[Trainer]) -> bool:
    """Whether one population can train all of them, in MOST_BYTES: they differ in what its members may differ in."""
    first = trainers[0]
    kinds = {(describe_shape(each.network), keep_common(each.options), id(each.training_part)) for each in trainers}
    validates = first.validation_part is not None
    member_bytes = count_member_bytes(first.network, type(first.optimizer), first.batch_size, validates)
    return len(kinds) == 1 and len(trainers) * member_bytes <= MOST_BYTES


class LanePopulation:
    """Trains its lanes in step. None of them stops at a stop condition, as no lane of a race does."""

    def __init__(self, trainers: Mapping[str, Trainer]) -> None:
        """`trainers` are at their starts, by the labels of their lanes."""
        self._population: Population | None = None
        self._scores: tuple[int, PartScores] | None = None
        self.lanes = [MemberLane(label, each, self, index) for index, (label, each) in enumerate(trainers.items())]

    @property
    def population(self) -> Population:
        """The population; it is made when it is first needed after a start, from the trainers, which are there too."""
        if self._population is None:
            self._population = self._make_population()
        return self._population

    def _make_population(self) -> Population:
        trainers = [lane.trainer for lane in self.lanes]
        first = trainers[0]
        # the test part decides nothing, and so is not measured
        parts = Parts(first.training_part, first.validation_part)
        measured = MeasuredNetwork(first.network, parts, first.options, first.threshold, first.classification)
        options = [replace(each.options, stop=StopConditions()) for each in trainers]
        return Population([each.network for each in trainers], options, measured)

    def restart(self) -> None:
        """Begin anew: a population is made again from the trainers."""
        self._population = self._scores = None

    def update(self) -> None:
        """Make one update of every lane that has not diverged."""
        population = self.population
        population.update()
        for lane, loss, end in zip(self.lanes, population.newest_losses.tolist(), population.ends, strict=True):
            if lane.divergence is not None:
                continue
            if end is None:
                lane.record(loss)
            else:
                lane.divergence = end.divergence

    def score(self) -> PartScores:
        """Score all lanes on the validation part as they are now."""
        population = self.population
        if self._scores is None or self._scores[0] != population.step:
            part = self.lanes[0].trainer.validation_part
            assert part is not None
            self._scores = population.step, join_scores(list(population.score_in_portions(part)))
        return self._scores[1]


class MemberLane(Lane):
    """A lane whose updates a population makes, together with those of other lanes.

    Its trainer stays behind until it is wanted, as to go on with its run: `catch_up` lets it make the same updates.
    """

    def __init__(self, label: str, trainer: Trainer, shared: LanePopulation, index: int) -> None:
        """The lane is member number `index` of the population of `shared`."""
        self._shared, self._index = shared, index
        super().__init__(label, trainer)

    def restart(self) -> None:
        self._shared.restart()
        super().restart()

    @property
    def step(self) -> int:
        end = self._shared.population.ends[self._index]
        return self._shared.population.step if end is None else end.step

    def advance(self, unit: RaceUnit, target: int) -> None:
        """Make updates of all lanes of the population as long as they use at most `target` steps or examples in all."""
        population = self._shared.population
        while not population.finished and self._position_after(unit, population.step + 1) <= target:
            self._shared.update()

    def _score(self) -> Score:
        return self._pick_own(self._shared.score())

    def _find_newest_score(self) -> Score:
        return self._pick_own(self._shared.population.watched_scores)

    def _pick_own(self, scores: PartScores) -> Score:
        accuracy = None if scores.accuracies is None else float(scores.accuracies[self._index])
        return Score(float(scores.losses[self._index]), accuracy)
