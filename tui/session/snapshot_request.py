"""What a snapshot computes: only what the panels show."""

from dataclasses import dataclass, replace
from typing import Literal, Self

Shown = Literal["example", "confusion", "worst"]


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """What the output panel shows, and whether the architecture panel shows the map of each neuron."""

    output: Shown = "example"
    maps: bool = False

    def with_next_output(self, classification: bool) -> Self:
        """Return the request for the next content of the output panel. Only a classification has a confusion matrix."""
        order: tuple[Shown, ...] = ("example", "confusion", "worst") if classification else ("example", "worst")
        return replace(self, output=order[(order.index(self.output) + 1) % len(order)])


DEFAULT_REQUEST = SnapshotRequest()
