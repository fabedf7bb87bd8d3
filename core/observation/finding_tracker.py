"""The finding tracker: follows a training from snapshot to snapshot and keeps its findings up to date.

It gathers evidence from the medians of the last snapshots and lets `findings` judge it. A finding that was made stays
until its number is clearly better, so that no finding flickers.
"""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from gradstep.core.observation.evidence import (
    Evidence,
    LayerEvidence,
    falls_clearly,
    measure_remaining_loss,
    measure_share_of_guess,
    measure_typical_loss,
    measure_watched_rise,
)
from gradstep.core.observation.finding import Finding
from gradstep.core.observation.findings import find_problems
from gradstep.core.observation.layer_statistics import LayerStatistics, measure_neurons
from gradstep.core.observation.limits import LEAST_STEPS
from gradstep.core.observation.snapshot import LayerView, Snapshot

WINDOW = 20
"""Snapshots that the medians are taken over: four seconds at five snapshots a second."""

LEAST_SNAPSHOTS = 3
"""Before this many, and before LEAST_STEPS, the evidence is not settled."""

LEAST_EXAMPLES = 60
"""A neuron that is silent for fewer examples than this, and not for all, is not called silent yet."""

FIRST_LOOKS = (1, 10, 20, 30, 40, 60, 80, 100)
"""The steps, counted from where the evidence begins, at which every run is looked at, however fast it is."""

ALIKE = 1e-6
"""Weights count as the same if they differ by at most this share of the largest: the order of a sum can change the last
digits."""


@dataclass(frozen=True, slots=True)
class _Observed:
    """What is kept of a snapshot: its layers, and the learning rate that its step was made with."""

    layers: tuple[LayerView, ...]
    learning_rate: float


class FindingTracker:
    """Holds the present `findings`, from the medians of the last snapshots. It starts anew when the run goes back.

    After a change of the learning rate only the snapshots since then tell of steps and gradients. Which neurons are
    silent does not depend on the rate.
    """

    def __init__(self) -> None:
        self._recent: deque[_Observed] = deque(maxlen=WINDOW)
        self._step, self._learning_rate, self._began = -1, 0.0, 0
        self._first_sizes: list[float] = []
        self.findings: tuple[Finding, ...] = ()

    def next_look(self, step: int) -> int | None:
        """Return the first of FIRST_LOOKS after this step; None after the last."""
        return next((self._began + look for look in FIRST_LOOKS if self._began + look > step), None)

    def wants_look(self, step: int) -> bool:
        """Whether this step is one of FIRST_LOOKS."""
        return step - self._began in FIRST_LOOKS

    @np.errstate(all="ignore")
    def observe(self, snapshot: Snapshot) -> None:
        """Take in a snapshot, and update `findings`. A second snapshot of the same step and rate is ignored."""
        if snapshot.step < self._step:
            self._recent.clear()
            self._step, self._first_sizes, self.findings = -1, [], ()
        if self._step < 0 or snapshot.learning_rate != self._learning_rate:
            self._began = snapshot.step
        self._first_sizes = self._first_sizes or [measure_neurons(view.weights) for view in snapshot.layers]
        is_new = snapshot.step != self._step
        if snapshot.layers[0].statistics is None or not (is_new or snapshot.learning_rate != self._learning_rate):
            return
        if is_new:
            self._recent.append(_Observed(snapshot.layers, snapshot.learning_rate))
        self._step, self._learning_rate = snapshot.step, snapshot.learning_rate
        self.findings = find_problems(self._gather_evidence(snapshot), {finding.kind for finding in self.findings})

    def _gather_evidence(self, snapshot: Snapshot) -> Evidence:
        curve, task = snapshot.loss_curve, snapshot.task
        at_rate = [each.layers for each in self._recent if each.learning_rate == snapshot.learning_rate]
        rows = snapshot.steps_per_epoch * _read_statistics(self._recent[-1].layers[0]).batch_size
        return Evidence(
            settled=len(at_rate) >= LEAST_SNAPSHOTS and snapshot.step >= LEAST_STEPS,
            layers=tuple(
                _gather_layer_evidence(
                    [each.layers[index] for each in self._recent],
                    [layers[index] for layers in at_rate],
                    rows,
                    self._first_sizes[index],
                    snapshot.layers[index + 1] if index + 1 < len(snapshot.layers) else None,
                )
                for index in range(len(snapshot.layers))
            ),
            remaining_loss=measure_remaining_loss(curve, snapshot.watched_scores),
            present_loss=snapshot.present_loss,
            typical_loss=measure_typical_loss(curve, snapshot.watched_scores),
            watched_rise=measure_watched_rise(curve, snapshot.watched_scores),
            watched_part=snapshot.watched_part,
            share_of_guess=measure_share_of_guess(curve, task.guess_loss),
            falls=falls_clearly(curve, snapshot.rate_changes[-1][0]),
            epochs=snapshot.epoch,
            steps=snapshot.step,
            task=task,
        )


def _gather_layer_evidence(
    views: list[LayerView], at_rate: list[LayerView], rows: int, first_size: float, following: LayerView | None
) -> LayerEvidence:
    """Take the medians over the views of one layer in the last snapshots.

    `at_rate` are those of steps at the present learning rate, `rows` is the number of training examples, and
    `first_size` the size of the weights in the first snapshot. `following` is the next layer now; None for the output.
    """
    newest = views[-1]
    recent = [_read_statistics(view) for view in at_rate or views]
    gradient_norm = _find_median([each.gradient_norm for each in recent])
    saturated = [each.saturated_share for each in recent if each.saturated_share is not None and each.slope_matters]
    return LayerEvidence(
        activation=newest.activation,
        gradient_norm=gradient_norm,
        gradient_rms=gradient_norm / newest.weights.size**0.5,
        # the last step was made with another rate and tells nothing of the present one
        update_ratio=_find_median([each.update_ratio or 0.0 for each in recent]) if at_rate else 0.0,
        silent_share=_find_silent_share(views, rows),
        saturated_share=_find_median(saturated) if saturated else None,
        all_zero=not newest.weights.any(),
        all_alike=_are_all_alike(newest, following),
        weight_size=measure_neurons(newest.weights),
        growth=measure_neurons(newest.weights) / first_size if first_size else 1.0,
        is_finite=all(each.is_finite for each in recent),
        newest_gradient_norm=recent[-1].gradient_norm,
    )


def _find_median(values: list[float]) -> float:
    """Return the median of a few numbers, NaN if one of them is."""
    # np.median takes twenty times as long, and the first time it loads numpy.ma
    if any(map(math.isnan, values)):
        return math.nan
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _are_all_alike(view: LayerView, following: LayerView | None) -> bool:
    """Whether several neurons have the same weights and bias, and the same weights to the next layer."""
    rows = [np.column_stack((view.weights, view.biases)), *([following.weights.T] if following else [])]
    return len(view.weights) > 1 and all(
        bool((np.abs(each - each[0]) <= ALIKE * np.abs(each).max()).all()) for each in rows
    )


def _find_silent_share(views: list[LayerView], rows: int) -> float | None:
    """Return the share of neurons that are silent for the training part now, and were in all recent batches.

    None if the batches show too few of the training `rows`. A layer that is silent as a whole for the training part is
    dead, whatever it was before.
    """
    now = views[-1].silent_share
    if now == 1:
        return 1.0
    recent = [_read_statistics(view) for view in views]
    silent = [each.silent_units for each in recent if each.silent_units is not None]
    if not silent or sum(each.batch_size for each in recent) < min(rows, LEAST_EXAMPLES):
        return None
    in_all = float(np.mean(np.all(silent, axis=0)))
    return in_all if now is None else min(in_all, now)


def _read_statistics(view: LayerView) -> LayerStatistics:
    assert view.statistics is not None
    return view.statistics
