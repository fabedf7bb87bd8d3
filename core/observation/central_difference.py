"""The central difference of a batch's mean loss in one parameter, with an h that fits weight and input."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.observation.loss_differences import ForwardFromNeuron

MOVES = 10.0 ** -np.arange(1, 15)
"""The moves of the pre-activation that are tried: shares of its size, and numbers where that is below 1."""

LEAST_STEPS = 6
"""How many of these moves are tried, at least."""

TENTH = np.array([1.0, 0.1])
"""The chosen h, and the smaller one that shows what the size of h changes."""

SAFETY = 10
"""The uncertainty is this many times what a tenth of h changes, or rounding."""


@dataclass(frozen=True, slots=True)
class CentralDifference:
    """The slope (L(θ+h) − L(θ−h)) / 2h of a batch's mean loss, without the l1/l2 term.

    - `above` and `below` are L(θ+h) − L(θ) and L(θ−h) − L(θ).
    - `examples` counts the examples whose losses were computed anew, `kinks` those left out because of a kink. If it
      lies in every one, none is left out, and `examples` is 0.
    - `uncertainty` is how far the slope may be off because of rounding and the size of h.
    """

    slope: float
    above: float
    below: float
    examples: int
    kinks: int
    uncertainty: float


def list_steps(x: Floats, z: Floats, kink: float) -> Floats:
    """Return the sizes of h to try (steps,), the largest first, from inputs `x` and pre-activations `z` (batch,).

    They are powers of ten, smaller for larger inputs, so that the pre-activation moves by a share of its size. If the
    loss has a kink at the distance `kink`, 0 for none, and enough of them are smaller, the others are left out.
    """
    scale = max(1.0, float(np.abs(z).max())) / (float(np.abs(x).max()) or 1.0)
    steps: Floats = MOVES * 10.0 ** np.round(np.log10(scale))
    smaller = steps[steps < kink]
    return smaller if len(smaller) >= LEAST_STEPS else steps


def choose_step(forward: ForwardFromNeuron, x: Floats, steps: Floats) -> tuple[float, float]:
    """Return the step with the least error for these examples, and the mean error by rounding of each one's slope.

    `x` (examples,) are their inputs. The error is that by rounding, and what the next smaller step changes. An example
    that crosses a kink counts as wrong altogether.
    """
    if not len(x):
        return float(steps[len(steps) // 2]), 0.0
    found = forward.compare(steps[:, None] * x)
    slopes = (found.above - found.below) / (2 * steps[:, None])
    largest = np.abs(slopes).max(axis=0, initial=0)
    errors = np.where(found.crossed[:-1], largest, np.abs(np.diff(slopes, axis=0))).mean(axis=1)
    rounding = forward.estimate_rounding()
    errors += rounding.mean() / steps[:-1]
    step = float(steps[np.argmin(np.nan_to_num(errors, nan=np.inf))])
    return step, float((rounding + forward.estimate_resolution(step * x) / 2).mean() / step)


def differentiate(
    forward: ForwardFromNeuron, x: Floats, h: float, rounding: float, shares: Floats, chosen: Indices, batch: int
) -> CentralDifference:
    """Return the central difference over a batch of which `forward` has a choice of the affected examples.

    `x` (choice,) are their inputs, and `rounding` is the mean error by rounding of the slope of one. `shares` are
    backprop's ∂E/∂θ of all affected examples, and `chosen` (choice,) the indices of the choice in them. The shares
    stand for the examples that are not computed anew, corrected by the mean error of those that are.
    """
    found = forward.compare((h * TENTH)[:, None] * x)
    crossed = found.crossed[0]
    smooth = ~crossed | crossed.all()
    count = int(smooth.sum())
    weight = len(shares) / max(1, count) / batch  # of each example that is computed anew
    slopes = ((found.above - found.below) / (2 * h * TENTH)[:, None])[:, smooth]
    above, below = (weight * (losses[0] - forward.losses)[smooth].sum() for losses in (found.above, found.below))
    # of the others
    rest = 0.0 if count == len(shares) else float(shares.sum() / batch - weight * shares[chosen][smooth].sum())
    changes = slopes[0] - slopes[1]
    error = abs(changes.sum()) + np.sqrt(np.square(changes).sum()) + rounding * count
    return CentralDifference(
        slope=float(weight * slopes[0].sum()) + rest,
        above=float(above) + h * rest,
        below=float(below) - h * rest,
        examples=0 if crossed.all() else count,
        kinks=int(crossed.sum()),
        uncertainty=float(SAFETY * weight * error),
    )
