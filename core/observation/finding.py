"""A finding about a training, and the remedy that it names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from gradstep.core.network.activation import Activation
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.parts import PartName


class Remedy(Enum):
    """What to do about a finding. Which key or field applies it is not known here."""

    BACK_TO_A_RATE_THAT_HOLDS = auto()
    SMALLER_RATE = auto()
    LARGER_RATE = auto()
    RESTART_WITH_SMALLER_RATE = auto()
    RESTART_WITH_MUCH_SMALLER_RATE = auto()
    RESTART_WITH_FIRST_RATE = auto()
    TRAIN_LONGER = auto()
    RELU = auto()
    LINEAR_OUTPUT = auto()
    FEWER_LAYERS = auto()
    MORE_NEURONS = auto()
    OTHER_INITIALIZER = auto()
    SMALLER_INITIAL_WEIGHTS = auto()
    CROSS_ENTROPY = auto()
    SMALLER_PENALTY = auto()
    CLASS_WEIGHTS = auto()
    SCALED_INPUTS = auto()
    OTHER_INPUTS = auto()
    STOP_EARLIER_OR_L2 = auto()
    PATIENCE_OR_L2 = auto()


RESTARTS = (Remedy.RESTART_WITH_SMALLER_RATE, Remedy.RESTART_WITH_MUCH_SMALLER_RATE)

RAISED = 5.0
"""From so many times the first learning rate on, the rate counts as raised by the user."""


def choose_capacity(hidden: Iterable[Activation]) -> Remedy:
    """Return what lets a network draw more: an activation that bends if none of its `hidden` ones does, or neurons.

    Layers that do not bend make one linear map together, however many neurons they have.
    """
    activations = list(hidden)
    return Remedy.RELU if activations and not any(each.bends for each in activations) else Remedy.MORE_NEURONS


def choose_way_to_stop_earlier(watched: PartName) -> Remedy:
    """Return what keeps a network from learning by heart; patience needs a validation part, if there is none."""
    return Remedy.PATIENCE_OR_L2 if watched == "validation" else Remedy.STOP_EARLIER_OR_L2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: `problem` says what, `evidence` the number that shows it, both in words.

    `layer_number` (from 1) is the layer concerned; None for the whole network.
    """

    kind: str
    problem: str
    evidence: str
    remedy: Remedy
    layer_number: int | None = None

    @property
    def label(self) -> str:
        """The problem in a few words, for where the layer is already named."""
        return self.problem.removeprefix(f"layer {self.layer_number} ").removeprefix("is ")


def blame_raised_rate(findings: tuple[Finding, ...], rates: Sequence[float], first: float) -> tuple[Finding, ...]:
    """Return the findings; where one asks for a restart with a smaller rate, `first` may be that rate.

    It is the rate that a restart goes back to, and is small enough if one of `rates`, those of the run, was RAISED
    times as large.
    """
    if max(rates) < RAISED * first:
        return findings
    return tuple(
        replace(finding, remedy=Remedy.RESTART_WITH_FIRST_RATE) if finding.remedy in RESTARTS else finding
        for finding in findings
    )


def describe_divergence(error: Diverged) -> Finding:
    """Return the finding of a training that has diverged."""
    words = f"step {error.step} was not made: {error.what} became infinite or NaN"
    layer_number = error.layer_number if error.has_layer else None
    return Finding("diverged", "training diverged", words, Remedy.BACK_TO_A_RATE_THAT_HOLDS, layer_number)
