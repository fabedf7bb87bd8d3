"""The places at which a network of one or two inputs is asked what it gives, so that it can be drawn."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.assemble import Run

SIDE = 48
"""Rows and columns of the grid for two inputs: 0.3 ms of a snapshot of 2-8-8-2."""

ALONG = 240
"""Places for one input: about two for each cell of the widest panel."""

MARGIN = 0.1
"""Of the data's range, on either side."""


@dataclass(frozen=True, slots=True, eq=False)
class InputGrid:
    """A grid over the data's range with a margin: `low` and `high` (inputs,) in a person's units, `raw` and `scaled`
    its places (rows, inputs). Two inputs: line by line from the top, the second input pointing up.
    """

    low: Floats
    high: Floats
    raw: Floats
    scaled: Floats

    def share(self, raw: Floats) -> Floats:
        """How far from low to high, 0 to 1, rows (rows, inputs) in a person's units are."""
        shares: Floats = (raw - self.low) / (self.high - self.low)
        return shares


def input_grid_of(run: Run) -> InputGrid | None:
    """The plane, or line, of the run's data; None where there are more inputs than can be drawn."""
    if run.dataset.inputs.shape[1] > 2:
        return None
    inputs = run.dataset.inputs.astype(np.float64)
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    margin = np.where(high > low, MARGIN * (high - low), 1.0)
    low, high = low - margin, high + margin
    if inputs.shape[1] == 1:
        raw = np.linspace(low, high, ALONG)
    else:
        across, up = np.linspace(low[0], high[0], SIDE), np.linspace(high[1], low[1], SIDE)
        raw = np.column_stack([np.tile(across, SIDE), np.repeat(up, SIDE)])
    return InputGrid(low, high, raw, run.split.scaling.apply(raw))
