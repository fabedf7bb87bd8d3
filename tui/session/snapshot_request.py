"""What a person looks at: snapshots compute this and nothing beyond it."""

from dataclasses import dataclass, replace
from typing import Literal, Self

Shown = Literal["example", "confusion", "worst"]


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """What the output panel shows, and whether the architecture panel shows each neuron's own map."""

    output: Shown = "example"
    maps: bool = False

    def with_next_output(self, classification: bool) -> Self:
        """The output panel shows the next of its contents; only a classification has a confusion matrix."""
        order: tuple[Shown, ...] = ("example", "confusion", "worst") if classification else ("example", "worst")
        return replace(self, output=order[(order.index(self.output) + 1) % len(order)])


FIRST_REQUEST = SnapshotRequest()
