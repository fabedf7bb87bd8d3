"""The curves of a loss plot, made from the record of a run: at most a few points for each column of the plot."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.snapshot import BestPoint, Snapshot
from gradstep.core.training.history import LossCurve
from gradstep.core.training.score_table import WatchedScores

SMALLEST, LARGEST = 1e-300, 1e300
"""Losses outside are not drawn, because sums and limits of them leave the range of a float."""

XY = tuple[Floats, Floats]
"""Steps, and the heights of the losses on the y axis, where a logarithmic axis has their logarithms."""

SMOOTHED_COLUMNS = 9

SPREADS = 3.0
"""A value further from its neighbours' median than this, in their median distances from it, is not smoothed."""

GAP = 3.0
"""Two evaluations further apart than this, in distances between the evaluations around them, are not joined."""

NOW = 0.1
"""The share of a run, at its end, whose losses the y axis includes in any case."""

EXPLODED = 10.0
"""How far a loss lies above both the start and the end of a run, as a factor, to be left out of the y axis."""

REACH = 0.5
"""Decades that the band of the batch losses may extend a logarithmic y axis by."""


def smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the moving average of the values, over an eighth of them and 9 at most.

    A spike stays as it is, and its neighbours are averaged without it. Given logarithms, it averages in log space.
    """
    window = max(1, min(SMOOTHED_COLUMNS, len(values) // 8)) | 1
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, window // 2, mode="edge"), window)
    median = np.median(windows, axis=1, keepdims=True)
    distances = np.abs(windows - median)
    kept = distances <= SPREADS * np.median(distances, axis=1, keepdims=True)
    average = np.where(kept, windows, 0.0).sum(axis=1) / kept.sum(axis=1)
    smoothed: NDArray[np.float64] = np.where(kept[:, window // 2], average, values)
    return smoothed


def find_heights(losses: Floats, logarithmic: bool) -> Floats:
    """Return the heights of the losses on the y axis; NaN for a loss that cannot be drawn there."""
    drawable = (losses < LARGEST) & (losses > SMALLEST) if logarithmic else losses < LARGEST
    heights = np.where(drawable, losses, np.nan)
    return np.log10(heights) if logarithmic else heights


def make_training_curves(curve: LossCurve, columns: int, logarithmic: bool) -> dict[str, XY]:
    """Return the smoothed mean loss, and the band from the lowest to the highest loss, of each column."""
    low, mean, high = (find_heights(losses, logarithmic) for losses in (curve.low, curve.mean, curve.high))
    kept = np.isfinite(mean) & np.isfinite(high)
    if not kept.any():
        return {}
    step, low, mean, high = curve.step[kept].astype(np.float64), low[kept], mean[kept], high[kept]
    # a loss of 0 has no place on a logarithmic axis
    low = np.where(np.isfinite(low), low, mean)
    starts = _find_column_starts(len(step), columns)
    last = np.append(starts[1:], len(step)) - 1
    means = np.add.reduceat(mean, starts) / np.diff(np.append(starts, len(step)))
    edges = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    return {
        "band": (np.repeat(step[last], 2), np.column_stack(edges).ravel()),
        "training": (step[last], smooth(means)),
    }


def _find_column_starts(buckets: int, columns: int) -> NDArray[np.intp]:
    """Return the index of the first bucket of each column."""
    group = np.arange(buckets) * columns // max(columns, buckets)
    return np.flatnonzero(np.diff(group, prepend=-1))


def make_watched_curves(scores: WatchedScores, columns: int, logarithmic: bool) -> dict[str, XY]:
    """Return the stretches of the watched loss between its gaps, as "test", "test 1", "test 2", and so on."""
    heights = find_heights(scores.loss, logarithmic)
    drawable = np.flatnonzero(np.isfinite(heights))
    if not len(drawable):
        return {}
    chosen = drawable[np.unique(np.linspace(0, len(drawable) - 1, min(len(drawable), columns)).astype(int))]
    gaps_before = np.cumsum(~np.isfinite(heights) | _find_gaps(scores.step))[chosen]
    stretches = np.split(chosen, np.flatnonzero(np.diff(gaps_before)) + 1)
    return {
        f"test {index}" if index else "test": (scores.step[each].astype(np.float64), heights[each])
        for index, each in enumerate(stretches)
    }


def _find_gaps(step: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for each evaluation whether the one before it is much further away than its neighbours are.

    Of two evaluations alone nothing tells how far apart they usually are: they are not joined.
    """
    distances = np.diff(step)
    around = np.pad(distances, 1)
    return np.append(False, distances > GAP * np.maximum(around[:-2], around[2:]))


def make_other_curve(name: str, curve: LossCurve | None, columns: int, logarithmic: bool) -> dict[str, XY]:
    """Return the smoothed mean loss of another course or run, by this name; nothing without one."""
    curves = {} if curve is None else make_training_curves(curve, columns, logarithmic)
    return {name: curves["training"]} if curves else {}


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest loss of a run, where the y axis leaves it out, and the step of it."""

    step: int
    loss: float


def choose_range(curves: dict[str, XY], ends: list[float], logarithmic: bool) -> tuple[float, float]:
    """Return the lowest and the highest height that the y axis includes.

    That are all heights, but for an explosion from which the run has recovered. `ends` are the first and the newest
    heights.
    """
    lines = [points for name, points in curves.items() if name != "band"]
    newest = max(float(x[-1]) for x, _ in lines)
    now = [float(y[x >= (1 - NOW) * newest].max(initial=-np.inf)) for x, y in lines]
    ends = [height for height in ends if np.isfinite(height)]
    low, high = (float(extreme([*ends, *(extreme(y) for _, y in lines)])) for extreme in (np.min, np.max))
    matters = max([*ends, *(height for height in now if np.isfinite(height))], default=high)
    far = matters + np.log10(EXPLODED) if logarithmic else EXPLODED * matters
    high = matters if high > far else high
    if "band" in curves:
        band = curves["band"][1]
        reach = REACH if logarithmic else high - low
        low, high = max(float(band.min()), low - reach), max(high, min(float(band.max()), high + reach))
    return min(low, high), high


def find_ends(curve: LossCurve, scores: WatchedScores, logarithmic: bool) -> list[float]:
    """Return the heights of the first and of the newest losses."""
    losses = (curve.mean[:1], scores.loss[:1], curve.low[-1:], curve.high[-1:], scores.loss[-1:])
    heights: list[float] = find_heights(np.concatenate(losses), logarithmic).tolist()
    return heights


def find_peak(curve: LossCurve, scores: WatchedScores, highest: float) -> Peak | None:
    """Return the highest loss above `highest`; None without one."""
    steps, losses = np.concatenate((curve.step, scores.step)), np.concatenate((curve.high, scores.loss))
    losses = np.where(np.isnan(losses), -np.inf, losses)
    index = int(np.argmax(losses))
    return Peak(int(steps[index]), float(losses[index])) if losses[index] > highest else None


def clip_heights(curves: dict[str, XY], low: float, high: float) -> dict[str, XY]:
    """Return the curves with heights outside the limits moved to the edge."""
    return {name: (x, np.clip(y, low, high)) for name, (x, y) in curves.items()}


def find_lowest(snapshot: Snapshot) -> BestPoint | None:
    """Return the best step, or without a validation part that of the lowest watched loss.

    None while there are fewer than two scores.
    """
    scores = snapshot.watched_scores
    losses = np.where(np.isfinite(scores.loss), scores.loss, np.inf)
    if len(losses) < 2 or not np.isfinite(losses).any():
        return None
    lowest = int(losses.argmin())
    return snapshot.best or BestPoint(int(scores.step[lowest]), float(losses[lowest]))
