"""How far a training may go now, how fast, and what ends it."""

from time import perf_counter

from gradstep.core.training.divergence import Diverged
from gradstep.data.run import Run
from gradstep.tui.round_numbers import next_pace
from gradstep.tui.session.endings import Ending, last_planned_step, planned_end
from gradstep.tui.session.pacing import Pacing
from gradstep.tui.session.view import Phase

WAY_BACK = "h: back, half the rate"
"""How a note ends that tells of a divergence; short, for all of it has to stand on 80 cells."""

WHY_FINISHED: dict[Ending, str] = {
    "target_loss": "the target loss is reached",
    "target_accuracy": "the target accuracy is reached",
    "patience": "no better loss for as long as patience allows",
}


class RunPlan:
    """The phase of a training with its note, its pace, the step that was asked for, and its planned end.

    `ending` is what ends the run as planned. `goal` is the step at which a person wants it to pause. A `brief` note
    says no more than that something is done.
    """

    def __init__(self, run: Run, pace: float | None, paused: bool) -> None:
        self.phase: Phase = "paused" if paused else "training"
        self._note, self.brief = "", False
        self.goal: int | None = None
        self.pacing = Pacing(pace, run.trainer.step)
        self._trainer = run.trainer
        self._seconds, self._trained_from = run.seconds, perf_counter()
        self._set_run(run)
        if ending := planned_end(run):
            self.phase, self.ending = "finished", ending

    def _set_run(self, run: Run) -> None:
        self._run = run
        self._planned_last_step, self.ending = last_planned_step(run)
        self._last_step: int | None = self._planned_last_step

    @property
    def seconds(self) -> float:
        """How long it has trained, pauses left out."""
        return self._seconds + (perf_counter() - self._trained_from if self.phase == "training" else 0.0)

    @property
    def note(self) -> str:
        """What a person is told; it stays until something else is to be told."""
        return self._note

    @note.setter
    def note(self, note: str) -> None:
        self._note, self.brief = note, False

    def say(self, note: str) -> None:
        """Tell a brief note."""
        self._note, self.brief = note, True

    def enter(self, phase: Phase, note: str = "") -> None:
        """Begin a phase, with what a person is told of it."""
        self._seconds = self.seconds
        self.phase, self.goal, self.note = phase, None, note
        self._restart_clocks()

    def go_on(self, goal: int | None = None) -> None:
        """Train, to the step asked for or the planned end; past that there is no further end."""
        if self.phase == "finished":
            self._last_step = None
        self.enter("training")
        self.goal = goal

    def change_run(self, run: Run) -> None:
        """End where the run's experiment, which may have changed, says."""
        self._set_run(run)
        if self.phase == "finished" and self._trainer.step < self._planned_last_step:
            self.enter("paused")

    def restart(self) -> None:
        """The trainer is back at its start; paused if it was paused."""
        self.enter("training" if self.phase == "training" else "paused")
        self._last_step = self._planned_last_step
        self._seconds = 0.0

    def change_pace(self, direction: int) -> None:
        """Pace one notch up (1) or down (−1)."""
        self.pacing.pace = next_pace(self.pacing.pace, direction)
        self._seconds = self.seconds
        self._restart_clocks()

    def _restart_clocks(self) -> None:
        """Count time, pace and speed from now on."""
        self._trained_from = perf_counter()
        self.pacing.restart(self._trainer.step)

    def seconds_until_due(self) -> float:
        """How long the next step has to wait for the pace; a step that was asked for waits for nothing."""
        return 0.0 if self.goal is not None else self.pacing.seconds_until_due(self._trainer.step)

    def last_step_now(self) -> int | None:
        """The step up to which training may go before `note_progress` is called; None: as far as it likes."""
        due = self.pacing.due(self._trainer.step) if self.goal is None else None
        steps = [step for step in (self.goal, self._last_step, due, self._step_to_judge()) if step is not None]
        return min(steps, default=None)

    def _step_to_judge(self) -> int | None:
        """The end of the epoch, where a stop condition may be met; None without one, or beyond the run's end."""
        trainer = self._trainer
        judged = self._last_step is not None and trainer.options.stop.any
        return trainer.end_of_epoch(trainer.epoch + 1) if judged else None

    def note_progress(self) -> None:
        """Take note of the updates that were made: one of them may have been the last."""
        step = self._trainer.step
        ending = planned_end(self._run) if self.phase == "training" and self._last_step is not None else None
        if ending:
            self.ending = ending
            self.enter("finished", f"{WHY_FINISHED.get(ending, 'finished as planned')}; space goes on")
        elif self.goal is not None and step >= self.goal:
            self.enter("paused")
        self.pacing.measure(step)

    def diverged(self, error: Diverged) -> None:
        """Take note that no further update can be made."""
        self.enter(
            "diverged", f"step {error.step}: {error.quantity} of layer {error.layer_number} blew up · {WAY_BACK}"
        )
