"""The training session: takes what a person asks for, and decides when the training loop runs."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from time import perf_counter
from typing import TypeVar

from gradstep.core.observation.parameter_edit import EditEffect, ParameterIndex
from gradstep.core.training.update import Update
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.experiment import Experiment
from gradstep.data.race_setup import Contest, RaceSetup
from gradstep.data.run import Run
from gradstep.tui.session.autosave import SECONDS_BEFORE_FIRST, SECONDS_BETWEEN, Autosave
from gradstep.tui.session.checkpoint_writer import CheckpointWriter
from gradstep.tui.session.command_queue import Command, CommandQueue, with_answer
from gradstep.tui.session.confined import Confined, Released
from gradstep.tui.session.training_loop import TrainingLoop
from gradstep.tui.session.view import Phase, View

SECONDS_FOR_AN_UPDATE = 10.0
"""How long the end of a session waits for the update in hand, before it goes on without it."""

NOTE_SECONDS = 4.0
"""How long a brief note stays."""

MOMENT_SECONDS = 0.15
WORKING = "computing …"
"""What a person is told of a command that takes longer than a moment."""

R = TypeVar("R")


class TrainingSession:
    """Trains in slices, does commands between them, and leaves the newest `view` for whoever draws.

    Which thread touches what:

    - The training loop, with its trainer, is `Confined`: it is made and given away in `__init__`, and nothing else
      holds it. Everything done with it, slices and commands, runs in a worker thread, one at a time.
    - All methods but `release` and `save_for_good` are called on the event loop. A command only waits in the queue;
      what it returns comes back through an awaitable. `changed`, if set, is awaited there when a command has taken
      effect, so that the screen answers a key before training takes the processor again, and when training has come
      to rest.
    - `view` is the one slot that both sides share. Views are immutable. The worker thread writes it during a slice, the
      event loop at all other times: it waits for each action in the thread.
    - The signal watcher's thread calls `save_for_good`, for the event loop may stand still: it waits for the action in
      hand, and from then on the loop is its own.
    """

    view: View

    def __init__(self, run: Run, pace: float | None, paused: bool = False, autosave: Autosave | None = None) -> None:
        """With `pace` in steps a second, None without a limit; without `autosave` nothing is saved."""
        self.autosave = autosave
        self.changed: Callable[[], Awaitable[None]] | None = None
        loop = TrainingLoop(run, pace, paused)
        self._publish(loop.view())
        self._loop = Confined(loop)
        self._commands = CommandQueue[TrainingLoop]()
        self._writer = CheckpointWriter(autosave, self._saved) if autosave else None
        self._save_due = False
        self._brief_note = ""

    @property
    def run(self) -> Run:
        """The run that is trained; see `View.run` for what may be read of it."""
        return self.view.run

    @property
    def phase(self) -> Phase:
        """Whether it trains, and why not."""
        return self.view.phase

    # commands

    def pause_or_go_on(self) -> None:
        """Pause while training, go on otherwise; past the planned end there is no further end."""
        self._add(TrainingLoop.toggle_pause, self._save_if)

    def pause(self) -> None:
        """Pause if it trains."""
        self._add(TrainingLoop.pause, self._save_if)

    def make_step(self) -> None:
        """Make one update, then pause."""
        self._add(TrainingLoop.make_step)

    def make_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self._add(TrainingLoop.make_epoch)

    def change_rate(self, direction: int) -> None:
        """Learning rate one notch up (1) or down (−1)."""
        self._add(lambda loop: loop.change_rate(direction))

    def change_pace(self, direction: int) -> None:
        """Pace one notch up (1) or down (−1)."""
        self._add(lambda loop: loop.change_pace(direction))

    def change_training(self, experiment: Experiment) -> None:
        """Go on with the training of another experiment on the same data and network."""
        self._add(lambda loop: loop.change_training(experiment))

    def reset(self) -> None:
        """Go back to the same start, paused if it was paused."""
        self._add(TrainingLoop.reset)

    def move(self, steps: int) -> None:
        """Go back (below 0) or forward through the steps of this run, and pause there."""
        self._add(lambda loop: loop.move(steps))

    def move_epoch(self, direction: int) -> None:
        """Go back (−1) or forward (1) by the steps of an epoch, and pause there."""
        self._add(lambda loop: loop.move_epoch(direction))

    def go_back_slower(self) -> None:
        """After a divergence: go back to the last good step, with half the learning rate, and pause there."""
        self._add(TrainingLoop.go_back_slower)

    def show_example(self, direction: int) -> None:
        """Look at the next (1) or previous (−1) example."""
        self._add(lambda loop: loop.show_example(direction))

    def show_next_output(self) -> None:
        """The output panel: from the example to the confusion matrix, to the most wrong examples, and back."""
        self._add(TrainingLoop.show_next_output)

    def show_maps(self) -> None:
        """Each neuron's own map in place of the graph, or the graph again; of two inputs only."""
        self._add(TrainingLoop.show_maps)

    async def record_update(self, step: int) -> Update:
        """Pause, and make update number `step` of this run with every number kept. Raises Diverged."""
        return await self._ask(lambda loop: loop.record_update(step))

    async def edit_parameter(self, index: ParameterIndex, value: float) -> EditEffect:
        """Pause, set a weight or a bias, and return what that changes. Raises GradstepError."""
        return await self._ask(lambda loop: loop.edit_parameter(index, value))

    async def undo_edit(self) -> EditEffect | None:
        """Take back the last change by hand; None if there is none, or a step was made since."""
        return await self._ask(TrainingLoop.undo_edit)

    async def set_up_race(self, contest: Contest) -> RaceSetup:
        """Runs that race from the start of this one."""
        return await self._ask(lambda loop: loop.set_up_race(contest))

    def save(self) -> None:
        """Save the run now, and say so."""

        def take(loop: TrainingLoop) -> Checkpoint | None:
            if loop.trainer.step:
                return loop.checkpoint()
            loop.say("nothing to save yet: no step was made")
            return None

        self._add(take, lambda checkpoint: self._write(checkpoint, requested=True))

    def say(self, note: str) -> None:
        """Show a note for a while."""
        self._add(lambda loop: loop.say(note))

    def _add(self, act: Callable[[TrainingLoop], R], then: Callable[[R], object] | None = None) -> None:
        self._commands.add(Command(act, then))

    async def _ask(self, act: Callable[[TrainingLoop], R]) -> R:
        """Do this between two slices, and return what it returned."""
        command, answer = with_answer(act)
        self._commands.add(command)
        return await answer

    # the end

    def close(self) -> None:
        """End `supervise` and, after the update in hand, the slice."""
        self._commands.close()

    def release(self, seconds: float = SECONDS_FOR_AN_UPDATE) -> TrainingLoop | None:
        """From any thread: let nobody else use the loop any more, and return it once the action in hand is done.

        None if that takes longer than so many seconds.
        """
        self._commands.closed = True
        return self._loop.release(seconds)

    def save_for_good(self, seconds: float = SECONDS_FOR_AN_UPDATE) -> None:
        """From any thread: release the loop, and save the run as it stands, unless that takes longer."""
        loop = self.release(seconds)
        if loop is not None and self.autosave is not None:
            self.autosave.write(loop.checkpoint())

    # the supervisor

    async def supervise(self) -> None:
        """Run until `close`: train while training, do commands as they come, and save the run now and then."""
        saving = asyncio.create_task(self._save_regularly())
        try:
            with suppress(Released):
                while not self._commands.closed:
                    await self._do_commands()
                    await self._save_when_due()
                    await self._train_or_wait()
        finally:
            saving.cancel()

    async def _train_or_wait(self) -> None:
        due = self.view.next_due
        if due is None:
            await self._commands.wait()
        elif (wait := due - perf_counter()) > 0:
            await self._commands.wait(wait)
        else:
            await self._loop.use(lambda loop: loop.train_slice(self._commands.interrupts, self._publish))
            if self.phase != "training":
                # the end, or a number that is none; single steps are not worth a checkpoint
                self._save_if(self.phase != "paused")
                await self._tell()

    async def _do_commands(self) -> None:
        if not self._commands:
            return
        view, done = await self._saying_so_when_long(self._loop.use(self._do_in_thread))
        self._publish(view)
        for command in done:
            command.tell()
        self._take_brief_note_away()
        await self._tell()

    def _do_in_thread(self, loop: TrainingLoop) -> tuple[View, list[Command[TrainingLoop]]]:
        """In the thread: do what waits, in its order; a step that was asked for is made before the next command."""
        done: list[Command[TrainingLoop]] = []
        for command in self._commands.take_waiting():
            command.do(loop)
            done.append(command)
            if loop.has_goal:
                break
        loop.observe()
        return loop.view(), done

    async def _saying_so_when_long(self, work: Awaitable[R]) -> R:
        """Wait for what the thread does; show that it works if it takes longer than a moment."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=MOMENT_SECONDS)
        if not done:
            self.view = replace(self.view, note=WORKING, brief=False)
            await self._tell()
        return await task

    def _publish(self, view: View) -> None:
        self.view = replace(view, trouble=self.autosave.trouble) if self.autosave else view

    async def _tell(self) -> None:
        if self.changed is not None:
            await self.changed()

    def _take_brief_note_away(self) -> None:
        """After a while, if a new brief note was said."""
        note = self.view.note
        if self.view.brief and note != self._brief_note:
            self._brief_note = note
            asyncio.get_running_loop().call_later(NOTE_SECONDS, self._unsay, note)

    def _unsay(self, note: str) -> None:
        if self._brief_note == note:
            self._brief_note = ""
        self._add(lambda loop: loop.unsay(note))

    # saving

    def _save_if(self, due: bool) -> None:
        """Save before anything else is done, if that is due."""
        self._save_due = self._save_due or due

    async def _save_when_due(self) -> None:
        if self._save_due and self._writer is not None:
            self._write(await self._loop.use(TrainingLoop.checkpoint))
        self._save_due = False

    async def _save_regularly(self) -> None:
        await asyncio.sleep(SECONDS_BEFORE_FIRST)
        while self._writer is not None:
            self._add(lambda _: True, self._save_if)
            await asyncio.sleep(SECONDS_BETWEEN)

    def _write(self, checkpoint: Checkpoint | None, requested: bool = False) -> None:
        if checkpoint is not None and self._writer is not None:
            self._writer.write(checkpoint, requested)

    def _saved(self, note: str) -> None:
        self._add(lambda loop: loop.say(note) if note else None)
