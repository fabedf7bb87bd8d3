"""Statistics of one layer after one update: gradient, step size, silent and saturated units, and a verdict in words.

The verdict judges a single layer from a single batch, whenever a snapshot is taken. What is wrong with the training as
a whole is judged from many snapshots, in `findings`.
"""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.activations import Activation
from gradstep.core.network.arrays import Floats, Indices, norm
from gradstep.core.network.network import Layer

HISTOGRAM_BINS = 16
SATURATED_RANGE_SHARE = 0.95
"""An activation counts as saturated when it is this share of the way from the middle of its range to an end."""


@dataclass(frozen=True, slots=True)
class LayerStatistics:
    """What the last update was like for one layer, over a batch of `batch_size` examples.

    - `gradient_norm` is ‖∂L/∂W‖ and `update_ratio` is ‖ΔW‖ / ‖W‖; None while W is all 0.
    - `silent_units` says of each unit whether its activation was 0 for every example, and `silent_share` is their
      share; None for an activation that is never 0 over a range.
    - `saturated_share` is the share of activations near an end of their range; None for one without ends.
    - `slope_matters` says whether saturation slows this layer: not at an output whose loss cancels f′.
    - `histogram` counts the entries of ∂L/∂W in equal bins from −`extent` to +`extent`.
    - `verdict` is the most important of these in a few words.
    """

    gradient_norm: float
    update_ratio: float | None
    silent_share: float | None
    saturated_share: float | None
    histogram: tuple[int, ...]
    extent: float
    verdict: str
    silent_units: tuple[bool, ...] | None = None
    slope_matters: bool = True
    batch_size: int = 0


def measure_layer(layer: Layer, a: Floats, change: Floats, slope_matters: bool = True) -> LayerStatistics:
    """Measure a layer after an update, from its batch's a (batch, units) and ΔW (units, inputs).

    `slope_matters` is False for an output whose loss cancels f′, as cross-entropy does.
    """
    activation = layer.activation
    gradient_norm = norm(layer.weight_gradient)
    weight_norm = norm(layer.weights)
    update_ratio = norm(change) / weight_norm if weight_norm else None
    silent = np.logical_not((a > 0).any(axis=0)) if activation.can_be_silent else None
    silent_share = None if silent is None else float(np.mean(silent))
    saturated_share = _measure_saturated_share(activation, a)
    histogram, extent = _count_in_bins(layer.weight_gradient)
    slow_share = saturated_share if slope_matters else None
    verdict = _judge(activation, gradient_norm, update_ratio, silent_share, slow_share)
    return LayerStatistics(
        gradient_norm=gradient_norm,
        update_ratio=update_ratio,
        silent_share=silent_share,
        saturated_share=saturated_share,
        histogram=histogram,
        extent=extent,
        verdict=verdict,
        silent_units=None if silent is None else tuple(silent.tolist()),
        slope_matters=slope_matters,
        batch_size=len(a),
    )


def _measure_saturated_share(activation: Activation, a: Floats) -> float | None:
    if activation.limits is None:
        return None
    low, high = activation.limits
    return float(np.mean(np.abs(a - (low + high) / 2) > SATURATED_RANGE_SHARE * (high - low) / 2))


def _count_in_bins(gradient: Floats) -> tuple[tuple[int, ...], float]:
    """Return the histogram of the entries, and the largest absolute value, which is its extent."""
    extent = float(np.abs(gradient).max())
    if not (extent > 0 and np.isfinite(extent)):
        return (0,) * HISTOGRAM_BINS, extent
    # several times faster than np.histogram, which sorts
    bins: Indices = ((gradient / extent + 1) * (HISTOGRAM_BINS / 2)).astype(np.intp).ravel()
    counts = np.bincount(np.minimum(bins, HISTOGRAM_BINS - 1), minlength=HISTOGRAM_BINS)
    return tuple(int(count) for count in counts), extent


def _judge(
    activation: Activation,
    gradient_norm: float,
    update_ratio: float | None,
    silent_share: float | None,
    saturated_share: float | None,
) -> str:
    """Return the verdict: what stops learning first, then what slows it, then how fast the layer learns."""
    if not activation.has_slope:
        return f"cannot learn: the slope of a {activation.name} is 0"
    if gradient_norm == 0:
        return "no gradient: its weights stand still"
    if silent_share is not None and silent_share >= 0.5:
        return f"{silent_share:.0%} of neurons are silent"
    if saturated_share is not None and saturated_share >= 0.5:
        return f"{saturated_share:.0%} saturated: tiny slopes"
    if update_ratio is None:
        return "starts from weights that are all 0"
    return _judge_update_ratio(update_ratio)


def _judge_update_ratio(update_ratio: float) -> str:
    """A ratio ‖ΔW‖ / ‖W‖ around 1/1000 is healthy (Karpathy, CS231n notes)."""
    for limit, words in ((1e-6, "stands still"), (1e-4, "learns slowly"), (2e-2, "learns well"), (1e-1, "moves fast")):
        if update_ratio < limit:
            return words
    return "jumps: smaller learning rate?"
