"""A grid of inputs over the range of the data, for which a network is drawn if the data have one or two."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.data.features import compute_inputs
from gradstep.data.split import Split

SIDE = 48
"""Rows and columns of the grid for two inputs. It costs 0.3 ms of a snapshot of 2-8-8-2."""

ALONG = 240
"""Grid points for one input, so many that the curve through them looks smooth."""

MARGIN = 0.1
"""How far the grid reaches beyond the data on either side, as a share of their range."""


@dataclass(frozen=True, slots=True, eq=False)
class InputGrid:
    """The points of a grid from `low` to `high` (inputs,), which are in the units of the data.

    `raw` (points, inputs) is in those units too, and `scaled` (points, features) is what the network reads: features,
    if it reads any, computed and scaled like those of the data. With two inputs the points go line by line from the
    top, and the second input points up.
    """

    low: Floats
    high: Floats
    raw: Floats
    scaled: Floats

    def normalize(self, raw: Floats) -> Floats:
        """Return where rows (rows, inputs) in the units of the data are between low, 0, and high, 1."""
        normalized: Floats = (raw - self.low) / (self.high - self.low)
        return normalized


def make_input_grid(split: Split) -> InputGrid | None:
    """Return the grid over the data; None for more than two inputs."""
    if split.dataset.points.shape[1] > 2:
        return None
    inputs = split.dataset.points.astype(np.float64)
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    margin = np.where(high > low, MARGIN * (high - low), 1.0)
    return sample_grid(split, low - margin, high + margin)


def sample_grid(split: Split, low: Floats, high: Floats) -> InputGrid:
    """Return the grid from `low` to `high` (inputs,), one or two inputs."""
    if len(low) == 1:
        raw = np.linspace(low, high, ALONG)
    else:
        across, up = np.linspace(low[0], high[0], SIDE), np.linspace(high[1], low[1], SIDE)
        raw = np.column_stack([np.tile(across, SIDE), np.repeat(up, SIDE)])
    return InputGrid(low, high, raw, split.scaling.apply(compute_inputs(split.dataset, raw)))
