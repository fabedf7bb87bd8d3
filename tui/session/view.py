"""What the screen draws: the newest moment of the training, and the state of the session."""

from dataclasses import dataclass
from typing import Literal

from gradstep.core.observation.findings import Finding
from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.training.history import LossCurve
from gradstep.data.run import Run
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.snapshot_request import FIRST_REQUEST, SnapshotRequest

Phase = Literal["training", "paused", "finished", "diverged"]


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot, and the state of the session when it was taken.

    `run` is what is trained; of it the screen reads what does not change meanwhile: data, sizes, names. `pace` is in
    steps a second, None for no limit, and so is the `speed` that was reached. `tip` is the newest step of this run; the
    snapshot may be of an earlier one. `other` is a loss curve to compare with: what came after the snapshot, or what
    came before the run took another way. `note` is what a person is told; a `brief` one is taken away after some
    seconds. `trouble` is what a person should know as long as it lasts, as that the run cannot be saved. `findings` are
    what is wrong with the training. `request` is what the snapshot was asked for. `edits` is how many changes by hand
    can be undone. `planned_ending` is what ends the run as planned. `next_due` is the moment of `perf_counter` at which
    the next step may be made, None while the training rests.
    """

    snapshot: Snapshot
    run: Run
    phase: Phase
    pace: float | None
    speed: float | None
    tip: int
    other: LossCurve | None = None
    note: str = ""
    brief: bool = False
    trouble: str = ""
    findings: tuple[Finding, ...] = ()
    request: SnapshotRequest = FIRST_REQUEST
    edits: int = 0
    planned_ending: Ending = "max_epochs"
    next_due: float | None = None
