"""The fans of loss curves on the luck screen, one for each group."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from gradstep.core.observation.loss_fan import FAR, LossFan, make_fan
from gradstep.data.luck_setup import LuckSetup

LEAST = 1e-300
"""What a loss is compared with where that of a constant guess is 0."""


def make_fans(setup: LuckSetup, diverged: NDArray[np.bool_]) -> Iterator[LossFan]:
    """Yield the fan of each group as it is now. `diverged` (members,) says who has diverged.

    Between seeds the run's own network is drawn beside the others, and is not one of them.
    """
    for group in range(len(setup.groups)):
        members = [index for index, member in enumerate(setup.members) if member.group == group]
        own = next((index for index in members if setup.members[index].is_own), None)
        if own is None or setup.variation != "seeds":
            yield _make_fan(setup, members, diverged, None)
        else:
            members.remove(own)
            yield _make_fan(setup, members, diverged, own)


def _make_fan(setup: LuckSetup, members: Sequence[int], diverged: NDArray[np.bool_], own: int | None) -> LossFan:
    """Make the fan of members of one population; `own` is the one that is drawn beside them."""
    population, first = setup.find_population(members[0])
    losses, shift = population.losses.losses, first - members[0]
    start = float(np.nanmedian(losses[0])) if len(losses) else 0.0
    most = FAR * max(setup.training_guess, LEAST, start if np.isfinite(start) else 0.0)
    curve = None if own is None else losses[:, own + shift]
    inside = [index + shift for index in members]
    return make_fan(population.losses.steps, losses[:, inside], diverged[list(members)], curve, most)
