"""Evidence: the numbers from which findings about a training are drawn.

Evidence states what was measured and judges nothing. `finding_tracker` gathers it over several snapshots.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gradstep.core.observation.limits import SMALL_WEIGHTS
from gradstep.core.observation.task import Task
from gradstep.core.training.history import LossCurve
from gradstep.core.training.parts import PartName
from gradstep.core.training.score_table import WatchedScores

AVERAGED_SCORES = 5
"""Scores on the watched part that are averaged before they are compared."""

SOLVED_LOSS = 5e-2
"""A watched loss below this share of the starting loss counts as solved, however far it is above its lowest."""

FALLS = 0.9
"""A loss that has come below this share of what it was falls clearly."""

WATCHED_FALLS = 0.95
"""The same for the loss on the watched part, which has less noise than that of batches."""

LEAST_BATCHES = 20
"""Batches, at least, whose typical losses are compared: a few may hold the rows that fit worst."""

STRETCH = 20
"""Losses are averaged over 1/20 of the run before they are compared."""


@dataclass(frozen=True, slots=True)
class LayerEvidence:
    """One layer over the last snapshots, as medians.

    - `gradient_norm` is ‖∇W‖, and `gradient_rms` the root mean square of its entries.
    - `update_ratio` is ‖ΔW‖ / ‖W‖.
    - `silent_share` is the share of units whose activation was 0 for every example of all these snapshots; None where
      the activation is never 0 over a range, or too few examples were seen.
    - `saturated_share` is the share of activations near an end of their range; None where there is no end, or the loss
      cancels the slope.
    - `all_zero` says that every weight is 0.
    - `all_alike` says that all of several neurons have the same weights, bias and outgoing weights, so that they get
      the same gradient.
    - `weight_size` is the root mean square length of the neurons' weights, and `growth` that as a multiple of
      what it was in the first snapshot.
    - `is_finite` says that neither a gradient nor a step held a number that is not finite.
    - `newest_gradient_norm` is ‖∇W‖ of the last step alone; None where it is not known.
    """

    activation: str
    gradient_norm: float
    gradient_rms: float
    update_ratio: float
    silent_share: float | None
    saturated_share: float | None
    all_zero: bool = False
    all_alike: bool = False
    is_finite: bool = True
    weight_size: float = 1.0
    growth: float = 1.0
    newest_gradient_norm: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole network.

    - `settled` says that the first steps are over and there are several snapshots to compare.
    - `remaining_loss` is the training loss as a share of the starting loss.
    - `watched_rise` is how far the loss on the watched part is above its lowest, as a share of that; 0 unless the
      training loss has fallen since. `watched_part` is the name of the part.
    - `share_of_guess` is the training loss as a share of that of a constant guess; None where nothing is known of it.
    - `typical_loss` is the median loss of the last steps as a share of that of the first: what a few batches with an
      exceptional loss do not change; None where it is not known.
    - `present_loss` is the loss of the network now as a share of that of a constant guess, on the same rows: that of
      batches depends on which rows they hold. None while the batches do clearly better than the guess.
    - `falls` says that the training loss has fallen clearly since the learning rate last changed.
    - `steps` counts the updates, `epochs` the completed passes over the training part.
    """

    settled: bool
    layers: tuple[LayerEvidence, ...]
    remaining_loss: float
    watched_rise: float
    task: Task
    share_of_guess: float | None = None
    falls: bool = False
    epochs: int = 0
    steps: int = 0
    watched_part: PartName = "test"
    typical_loss: float | None = None
    present_loss: float | None = None

    @property
    def has_shrunk(self) -> bool:
        """Whether l1 or l2 has drawn all weights to almost nothing."""
        return have_shrunk((layer.weight_size for layer in self.layers), self.task.penalized)


def have_shrunk(sizes: Iterable[float], penalized: bool) -> bool:
    """Whether l1 or l2 has drawn all weights to almost nothing; `sizes` are those of each layer's neurons."""
    return penalized and all(size < SMALL_WEIGHTS for size in sizes)


def measure_start_loss(curve: LossCurve, scores: WatchedScores) -> float:
    """Return the loss of the start: the mean of the first 1/20 of the run, or that of the watched part at step 0.

    It is the lower of the two: a loss that explodes at once has done so within the first 1/20.
    """
    return min([_average_first_losses(curve), *_find_untrained_loss(scores)])


def _find_untrained_loss(scores: WatchedScores) -> list[float]:
    """Return the loss of the watched part at step 0, if there is such a part and it is finite."""
    return [float(loss) for loss in scores.loss[scores.step == 0] if np.isfinite(loss)]


def measure_remaining_loss(curve: LossCurve, scores: WatchedScores) -> float:
    """Return the loss of the last steps, the mean over 1/20 of the run, as a share of that of the start."""
    start, now = measure_start_loss(curve, scores), float(curve.mean[-_count_stretch(curve) :].mean())
    return now / start if start else 1.0


def measure_typical_loss(curve: LossCurve, scores: WatchedScores) -> float | None:
    """Return the median loss of the last steps as a share of that of the first, or of step 0; None if that is 0.

    Each median is taken over 1/20 of the run, but at least over LEAST_BATCHES buckets or half of the run.
    """
    count = max(_count_stretch(curve), min(LEAST_BATCHES, len(curve.mean) // 2))
    start = min([float(np.median(curve.mean[:count])), *_find_untrained_loss(scores)])
    return float(np.median(curve.mean[-count:])) / start if start else None


def measure_share_of_guess(curve: LossCurve, guess_loss: float) -> float | None:
    """Return the loss of the last steps as a share of that of a constant guess; None if such a guess is exact."""
    return float(curve.mean[-_count_stretch(curve) :].mean()) / guess_loss if guess_loss else None


def falls_clearly(curve: LossCurve, since: int) -> bool:
    """Whether the mean loss of the steps after step `since` is in their second half below FALLS times the first's."""
    losses = curve.mean[curve.step > since]
    half = len(losses) // 2
    return bool(half and losses[half:].mean() < FALLS * losses[:half].mean())


def watched_loss_falls(scores: WatchedScores) -> bool:
    """Whether the loss on the watched part still falls: its last scores are below WATCHED_FALLS of those of halfway."""
    half = len(scores.loss) // 2
    if half < AVERAGED_SCORES:
        return False
    halfway = scores.loss[half - AVERAGED_SCORES : half].mean()
    return bool(scores.loss[-AVERAGED_SCORES:].mean() < WATCHED_FALLS * halfway)


def measure_watched_rise(curve: LossCurve, scores: WatchedScores) -> float:
    """Return how far the smoothed loss on the watched part is above its lowest, as a share of that.

    0 unless the training loss has fallen since and is below it. 0 also where it is below SOLVED_LOSS of the starting
    loss.
    """
    if len(scores.loss) <= AVERAGED_SCORES:
        return 0.0
    smooth = np.convolve(scores.loss, np.full(AVERAGED_SCORES, 1 / AVERAGED_SCORES), "valid")
    lowest = int(smooth.argmin())
    if not smooth[lowest] > 0 or not np.isfinite(smooth[-1]):
        return 0.0
    if smooth[-1] < SOLVED_LOSS * _average_first_losses(curve):
        return 0.0
    then = _average_losses_before(curve, int(scores.step[lowest + AVERAGED_SCORES - 1]))
    now = _average_losses_before(curve, int(curve.step[-1]))
    return float(smooth[-1] / smooth[lowest] - 1) if now < then and now < smooth[-1] else 0.0


def _count_stretch(curve: LossCurve) -> int:
    """Return how many buckets are 1/20 of the run, at least one."""
    return -(-len(curve.mean) // STRETCH)


def _average_first_losses(curve: LossCurve) -> float:
    return float(curve.mean[: _count_stretch(curve)].mean())


def _average_losses_before(curve: LossCurve, step: int) -> float:
    """Return the mean loss of the steps up to this one, over 1/20 of the run."""
    end = max(1, int(np.searchsorted(curve.step, step, "right")))
    return float(curve.mean[max(0, end - _count_stretch(curve)) : end].mean())
