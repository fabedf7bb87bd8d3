"""The findings about a run without a screen, printed as they come."""

from time import perf_counter

from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.finding import Finding
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.core.training.trainer import Trainer
from gradstep.tui.cli.summary import describe_finding

SHARE = 0.05
"""The share of the time that looking may take after the first looks."""

SECONDS_BETWEEN_LOOKS = 0.1


class PlainFindings:
    """Looks at the training from time to time, and prints each finding when it is made."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer, self._tracker = trainer, FindingTracker()
        self._due = perf_counter()
        self._printed: set[str] = set()
        self.look()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The present findings."""
        return self._tracker.findings

    @property
    def due(self) -> float:
        """The moment of `perf_counter` at which the next look is due."""
        return self._due

    @property
    def next_look(self) -> int | None:
        """The step of the next of the first looks; None after the last."""
        return self._tracker.next_look(self._trainer.step)

    def look_when_due(self) -> None:
        """Look if it is time to, or if this step has one of the first looks."""
        if perf_counter() > self._due or self._tracker.wants_look(self._trainer.step):
            self.look()

    def look(self) -> None:
        """Look at the training now, and print the findings that were not printed before."""
        started = perf_counter()
        self._tracker.observe(take_snapshot(self._trainer, ExampleIndex("training", 0)))
        for finding in self._tracker.findings:
            if finding.kind not in self._printed:
                self._printed.add(finding.kind)
                print(f"step {self._trainer.step:<9} {describe_finding(finding)}", flush=True)
        now = perf_counter()
        self._due = now + max(SECONDS_BETWEEN_LOOKS, (now - started) / SHARE)
