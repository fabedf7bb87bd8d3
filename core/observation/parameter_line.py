"""The loss along one weight or bias: its curve, its slope, and difference quotients that come closer to the slope."""

import math
from dataclasses import dataclass, replace

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.network import Network
from gradstep.core.observation.loss_surface import LossSurface, make_batch_surface
from gradstep.core.observation.no_effect import Cause, find_cause
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.training.descent_step import DescentStep

LEAST_REACH = 2.0
"""The line reaches so far on both sides at least, so that h = 1 is on it."""

MOST_REACH = 10.0
"""It reaches the landing of the step if that is at most so far away."""

DISTANCES = (1.0, 0.1, 0.01, 0.001)
"""The h of the difference quotients, in the unit of the line."""

LEAST_UNIT = 1e6 * float(np.finfo(np.float64).eps)
"""The unit as a share of w, at least: the smallest h is then a thousand times what w is rounded by."""

LARGEST = float(np.finfo(np.float64).max) / 4
"""The line ends here, so that no difference of two of its values is infinite."""


@dataclass(frozen=True, slots=True, eq=False)
class ParameterLine:
    """The loss of a batch with one parameter w changed: `losses` (points,) at the `values` of w (points,).

    `value` is w now, `now` is the loss there, and `slope` is backprop's ∂L/∂w, with the l1/l2 term. `quotients` are
    (L(w + h) − L(w)) / h for each h of `distances`. `fall` is what the step subtracts from w for each unit of the
    learning rate. A `frozen` bias has a slope too, but training does not change it. `cause` says why a small change of
    w does not change the loss, or on a flat line any change up to its ends; None where it does.
    """

    parameter: ParameterIndex
    surface: LossSurface
    axis: Floats
    value: float
    now: float
    slope: float
    values: Floats
    losses: Floats
    distances: tuple[float, ...]
    quotients: tuple[float, ...]
    fall: float
    frozen: bool = False
    cause: Cause | None = None

    @property
    def is_flat(self) -> bool:
        """Whether the loss is the same all along the line."""
        return bool((self.losses == self.now).all())

    def reaches(self, value: float) -> bool:
        """Whether the line was measured as far as this value."""
        return bool(self.values[0] <= value <= self.values[-1])

    def find_landing(self, rate: float) -> float:
        """Return the value that the step gives w at this learning rate."""
        return self.value - rate * self.fall

    def find_loss(self, value: float) -> float:
        """Return the loss with this value in the place of w."""
        return float(self.surface.find_losses(np.array([[value - self.value]]), self.axis[None])[0])


def measure_parameter(step: DescentStep, parameter: ParameterIndex, values: Floats) -> ParameterLine:
    """Return the line of one parameter through the start of the step, measured at these values (points,)."""
    surface, axis = make_batch_surface(step), make_axis(step.network, parameter)
    value = float(axis @ step.network.parameters)
    unit = find_unit(value)
    distances = tuple(unit * h for h in DISTANCES)
    now, *ahead = surface.find_losses(np.array((0.0, *distances))[:, None], axis[None])
    quotients = tuple(float((loss - now) / h) for loss, h in zip(ahead, distances, strict=True))
    losses = surface.find_losses((values - value)[:, None], axis[None])
    slope = float(axis @ step.slopes)
    fall = float(axis @ step.change) / step.learning_rate
    frozen = parameter.source is None and not step.train_biases
    line = ParameterLine(
        parameter, surface, axis, value, float(now), slope, values, losses, distances, quotients, fall, frozen
    )
    if slope or quotients[-1]:
        return line
    ends = (float(values[0]), float(values[-1])) if line.is_flat else (value + distances[-1],)
    return replace(line, cause=find_cause(step.network, step.x, parameter, (value, *ends)))


def measure_around(
    step: DescentStep, parameter: ParameterIndex, points: int | None = None, also: float | None = None
) -> ParameterLine:
    """Return the line of a parameter around its value, with `points` points, or as many as its surface should have.

    It reaches LEAST_REACH units to both sides, and beyond the value `also` or, without it, beyond the landing of the
    step.
    """
    value = parameter.value_in(step.network.layers)
    if also is None:
        landing = float(make_axis(step.network, parameter) @ step.landing)
        also = landing if abs(landing - value) <= MOST_REACH else value
    reach = max(LEAST_REACH * find_unit(value), 1.2 * abs(also - value))
    low, high = max(value - reach, -LARGEST), min(value + reach, LARGEST)
    points = points or make_batch_surface(step).points
    return measure_parameter(step, parameter, np.linspace(low, high, points))


def find_unit(value: float) -> float:
    """Return the unit of the line around this value of w: 1, or for a very large w the next higher power of ten."""
    least = LEAST_UNIT * abs(value)
    return 1.0 if least <= 1 else 10.0 ** math.ceil(math.log10(least))


def find_steepest_weights(step: DescentStep) -> list[ParameterIndex]:
    """Return the two weights along which the loss is steepest, or the only one there is; the steepest first."""
    slopes = [np.abs(layer[:, :-1]) for layer in step.network.layer_views(step.slopes)]
    found = []
    for _ in range(min(2, sum(layer.size for layer in slopes))):
        index = int(np.argmax([np.nan_to_num(layer).max(initial=-1.0) for layer in slopes]))
        unit, source = np.unravel_index(int(np.nan_to_num(slopes[index]).argmax()), slopes[index].shape)
        found.append(ParameterIndex(index + 1, int(unit), int(source)))
        slopes[index][unit, source] = -1.0
    return found


def make_axis(network: Network, parameter: ParameterIndex) -> Floats:
    """Return the direction (count,) in which only this parameter grows, by 1."""
    axis = np.zeros(len(network.parameters))
    matrix = network.layer_views(axis)[parameter.layer_number - 1]
    matrix[parameter.unit, -1 if parameter.source is None else parameter.source] = 1.0
    return axis
