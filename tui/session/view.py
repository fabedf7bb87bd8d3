"""What the training screen draws: the newest snapshot, and the state of the session."""

from dataclasses import dataclass, replace
from typing import Literal

from gradstep.core.network.arrays import Indices
from gradstep.core.observation.finding import Finding
from gradstep.core.observation.snapshot import Snapshot
from gradstep.core.training.history import LossCurve
from gradstep.data.planned_end import Limit
from gradstep.data.run import Run
from gradstep.tui.session.beside_run import BesideRun
from gradstep.tui.session.command_queue import WORKING
from gradstep.tui.session.endings import Ending, RunEnd
from gradstep.tui.session.snapshot_request import DEFAULT_REQUEST, SnapshotRequest

Phase = Literal["training", "paused", "finished", "diverged"]


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot, and the state of the session when it was taken.

    - `run` is the run that trains. Screens read of it what no training changes: its data, sizes, names and loss.
    - `pace` is in steps a second, None without a limit.
    - `newest_step` is the newest step of the run. The snapshot may be of an earlier one.
    - `other` is a loss curve to compare with: that of the later steps, or of the course before the run branched.
    - `other_classes` (points,) are what the run predicted on its map at the end of that course; None without a map of
      classes.
    - `beside` is a saved run whose curve is drawn too, None for none.
    - `note` is a message to the user. A `brief` note is removed after some seconds.
    - `trouble` is a problem that lasts, such as that the run cannot be saved.
    - `findings` are the problems found in the training.
    - `request` is what the snapshot was taken for.
    - `edits` is the number of manual edits that can be undone.
    - `planned_ending` is the limit that ends the run as planned.
    - `limit` is the limit of epochs or steps that ends the run at the latest, None once it goes on without an end.
    - `end` is what the run came to at its planned end, None unless it is there.
    - `next_due` is the moment of `perf_counter` at which the next step is due, None while the training rests.
    """

    snapshot: Snapshot
    run: Run
    phase: Phase
    pace: float | None
    newest_step: int
    other: LossCurve | None = None
    other_classes: Indices | None = None
    beside: BesideRun | None = None
    note: str = ""
    brief: bool = False
    trouble: str = ""
    findings: tuple[Finding, ...] = ()
    request: SnapshotRequest = DEFAULT_REQUEST
    edits: int = 0
    planned_ending: Ending = "max_epochs"
    limit: tuple[Limit, int] | None = None
    end: RunEnd | None = None
    next_due: float | None = None

    @property
    def on_other_screens(self) -> "View":
        """The view as screens beside the training show it: a note on its phase names keys that do nothing there."""
        return self if self.brief or self.note == WORKING else replace(self, note="")

    @property
    def others_on_map(self) -> tuple[Indices | None, str]:
        """The classes (points,) whose borders are drawn too, and whose they are: of the run beside, or the old course.

        None and an empty text for nobody's.
        """
        if self.beside is not None and self.beside.classes is not None:
            return self.beside.classes, "the run beside"
        return self.other_classes, "" if self.other_classes is None else "the old course"
