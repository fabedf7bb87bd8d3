"""How far training may go now, how fast, and what ends it."""

from collections import deque
from collections.abc import Callable
from time import perf_counter

from gradstep.core.observation.finding import Finding, describe_divergence
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.trainer_state import BestState
from gradstep.data.planned_end import Limit, find_last_step, read_limit
from gradstep.data.run import Run
from gradstep.tui.round_numbers import next_pace
from gradstep.tui.session.endings import Ending, RunEnd, find_planned_end, judge_end
from gradstep.tui.session.notes import GOES_ON, WAY_BACK
from gradstep.tui.session.pacing import Pacing
from gradstep.tui.session.view import Phase


class RunPlan:
    """The phase of a training with its note, its pace, its goal and its planned end.

    `ending` is the limit that ends the run as planned, and `end` what the run came to there. `goal` is the step at
    which training pauses, None without a request for a step or an epoch. A request that arrives before the goal is
    reached waits until then. A `brief` note is removed after some seconds.
    """

    def __init__(self, run: Run, pace: float | None, paused: bool, go_to_best: Callable[[BestState], object]) -> None:
        """`go_to_best` brings the trainer to its best step, which is where patience ends a run."""
        self._go_to_best = go_to_best
        self.phase: Phase = "paused" if paused else "training"
        self._note = self._brief_note = ""
        self._divergence: Finding | None = None
        self.goal: int | None = None
        self._later_requests: deque[Callable[[], int]] = deque()
        self.pacing = Pacing(pace, run.trainer.step)
        self._trainer = run.trainer
        self._seconds, self._trained_from = run.seconds, perf_counter()
        self._set_run(run)
        self.end: RunEnd | None = None
        if ending := find_planned_end(run):
            self._finish(ending)

    def _set_run(self, run: Run) -> None:
        self._run = run
        self.ending: Ending
        self._planned_last_step, self._limit = find_last_step(run)
        self.ending = self._limit
        self._last_step: int | None = self._planned_last_step

    @property
    def limit(self) -> tuple[Limit, int] | None:
        """The limit of epochs or steps that ends the run at the latest; None once it goes on without an end."""
        number = read_limit(self._run, self._limit)
        return None if self._last_step is None or number is None else (self._limit, number)

    @property
    def seconds(self) -> float:
        """The seconds of training, without pauses."""
        return self._seconds + (perf_counter() - self._trained_from if self.phase == "training" else 0.0)

    @property
    def divergence(self) -> Finding | None:
        """The finding of a training that has diverged, which replaces all others: they are effects of it."""
        return self._divergence if self.phase == "diverged" else None

    @property
    def note(self) -> str:
        """The note on the screen: a brief one, or the one on the phase, which comes back after it."""
        return self._brief_note or self._note

    @note.setter
    def note(self, note: str) -> None:
        self._note, self._brief_note = note, ""

    @property
    def brief(self) -> bool:
        """Whether the note is a brief one."""
        return bool(self._brief_note)

    def show_note(self, note: str) -> None:
        """Show a brief note."""
        self._brief_note = note

    def remove_brief_note(self, note: str) -> None:
        """Remove this brief note, if it is still shown."""
        if self._brief_note == note:
            self._brief_note = ""

    def clear_note_on_pause(self) -> None:
        """Clear a note on how the run came to its pause, which a change of the training may make untrue."""
        if self.phase == "paused":
            self.note = ""

    def enter(self, phase: Phase, note: str = "") -> None:
        """Begin a phase at the user's request, with a note on it."""
        self._begin(phase, note)
        self._brief_note = ""

    def _begin(self, phase: Phase, note: str = "") -> None:
        """Begin a phase that the training has come to; a brief note stays for its time, unless there is a new note."""
        self._seconds = self.seconds
        self.phase, self.goal, self._note = phase, None, note
        self._brief_note = "" if note else self._brief_note
        self._later_requests.clear()
        self._restart_clocks()

    def go_on(self, goal: int | None = None) -> None:
        """Train to `goal` or to the planned end. A finished run goes on without an end.

        A run that has gone back to its planned end, or before it, has that end again.
        """
        if self.phase == "finished":
            self._last_step = None
        elif self._trainer.step < self._planned_last_step + (goal is None):
            self._last_step = self._planned_last_step
        self.enter("training")
        self.goal = goal

    def request(self, find_goal: Callable[[], int]) -> None:
        """Train to the step that `find_goal` returns, then pause; before that, to the goals requested earlier."""
        if self.goal is None:
            self.go_on(find_goal())
        else:
            self._later_requests.append(find_goal)

    def change_run(self, run: Run) -> None:
        """Take the planned end from the run's experiment, which may have changed."""
        self._set_run(run)
        if self.phase == "finished" and self._trainer.step < self._planned_last_step:
            self._begin("paused")

    def restart(self) -> None:
        """Plan again from the start, to which the trainer has gone back. A training that rests stays paused."""
        self.enter("training" if self.phase == "training" else "paused")
        self._last_step = self._planned_last_step
        self._seconds = 0.0

    def change_pace(self, direction: int) -> bool:
        """Raise (1) or lower (−1) the pace by one notch. Returns False, with nothing changed, past either end."""
        pace = next_pace(self.pacing.pace, direction)
        if pace == self.pacing.pace:
            return False
        self.pacing.pace = pace
        self._seconds = self.seconds
        self._restart_clocks()
        return True

    def _restart_clocks(self) -> None:
        """Start to count time, pace and speed now."""
        self._trained_from = perf_counter()
        self.pacing.restart(self._trainer.step)

    def seconds_until_due(self) -> float:
        """Return the seconds until the next step is due. A requested step is due at once."""
        return 0.0 if self.goal is not None else self.pacing.seconds_until_due(self._trainer.step)

    def find_last_step_now(self) -> int | None:
        """Return the step up to which training may go before `note_progress` is called; None without a limit."""
        due = self.pacing.due(self._trainer.step) if self.goal is None else None
        steps = [step for step in (self.goal, self._last_step, due, self._find_step_to_judge()) if step is not None]
        return min(steps, default=None)

    def _find_step_to_judge(self) -> int | None:
        """Return the end of the epoch, where a stop condition may be met; None without one, or past the planned end."""
        trainer = self._trainer
        judged = self._last_step is not None and trainer.options.stop.any
        return trainer.end_of_epoch(trainer.epoch + 1) if judged else None

    def note_progress(self) -> None:
        """Record the updates that were made, and finish or pause if one of them was the last."""
        requests = self._later_requests.copy()
        ending = find_planned_end(self._run) if self.phase == "training" and self._last_step is not None else None
        if ending:
            self._finish(ending)
        elif self.goal is not None and self._trainer.step >= self.goal:
            self._begin("paused")
        if self.phase != "training":
            for find_goal in requests:
                self.request(find_goal)

    def _finish(self, limit: Ending) -> None:
        self.end = judge_end(self._run, limit, self.seconds, self._go_to_best)
        self.ending = self.end.ending
        self.enter("finished", f"{self.end.words}; {GOES_ON}")

    def record_divergence(self, error: Diverged) -> None:
        """Enter the phase "diverged", with a finding and a note on what diverged."""
        self._divergence = describe_divergence(error)
        self.enter("diverged", f"step {error.step}: {error.what} blew up · {WAY_BACK}")
