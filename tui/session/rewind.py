"""The past of the run on the screen: steps to go back to, changes by hand to undo, a curve to compare with."""

from dataclasses import dataclass

from gradstep.core.observation.parameter_edit import ParameterIndex, make_parameter_change
from gradstep.core.training.history import LossCurve
from gradstep.core.training.timeline import Timeline
from gradstep.core.training.trainer import Trainer, TrainerState


@dataclass(frozen=True, slots=True, eq=False)
class ParameterChange:
    """What undoing a change by hand restores: the value before it, and the past before it."""

    parameter: ParameterIndex
    value: float
    timeline: Timeline
    other: LossCurve | None
    branched: bool


class Past:
    """Moves the trainer through the steps it made, and forgets those that a change gives up.

    After a move back, the loss curve of the later steps is kept for comparison. It is dropped when the run reaches its
    end again. After a change that makes the run take another course, it is kept for good.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self.begin()

    def begin(self) -> None:
        """Begin at the trainer's present step, with no steps before it and no curve to compare with."""
        self._timeline = Timeline(self._trainer)
        self._other: LossCurve | None = None
        self._branched = False
        self._edits: list[ParameterChange] = []

    @property
    def first(self) -> int:
        """The oldest step that can be gone back to."""
        return self._timeline.oldest_step

    @property
    def tip(self) -> int:
        """The newest step of this run."""
        return self._timeline.newest_step

    @property
    def next_due(self) -> int:
        """The step at which `record` should be called next."""
        return self._timeline.next_due

    def record(self) -> None:
        """Take note of the updates that were made."""
        if self._trainer.step > self.tip:  # after a change by hand the tip is where it was made
            self._edits.clear()
        self._timeline.record()

    def go_to(self, step: int) -> bool:
        """Go to a step of this run, or to the nearest that is kept. False if that is the present step."""
        step = min(max(step, self.first), self.tip)
        if step == self._trainer.step:
            return False
        self._leave_tip(step)
        self._timeline.go_to(step)
        return True

    def go_before(self, step: int) -> None:
        """Go to where update number `step` can be made."""
        self._leave_tip(step)
        self._timeline.go_to(max(step, self.first + 1) - 1)

    def branch_from(self, step: int, start: TrainerState) -> None:
        """Go back to a step from which the run takes another course; to the start, if the step is not kept."""
        self._leave_tip(step)
        if step >= self.first:
            self._timeline.go_to(step)
        else:
            self._trainer.restore(start)
            self._timeline = Timeline(self._trainer)
        self._branched = True

    def _leave_tip(self, step: int) -> None:
        self._edits.clear()
        if step < self.tip == self._trainer.step:
            self._other, self._branched = self._trainer.history.loss_curve(), False

    def rate_changed(self) -> None:
        """Take note that the learning rate was changed: the steps after the present one are given up."""
        self._branch()
        self._edits.clear()
        self._timeline.record_rate_change()

    def options_changed(self) -> None:
        """Take note that other options were changed: the steps before the present one cannot be made again either."""
        self._branch()
        self._edits.clear()
        self._timeline = Timeline(self._trainer)

    def parameter_edited(self, parameter: ParameterIndex, old: float, new: float) -> None:
        """Take note that a weight or a bias was changed: the steps after it are given up, unless it is undone."""
        self._edits.append(ParameterChange(parameter, old, self._timeline, self._other, self._branched))
        self._branch()
        self._timeline = self._timeline.copy()
        self._timeline.record_change(make_parameter_change(parameter, new))

    def undo_edit(self) -> tuple[ParameterIndex, float] | None:
        """Forget the last change by hand; return its parameter and the value before it, None if there is none."""
        if not self._edits:
            return None
        last = self._edits.pop()
        self._timeline, self._other, self._branched = last.timeline, last.other, last.branched
        return last.parameter, last.value

    @property
    def edits(self) -> int:
        """How many changes by hand can be undone now: those since the last step."""
        return len(self._edits)

    def _branch(self) -> None:
        self._branched = self._branched or self._trainer.step < self.tip

    def curve_beside(self, step: int) -> LossCurve | None:
        """The loss curve to compare with at `step`: of the steps after it, or of the course the run has left."""
        if self._other is not None and not self._branched and step >= self._other.step[-1]:
            self._other = None
        return self._other
