"""The loss on a plane through a network: spanned by two of its parameters, or by the directions of two steps."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Layer
from gradstep.core.observation.loss_surface import make_batch_surface
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.observation.parameter_line import make_axis
from gradstep.core.training.descent_step import DescentStep

PARALLEL = 1e-6
"""Two directions span no plane if what the second has beside the first is less than this share of it."""

STEPS, PARAMETER_REACH = 3.0, 2.5
"""How far a plane reaches to each side: in lengths of the longer step, and in units of a weight at least."""

MOST_REACH = 10.0
"""A plane of weights reaches the landing, and where the step before came from, if they are at most so far away."""

MOST_WORK = 1.5e10
"""Multiplications for a whole plane, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaneAxes:
    """Two directions (2, count) of length 1 at right angles to each other, and how far the plane reaches along each."""

    directions: Floats
    reach: tuple[float, float]

    def project(self, step: DescentStep, parameters: Floats) -> tuple[float, float]:
        """Return where parameters (count,) lie on the plane, seen from the start of the step."""
        x, y = self.directions @ (parameters.astype(np.float64) - step.network.parameters)
        return float(x), float(y)


@dataclass(frozen=True, slots=True, eq=False)
class LossPlane:
    """The loss of the step's batch on a plane through its start, which is its middle.

    `layers` are those of the network. `losses` (rows, columns) belong to the middles of equal cells; the first row is
    the upper one. `path` holds the run's past, and `landing` and `downhill`, the negative gradient, are places on the
    plane too. What does not lie in the plane is seen from straight above. Frozen biases, which are so without
    `train_biases`, have no part in `downhill`: training cannot go there.
    """

    axes: PlaneAxes
    layers: list[Layer]
    losses: Floats
    now: float
    path: tuple[tuple[float, float], ...]
    landing: tuple[float, float]
    downhill: tuple[float, float]
    train_biases: bool = True


def span_by_steps(step: DescentStep) -> PlaneAxes | None:
    """Return the axes along the step and, at a right angle to it, towards where the step before came from.

    The plane reaches STEPS times the longer of both. Returns None if there was no step before, or if both go along one
    line.
    """
    along, back = -step.change.astype(np.float64), step.before.astype(np.float64)
    length = np.linalg.norm(along)
    if not length:
        return None
    along /= length
    beside = back - (back @ along) * along
    size = np.linalg.norm(beside)
    if size <= PARALLEL * np.linalg.norm(back) or not size:
        return None
    reach = STEPS * float(max(length, np.linalg.norm(back)))
    return PlaneAxes(np.stack([along, beside / size]), (reach, reach))


def span_by_parameters(step: DescentStep, across: ParameterIndex, up: ParameterIndex) -> PlaneAxes:
    """Return the axes of two different parameters."""
    axes = np.stack([make_axis(step.network, parameter) for parameter in (across, up)])
    moves = np.abs(axes @ np.stack([step.change, step.before], axis=1).astype(np.float64)).max(axis=1)
    across_reach, up_reach = (
        max(PARAMETER_REACH, 1.2 * float(move)) if move <= MOST_REACH else PARAMETER_REACH for move in moves
    )
    return PlaneAxes(axes, (across_reach, up_reach))


def measure_plane(
    step: DescentStep, axes: PlaneAxes, columns: int, rows: int, past: list[Floats] | tuple[Floats, ...]
) -> LossPlane:
    """Return the plane with so many columns and rows of cells, or fewer of both if they were too much work.

    `past` are earlier parameters of the run, in order.
    """
    surface = make_batch_surface(step)
    share = min(1.0, np.sqrt(MOST_WORK / surface.work / (columns * rows)))
    columns, rows = max(4, int(columns * share)), max(4, int(rows * share))
    x = _find_middles(columns) * axes.reach[0]
    y = -_find_middles(rows) * axes.reach[1]
    moves = np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1).reshape(-1, 2)
    losses = surface.find_losses(moves, axes.directions).reshape(rows, columns)
    now = float(surface.find_losses(np.zeros((1, 2)), axes.directions)[0])
    x_down, y_down = (float(each) for each in axes.directions @ -step.gradient.astype(np.float64))
    path = tuple(axes.project(step, parameters) for parameters in past)
    landing = axes.project(step, step.landing)
    return LossPlane(axes, surface.layers, losses, now, path, landing, (x_down, y_down), step.train_biases)


def _find_middles(cells: int) -> Floats:
    """Return the middles of so many equal cells between −1 and 1."""
    return (np.arange(cells) + 0.5) * (2 / cells) - 1
