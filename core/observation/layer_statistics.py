"""Statistics of one layer after one update: gradient, step size, silent and saturated units.

They state what was measured, and judge nothing: that is done in `findings`, from many snapshots.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.activation import Activation
from gradstep.core.network.arrays import Floats, norm
from gradstep.core.network.network import Layer
from gradstep.core.observation.limits import SATURATED_RANGE_SHARE

HISTOGRAM_BINS = 16


@dataclass(frozen=True, slots=True)
class LayerStatistics:
    """What the last update was like for one layer, over a batch of `batch_size` examples.

    - `gradient_norm` is ‖∂L/∂W‖ and `update_ratio` is ‖ΔW‖ / ‖W‖; None while W is all 0.
    - `silent_units` says of each unit whether its activation was 0 for every example, and `silent_share` is their
      share; None for an activation that is never 0 over a range.
    - `saturated_share` is the share of activations near an end of their range; None for one without ends.
    - `slope_matters` says whether saturation slows this layer: not at an output whose loss cancels f′.
    - `histogram` counts the entries of ∂L/∂W in equal bins from −`extent` to +`extent`.
    """

    gradient_norm: float
    update_ratio: float | None
    silent_share: float | None
    saturated_share: float | None
    histogram: tuple[int, ...]
    extent: float
    silent_units: tuple[bool, ...] | None = None
    slope_matters: bool = True
    batch_size: int = 0

    @property
    def is_finite(self) -> bool:
        """Whether the gradient and the step hold finite numbers only."""
        return math.isfinite(self.gradient_norm) and math.isfinite(self.update_ratio or 0.0)


def measure_layer(layer: Layer, a: Floats, change: Floats, slope_matters: bool = True) -> LayerStatistics:
    """Measure a layer after an update, from its batch's a (batch, units) and ΔW (units, inputs).

    `slope_matters` is False for an output whose loss cancels f′, as cross-entropy does.
    """
    activation = layer.activation
    gradient_norm = norm(layer.weight_gradient)
    weight_norm = norm(layer.weights)
    update_ratio = norm(change) / weight_norm if weight_norm else None
    silent = find_silent(activation, a)
    silent_share = None if silent is None else float(np.mean(silent))
    saturated_share = _measure_saturated_share(activation, a)
    histogram, extent = _count_in_bins(layer.weight_gradient)
    return LayerStatistics(
        gradient_norm=gradient_norm,
        update_ratio=update_ratio,
        silent_share=silent_share,
        saturated_share=saturated_share,
        histogram=histogram,
        extent=extent,
        silent_units=None if silent is None else tuple(silent.tolist()),
        slope_matters=slope_matters,
        batch_size=len(a),
    )


def measure_neurons(weights: Floats) -> float:
    """Return the root mean square length of the weights (units, inputs) of the neurons."""
    return norm(weights) / math.sqrt(len(weights))


def find_silent(activation: Activation, a: Floats) -> NDArray[np.bool_] | None:
    """Return of each unit whether its activation (batch, units) is 0 for every example.

    None for an activation that is never 0 over a range.
    """
    return np.logical_not((a > 0).any(axis=0)) if activation.can_be_silent else None


def _measure_saturated_share(activation: Activation, a: Floats) -> float | None:
    return None if activation.limits is None else float(np.mean(find_saturated(activation, a)))


def find_saturated(activation: Activation, a: Floats) -> NDArray[np.bool_]:
    """Return of each activation whether it is near an end of its range; of none if the range has no ends."""
    if activation.limits is None:
        return np.zeros(a.shape, np.bool_)
    low, high = activation.limits
    saturated: NDArray[np.bool_] = np.abs(a - (low + high) / 2) > SATURATED_RANGE_SHARE * (high - low) / 2
    return saturated


def _count_in_bins(gradient: Floats) -> tuple[tuple[int, ...], float]:
    """Return the histogram of the entries, and the largest absolute value, which is its extent."""
    extent = float(np.abs(gradient).max())
    if not (extent > 0 and np.isfinite(extent)):
        return (0,) * HISTOGRAM_BINS, extent
    # several times faster than np.histogram, which sorts; small integers, because memory takes most of the time
    scaled = gradient / extent
    scaled += 1
    scaled *= HISTOGRAM_BINS / 2
    counts = np.bincount(scaled.astype(np.uint8).ravel(), minlength=HISTOGRAM_BINS + 1)
    counts[HISTOGRAM_BINS - 1] += counts[HISTOGRAM_BINS]  # the largest entry itself
    return tuple(int(count) for count in counts[:HISTOGRAM_BINS]), extent
