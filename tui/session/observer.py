"""Takes snapshots of the training, with the newest evaluation of the network."""

from dataclasses import replace
from time import perf_counter

from gradstep.core.observation.example import ExampleIndex, find_part
from gradstep.core.observation.finding import Finding
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.snapshot import Snapshot, take_snapshot
from gradstep.core.training.parts import PartName
from gradstep.data.run import Run
from gradstep.tui.session.snapshot_request import DEFAULT_REQUEST, SnapshotRequest
from gradstep.tui.session.timed_evaluation import TimedEvaluation

SNAPSHOT_SECONDS = 0.2
SNAPSHOT_SHARE = 0.05
"""Snapshots are taken five times a second, a little more often than frames are drawn, or less often if they would take
more than this share of the time.
"""


class Observer:
    """Takes snapshots for the shown example and the shown panels, and keeps the newest.

    It reads the trainer and never changes it.
    """

    def __init__(self, run: Run) -> None:
        self._trainer = run.trainer
        self._grid, self._neurons_shown = run.grid, run.neurons_shown
        self._part: PartName = run.trainer.watched_name
        self._row = 0
        self.request: SnapshotRequest = DEFAULT_REQUEST
        self.due = 0.0
        self._finding_tracker = FindingTracker()
        self._evaluation = TimedEvaluation(self._trainer, self._part)
        self.snapshot: Snapshot

    @property
    def example(self) -> ExampleIndex:
        """The shown example."""
        return ExampleIndex(self._part, self._row)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the snapshots so far have shown to be wrong with the training."""
        return self._finding_tracker.findings

    @property
    def next_look(self) -> int | None:
        """The step of the next of the first looks, which a fast run is held up for; None after the last."""
        return self._finding_tracker.next_look(self._trainer.step)

    def show_example(self, direction: int) -> bool:
        """Show the next (1) or previous (−1) example of the part. Returns False if there is only one."""
        rows = len(find_part(self._trainer, self._part))
        self._row = (self._row + direction) % rows
        return rows > 1

    def show_next_output(self) -> None:
        """Show the example, the confusion matrix and the most wrong examples in turn."""
        self.request = self.request.with_next_output(self._trainer.classification)

    def show_neurons(self) -> bool:
        """Show or hide the map of each neuron; with one input show the example, beside which their parts are drawn.

        Returns False, with nothing changed, if neurons can not be shown.
        """
        if self._neurons_shown == "maps":
            self.request = replace(self.request, maps=not self.request.maps)
        elif self._neurons_shown == "parts":
            self.request = replace(self.request, output="example")
        return self._neurons_shown is not None

    def observe(self, resting: bool, spare: float = 0.0) -> None:
        """Take a snapshot now, and evaluate the network if that is due.

        `spare` are the seconds until the training needs the processor again. Findings are found in what the training
        recorded, so that they do not depend on the clock.
        """
        self._evaluation.evaluate_when_due(resting, self._wants_report, spare)
        began = perf_counter()
        snapshot = self._take_snapshot()
        self._finding_tracker.observe(snapshot)
        self._keep(snapshot)
        self.due = began + max(SNAPSHOT_SECONDS, (perf_counter() - began) / SNAPSHOT_SHARE)

    def observe_soon(self) -> None:
        """Take a snapshot for a key that is answered while training goes on.

        The evaluation of the network is left to the next snapshot. So are the findings, and the loss on the whole
        training part, which only they need, unless the run was moved or its learning rate was changed.
        """
        self._evaluation.evaluate_if_missing(self._wants_report)
        trainer, last = self._trainer, self.snapshot
        goes_on = trainer.step >= last.step and trainer.learning_rate == last.learning_rate
        snapshot = self._take_snapshot(with_present_loss=not goes_on)
        if not goes_on:
            self._finding_tracker.observe(snapshot)
        self._keep(snapshot)

    @property
    def _wants_report(self) -> bool:
        return self.request.output != "example"

    def _take_snapshot(self, with_present_loss: bool = True) -> Snapshot:
        needs_grid = not self._wants_report or self.request.maps
        grid = self._grid.scaled if self._grid and needs_grid else None
        return take_snapshot(self._trainer, self.example, grid, with_present_loss=with_present_loss)

    def _keep(self, snapshot: Snapshot) -> None:
        self.snapshot = replace(snapshot, watched_scores=self._evaluation.scores(), part_report=self._evaluation.report)

    def observe_when_due(self, resting: bool, spare: float) -> None:
        """Take a snapshot if the next one is due, if this step has one of the first looks, or if the training rests."""
        if resting or perf_counter() >= self.due or self._finding_tracker.wants_look(self._trainer.step):
            self.observe(resting, spare)
