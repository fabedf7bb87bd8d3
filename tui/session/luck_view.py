"""What the luck screen draws: how every network stands at one moment."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.observation.loss_fan import LossFan
from gradstep.core.observation.population_verdict import MemberVerdict, find_no_better
from gradstep.core.training.parts import PartName
from gradstep.data.luck_groups import LuckGroup, Variation
from gradstep.data.luck_setup import LuckMember
from gradstep.data.run import Run
from gradstep.tui.session.many_runs_session import ManyRunsView

LuckPhase = Literal["training", "paused", "finished"]

Named = tuple[int, int, int]
"""The indices of the best, the median and the worst member."""


@dataclass(frozen=True, slots=True, eq=False)
class LuckView(ManyRunsView):
    """All networks at one moment.

    - `run` is the run that they are made from. The screen reads only its data, sizes and names, which do not change.
    - `part_name` is the part that the losses are measured on, and `guess` the loss of a constant guess there,
      infinite where that is no yardstick;
      `training_guess` is that on the training part, whose batch losses the fans are made of.
    - `wanted` is the number of networks that there would be with enough memory.
    - `fans` are the loss curves of each group; none between rates, which are drawn as cells.
    - `losses` and `accuracies`, (members,), are those after `scored_step`, the latter None for a regression.
    - `diverged` and `stopped` (members,) say which members stand still: after a divergence, or by a stop condition.
    - `chosen` is an index of `choices`.
    """

    variation: Variation
    run: Run
    groups: tuple[LuckGroup, ...]
    members: tuple[LuckMember, ...]
    part_name: PartName
    guess: float
    training_guess: float
    wanted: int
    step: int
    end: int
    phase: LuckPhase
    fans: tuple[LossFan, ...]
    scored_step: int
    losses: Floats
    accuracies: Floats | None
    verdicts: tuple[MemberVerdict, ...]
    diverged: NDArray[np.bool_]
    stopped: NDArray[np.bool_]

    def find_members(self, group: int) -> list[int]:
        """Return the members of a group; between seeds without that of the run, which the others are compared with."""
        return [
            index
            for index, member in enumerate(self.members)
            if member.group == group and not (self.variation == "seeds" and member.is_own)
        ]

    def find_named(self, group: int) -> Named | None:
        """Return the best, the median and the worst member of a group that has a finite loss; None if none has."""
        order = self.sort_members(self.find_members(group))
        return (order[0], order[(len(order) - 1) // 2], order[-1]) if order else None

    def sort_members(self, members: Sequence[int]) -> list[int]:
        """Return those of the members that have not diverged and have a finite loss, from the lowest loss on."""
        alive = [index for index in members if not self.diverged[index] and np.isfinite(self.losses[index])]
        return sorted(alive, key=lambda index: float(self.losses[index]))

    def count_no_better(self, members: Sequence[int]) -> int:
        """Return how many of the members are no better than a constant guess, without those that have diverged."""
        those = np.array(members, int)
        return int((find_no_better(self.losses[those], self.guess) & ~self.diverged[those]).sum())

    @property
    def choices(self) -> tuple[int | None, ...]:
        """The members that can be chosen: best, median and worst between seeds, the median of each group, every cell.

        None stands for a group whose members have all diverged.
        """
        match self.variation:
            case "seeds":
                return self.find_named(0) or (None,)
            case "rates":
                return tuple(range(len(self.members)))
            case _:
                named = (self.find_named(group) for group in range(len(self.groups)))
                return tuple(each and each[1] for each in named)

    @property
    def has_yardstick(self) -> bool:
        """Whether a constant guess is something to compare the losses with."""
        return math.isfinite(self.guess)

    @property
    def has_living(self) -> bool:
        """Whether any member has a finite loss and has not diverged."""
        return bool(self.sort_members(range(len(self.members))))

    @property
    def own(self) -> int | None:
        """The member that is the run's own; None where the run is not one of them."""
        return next((index for index, member in enumerate(self.members) if member.is_own), None)

    @property
    def columns(self) -> int:
        """The number of starts of each group."""
        return len(self.members) // len(self.groups)


def count_in(mask: NDArray[np.bool_], members: Sequence[int]) -> int:
    """Return how many of these members are in the mask."""
    indices: Indices = np.array(members, int)
    return int(mask[indices].sum())
