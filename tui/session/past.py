"""The past of a run: the steps to go back to, the manual edits to undo, and the loss curve to compare with."""

from dataclasses import dataclass, replace

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.parameter_edit import make_parameter_change
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.training.history import LossCurve
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.stopping import StopConditions
from gradstep.core.training.timeline import Timeline
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.trainer_state import BestState, TrainerState

RECENT = 24
"""Steps of the past that are computed again for the path of a run."""

QUICK = 1e6
"""Parameters times rows of a batch, up to which an update takes well below a millisecond."""


@dataclass(frozen=True, slots=True, eq=False)
class OldCourse:
    """The course of a run that was left: its loss curve, and the parameters (count,) at its end."""

    curve: LossCurve
    parameters: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ParameterChange:
    """What undoing a manual edit restores: the value and the past before it. `step` is where the edit was made."""

    step: int
    parameter: ParameterIndex
    value: float
    timeline: Timeline
    other: OldCourse | None
    branched: bool


class Past:
    """Moves the trainer through the steps it made, and drops the steps that a change makes invalid.

    It is what the user can go back to. It holds a `Timeline`, the states from which each step is computed again, and
    adds what a session needs: edits to undo, and a curve to compare with. The curve is taken from the trainer's
    `History`, which records losses for the plot and moves with the trainer: it cannot bring back a step.

    After a move back, the loss curve of the later steps is kept for comparison. It is dropped when the run reaches the
    last of them again. If the run is changed before that, it branches, and the curve is kept.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self.begin()

    def begin(self) -> None:
        """Start at the trainer's present step, with no earlier steps and no curve to compare with."""
        self._timeline = Timeline(self._trainer)
        self._other: OldCourse | None = None
        self._branched = False
        self._edits: list[ParameterChange] = []

    @property
    def oldest_step(self) -> int:
        """The oldest step that the trainer can go back to."""
        return self._timeline.oldest_step

    @property
    def newest_step(self) -> int:
        """The newest step of this run."""
        return self._timeline.newest_step

    @property
    def next_due(self) -> int:
        """The step at which `record` should be called next."""
        return self._timeline.next_due

    def record(self, keep_edits: bool = False) -> None:
        """Record the updates that were made since the last call.

        New steps are the end of the manual edits that can be undone, unless they were made to be looked at and
        `keep_edits` is true.
        """
        if self._trainer.step > self.newest_step and not keep_edits:  # an edit makes its own step the newest one
            self._edits.clear()
        self._timeline.record()

    def go_to(self, step: int) -> bool:
        """Go to a step of this run, or to the nearest that is kept. Returns False if that is the present step."""
        step = min(max(step, self.oldest_step), self.newest_step)
        if step == self._trainer.step:
            return False
        self._leave_newest_step(step)
        self._timeline.go_to(step)
        return True

    def go_before(self, step: int) -> None:
        """Go to the step before update number `step`, so that the update can be made."""
        self._leave_newest_step(step)
        self._timeline.go_to(max(step, self.oldest_step + 1) - 1)

    def read_path(self) -> list[Floats]:
        """Return the parameters of the run's past (count,), in order: at kept steps, and at each of the last RECENT.

        The last ones are computed again, where that is quick. The trainer is at its step again at the end.
        """
        now, trainer = self._trainer.step, self._trainer
        path = self._timeline.read_parameters(now)
        if len(trainer.network.parameters) * trainer.batch_size <= QUICK:
            first = max(self.oldest_step, now - RECENT)
            path = [each for each in path if each[0] < first]
            for step in range(first, now):
                self._timeline.go_to(step)
                path.append((step, trainer.network.parameters.copy()))
            self._timeline.go_to(now)
        return [parameters for _, parameters in path]

    def branch_from(self, step: int, start: TrainerState) -> None:
        """Go back to a step, from which the run branches; to `start` if the step is not kept."""
        self._leave_newest_step(step)
        self._edits.clear()
        if step >= self.oldest_step:
            self._timeline.go_to(step)
        else:
            self._trainer.restore(start)
            self._timeline = Timeline(self._trainer)
        self._branched = True

    def find_best(self) -> BestState | None:
        """Return the best state of this run up to its newest step; None without a validation part."""
        now = self._trainer.step
        if now == self.newest_step:
            return self._trainer.best
        self._timeline.go_to(self.newest_step)
        best = self._trainer.best
        self._timeline.go_to(now)
        return best

    def go_to_best(self, best: BestState) -> None:
        """Go to the best step of this run. If it is not kept, as after a resume, the run branches from there."""
        if best.step >= self.oldest_step:
            self.go_to(best.step)
        else:
            self.branch_from(best.step, best.as_present())

    def _leave_newest_step(self, step: int) -> None:
        if step < self.newest_step == self._trainer.step:
            trainer = self._trainer
            self._other = OldCourse(trainer.history.loss_curve(), trainer.network.parameters.copy())
            self._branched = False

    def record_rate_change(self) -> None:
        """Record a change of the learning rate. The steps after the present one are dropped."""
        self._branch()
        self._edits.clear()
        self._timeline.record_rate_change()

    def record_option_change(self) -> None:
        """Record a change of other options. All other steps are dropped: they cannot be repeated with these options."""
        self._branch()
        self._edits.clear()
        self._timeline = Timeline(self._trainer)

    def record_stop_change(self) -> None:
        """Record that the stop conditions are judged anew. It changes no number, so all steps are kept."""
        self._timeline.record_stop_change()

    def record_score(self) -> None:
        """Record the score of the present step, where the run rests. Without a watched part there is none."""
        if self._trainer.watched_part is None:
            return
        if self._trainer.step == self.newest_step:
            self._timeline.record_score()
        else:
            self._trainer.record_score()

    def record_parameter_edit(self, parameter: ParameterIndex, old: float, new: float) -> None:
        """Record that a weight or a bias was edited. The later steps are dropped, unless the edit is undone."""
        step = self._trainer.step
        self._edits.append(ParameterChange(step, parameter, old, self._timeline, self._other, self._branched))
        self._branch()
        self._timeline = self._timeline.copy()
        self._timeline.record_change(make_parameter_change(parameter, new))

    def undo_edit(self) -> tuple[ParameterIndex, float] | None:
        """Go to the step of the last edit, and drop the edit. Returns its parameter and the value before it.

        Returns None if there is no edit to undo.
        """
        if not self._edits:
            return None
        last = self._edits.pop()
        if self._trainer.step != last.step:
            self._timeline.go_to(last.step)
        self._timeline, self._other, self._branched = last.timeline, last.other, last.branched
        return last.parameter, last.value

    @property
    def edits(self) -> int:
        """The number of edits that can be undone: those since training went on."""
        return len(self._edits)

    def _branch(self) -> None:
        self._branched = self._branched or self._trainer.step < self.newest_step

    def find_old_course(self, step: int) -> OldCourse | None:
        """Return the course to compare with: that of the steps after `step`, or the one before the branch."""
        if self._other is not None and not self._branched and step >= self._other.curve.step[-1]:
            self._other = None
        return self._other


def find_update_options(trainer: Trainer) -> TrainingOptions:
    """Return the options that the numbers of an update depend on, without the learning rate; the others are cleared."""
    return replace(trainer.options, batch_size=trainer.batch_size, learning_rate=1.0, stop=StopConditions())
