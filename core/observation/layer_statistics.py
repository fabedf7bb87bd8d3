"""How each layer is doing after an update: numbers, and a verdict in plain words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats, norm
from gradstep.core.network.network import Layer

HISTOGRAM_BINS = 16
SATURATED = 0.95
"""A sigmoid or tanh counts as saturated when it has gone this share of the way to its end."""


@dataclass(frozen=True, slots=True)
class LayerStatistics:
    """What the last update was like for one layer.

    `gradient_norm` is ‖∂L/∂W‖, `update_ratio` is ‖ΔW‖ / ‖W‖ (None while W is all 0). `dead` is the share of neurons
    that fired for no example of the batch, `saturated` the share of activations at an end of their range; None where
    the activation knows no such thing. `histogram` counts ∂L/∂W in equal bins from −`extent` to +`extent`.
    `silent` says of each neuron whether it is dead in this batch of so many `examples`, and `slope_matters` whether
    saturation slows this layer at all.
    """

    gradient_norm: float
    update_ratio: float | None
    dead: float | None
    saturated: float | None
    histogram: tuple[int, ...]
    extent: float
    verdict: str
    silent: tuple[bool, ...] | None = None
    slope_matters: bool = True
    examples: int = 0


def layer_statistics(layer: Layer, a: Floats, change: Floats, slope_matters: bool = True) -> LayerStatistics:
    """Look at one layer after an update: its batch's a (batch, units), and ΔW (units, inputs).

    `slope_matters` is False for an output whose loss cancels f′, as cross-entropy does: saturation is harmless there.
    """
    name = layer.activation.name
    gradient_norm = norm(layer.weight_gradient)
    weight_norm = norm(layer.weights)
    update_ratio = norm(change) / weight_norm if weight_norm else None
    silent = np.logical_not((a > 0).any(axis=0)) if name in ("relu", "step") else None
    dead = None if silent is None else float(np.mean(silent))
    saturated = _saturated_share(name, a)
    histogram, extent = _histogram(layer.weight_gradient)
    verdict = _verdict(name, gradient_norm, update_ratio, dead, saturated if slope_matters else None)
    each = None if silent is None else tuple(silent.tolist())
    return LayerStatistics(
        gradient_norm, update_ratio, dead, saturated, histogram, extent, verdict, each, slope_matters, len(a)
    )


def _saturated_share(name: str, a: Floats) -> float | None:
    if name == "tanh":
        return float(np.mean(np.abs(a) > SATURATED))
    if name == "sigmoid":
        return float(np.mean(np.abs(2 * a - 1) > SATURATED))
    return None


def _histogram(gradient: Floats) -> tuple[tuple[int, ...], float]:
    extent = float(np.abs(gradient).max())
    if not (extent > 0 and np.isfinite(extent)):
        return (0,) * HISTOGRAM_BINS, extent
    # several times faster than np.histogram, which sorts
    bins: NDArray[np.intp] = ((gradient / extent + 1) * (HISTOGRAM_BINS / 2)).astype(np.intp).ravel()
    counts = np.bincount(np.minimum(bins, HISTOGRAM_BINS - 1), minlength=HISTOGRAM_BINS)
    return tuple(int(count) for count in counts), extent


def _verdict(
    name: str, gradient_norm: float, update_ratio: float | None, dead: float | None, saturated: float | None
) -> str:
    """The first thing worth knowing. A ratio ‖ΔW‖ / ‖W‖ around 1/1000 is healthy (Karpathy, CS231n notes)."""
    if name == "step":
        return "cannot learn: the slope of a step is 0"
    if gradient_norm == 0:
        return "no gradient: its weights stand still"
    if dead is not None and dead >= 0.5:
        return f"{dead:.0%} of neurons are silent"
    if saturated is not None and saturated >= 0.5:
        return f"{saturated:.0%} saturated: tiny slopes"
    if update_ratio is None:
        return "starts from weights that are all 0"
    return _pace(update_ratio)


def _pace(update_ratio: float) -> str:
    for limit, words in ((1e-6, "stands still"), (1e-4, "learns slowly"), (2e-2, "learns well"), (1e-1, "moves fast")):
        if update_ratio < limit:
            return words
    return "jumps: smaller learning rate?"
