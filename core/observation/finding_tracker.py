"""The finding tracker: follows a training from snapshot to snapshot and keeps its findings up to date.

It gathers evidence from the medians of the last snapshots and lets `findings` judge it. A finding that was made stays
until its number is clearly better, so that no finding flickers.
"""

from collections import deque

import numpy as np

from gradstep.core.observation.evidence import Evidence, LayerEvidence, measure_remaining_loss, measure_test_rise
from gradstep.core.observation.findings import Finding, find_problems
from gradstep.core.observation.snapshot import LayerView, Snapshot

WINDOW = 20
"""Snapshots that the medians are taken over: two seconds at ten snapshots a second."""

LEAST_SNAPSHOTS = 3
LEAST_STEPS = 20
"""Before this many the evidence is not settled: at first every training takes large steps."""

LEAST_EXAMPLES = 60
"""A unit that is silent for fewer examples than this is not called silent yet."""


class FindingTracker:
    """Holds the present `findings`, from the medians of the last snapshots. It starts anew when the run goes back."""

    def __init__(self) -> None:
        self._recent: deque[tuple[LayerView, ...]] = deque(maxlen=WINDOW)
        self._step = -1
        self.findings: tuple[Finding, ...] = ()

    @np.errstate(all="ignore")
    def observe(self, snapshot: Snapshot) -> None:
        """Take in a snapshot, and update `findings`. A second snapshot of the same step is ignored."""
        if snapshot.step < self._step:
            self._recent.clear()
            self.findings = ()
        if snapshot.step == self._step or snapshot.layers[0].statistics is None:
            return
        self._step = snapshot.step
        self._recent.append(snapshot.layers)
        self.findings = find_problems(self._gather_evidence(snapshot), {finding.kind for finding in self.findings})

    def _gather_evidence(self, snapshot: Snapshot) -> Evidence:
        return Evidence(
            settled=len(self._recent) >= LEAST_SNAPSHOTS and snapshot.step >= LEAST_STEPS,
            layers=tuple(_gather_layer_evidence(views) for views in zip(*self._recent, strict=True)),
            remaining_loss=measure_remaining_loss(snapshot.loss_curve),
            test_rise=measure_test_rise(snapshot.loss_curve, snapshot.test_scores),
        )


def _gather_layer_evidence(views: tuple[LayerView, ...]) -> LayerEvidence:
    """Take the medians over the views of one layer in the last snapshots."""
    recent = [view.statistics for view in views if view.statistics is not None]
    gradient_norm = float(np.median([each.gradient_norm for each in recent]))
    enough = sum(each.batch_size for each in recent) >= LEAST_EXAMPLES
    silent = [each.silent_units for each in recent if each.silent_units is not None and enough]
    saturated = [each.saturated_share for each in recent if each.saturated_share is not None and each.slope_matters]
    return LayerEvidence(
        activation=views[-1].activation,
        gradient_norm=gradient_norm,
        gradient_rms=gradient_norm / views[-1].weights.size ** 0.5,
        update_ratio=float(np.median([each.update_ratio or 0.0 for each in recent])),
        silent_share=float(np.mean(np.all(silent, axis=0))) if silent else None,
        saturated_share=float(np.median(saturated)) if saturated else None,
        all_zero=not views[-1].weights.any(),
    )
