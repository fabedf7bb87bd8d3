"""What the screen looks at: the newest moment of the training, and how the session stands."""

from dataclasses import dataclass
from typing import Literal

from gradstep.core.observation.findings import Finding
from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.training.history import LossCurve
from gradstep.tui.session.snapshot_request import FIRST_REQUEST, SnapshotRequest

Phase = Literal["training", "paused", "finished", "diverged"]


@dataclass(frozen=True, slots=True)
class View:
    """What the screen draws: a snapshot, and how the session stands. `pace` None is no limit; `speed` in steps/s.

    `tip` is the newest step of this run: the snapshot may be of an earlier one. `other` is a loss curve beside that of
    the snapshot: what came after it, or what came before the run was taken another way. `trouble` is what a person
    should know as long as it lasts, as that the run cannot be saved. `looking` is what the snapshot was asked for.
    `findings` are what is wrong with the training.
    """

    snapshot: Snapshot
    phase: Phase
    pace: float | None
    speed: float | None
    tip: int
    other: LossCurve | None = None
    note: str = ""
    trouble: str = ""
    findings: tuple[Finding, ...] = ()
    request: SnapshotRequest = FIRST_REQUEST
