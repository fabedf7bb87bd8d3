"""The valley under a step: the loss along the line of the step, where it lands, and what that says of the rate."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.loss_surface import LossSurface, LowestPoint, find_lowest_point, make_batch_surface
from gradstep.core.training.descent_step import DescentStep

NEAR_LOWEST = 0.02
"""A landing is near the lowest point if it misses at most this share of the fall that the line has to offer."""

AT_LOWEST = 1e-6
"""A landing is at the lowest point itself if it misses at most this share of the fall."""

NEAR_ZERO = 1e-9
"""The tangent leads to 0, and not below it, if it misses 0 by at most this share of the present loss."""

ROUNDING = float(np.finfo(np.float64).eps)
"""A loss below this share of the present one is lost when both are subtracted."""

LandingKind = Literal["not finite", "flat", "uphill", "higher", "beyond", "lowest", "near", "short"]
"""Where a step lands on its line.

- not finite: the loss there has left the range of a float
- flat: the step has no length
- uphill: the loss does not fall at first in the step's direction, as an optimizer with a memory may have it
- higher: higher than it came from
- beyond: lower, but past the lowest point, on the other wall of the valley
- lowest: at the lowest point
- near: almost as low as the lowest point
- short: lower, and before the lowest point, or where none was found
"""


@dataclass(frozen=True, slots=True, eq=False)
class Landing:
    """Where the step lands if it is `at` times as long as the optimizer makes it.

    `promised` is the change of the loss to first order, `real` the change that is found there.
    """

    at: float
    loss: float
    promised: float
    real: float
    kind: LandingKind


@dataclass(frozen=True, slots=True, eq=False)
class StepLine:
    """The loss of a batch along θ − t·change: `losses` (points,) at the `positions` t (points,), 0 is now.

    `searched` says whether the lowest point was searched for between the positions.

    `now` is the loss at 0 and `slope` is dL/dt there, −g·change, also if the landing is moved.
    """

    step: DescentStep
    surface: LossSurface
    positions: Floats
    losses: Floats
    now: float
    slope: float
    lowest: LowestPoint
    searched: bool

    def land(self, at: float) -> Landing:
        """Return the landing at t = `at`."""
        loss = float(find_along(self.surface, self.step, np.array([at]))[0])
        return Landing(at, loss, self.slope * at, loss - self.now, self._judge(at, loss))

    def _judge(self, at: float, loss: float) -> LandingKind:
        if not np.isfinite(loss):
            return "not finite"
        if not self.step.change.any():
            return "flat"
        if self.slope >= 0:
            return "uphill"
        if loss > self.now:
            return "higher"
        if not self.lowest.inside:
            return "short"
        missed, fall = loss - self.lowest.loss, self.now - self.lowest.loss
        if missed <= NEAR_LOWEST * fall:
            return "lowest" if missed <= AT_LOWEST * fall else "near"
        return "beyond" if at > self.lowest.at else "short"

    @property
    def leads_back(self) -> bool:
        """Whether the step, as long as the optimizer makes it, leads back to where the step before came from."""
        change, before = self.step.change, self.step.before
        return bool(change.any()) and np.allclose(change, -before, rtol=1e-9, atol=0.0)

    @property
    def touches_zero(self) -> bool:
        """Whether the loss at the lowest point cannot be told from 0 beside the present one."""
        return abs(self.lowest.loss) <= ROUNDING * abs(self.now)

    def promises_too_much(self, landing: Landing) -> bool:
        """Whether the tangent leads below 0, where no loss is: a sum of squares, or of −log p, and the l1/l2 term."""
        return np.isfinite(landing.promised) and self.now + landing.promised < -NEAR_ZERO * self.now

    @property
    def best_rate(self) -> float | None:
        """The learning rate that reaches the lowest point; None where it does not lie ahead, or was not found."""
        ahead = self.lowest.inside and self.lowest.at > 0
        return self.lowest.at * self.step.learning_rate if ahead else None


def find_along(surface: LossSurface, step: DescentStep, positions: Floats) -> Floats:
    """Return the loss at each θ − t·change (points,)."""
    return surface.find_losses(positions[:, None], -step.change[None])


def measure_line(step: DescentStep, positions: Floats, search: bool = True) -> StepLine:
    """Return the line of the step, measured at these positions, in ascending order.

    Without `search` the lowest point is the lowest of these positions.
    """
    surface = make_batch_surface(step)
    losses = find_along(surface, step, positions)
    now = float(find_along(surface, step, np.zeros(1))[0])
    lowest = find_lowest_point(surface, -step.change, positions, losses, search)
    return StepLine(step, surface, positions, losses, now, step.predicted_change, lowest, search)
