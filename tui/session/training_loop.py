"""The training on the screen: what each command does to it, and a slice of training."""

from collections.abc import Callable
from time import perf_counter

from gradstep.core.observation.finding import Finding, blame_raised_rate
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.trainer import Trainer
from gradstep.core.training.update import Update, record_update
from gradstep.data.blas_threads import limit_threads
from gradstep.data.change_training import change_training
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.experiment import Experiment
from gradstep.data.luck_groups import Variation
from gradstep.data.luck_setup import LuckSetup, set_up_luck
from gradstep.data.race_contest import Contest
from gradstep.data.race_setup import RaceSetup, set_up_race
from gradstep.data.run import Run
from gradstep.data.run_log import RunLog
from gradstep.tui.numbers import format_count
from gradstep.tui.round_numbers import next_round_number
from gradstep.tui.session.beside_run import BesideRun
from gradstep.tui.session.comparison import Comparison
from gradstep.tui.session.endings import RunEnd, add_failure
from gradstep.tui.session.manual_edits import ManualEdits
from gradstep.tui.session.notes import BACK_NO_FURTHER, DIVERGED, NO_FASTER, NO_SLOWER
from gradstep.tui.session.observer import Observer
from gradstep.tui.session.paced_log import PacedLog
from gradstep.tui.session.past import Past, find_update_options
from gradstep.tui.session.rewind import Rewind
from gradstep.tui.session.run_plan import RunPlan
from gradstep.tui.session.view import View


class TrainingLoop:
    """Owns the trainer of a run, its past and its plan; makes updates, and views of them.

    It is synchronous: every method returns when its work is done, and nothing else may use the trainer meanwhile. `run`
    is replaced when its training options change. The trainer is never replaced. `past` is what can be gone back to,
    `rewind` goes there, and `edits` sets parameters by hand. Only what may use the loop may use these parts of it.
    """

    def __init__(self, run: Run, pace: float | None, paused: bool = False, log: RunLog | None = None) -> None:
        """`pace` is in steps a second, None without a limit. The history is appended to the `log`, if there is one."""
        limit_threads(run.network, run.trainer.batch_size)
        self.run, self._log, self._comparison = run, PacedLog(log), Comparison()
        self.past = Past(run.trainer)
        self._plan = RunPlan(run, pace, paused, self.past.go_to_best)
        self._observer = Observer(run)
        self.rewind = Rewind(run.trainer, run.start, self.past, self._plan)
        self.edits = ManualEdits(run.trainer, self.past, self._plan, self._observer)
        if self._rests:
            self.past.record_score()
        self._observer.observe(self._rests)

    @property
    def trainer(self) -> Trainer:
        """The trainer of the run."""
        return self.run.trainer

    @property
    def seconds(self) -> float:
        """The seconds of training, without pauses."""
        return self._plan.seconds

    @property
    def has_goal(self) -> bool:
        """Whether a requested step is not made yet."""
        return self._plan.goal is not None

    # training

    def train_slice(self, interrupted: Callable[[], bool], publish: Callable[[View], None]) -> None:
        """Make updates until the pace, a new phase or `interrupted()` ends the slice.

        Views are published during the slice and at its end.
        """
        resting = False
        while not resting:
            self._make_updates(interrupted)
            self.past.record()
            self._plan.note_progress()
            if self._rests:
                self.past.record_score()
            self._log.write_when_due(self.trainer.history, self.seconds, now=self._rests)
            self._observer.observe_when_due(self._rests, max(0.0, self._plan.seconds_until_due()))
            publish(self.view())
            resting = self._rests or interrupted() or self._plan.seconds_until_due() > 0

    def _make_updates(self, interrupted: Callable[[], bool]) -> None:
        stops = (self._plan.find_last_step_now(), self._observer.next_look, self.past.next_due)
        due = self._observer.due
        try:
            self.trainer.run(
                lambda: interrupted() or perf_counter() > due,
                until=min(step for step in stops if step is not None),
            )
        except Diverged as error:
            self._plan.record_divergence(error)

    @property
    def _rests(self) -> bool:
        return self._plan.phase != "training"

    def toggle_pause(self) -> bool:
        """Pause if the training runs, else go on. A finished run goes on without an end. Returns True if it paused."""
        if self._plan.phase == "diverged":
            self._plan.note = DIVERGED
        elif self._rests:
            self._plan.go_on()
        else:
            self._plan.enter("paused")
            return True
        return False

    def pause(self) -> bool:
        """Pause if the training runs. Returns True if it paused."""
        return not self._rests and self.toggle_pause()

    def make_step(self) -> None:
        """Set the goal one update ahead, where training pauses. An epoch that was requested ends there."""
        self._request(lambda: self.trainer.step + 1, cuts_short=self._plan.goal != self.trainer.step + 1)

    def make_epoch(self) -> None:
        """Set the goal to the end of the epoch, where training pauses; after an epoch that was requested, the next."""
        self._request(lambda: self.trainer.end_of_epoch(self.trainer.epoch + 1))

    def _request(self, find_goal: Callable[[], int], cuts_short: bool = False) -> None:
        if self._plan.phase == "diverged":
            self._plan.note = DIVERGED
        elif cuts_short:
            self._plan.go_on(find_goal())
        else:
            self._plan.request(find_goal)

    def change_pace(self, direction: int) -> None:
        """Raise (1) or lower (−1) the pace by one notch."""
        if not self._plan.change_pace(direction):
            self.show_note(NO_FASTER if direction > 0 else NO_SLOWER)

    def change_rate(self, direction: int) -> None:
        """Raise (1) or lower (−1) the learning rate by one notch of 1, 2, 5 per decade."""
        rate = next_round_number(self.trainer.learning_rate, direction)
        if rate == self.trainer.learning_rate:
            self.show_note(f"the learning rate goes no {'higher' if direction > 0 else 'lower'} than this")
            return
        self.trainer.learning_rate = rate
        self._plan.clear_note_on_pause()
        self.past.record_rate_change()

    def change_training(self, experiment: Experiment) -> None:
        """Go on with the training options of another experiment on the same data and network.

        If a change other than of the learning rate changes the numbers of an update, the earlier steps are dropped.
        Patience counts the epochs from here on.
        """
        trainer, rate, before = self.trainer, self.trainer.learning_rate, find_update_options(self.trainer)
        stop_before = trainer.options.stop
        self.run = change_training(self.run, experiment)
        self._plan.clear_note_on_pause()
        if find_update_options(trainer) != before:
            self.past.record_option_change()
            self.show_note(f"{BACK_NO_FURTHER} {format_count(trainer.step)}")
        else:
            if trainer.learning_rate != rate:
                self.past.record_rate_change()
            if trainer.options.stop != stop_before and self.run.note_on_stopping:
                self.show_note(self.run.note_on_stopping)
        self.past.record_stop_change()
        self._plan.change_run(self.run)
        self.rewind.start = self.run.start

    def record_update(self, step: int | None) -> Update:
        """Pause, and make or repeat update number `step` of this run with every intermediate number recorded.

        `step` is clamped to the steps that can be reached; None is the update that made the present step, or the first.
        The run is then at that step. Raises Diverged.
        """
        self.past.go_before(max(1, self.trainer.step) if step is None else step)
        self._plan.enter("paused")
        try:
            update = record_update(self.trainer)
        except Diverged as error:
            self._plan.record_divergence(error)
            raise
        self.past.record(keep_edits=True)
        return update

    # what is shown

    def show_example(self, direction: int) -> None:
        """Show the next (1) or previous (−1) example of the watched part, or of the training part without one."""
        if not self._observer.show_example(direction):
            self.show_note("this is the only example")

    def show_next_output(self) -> None:
        """Show the next content of the output panel: the example, the confusion matrix, the most wrong examples."""
        self._observer.show_next_output()

    def show_neurons(self) -> None:
        """Show the map of each neuron in place of the graph, or the graph again; with one input the example."""
        if not self._observer.show_neurons():
            needs = "a hidden layer" if self.run.grid else "data with one or two inputs, such as sine or xor"
            self.show_note(f"a picture of each neuron needs {needs}")

    def show_beside(self, beside: BesideRun | None) -> None:
        """Show a saved run beside this one, or none."""
        self._comparison.beside = beside

    def show_note(self, note: str) -> None:
        """Show a brief note."""
        self._plan.show_note(note)

    def remove_note(self, note: str) -> None:
        """Remove this brief note, if it is still shown."""
        self._plan.remove_brief_note(note)

    # results

    @property
    def end(self) -> RunEnd | None:
        """What the run came to at its planned end; None unless it is there."""
        return self._plan.end if self._plan.phase == "finished" else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the training, at its end also that it is no better than a constant guess."""
        if self._plan.divergence:
            return (self._plan.divergence,)
        findings = add_failure(self._observer.findings, self.end.failure if self.end else None)
        rates = [rate for _, rate in self.trainer.history.rate_changes]
        return blame_raised_rate(findings, rates, self.trainer.options.learning_rate)

    def observe(self) -> None:
        """Take a snapshot, which the following views contain, with the score of a run that rests.

        While it trains, it is taken at once because of a key.
        """
        if self._rests:
            self.past.record_score()
            self._observer.observe(resting=True)
        else:
            self._observer.observe_soon()

    def view(self) -> View:
        """Return the newest snapshot, with the present state of the session."""
        plan, past, snapshot = self._plan, self.past, self._observer.snapshot
        self._log.go_back(past.newest_step)
        course = past.find_old_course(snapshot.step)
        return View(
            snapshot=snapshot,
            run=self.run,
            phase=plan.phase,
            pace=plan.pacing.pace,
            newest_step=past.newest_step,
            other=None if course is None else course.curve,
            other_classes=self._comparison.find_old_classes(course, self.run),
            beside=self._comparison.beside,
            note=plan.note,
            brief=plan.brief,
            trouble=self._log.trouble,
            findings=self.findings,
            end=self.end,
            request=self._observer.request,
            edits=past.edits,
            planned_ending=plan.ending,
            limit=plan.limit,
            next_due=None if self._rests else perf_counter() + plan.seconds_until_due(),
        )

    def finish(self) -> None:
        """Record the score of the present step, and append what is new in the history to the log."""
        self.past.record_score()
        self._log.finish(self.trainer.history, self.seconds)

    def checkpoint(self) -> Checkpoint:
        """Return a checkpoint of the run at its present step."""
        return self.run.checkpoint(self.seconds)

    def set_up_race(self, contest: Contest) -> RaceSetup:
        """Return runs that race from the start of this one. This run does not change."""
        return set_up_race(self.run, contest)

    def set_up_luck(self, variation: Variation) -> LuckSetup:
        """Return networks that are trained from other starts than this one's. This run does not change."""
        return set_up_luck(self.run, variation)
