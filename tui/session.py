"""The training session: an async worker that supervises, a thread that computes, a slot for what to look at."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter
from typing import Literal, TypeVar

from core.by_hand import Effect, Place, put, set_by_hand
from core.errors import GradstepError
from core.example import Example
from core.history import Curve
from core.recovery import last_good_step
from core.snapshot import Snapshot, take_snapshot
from core.timeline import Timeline
from core.trainer import Diverged
from core.update import Update, record_update
from core.watch import Watch
from data.assemble import Run, changed
from data.checkpoint import Checkpoint
from data.experiment import Experiment
from tui.autosave import SECONDS_BEFORE_FIRST, SECONDS_BETWEEN, Autosave
from tui.figures import counted, short
from tui.looking import AT_FIRST, Looking
from tui.notches import next_notch, next_pace
from tui.pacing import Pacing
from tui.plane import plane_of
from tui.report import Ending, end_of, planned_end
from tui.view import Phase, View

NOTE_SECONDS = 4.0
"""How long a note stays that says no more than that something is done."""

SNAPSHOT_SECONDS = 0.1
SNAPSHOT_SHARE = 0.05
"""Snapshots come ten times a second, or less often where they would take more than this share of the time."""

WAY_BACK = "h: back, half the rate"
"""How a note ends that tells of a divergence; short, for all of it has to stand on 80 cells."""

WHY_FINISHED: dict[Ending, str] = {
    "target_loss": "the target loss is reached",
    "target_accuracy": "the target accuracy is reached",
    "patience": "no better loss for as long as patience allows",
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class ByHand:
    """What a change by hand has to be taken back to: the value that was there, and the past as it was."""

    place: Place
    value: float
    timeline: Timeline
    other: Curve | None
    branched: bool


class TrainingSession:
    """Trains in slices between which commands are applied, and leaves the newest `view` for whoever looks.

    Every command is called on the event loop. `changed`, if set, is awaited there when a command has taken effect, so
    that the screen answers a key before training takes the processor again, and when training has come to rest.
    `run` is replaced when its training changes, its trainer never.
    """

    def __init__(self, run: Run, pace: float | None, paused: bool = False, autosave: Autosave | None = None) -> None:
        """With `pace` in steps a second, None without a limit; without `autosave` nothing is saved."""
        self.run = run
        self.changed: Callable[[], Awaitable[None]] | None = None
        self._trainer = run.trainer
        self._planned_end, self.planned_ending = end_of(run)
        self._watch = Watch()
        self._by_hand: list[ByHand] = []
        self._timeline = Timeline(run.trainer)
        self._other: Curve | None = None
        self._branched = False
        self._phase: Phase = "paused" if paused else "training"
        self._seconds, self._trained_from = run.seconds, perf_counter()
        self._pacing = Pacing(pace, run.trainer.step)
        self._goal: int | None = None
        self._last_step: int | None = self._planned_end
        self._note = ""
        self.autosave = autosave
        self._save_asked = False
        self._saving: asyncio.Task[None] | None = None
        self._at_the_trainer = Lock()
        self._part: Literal["training", "test"] = "training" if run.trainer.test is None else "test"
        self._row = 0
        self._looking: Looking = AT_FIRST
        self._plane = plane_of(run)
        self._commands: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._closed = False
        self._snapshot_due = 0.0
        if ending := planned_end(run):
            self._phase, self.planned_ending = "finished", ending
        self._snapshot = self._take_snapshot()
        self.view = self._make_view()

    @property
    def seconds(self) -> float:
        """How long it has trained, pauses left out."""
        return self._seconds + (perf_counter() - self._trained_from if self._phase == "training" else 0.0)

    @property
    def phase(self) -> Phase:
        return self._phase

    # commands

    def pause_or_go_on(self) -> None:
        """Pause while training, go on otherwise; past the planned end there is no further end."""
        self._command(self._toggle)

    def pause(self) -> None:
        """Pause if it trains."""
        self._command(lambda: self._toggle() if self._phase == "training" else None)

    def make_step(self) -> None:
        """Make one update, then pause."""
        self._command(lambda: self._train_until(self._trainer.step + 1))

    def make_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self._command(lambda: self._train_until(self._trainer.end_of_epoch(self._trainer.epoch + 1)))

    def change_rate(self, direction: int) -> None:
        """Learning rate one notch of 1, 2, 5 per decade up (1) or down (−1)."""

        def change() -> None:
            self._trainer.learning_rate = next_notch(self._trainer.learning_rate, direction)
            self._branched = self._branched or self._trainer.step < self._timeline.tip
            self._timeline.rate_changed()
            self._by_hand.clear()

        self._command(change)

    def change(self, experiment: Experiment) -> None:
        """Go on with the training of another experiment on the same data and network; see `data.assemble.changed`.

        Where it changes more than the learning rate, the steps before cannot be gone back to any more.
        """

        def change() -> None:
            trainer, before = self._trainer, self._trainer.options
            left_past = trainer.step < self._timeline.tip
            rate = trainer.learning_rate
            self.run = changed(self.run, experiment)
            self._note = ""
            if replace(trainer.options, learning_rate=before.learning_rate) != before:
                self._timeline, self._branched = Timeline(trainer), self._branched or left_past
                self._say(f"changed; [ goes back to step {counted(trainer.step)} from here on, no further")
            elif trainer.learning_rate != rate:
                self._branched = self._branched or left_past
                self._timeline.rate_changed()
            self._plan_end()

        self._command(change)

    def _plan_end(self) -> None:
        """End where the experiment, which may have changed, says."""
        self._planned_end, self.planned_ending = end_of(self.run)
        self._last_step = self._planned_end
        if self._phase == "finished" and self._trainer.step < self._planned_end:
            self._enter("paused")

    def change_pace(self, direction: int) -> None:
        """Pace one notch up (1) or down (−1)."""

        def change() -> None:
            self._pacing.pace = next_pace(self._pacing.pace, direction)
            self._seconds = self.seconds
            self._anchor()

        self._command(change)

    def show_example(self, direction: int) -> None:
        """Look at the next (1) or previous (−1) example of the test part, or of the training part if that is all."""
        rows = len(self._trainer.train if self._trainer.test is None else self._trainer.test)

        def show() -> None:
            self._row = (self._row + direction) % rows

        self._command(show)

    def show_next_output(self) -> None:
        """The output panel: from the example to the confusion matrix, to the most wrong examples, and back."""

        def show() -> None:
            self._looking = self._looking.on(self._trainer.classification)

        self._command(show)

    def show_maps(self) -> None:
        """Each neuron's own map in place of the graph, or the graph again; of two inputs only."""

        def show() -> None:
            if self._trainer.network.sizes[0] == 2:
                self._looking = replace(self._looking, maps=not self._looking.maps)
            else:
                self._say("a neuron's map needs data with two inputs, as circle or xor")

        self._command(show)

    def reset(self) -> None:
        """Go back to the same start, paused if it was paused."""

        def reset() -> None:
            self._trainer.restore(self.run.start)
            self._timeline, self._other, self._branched = Timeline(self._trainer), None, False
            self._enter("training" if self._phase == "training" else "paused")
            self._last_step = self._planned_end
            self._seconds = 0.0

        self._command(reset)

    def move(self, steps: int) -> None:
        """Go back (below 0) or forward through the steps of this run, and pause there."""

        def move() -> None:
            step = self._trainer.step + steps
            self._leave_tip(step)
            self._timeline.go_to(step)
            self._enter("paused")

        self._command(move)

    async def recorded(self, step: int) -> Update:
        """Pause, and make update number `step` of this run, again or for the first time, with every number kept.

        The run then stands at `step`, which is clamped to what can be reached. Raises Diverged.
        """
        done: asyncio.Future[Update] = asyncio.get_running_loop().create_future()

        def record() -> None:
            self._leave_tip(step)
            self._timeline.go_to(max(step, self._timeline.first + 1) - 1)
            self._enter("paused")
            try:
                update = record_update(self._trainer)
            except Diverged as error:
                self._diverge(error)
                done.set_exception(error)
            else:
                self._timeline.record()
                done.set_result(update)

        self._command(record)
        return await done

    def go_back_slower(self) -> None:
        """After a divergence: go back to the last good step, with half the learning rate, and pause there.

        Where the network is ruined for longer than is remembered, that is the start.
        """

        def go_back() -> None:
            if self._phase != "diverged":
                self._say("h is for a training that diverged: back to the last good step, at half the learning rate")
                return
            trainer = self._trainer
            rate = trainer.learning_rate / 2
            step = last_good_step(trainer.history.curve(), trainer.steps_per_epoch)
            self._leave_tip(step)
            if step >= self._timeline.first:
                self._timeline.go_to(step)
            else:
                trainer.restore(self.run.start)
                self._timeline = Timeline(trainer)
            trainer.learning_rate = rate
            self._timeline.rate_changed()
            self._branched = True
            self._enter("paused", f"back at step {counted(trainer.step)}, learning rate {short(rate)}: space goes on")

        self._command(go_back)

    async def set_by_hand(self, place: Place, value: float) -> Effect:
        """Pause, set a weight or a bias, and tell what that changes; what came after is given up.

        Raises GradstepError, with nothing changed, for a value that is not finite.
        """

        def change() -> Effect:
            effect = set_by_hand(self._trainer, place, value, self._example)
            if self._phase in ("training", "diverged"):
                self._enter("paused")
            before = ByHand(place, effect.old, self._timeline, self._other, self._branched)
            self._branched = self._branched or self._trainer.step < self._timeline.tip
            self._timeline = self._timeline.copy()
            self._timeline.changed(put(place, value))
            self._by_hand.append(before)
            return effect

        return await self._looked_at(change)

    async def undo_by_hand(self) -> Effect | None:
        """Take back the last change by hand; None if there is none, or training has moved since."""

        def undo() -> Effect | None:
            if not self._by_hand:
                return None
            last = self._by_hand.pop()
            effect = set_by_hand(self._trainer, last.place, last.value, self._example)
            self._timeline, self._other, self._branched = last.timeline, last.other, last.branched
            return effect

        return await self._looked_at(undo)

    @property
    def changes_by_hand(self) -> int:
        """How many changes by hand can be taken back now."""
        return len(self._by_hand)

    async def _looked_at(self, change: Callable[[], T]) -> T:
        """Make a change between two steps, and give back what it gave."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def make() -> None:
            try:
                done.set_result(change())
            except GradstepError as error:
                done.set_exception(error)

        self._command(make)
        return await done

    def save(self) -> None:
        """Save the run now, and say so."""

        def save() -> None:
            if self._trainer.step:
                self._save_asked = True
                self._save_soon()
            else:
                self._say("nothing to save yet: no step was made")

        self._command(save)

    def say(self, note: str) -> None:
        """Show a note for a while."""
        self._command(lambda: self._say(note))

    def close(self) -> None:
        """End the supervisor and, after the update in hand, the thread."""
        self._closed = True
        self._wake.set()

    def stopped_for_good(self, seconds: float) -> bool:
        """From another thread: let nobody touch the trainer any more, once the update in hand is made.

        False if that takes longer than so many seconds.
        """
        self._closed = True
        return self._at_the_trainer.acquire(timeout=seconds)

    # the supervisor

    async def supervise(self) -> None:
        """Run until `close`: train while training, apply commands as they come, and save the run now and then."""
        saving = asyncio.create_task(self._save_regularly())
        try:
            while not self._closed:
                self._wake.clear()
                await self._apply_commands()
                if self._phase != "training":
                    await self._wake.wait()
                elif (wait := self._seconds_until_due()) > 0:
                    await self._sleep(wait)
                else:
                    await asyncio.to_thread(self._train)
                    if self._phase != "training":
                        await self._rest()
        finally:
            saving.cancel()

    async def _rest(self) -> None:
        """Training has come to its end or to a number that is none; single steps are not worth a checkpoint."""
        if self._phase != "paused":
            self._save_soon()
        await self._tell()

    async def _save_regularly(self) -> None:
        await asyncio.sleep(SECONDS_BEFORE_FIRST)
        while True:
            self._command(self._save_soon)
            await asyncio.sleep(SECONDS_BETWEEN)

    def _save_soon(self) -> None:
        """Take the state while nobody trains, and write it while training goes on; not two at a time."""
        if self.autosave and (self._saving is None or self._saving.done()):
            self._saving = asyncio.create_task(self._write(self.autosave, self.run.checkpoint(self.seconds)))

    async def _write(self, autosave: Autosave, checkpoint: Checkpoint) -> None:
        trouble_before = autosave.trouble
        await asyncio.to_thread(autosave.write, checkpoint)
        if self._save_asked and not autosave.trouble:
            self._say(f"saved at step {counted(checkpoint.state.values['step'])}")
        if self._save_asked or autosave.trouble != trouble_before:
            self._save_asked = False
            self._command(lambda: None)

    def _say(self, note: str) -> None:
        """Show a note for a while."""
        self._note = note
        asyncio.get_running_loop().call_later(NOTE_SECONDS, self._command, lambda: self._unsay(note))

    def _unsay(self, note: str) -> None:
        if self._note == note:
            self._note = ""

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        self._wake.set()

    async def _apply_commands(self) -> None:
        if not self._commands:
            return
        with self._at_the_trainer:
            while self._commands:
                self._commands.pop(0)()
                if self._goal is not None:
                    break  # the step that was asked for is made before the next command
            self._snapshot = self._take_snapshot()
            self.view = self._make_view()
        await self._tell()

    async def _tell(self) -> None:
        if self.changed is not None:
            await self.changed()

    def _toggle(self) -> None:
        if self._phase == "diverged":
            self._note = "h: back to the last good step, half the rate · r: back to the start"
        elif self._phase == "training":
            self._enter("paused")
            self._save_soon()
        else:
            self._go_on()

    def _train_until(self, step: int) -> None:
        if self._phase != "diverged":
            self._go_on()
            self._goal = step

    def _go_on(self) -> None:
        if self._phase == "finished":
            self._last_step = None
        self._enter("training")

    def _diverge(self, error: Diverged) -> None:
        self._enter("diverged", f"step {error.step}: {error.quantity} of layer {error.layer} blew up · {WAY_BACK}")

    def _enter(self, phase: Phase, note: str = "") -> None:
        self._seconds = self.seconds
        self._phase, self._goal, self._note = phase, None, note
        self._by_hand.clear()
        self._anchor()

    def _anchor(self) -> None:
        """Count time, pace and speed from now on."""
        self._trained_from = perf_counter()
        self._pacing.restart(self._trainer.step)

    def _seconds_until_due(self) -> float:
        """How long the next step has to wait for the pace; a step that was asked for waits for nothing."""
        return 0.0 if self._goal is not None else self._pacing.seconds_until_due(self._trainer.step)

    # in the thread

    def _train(self) -> None:
        """Make updates, at least one, until a command, the pace or a new phase ends it; publish views on the way."""
        resting = False
        with self._at_the_trainer:
            while not resting:
                self._train_until_snapshot()
                self._after_training(perf_counter())
                self.view = self._make_view()
                resting = self._phase != "training" or self._interrupted() or self._seconds_until_due() > 0

    def _interrupted(self) -> bool:
        return self._closed or bool(self._commands)

    def _train_until_snapshot(self) -> None:
        due = self._pacing.due(self._trainer.step) if self._goal is None else None
        steps = (self._goal, self._last_step, due, self._timeline.next_due, self._end_to_judge())
        try:
            self._trainer.run(
                lambda: self._interrupted() or perf_counter() > self._snapshot_due,
                until=min(step for step in steps if step is not None),
            )
        except Diverged as error:
            self._diverge(error)

    def _end_to_judge(self) -> int | None:
        """The end of the epoch, where a stop condition may be met; None without one, or beyond the run's end."""
        trainer = self._trainer
        judged = self._last_step is not None and trainer.options.stop.any
        return trainer.end_of_epoch(trainer.epoch + 1) if judged else None

    def _after_training(self, now: float) -> None:
        step = self._trainer.step
        self._timeline.record()
        ending = planned_end(self.run) if self._phase == "training" and self._last_step is not None else None
        if ending:
            self.planned_ending = ending
            self._enter("finished", f"{WHY_FINISHED.get(ending, 'finished as planned')}; space goes on")
        elif self._goal is not None and step >= self._goal:
            self._enter("paused")
        self._pacing.measure(step)
        if now >= self._snapshot_due or self._phase != "training":
            self._snapshot = self._take_snapshot()
            took = perf_counter() - now
            self._snapshot_due = now + max(SNAPSHOT_SECONDS, took / SNAPSHOT_SHARE)

    def _take_snapshot(self) -> Snapshot:
        looking, plane = self._looking, self._plane
        grid = plane.scaled if plane and (looking.output == "example" or looking.maps) else None
        snapshot = take_snapshot(self._trainer, self._example, grid, looking.output != "example")
        self._watch.see(snapshot)
        return snapshot

    @property
    def _example(self) -> Example:
        return Example(self._part, self._row)

    def _make_view(self) -> View:
        tip = self._timeline.tip
        if self._other is not None and not self._branched and self._snapshot.step >= self._other.step[-1]:
            self._other = None  # the run has caught up with what was seen before
        trouble = self.autosave.trouble if self.autosave else ""
        pacing = self._pacing
        return View(
            self._snapshot,
            self._phase,
            pacing.pace,
            pacing.speed,
            tip,
            self._other,
            self._note,
            trouble,
            self._watch.findings,
            self._looking,
        )

    def _leave_tip(self, step: int) -> None:
        """Before going back to `step`: keep the curve of the whole run in sight."""
        if step < self._timeline.tip == self._trainer.step:
            self._other, self._branched = self._trainer.history.curve(), False
