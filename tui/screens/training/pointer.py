"""Which unit of the network a person points at, and how far the example is followed through the layers."""

from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.observation.unit_view import UnitIndex


@dataclass(frozen=True, slots=True, eq=False)
class Pointer:
    """The unit that is pointed at, None for none, and the layer that the example is followed to.

    `layer_number` is 0 for the inputs, None while the example is not followed. `held` is the snapshot that the example
    is followed in: its numbers belong together, however long a person looks at each layer.
    """

    index: UnitIndex | None = None
    layer_number: int | None = None
    held: Snapshot | None = None

    def choose_snapshot(self, newest: Snapshot) -> Snapshot:
        """Return the snapshot to draw: the held one, unless another example is shown by now."""
        held = self.held
        return newest if held is None or held.example.index != newest.example.index else held

    def point_at(self, index: UnitIndex) -> "Pointer":
        """Return the pointer at this unit. The example is not followed any more."""
        return Pointer(index)

    def move(self, layers: int, units: int, snapshot: Snapshot) -> "Pointer":
        """Return the pointer so many layers and units further; from no unit, at one of the first layer.

        While the example is followed, a move to another layer follows it to there.
        """
        if self.index is None:
            return self.point_at(_choose_first(snapshot))
        if self.layer_number is not None and layers:
            return replace(self, layer_number=min(max(0, self.layer_number + layers), len(snapshot.layers)))
        sizes = snapshot.sizes
        before, unit = self.index.layer_number, self.index.unit
        layer_number = min(max(0, before + layers), len(sizes) - 1)
        if layer_number != before:
            # about as high on the graph
            unit = round(unit / max(1, sizes[before] - 1) * (sizes[layer_number] - 1))
        return self.point_at(UnitIndex(layer_number, (unit + units) % sizes[layer_number]))

    def follow(self, newest: Snapshot) -> "Pointer":
        """Return the pointer with the example followed one layer further; after the output not followed any more."""
        if self.layer_number is None:
            return replace(self, layer_number=0, held=newest)
        if self.layer_number == len(newest.layers):
            return Pointer(self.index)
        return replace(self, layer_number=self.layer_number + 1, held=self.choose_snapshot(newest))

    def go_back(self) -> "Pointer":
        """Return the pointer without following; of one that does not follow, the one that points at nothing."""
        return Pointer(None if self.layer_number is None else self.index)


def _choose_first(snapshot: Snapshot) -> UnitIndex:
    """Return the unit of layer 1 with the largest activation."""
    return UnitIndex(1, int(np.argmax(np.nan_to_num(np.abs(snapshot.layers[0].a)))))
