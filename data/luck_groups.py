"""What the luck screen compares: the same network, or other initializers, depths or learning rates, each from seeds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gradstep.core.network.initializers import INITIALIZERS
from gradstep.data.assemble import WITHOUT_HIDDEN_LAYER
from gradstep.data.run import Run

Variation = Literal["seeds", "initializers", "depths", "rates"]
"""What differs between the networks, besides their seeds."""

WANTED_SEEDS: Mapping[Variation, int] = {"seeds": 101, "initializers": 20, "depths": 25, "rates": 12}
"""How many starts each group has, if there is the memory for it; between seeds that of the run is one of them."""

DEPTHS = (0, 1, 2, 3)
"""The numbers of hidden layers."""

WIDTH = 16
"""The neurons of a hidden layer, if the run has none."""

RATES_TO_EACH_SIDE = 4
"""How many learning rates there are below that of the run, and above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LuckGroup:
    """Networks that differ in nothing but their starts: their name, and the fields in which they differ from the run.

    `is_own` says that the run would be one of them, from one of its seeds.
    """

    label: str
    is_own: bool
    training: Mapping[str, object] = field(default_factory=dict)
    network: Mapping[str, object] = field(default_factory=dict)


def starts_from_seed(run: Run) -> bool:
    """Whether the first weights of a run are drawn from its seed, and neither given nor read from a file."""
    network = run.experiment.network
    return network.weights is None and network.start is None


def list_groups(run: Run, variation: Variation) -> tuple[LuckGroup, ...]:
    """Return what is compared, in the order in which it is shown."""
    network = run.experiment.network
    match variation:
        case "seeds":
            return (LuckGroup(label="this experiment", is_own=True),)
        case "initializers":
            return tuple(
                LuckGroup(label=name, is_own=starts_from_seed(run) and name == network.init, network={"init": name})
                for name in INITIALIZERS
            )
        case "depths":
            return _list_depths(run)
        case "rates":
            own = run.trainer.learning_rate
            return tuple(
                LuckGroup(label=f"{rate:g}", is_own=rate == own, training={"learning_rate": rate})
                for rate in list_rates(own)
            )


def _list_depths(run: Run) -> tuple[LuckGroup, ...]:
    network = run.experiment.network
    hidden, activations = network.hidden or (), network.hidden_activations
    width, activation = (hidden or (WIDTH,))[0], (activations or (WITHOUT_HIDDEN_LAYER,))[0]
    return tuple(
        LuckGroup(
            label=f"{depth} × {width}" if depth else "no hidden",
            is_own=starts_from_seed(run)
            and (tuple(hidden), set(activations)) == ((width,) * depth, {activation} if depth else set()),
            network={"hidden": [width] * depth, "activation": activation},
        )
        for depth in DEPTHS
    )


def list_rates(own: float) -> list[float]:
    """Return the learning rates: this one, and the nearest below and above it among 1 and 3 times powers of ten."""
    exponent = math.floor(math.log10(own))
    reach = range(exponent - RATES_TO_EACH_SIDE, exponent + RATES_TO_EACH_SIDE + 1)
    ladder = [float(f"{digit}e{power}") for power in reach for digit in (1, 3)]
    # a rate that rounding has moved off the ladder is on it
    below = [rate for rate in ladder if 0 < rate < own * (1 - 1e-9)][-RATES_TO_EACH_SIDE:]
    above = [rate for rate in ladder if own * (1 + 1e-9) < rate < math.inf][:RATES_TO_EACH_SIDE]
    return [*below, own, *above]
