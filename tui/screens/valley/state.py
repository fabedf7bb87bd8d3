"""What the valley screen draws, and the computations behind it, which run in a thread."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.loss_plane import LossPlane
from gradstep.core.observation.loss_surface import LossSurface, make_part_surface
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.observation.parameter_line import ParameterLine, find_steepest_weights
from gradstep.core.observation.valley import Landing, StepLine, find_along, measure_line
from gradstep.core.training.descent_step import DescentStep
from gradstep.core.training.parts import PreparedPart
from gradstep.data.dataset import Dataset

FROM, TO = -0.5, 3.0
"""The ends of the line, in steps: 0 is now, 1 is where the step lands."""

COARSE = 15
"""Points of a line that are computed first."""

ValleyMode = Literal["step", "parameter", "map"]


@dataclass(frozen=True, slots=True, eq=False)
class PartLine:
    """The loss of the training part, or of `rows` of its `total` rows, along the same step.

    `losses` (points,) belong to `positions` (points,), in steps. `now` is the loss at 0.
    """

    surface: LossSurface
    step: DescentStep
    positions: Floats
    losses: Floats
    now: float
    total: int

    @property
    def rows(self) -> int:
        """The rows that the mean is taken over."""
        return self.surface.rows

    def find_loss(self, at: float) -> float:
        """Return the loss where the step is `at` times as long."""
        return float(find_along(self.surface, self.step, np.array([at]))[0])


@dataclass(frozen=True, slots=True, eq=False)
class ValleyView:
    """A step with its line, or a parameter with its own.

    - `rate` is the learning rate of the landing, and `ends` are the rates at the ends of the line. A rate below 0 is a
      step backwards.
    - `part_line` and `part_loss`, the training part's loss at the landing, are None until they are computed.
    - `parameter` is the chosen parameter of the mode "parameter", and the axis across of a map of weights.
    - `edited` says whether a weight was set by hand since the last step.
    - `up` is the parameter of that map's other axis, and `of_weights` says that the map is one of weights.
    - `made` says that the step is that of a walkthrough, which is made already; else it is the next one.
    - `missing` says why there is no map over the directions of the steps; empty if there is one.
    """

    dataset: Dataset
    optimizer: str
    mode: ValleyMode
    parameter: ParameterIndex
    rate: float
    ends: tuple[float, float]
    line: StepLine | None = None
    landing: Landing | None = None
    part_line: PartLine | None = None
    part_loss: float | None = None
    parameter_line: ParameterLine | None = None
    plane: LossPlane | None = None
    up: ParameterIndex | None = None
    of_weights: bool = False
    missing: str = ""
    edited: bool = False
    made: bool = False
    trouble: str = ""


def choose_ends(rate: float, before: tuple[float, float] | None) -> tuple[float, float]:
    """Return the rates at the ends of the line, FROM and TO times the rate.

    The ends before are kept while the landing is well inside them, so that it is seen to move on the same hill.
    """
    if before is not None and 0.15 * before[1] <= rate <= 0.9 * before[1]:
        return before
    return FROM * rate, TO * rate


def measure_step_line(
    step: DescentStep, ends: tuple[float, float], rate: float, points: int, search: bool
) -> tuple[StepLine, Landing]:
    """Return the line of the step between these rates, and the landing at `rate`."""
    positions = np.linspace(ends[0], ends[1], points) / step.learning_rate
    line = measure_line(step, positions, search)
    return line, line.land(rate / step.learning_rate)


def measure_part_line(step: DescentStep, part: PreparedPart, ends: tuple[float, float]) -> PartLine:
    """Return the training part's loss along the step."""
    surface = make_part_surface(step, part)
    positions = np.linspace(ends[0], ends[1], surface.points) / step.learning_rate
    now = float(find_along(surface, step, np.zeros(1))[0])
    return PartLine(surface, step, positions, find_along(surface, step, positions), now, len(part))


def find_other_axis(step: DescentStep, chosen: ParameterIndex, weights: list[Floats]) -> ParameterIndex:
    """Return the steepest of the other weights, or of the only one its bias."""
    others = [each for each in find_steepest_weights(step) if each != chosen]
    return others[0] if others else chosen.move_source(weights, 1)
