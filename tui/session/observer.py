"""Takes snapshots of the training, and scores the network while the training rests."""

from dataclasses import replace
from time import perf_counter
from typing import Literal

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.example import Example
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.findings import Finding
from gradstep.core.observation.snapshot import Snapshot, take_snapshot
from gradstep.core.training.evaluation import Score
from gradstep.data.input_grid import make_input_grid
from gradstep.data.run import Run
from gradstep.tui.session.snapshot_request import DEFAULT_REQUEST, SnapshotRequest

SNAPSHOT_SECONDS = 0.1
SNAPSHOT_SHARE = 0.05
"""Snapshots are taken ten times a second, or less often if they would take more than this share of the time."""


class Observer:
    """Takes snapshots for the shown example and the shown panels, and keeps the newest.

    It reads the trainer and never changes it.
    """

    def __init__(self, run: Run) -> None:
        self._trainer = run.trainer
        self._grid = make_input_grid(run.split)
        self._part: Literal["training", "test"] = "training" if run.trainer.test_part is None else "test"
        self._row = 0
        self.request: SnapshotRequest = DEFAULT_REQUEST
        self.due = 0.0
        self._finding_tracker = FindingTracker()
        self._scored_parameters: Floats | None = None
        self._newest_score: Score | None = None
        self.snapshot: Snapshot

    @property
    def example(self) -> Example:
        """The shown example."""
        return Example(self._part, self._row)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the snapshots so far have shown to be wrong with the training."""
        return self._finding_tracker.findings

    def show_example(self, direction: int) -> bool:
        """Show the next (1) or previous (−1) example of the part. Returns False if there is only one."""
        rows = len(self._trainer.training_part if self._trainer.test_part is None else self._trainer.test_part)
        self._row = (self._row + direction) % rows
        return rows > 1

    def show_next_output(self) -> None:
        """Show the example, the confusion matrix and the most wrong examples in turn."""
        self.request = self.request.with_next_output(self._trainer.classification)

    def toggle_maps(self) -> bool:
        """Show or hide the map of each neuron. Returns False, with nothing changed, unless there are two inputs."""
        if self._trainer.network.sizes[0] != 2:
            return False
        self.request = replace(self.request, maps=not self.request.maps)
        return True

    def observe(self, resting: bool) -> None:
        """Take a snapshot now. While the training rests, the test part is scored with the present parameters."""
        request = self.request
        needs_grid = request.output == "example" or request.maps
        grid = self._grid.scaled if self._grid and needs_grid else None
        score = self._score() if resting else None
        self.snapshot = take_snapshot(self._trainer, self.example, grid, request.output != "example", score)
        self._finding_tracker.observe(self.snapshot)

    def observe_when_due(self, resting: bool) -> None:
        """Take a snapshot if the next one is due, or if the training rests."""
        now = perf_counter()
        if now >= self.due or resting:
            self.observe(resting)
            took = perf_counter() - now
            self.due = now + max(SNAPSHOT_SECONDS, took / SNAPSHOT_SHARE)

    def _score(self) -> Score | None:
        """Score the test part. The score is computed again only if the parameters have changed."""
        parameters = self._trainer.network.parameters
        if self._scored_parameters is None or not np.array_equal(self._scored_parameters, parameters):
            self._scored_parameters, self._newest_score = parameters.copy(), self._trainer.test_score()
        return self._newest_score
