"""The points at which a network of one or two inputs is evaluated, so that it can be drawn."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.split import Split

SIDE = 48
"""Rows and columns of the grid for two inputs: 0.3 ms of a snapshot of 2-8-8-2."""

ALONG = 240
"""Points for one input: about two for each cell of the widest panel."""

MARGIN = 0.1
"""Of the data's range, on either side."""


@dataclass(frozen=True, slots=True, eq=False)
class InputGrid:
    """A grid over the data's range with a margin, from `low` to `high` (inputs,) in the data's units.

    `raw` are its points (rows, inputs) in these units, `scaled` the same as the network gets them. The points of two
    inputs go line by line from the top; the second input points up.
    """

    low: Floats
    high: Floats
    raw: Floats
    scaled: Floats

    def share(self, raw: Floats) -> Floats:
        """How far from low to high, 0 to 1, rows (rows, inputs) in the data's units are."""
        shares: Floats = (raw - self.low) / (self.high - self.low)
        return shares


def input_grid_of(split: Split) -> InputGrid | None:
    """The plane, or line, of the data; None where there are more inputs than can be drawn."""
    if split.dataset.inputs.shape[1] > 2:
        return None
    inputs = split.dataset.inputs.astype(np.float64)
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    margin = np.where(high > low, MARGIN * (high - low), 1.0)
    low, high = low - margin, high + margin
    if inputs.shape[1] == 1:
        raw = np.linspace(low, high, ALONG)
    else:
        across, up = np.linspace(low[0], high[0], SIDE), np.linspace(high[1], low[1], SIDE)
        raw = np.column_stack([np.tile(across, SIDE), np.repeat(up, SIDE)])
    return InputGrid(low, high, raw, split.scaling.apply(raw))
