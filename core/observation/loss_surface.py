"""The loss of some rows as a function of the parameters: its values along lines and on planes through a network."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats, spread_evenly
from gradstep.core.network.loss import Loss
from gradstep.core.network.network import Layer, Network
from gradstep.core.network.stacked import find_losses, split_stack
from gradstep.core.training.descent_step import DescentStep
from gradstep.core.training.parts import PreparedPart
from gradstep.core.training.penalty import compute_penalties

MOST_WORK = 1e8
"""Multiplications for one point, at most. Of a larger part a sample of rows is taken."""


FINER, POINTS = 3, 16
"""How often a lowest point is searched on, and the points on each side of it."""

FINE, FINEST = 57, 113
"""The points of a line of the surface, and of one that costs little."""

LITTLE_WORK = 2e7
"""A point costs little if it takes at most so many multiplications."""


class LossSurface:
    """The mean loss of fixed rows, with the l1/l2 term, at parameters θ that are moved in one or several directions.

    It is computed in float64, whatever the network's dtype is: differences of close values need the digits. θ are the
    parameters of the network when the surface is made.
    """

    def __init__(self, network: Network, loss: Loss, x: Floats, y: Floats, l1: float = 0.0, l2: float = 0.0) -> None:
        """`x` is (rows, inputs), `y` is (rows, outputs)."""
        self._network, self._loss, self._l1, self._l2 = network, loss, l1, l2
        self._x, self._y = x.astype(np.float64), y.astype(np.float64)
        self._theta = network.parameters.astype(np.float64)
        self._weight_mask = network.weight_mask().astype(np.float64)

    @property
    def layers(self) -> list[Layer]:
        """The layers of the network."""
        return self._network.layers

    @property
    def rows(self) -> int:
        """The number of rows that the mean is taken over."""
        return len(self._x)

    @property
    def work(self) -> float:
        """Multiplications for one point of the surface, about."""
        return float(self.rows) * len(self._theta)

    @property
    def points(self) -> int:
        """How many points a line of this surface should have."""
        return FINEST if self.work <= LITTLE_WORK else FINE

    def find_losses(self, moves: Floats, directions: Floats) -> Floats:
        """Return the loss at θ + moves · directions (points,).

        `moves` is (points, directions) and says how far to go in each direction, `directions` is (directions, count).
        A loss that leaves the range of a float is infinite or not a number.
        """
        losses = np.empty(len(moves))
        along = directions.astype(np.float64)
        for part in split_stack(len(moves), len(self._theta)):
            vectors = self._theta + moves[part] @ along
            losses[part] = find_losses(self._network, self._loss, vectors, self._x, self._y)
            if self._l1 or self._l2:
                losses[part] += self._compute_penalties(vectors)
        return losses

    @np.errstate(all="ignore")
    def _compute_penalties(self, vectors: Floats) -> Floats:
        return compute_penalties(vectors * self._weight_mask, self._l1, self._l2)


def make_batch_surface(step: DescentStep) -> LossSurface:
    """Return the surface that the step goes down: that of its batch."""
    return LossSurface(step.network, step.loss, step.x, step.y, step.l1, step.l2)


def make_part_surface(step: DescentStep, part: PreparedPart) -> LossSurface:
    """Return the surface of the training part, or of rows spread evenly over it where it is large."""
    most = max(len(step.x), int(MOST_WORK / len(step.network.parameters)))
    rows = spread_evenly(len(part), most)
    return LossSurface(step.network, step.loss, part.with_ones[rows, :-1], part.y[rows], step.l1, step.l2)


@dataclass(frozen=True, slots=True)
class LowestPoint:
    """The lowest point that was found on a line, and whether it lies inside: the loss rises again on both sides."""

    at: float
    loss: float
    inside: bool


def find_lowest_point(
    surface: LossSurface, direction: Floats, positions: Floats, losses: Floats, search: bool = True
) -> LowestPoint:
    """Return the lowest point of a line, given its losses (points,) at increasing positions (points,).

    With `search`, if it lies inside, the two intervals around it are searched on, each time 16 times as finely: FINER
    times, or once where a point is much work. Last comes the lowest point of the parabola through the lowest three.
    """
    finite = np.where(np.isfinite(losses), losses, np.inf)
    lowest = int(finite.argmin())
    inside = 0 < lowest < len(positions) - 1
    for _ in range((FINER if surface.work <= LITTLE_WORK else 1) if inside and search else 0):
        ends = positions[max(0, lowest - 1)], positions[min(len(positions) - 1, lowest + 1)]
        positions = np.linspace(*ends, 2 * POINTS + 1)
        losses = surface.find_losses(positions[:, None], direction[None])
        lowest = int(np.where(np.isfinite(losses), losses, np.inf).argmin())
    found = LowestPoint(float(positions[lowest]), float(losses[lowest]), inside)
    if inside and search and 0 < lowest < len(positions) - 1:
        at = _find_vertex(positions[lowest - 1 : lowest + 2], losses[lowest - 1 : lowest + 2])
        loss = float(surface.find_losses(np.array([[at]]), direction[None])[0])
        found = LowestPoint(at, loss, inside) if loss < found.loss else found
    return found


@np.errstate(all="ignore")
def _find_vertex(x: Floats, y: Floats) -> float:
    """Return where the parabola through three points is lowest; NaN if they lie on one line."""
    (left, right), (below_left, below_right) = np.diff(x), np.diff(y)
    bend = below_right / right - below_left / left
    return float(x[1] - (below_left * right / left + below_right * left / right) / (2 * bend))
