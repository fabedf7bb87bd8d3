"""The training session: queues the commands of the screens, and runs the training loop in a worker thread."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from time import perf_counter
from typing import TypeVar

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.importance import ImportanceMeasurement
from gradstep.core.observation.parameter_edit import EditEffect, ParameterIndex
from gradstep.core.training.descent_step import DescentStep, find_next_step
from gradstep.core.training.update import Update
from gradstep.data.checkpoint import Checkpoint
from gradstep.data.experiment import Experiment
from gradstep.data.race_setup import Contest, RaceSetup
from gradstep.data.run import Run
from gradstep.data.run_log import RunLog
from gradstep.tui.session.autosave import SECONDS_BEFORE_FIRST, SECONDS_BETWEEN_SAVES, Autosave
from gradstep.tui.session.beside_run import BesideRun
from gradstep.tui.session.checkpoint_writer import CheckpointWriter
from gradstep.tui.session.command_queue import MOMENT_SECONDS, WORKING, Command, CommandQueue, make_awaitable_command
from gradstep.tui.session.confined import Confined, Released
from gradstep.tui.session.rest import REST, SECONDS
from gradstep.tui.session.training_loop import TrainingLoop
from gradstep.tui.session.view import Phase, View

SECONDS_FOR_AN_UPDATE = 10.0
"""The longest time that the end of a session waits for the current update."""

NOTE_SECONDS = 4.0
"""How long a brief note is shown."""

R = TypeVar("R")


class TrainingSession:
    """Trains in slices, executes commands between them, and publishes the newest `view`.

    Which thread uses what:

    - The training loop, with its trainer, is `Confined`: `__init__` makes it and keeps no other reference to it. Slices
      and commands run in a worker thread, one at a time.
    - All methods except `release` and `save_for_good` are called on the event loop. A command is only put into the
      queue, from which the worker thread takes it. Its result comes back through an awaitable. `changed`, if set, is
      awaited on the event loop after a command has taken effect, so that the screen answers a key before training uses
      the processor again. It is also awaited after training has paused or ended.
    - Both threads share three objects. The queue is a `CommandQueue`, which says which of its methods any thread may
      call. `view` is a slot of immutable views. The worker thread writes it during a slice, the event loop at all other
      times, because it waits for each action in the thread. `autosave` locks itself; the worker thread only reads its
      `trouble`.
    - The signal watcher's thread calls `save_for_good`, because the event loop may be blocked. It waits for the current
      action. After that, only this thread uses the loop.
    """

    view: View

    def __init__(
        self,
        run: Run,
        pace: float | None,
        paused: bool = False,
        autosave: Autosave | None = None,
        log: RunLog | None = None,
    ) -> None:
        """`pace` is in steps a second, None without a limit. Without `autosave` nothing is saved, without `log` logged.

        Only the loop uses the log.
        """
        self.autosave, self.is_logged = autosave, log is not None
        self.changed: Callable[[], Awaitable[None]] | None = None
        loop = TrainingLoop(run, pace, paused, log)
        self._publish(loop.view())
        self._loop = Confined(loop)
        self._commands = CommandQueue[TrainingLoop]()
        self._writer = CheckpointWriter(autosave, self._saved) if autosave else None
        self._save_due = False
        self._brief_note, self._note_seconds = "", NOTE_SECONDS

    @property
    def run(self) -> Run:
        """The run that trains. `View.run` says what may be read of it."""
        return self.view.run

    @property
    def phase(self) -> Phase:
        """The phase: whether it trains, and if not, why."""
        return self.view.phase

    # commands

    def toggle_pause(self) -> None:
        """Pause if the training runs, else go on. A finished run goes on without an end."""
        self._add(TrainingLoop.toggle_pause, self._save_if)

    def pause(self) -> None:
        """Pause if the training runs."""
        self._add(TrainingLoop.pause, self._save_if)

    def make_step(self) -> None:
        """Make one update, then pause."""
        self._add(TrainingLoop.make_step)

    def make_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self._add(TrainingLoop.make_epoch)

    def change_rate(self, direction: int) -> None:
        """Raise (1) or lower (−1) the learning rate by one notch."""
        self._add(lambda loop: loop.change_rate(direction))

    def change_pace(self, direction: int) -> None:
        """Raise (1) or lower (−1) the pace by one notch."""
        self._add(lambda loop: loop.change_pace(direction))

    def change_training(self, experiment: Experiment) -> None:
        """Go on with the training options of another experiment on the same data and network."""
        self._add(lambda loop: loop.change_training(experiment))

    def reset(self) -> None:
        """Go back to the start of the run. A paused training stays paused."""
        self._add(TrainingLoop.reset)

    def move(self, steps: int) -> None:
        """Go back (`steps` < 0) or forward through the recorded steps, and pause there."""
        self._add(lambda loop: loop.move(steps))

    def move_epoch(self, direction: int) -> None:
        """Go back (−1) or forward (1) by the number of steps of an epoch, and pause there."""
        self._add(lambda loop: loop.move_epoch(direction))

    def go_to_best(self) -> None:
        """Go to the step with the lowest loss on the validation part, and pause there."""
        self._add(TrainingLoop.go_to_best)

    def go_back_slower(self) -> None:
        """After a divergence, go back to the last good step, with a learning rate that holds, and pause there."""
        self._add(TrainingLoop.go_back_slower)

    def show_example(self, direction: int) -> None:
        """Show the next (1) or previous (−1) example."""
        self._add(lambda loop: loop.show_example(direction))

    def show_next_output(self) -> None:
        """Show the next content of the output panel: the example, the confusion matrix, the most wrong examples."""
        self._add(TrainingLoop.show_next_output)

    def show_maps(self) -> None:
        """Show the map of each neuron in place of the graph, or the graph again. Maps need two inputs."""
        self._add(TrainingLoop.show_maps)

    def show_beside(self, beside: BesideRun | None) -> None:
        """Show a saved run beside this one, or none."""
        self._add(lambda loop: loop.show_beside(beside))

    async def record_update(self, step: int | None) -> Update:
        """Pause, and make or repeat update number `step` with every number; None: the last one. Raises Diverged."""
        return await self._ask(lambda loop: loop.record_update(step))

    async def find_next_step(self) -> DescentStep:
        """Return the step that would be made next. Raises Diverged."""
        return await self._ask(lambda loop: find_next_step(loop.trainer))

    async def read_path(self) -> list[Floats]:
        """Return the parameters (count,) of the run's past, in order."""
        return await self._ask(lambda loop: loop.past.read_path())

    async def edit_parameter(self, index: ParameterIndex, value: float) -> EditEffect:
        """Pause, set a weight or a bias, and return what that changes. Raises GradstepError."""
        return await self._ask(lambda loop: loop.edit_parameter(index, value))

    async def read_effect_again(self, effect: EditEffect) -> EditEffect | None:
        """Return what an edit changes for the shown example; None if the parameter has changed since."""
        return await self._ask(lambda loop: loop.read_effect_again(effect))

    async def undo_edit(self) -> EditEffect | None:
        """Undo the last manual edit, and return what that changes; None if there is none since training went on."""
        return await self._ask(TrainingLoop.undo_edit)

    async def prepare_importance(self, columns: int) -> ImportanceMeasurement:
        """Return what measures the importance of so many columns, with a copy of the network as it is now."""
        return await self._ask(lambda loop: ImportanceMeasurement(loop.trainer, columns, loop.run.experiment.data.seed))

    async def set_up_race(self, contest: Contest) -> RaceSetup:
        """Return runs that race from the start of this one."""
        return await self._ask(lambda loop: loop.set_up_race(contest))

    def save(self) -> None:
        """Save the run now, and show a note on it."""

        def take(loop: TrainingLoop) -> Checkpoint | None:
            if loop.trainer.step:
                return loop.checkpoint()
            loop.show_note("nothing to save yet: no step was made")
            return None

        self._add(take, lambda checkpoint: self._write(checkpoint, requested=True))

    def show_note(self, note: str, seconds: float = NOTE_SECONDS) -> None:
        """Show a brief note, for so many seconds."""
        self._note_seconds = seconds
        self._add(lambda loop: loop.show_note(note))

    def _add(self, act: Callable[[TrainingLoop], R], then: Callable[[R], object] | None = None) -> None:
        self._commands.add(Command(act, then))

    async def _ask(self, act: Callable[[TrainingLoop], R]) -> R:
        """Call `act` with the loop between two slices, and return its result."""
        command, answer = make_awaitable_command(act)
        self._commands.add(command)
        return await answer

    # the end

    def close(self) -> None:
        """End `supervise`, and the slice after its current update."""
        self._commands.close()

    def release(self, seconds: float = SECONDS_FOR_AN_UPDATE) -> TrainingLoop | None:
        """Return the loop after the current action, and allow no further use. May be called from any thread.

        Returns None if the current action takes longer than `seconds`.
        """
        self._commands.closed = True
        loop = self._loop.release(seconds)
        if loop is not None:
            loop.finish()
        return loop

    def save_for_good(self, seconds: float = SECONDS_FOR_AN_UPDATE) -> None:
        """Release the loop and save the run, unless the release takes longer. May be called from any thread."""
        loop = self.release(seconds)
        if loop is not None and self.autosave is not None:
            self.autosave.write(loop.checkpoint())

    # the supervisor

    async def supervise(self) -> None:
        """Train, execute commands and save the run at intervals, until `close`."""
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
        elif not await self._loop.use(self._train):
            await self._commands.wait(SECONDS)
        elif self.phase != "training":
            # a finished or diverged run is worth a checkpoint, a single step is not
            self._save_if(self.phase != "paused")
            await self._notify()

    def _train(self, loop: TrainingLoop) -> bool:
        """Make a slice of updates in the worker thread; returns False if it rests. What a key requested is made."""
        if loop.has_goal:
            loop.train_slice(self._commands.interrupts, self._publish)
        elif REST.now:
            return False
        else:
            loop.train_slice(lambda: REST.now or self._commands.interrupts(), self._publish)
        return True

    async def _do_commands(self) -> None:
        if not self._commands:
            return
        view, done = await self._announce_when_long(self._loop.use(self._do_in_thread))
        self._publish(view)
        for command in done:
            command.deliver()
        self._remove_brief_note_later()
        await self._notify()

    def _do_in_thread(self, loop: TrainingLoop) -> tuple[View, list[Command[TrainingLoop]]]:
        """Execute the waiting commands in the worker thread, up to one that requests a step: that is made first."""
        done: list[Command[TrainingLoop]] = []
        for command in self._commands.take_waiting():
            command.do(loop)
            done.append(command)
            if loop.has_goal:
                break
        loop.observe()
        return loop.view(), done

    async def _announce_when_long(self, work: Awaitable[R]) -> R:
        """Wait for the thread, and show a note if it takes longer than a moment."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=MOMENT_SECONDS)
        if not done:
            self.view = replace(self.view, note=WORKING, brief=False)
            await self._notify()
        return await task

    def _publish(self, view: View) -> None:
        self.view = replace(view, trouble=self.autosave.trouble or view.trouble) if self.autosave else view

    async def _notify(self) -> None:
        if self.changed is not None:
            await self.changed()

    def _remove_brief_note_later(self) -> None:
        """Schedule the removal of a new brief note."""
        note = self.view.note
        if self.view.brief and note != self._brief_note:
            self._brief_note = note
            asyncio.get_running_loop().call_later(self._note_seconds, self._remove_note, note)
            self._note_seconds = NOTE_SECONDS

    def _remove_note(self, note: str) -> None:
        if self._brief_note == note:
            self._brief_note = ""
        self._add(lambda loop: loop.remove_note(note))

    # saving

    def _save_if(self, due: bool) -> None:
        """Save before the next command or slice, if `due`."""
        self._save_due = self._save_due or due

    async def _save_when_due(self) -> None:
        if self._save_due and self._writer is not None:
            self._write(await self._loop.use(TrainingLoop.checkpoint))
        self._save_due = False

    async def _save_regularly(self) -> None:
        await asyncio.sleep(SECONDS_BEFORE_FIRST)
        while self._writer is not None:
            self._add(lambda _: True, self._save_if)
            await asyncio.sleep(SECONDS_BETWEEN_SAVES)

    def _write(self, checkpoint: Checkpoint | None, requested: bool = False) -> None:
        if checkpoint is not None and self._writer is not None:
            self._writer.write(checkpoint, requested)

    def _saved(self, note: str) -> None:
        self._add(lambda loop: loop.show_note(note) if note else None)
