"""The training session: an async worker that supervises, a thread that computes, a slot for what to look at."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from threading import Lock
from time import perf_counter
from typing import Literal, TypeVar

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.observation.example import Example
from gradstep.core.observation.finding_tracker import FindingTracker
from gradstep.core.observation.parameter_edit import EditEffect, ParameterIndex, edit_parameter
from gradstep.core.observation.snapshot import Snapshot, take_snapshot
from gradstep.core.training.evaluation import Score
from gradstep.core.training.last_good_step import last_good_step
from gradstep.core.training.trainer import Diverged
from gradstep.core.training.update import Update, record_update
from gradstep.data.assemble import Run, change_training
from gradstep.data.experiment import Experiment
from gradstep.data.input_grid import input_grid_of
from gradstep.tui.numbers import format_chosen, format_count
from gradstep.tui.round_numbers import next_round_number
from gradstep.tui.session.autosave import SECONDS_BEFORE_FIRST, SECONDS_BETWEEN, Autosave
from gradstep.tui.session.command_queue import CommandQueue
from gradstep.tui.session.endings import Ending
from gradstep.tui.session.rewind import Past
from gradstep.tui.session.run_plan import RunPlan
from gradstep.tui.session.save_queue import SaveQueue
from gradstep.tui.session.snapshot_request import FIRST_REQUEST, SnapshotRequest
from gradstep.tui.session.view import Phase, View

NOTE_SECONDS = 4.0
"""How long a note stays that says no more than that something is done."""

FIRST, NEWEST = "this is the first step that can be gone back to", "this is the newest step: s makes the next"

SNAPSHOT_SECONDS = 0.1
SNAPSHOT_SHARE = 0.05
"""Snapshots come ten times a second, or less often where they would take more than this share of the time."""

T = TypeVar("T")


class TrainingSession:
    """Trains in slices between which commands are applied, and leaves the newest `view` for whoever looks.

    Every command is called on the event loop. `changed`, if set, is awaited there when a command has taken effect, so
    that the screen answers a key before training takes the processor again, and when training has come to rest.
    `run` is replaced when its training changes, its trainer never.
    """

    def __init__(self, run: Run, pace: float | None, paused: bool = False, autosave: Autosave | None = None) -> None:
        """With `pace` in steps a second, None without a limit; without `autosave` nothing is saved."""
        self.run, self.autosave = run, autosave
        self.changed: Callable[[], Awaitable[None]] | None = None
        self._trainer = run.trainer
        self._plan, self._past = RunPlan(run, pace, paused), Past(run.trainer)
        self._finding_tracker = FindingTracker()
        self._saving = SaveQueue(autosave, lambda: self.run.checkpoint(self.seconds), self._saved) if autosave else None
        self._commands = CommandQueue()
        self._at_the_trainer = Lock()
        self._part: Literal["training", "test"] = "training" if run.trainer.test is None else "test"
        self._row = 0
        self._request: SnapshotRequest = FIRST_REQUEST
        self._grid = input_grid_of(run.split)
        self._snapshot_due = 0.0
        self._scored: Floats | None = None
        self._newest_score: Score | None = None
        self._snapshot = self._take_snapshot()
        self.view = self._make_view()

    @property
    def seconds(self) -> float:
        """How long it has trained, pauses left out."""
        return self._plan.seconds

    @property
    def phase(self) -> Phase:
        return self._plan.phase

    @property
    def planned_ending(self) -> Ending:
        """What ends the run as planned."""
        return self._plan.ending

    # commands

    def pause_or_go_on(self) -> None:
        """Pause while training, go on otherwise; past the planned end there is no further end."""
        self._commands.add(self._toggle)

    def pause(self) -> None:
        """Pause if it trains."""
        self._commands.add(lambda: self._toggle() if self.phase == "training" else None)

    def _toggle(self) -> None:
        if self.phase == "diverged":
            self._plan.note = "h: back to the last good step, half the rate · r: back to the start"
        elif self.phase == "training":
            self._plan.enter("paused")
            self._save_soon()
        else:
            self._plan.go_on()

    def make_step(self) -> None:
        """Make one update, then pause."""
        self._commands.add(lambda: self._train_until(self._trainer.step + 1))

    def make_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self._commands.add(lambda: self._train_until(self._trainer.end_of_epoch(self._trainer.epoch + 1)))

    def _train_until(self, step: int) -> None:
        if self.phase != "diverged":
            self._plan.go_on(step)

    def change_rate(self, direction: int) -> None:
        """Learning rate one notch of 1, 2, 5 per decade up (1) or down (−1)."""

        def change() -> None:
            self._trainer.learning_rate = next_round_number(self._trainer.learning_rate, direction)
            self._past.rate_changed()

        self._commands.add(change)

    def change(self, experiment: Experiment) -> None:
        """Go on with the training of another experiment on the same data and network, as `assemble.changed` does.

        Where it changes more than the learning rate, the steps before cannot be gone back to any more.
        """

        def change() -> None:
            trainer, before, rate = self._trainer, self._trainer.options, self._trainer.learning_rate
            self.run = change_training(self.run, experiment)
            self._plan.note = ""
            if replace(trainer.options, learning_rate=before.learning_rate) != before:
                self._past.options_changed()
                self._say(f"changed; [ goes back to step {format_count(trainer.step)} from here on, no further")
            elif trainer.learning_rate != rate:
                self._past.rate_changed()
            self._plan.plan_again(self.run)

        self._commands.add(change)

    def change_pace(self, direction: int) -> None:
        """Pace one notch up (1) or down (−1)."""
        self._commands.add(lambda: self._plan.change_pace(direction))

    def show_example(self, direction: int) -> None:
        """Look at the next (1) or previous (−1) example of the test part, or of the training part if that is all."""
        rows = len(self._trainer.train if self._trainer.test is None else self._trainer.test)

        def show() -> None:
            self._row = (self._row + direction) % rows

        self._commands.add(show)

    def show_next_output(self) -> None:
        """The output panel: from the example to the confusion matrix, to the most wrong examples, and back."""

        def show() -> None:
            self._request = self._request.on(self._trainer.classification)

        self._commands.add(show)

    def show_maps(self) -> None:
        """Each neuron's own map in place of the graph, or the graph again; of two inputs only."""

        def show() -> None:
            if self._trainer.network.sizes[0] == 2:
                self._request = replace(self._request, maps=not self._request.maps)
            else:
                self._say("a neuron's map needs data with two inputs, as circle or xor")

        self._commands.add(show)

    def reset(self) -> None:
        """Go back to the same start, paused if it was paused."""

        def reset() -> None:
            self._trainer.restore(self.run.start)
            self._past.begin()
            self._plan.restart()

        self._commands.add(reset)

    def move(self, steps: int) -> None:
        """Go back (below 0) or forward through the steps of this run, and pause there."""

        def move() -> None:
            moved = self._past.go_to(self._trainer.step + steps)
            self._plan.enter("paused")
            if not moved:
                self._say(FIRST if steps < 0 else NEWEST)

        self._commands.add(move)

    async def recorded(self, step: int) -> Update:
        """Pause, and make update number `step` of this run, again or for the first time, with every number kept.

        The run then stands at `step`, which is clamped to what can be reached. Raises Diverged.
        """

        def record() -> Update:
            self._past.go_before(step)
            self._plan.enter("paused")
            try:
                update = record_update(self._trainer)
            except Diverged as error:
                self._plan.diverged(error)
                raise
            self._past.record()
            return update

        return await self._done(record)

    def go_back_slower(self) -> None:
        """After a divergence: go back to the last good step, with half the learning rate, and pause there.

        Where the network is ruined for longer than is remembered, that is the start.
        """

        def go_back() -> None:
            if self.phase != "diverged":
                self._say("h is for a training that diverged: back to the last good step, at half the learning rate")
                return
            trainer = self._trainer
            rate = trainer.learning_rate / 2
            self._past.take_another_way(
                last_good_step(trainer.history.curve(), trainer.steps_per_epoch), self.run.start
            )
            trainer.learning_rate = rate
            self._past.rate_changed()
            back = f"back at step {format_count(trainer.step)}, learning rate {format_chosen(rate)}: space goes on"
            self._plan.enter("paused", back)

        self._commands.add(go_back)

    async def edit_parameter(self, index: ParameterIndex, value: float) -> EditEffect:
        """Pause, set a weight or a bias, and tell what that changes; what came after is given up.

        Raises GradstepError, with nothing changed, for a value that is not finite.
        """

        def change() -> EditEffect:
            effect = edit_parameter(self._trainer, index, value, self._example)
            self._past.parameter_edited(index, effect.old, value)
            self._pause_for_edit()
            return effect

        return await self._done(change)

    async def undo_edit(self) -> EditEffect | None:
        """Take back the last change by hand; None if there is none, or a step was made since."""

        def undo() -> EditEffect | None:
            last = self._past.undo_edit()
            if last is None:
                return None
            self._pause_for_edit()
            return edit_parameter(self._trainer, *last, self._example)

        return await self._done(undo)

    def _pause_for_edit(self) -> None:
        """A person changes weights of a network that rests, and that may be another one than diverged."""
        if self.phase in ("training", "diverged"):
            self._plan.enter("paused")

    @property
    def edits(self) -> int:
        """How many changes by hand can be taken back now."""
        return self._past.edits

    async def _done(self, command: Callable[[], T]) -> T:
        """Do this between two steps, and give back what it gave."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def do() -> None:
            try:
                done.set_result(command())
            except GradstepError as error:
                done.set_exception(error)

        self._commands.add(do)
        return await done

    def save(self) -> None:
        """Save the run now, and say so."""

        def save() -> None:
            if not self._trainer.step:
                self._say("nothing to save yet: no step was made")
            elif self._saving:
                self._saving.asked()

        self._commands.add(save)

    def say(self, note: str) -> None:
        """Show a note for a while."""
        self._commands.add(lambda: self._say(note))

    def _say(self, note: str) -> None:
        self._plan.note = note
        asyncio.get_running_loop().call_later(NOTE_SECONDS, self._commands.add, lambda: self._unsay(note))

    def _unsay(self, note: str) -> None:
        if self._plan.note == note:
            self._plan.note = ""

    def close(self) -> None:
        """End the supervisor and, after the update in hand, the thread."""
        self._commands.close()

    def stopped_for_good(self, seconds: float) -> bool:
        """From another thread: let nobody touch the trainer any more, once the update in hand is made.

        False if that takes longer than so many seconds.
        """
        self._commands.closed = True
        return self._at_the_trainer.acquire(timeout=seconds)

    # the supervisor

    async def supervise(self) -> None:
        """Run until `close`: train while training, apply commands as they come, and save the run now and then."""
        saving = asyncio.create_task(self._save_regularly())
        try:
            while not self._commands.closed:
                await self._apply_commands()
                if self.phase != "training":
                    await self._commands.wait()
                elif (wait := self._plan.seconds_until_due()) > 0:
                    await self._commands.wait(wait)
                else:
                    await asyncio.to_thread(self._train)
                    if self.phase != "training":
                        await self._rest()
        finally:
            saving.cancel()

    async def _apply_commands(self) -> None:
        if not self._commands:
            return
        with self._at_the_trainer:
            while self._commands:
                self._commands.next()()
                if self._plan.goal is not None:
                    break  # the step that was asked for is made before the next command
            self._snapshot = self._take_snapshot()
            self.view = self._make_view()
        await self._tell()

    async def _rest(self) -> None:
        """Training has come to its end or to a number that is none; single steps are not worth a checkpoint."""
        if self.phase != "paused":
            self._save_soon()
        await self._tell()

    async def _tell(self) -> None:
        if self.changed is not None:
            await self.changed()

    async def _save_regularly(self) -> None:
        await asyncio.sleep(SECONDS_BEFORE_FIRST)
        while True:
            self._commands.add(self._save_soon)
            await asyncio.sleep(SECONDS_BETWEEN)

    def _save_soon(self) -> None:
        if self._saving:
            self._saving.soon()

    def _saved(self, note: str) -> None:
        self._commands.add(lambda: self._say(note) if note else None)

    # in the thread

    def _train(self) -> None:
        """Make updates, at least one, until a command, the pace or a new phase ends it; publish views on the way."""
        resting = False
        with self._at_the_trainer:
            while not resting:
                self._train_until_snapshot()
                self._after_training(perf_counter())
                self.view = self._make_view()
                resting = self.phase != "training" or self._commands.interrupt or self._plan.seconds_until_due() > 0

    def _train_until_snapshot(self) -> None:
        until = self._plan.until()
        try:
            self._trainer.run(
                lambda: self._commands.interrupt or perf_counter() > self._snapshot_due,
                until=self._past.next_due if until is None else min(until, self._past.next_due),
            )
        except Diverged as error:
            self._plan.diverged(error)

    def _after_training(self, now: float) -> None:
        self._past.record()
        self._plan.trained()
        if now >= self._snapshot_due or self.phase != "training":
            self._snapshot = self._take_snapshot()
            took = perf_counter() - now
            self._snapshot_due = now + max(SNAPSHOT_SECONDS, took / SNAPSHOT_SHARE)

    def _take_snapshot(self) -> Snapshot:
        request = self._request
        wanted = request.output == "example" or request.maps
        grid = self._grid.scaled if self._grid and wanted else None
        score = None if self.phase == "training" else self._score()
        snapshot = take_snapshot(self._trainer, self._example, grid, request.output != "example", score)
        self._finding_tracker.see(snapshot)
        return snapshot

    def _score(self) -> Score | None:
        """That of the test part, for a network that rests: scored again only when it has changed."""
        parameters = self._trainer.network.parameters
        if self._scored is None or not np.array_equal(self._scored, parameters):
            self._scored, self._newest_score = parameters.copy(), self._trainer.test_score()
        return self._newest_score

    @property
    def _example(self) -> Example:
        return Example(self._part, self._row)

    def _make_view(self) -> View:
        plan = self._plan
        return View(
            self._snapshot,
            plan.phase,
            plan.pacing.pace,
            plan.pacing.speed,
            self._past.tip,
            self._past.curve_beside(self._snapshot.step),
            plan.note,
            self.autosave.trouble if self.autosave else "",
            self._finding_tracker.findings,
            self._request,
        )
