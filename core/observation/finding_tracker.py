"""Watches a training from snapshot to snapshot, and says what is wrong with it, without a flicker."""

from collections import deque

import numpy as np

from gradstep.core.observation.findings import (
    LEAST_EXAMPLES,
    LEAST_MOMENTS,
    LEAST_STEPS,
    WINDOW,
    Evidence,
    Finding,
    LayerEvidence,
    find_problems,
    loss_left,
    rise_of_test_loss,
)
from gradstep.core.observation.snapshot import LayerView, Snapshot

Moment = tuple[LayerView, ...]


class FindingTracker:
    """Judges the medians of the last moments; after a step back in the run it begins anew."""

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque(maxlen=WINDOW)
        self._step = -1
        self.findings: tuple[Finding, ...] = ()

    @np.errstate(all="ignore")
    def see(self, snapshot: Snapshot) -> None:
        """Look at a moment, and bring `findings` up to date."""
        if snapshot.step < self._step:
            self._moments.clear()
            self.findings = ()
        if snapshot.step == self._step or snapshot.layers[0].statistics is None:
            return
        self._step = snapshot.step
        self._moments.append(snapshot.layers)
        self.findings = find_problems(self._signs(snapshot), {finding.kind for finding in self.findings})

    def _signs(self, snapshot: Snapshot) -> Evidence:
        layers = tuple(_layer_signs(moments) for moments in zip(*self._moments, strict=True))
        settled = len(self._moments) >= LEAST_MOMENTS and snapshot.step >= LEAST_STEPS
        rise = rise_of_test_loss(snapshot.loss_curve, snapshot.test_scores)
        return Evidence(settled, layers, loss_left(snapshot.loss_curve), rise)


def _layer_signs(moments: tuple[LayerView, ...]) -> LayerEvidence:
    seen = [moment.statistics for moment in moments if moment.statistics is not None]
    norm = float(np.median([each.gradient_norm for each in seen]))
    examples = sum(each.examples for each in seen)
    silent = [each.silent for each in seen if each.silent is not None and examples >= LEAST_EXAMPLES]
    saturated = [each.saturated for each in seen if each.saturated is not None and each.slope_matters]
    return LayerEvidence(
        activation=moments[-1].activation,
        gradient_norm=norm,
        gradient=norm / moments[-1].weights.size ** 0.5,
        update_ratio=float(np.median([each.update_ratio or 0.0 for each in seen])),
        silent=float(np.mean(np.all(silent, axis=0))) if silent else None,
        saturated=float(np.median(saturated)) if saturated else None,
        all_zero=not moments[-1].weights.any(),
    )
