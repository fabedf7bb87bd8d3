"""The training session: what the screens have of a run that trains, above all its commands."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from gradstep.core.network.arrays import Floats
from gradstep.core.observation.importance import ImportanceMeasurement
from gradstep.core.observation.parameter_edit import EditEffect
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.core.training.descent_step import DescentStep, find_next_step
from gradstep.core.training.update import Update
from gradstep.data.experiment import Experiment
from gradstep.data.luck_groups import Variation
from gradstep.data.luck_setup import LuckSetup
from gradstep.data.race_contest import Contest
from gradstep.data.race_setup import RaceSetup
from gradstep.data.run import Run
from gradstep.data.run_log import RunLog
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.session.beside_run import BesideRun
from gradstep.tui.session.brief_note_timer import NOTE_SECONDS, BriefNoteTimer
from gradstep.tui.session.command_queue import Command, CommandQueue
from gradstep.tui.session.save_schedule import SaveSchedule
from gradstep.tui.session.supervisor import Supervisor
from gradstep.tui.session.training_loop import TrainingLoop
from gradstep.tui.session.view import Phase, View

SECONDS_FOR_AN_UPDATE = 10.0
"""The longest time that the end of a session waits for the current update."""

R = TypeVar("R")


class TrainingSession:
    """What the screens have of a run that trains: its commands, the newest view of it, and its end.

    - All methods except `release` and `save_for_good` are called on the event loop. A command is only put into the
      queue. The `Supervisor` lets a worker thread execute it, and says which thread uses what. Its result comes back
      through an awaitable.
    - The signal watcher's thread calls `save_for_good`, because the event loop may be blocked. It waits for the current
      action. After that, only this thread uses the loop. `autosave` locks itself.
    """

    def __init__(
        self,
        run: Run,
        pace: float | None,
        paused: bool = False,
        autosave: Autosave | None = None,
        log: RunLog | None = None,
    ) -> None:
        """`pace` is in steps a second, None without a limit.

        Without `autosave` nothing is saved, and without `log` nothing is logged. Only the loop uses the log.
        """
        self.autosave, self.is_logged = autosave, log is not None
        self._commands = CommandQueue[TrainingLoop]()
        self._saves = SaveSchedule(autosave, self._commands)
        self._notes = BriefNoteTimer(lambda note: self._add(lambda loop: loop.remove_note(note)))
        self._supervisor = Supervisor(TrainingLoop(run, pace, paused, log), self._commands, self._saves, self._notes)

    async def supervise(self) -> None:
        """Train, execute commands and save the run at intervals, until `close`."""
        await self._supervisor.supervise()

    def call_on_change(self, changed: Callable[[], Awaitable[None]] | None) -> None:
        """Let the supervisor await `changed` after each command, and after training has paused or ended."""
        self._supervisor.changed = changed

    @property
    def view(self) -> View:
        """The newest view."""
        return self._supervisor.view

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
        self._add(TrainingLoop.toggle_pause, self._saves.request_save)

    def pause(self) -> None:
        """Pause if the training runs."""
        self._add(TrainingLoop.pause, self._saves.request_save)

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
        self._add(lambda loop: loop.rewind.reset())

    def move(self, steps: int) -> None:
        """Go back (`steps` < 0) or forward through the recorded steps, and pause there."""
        self._add(lambda loop: loop.rewind.move(steps))

    def move_epoch(self, direction: int) -> None:
        """Go back (−1) or forward (1) by the number of steps of an epoch, and pause there."""
        self._add(lambda loop: loop.rewind.move_epoch(direction))

    def go_to_best(self) -> None:
        """Go to the step with the lowest loss on the validation part, and pause there."""
        self._add(lambda loop: loop.rewind.go_to_best())

    def go_back_slower(self) -> None:
        """After a divergence, go back to the last good step, with a learning rate that holds, and pause there."""
        self._add(lambda loop: loop.rewind.go_back_slower())

    def show_example(self, direction: int) -> None:
        """Show the next (1) or previous (−1) example."""
        self._add(lambda loop: loop.show_example(direction))

    def show_next_output(self) -> None:
        """Show the next content of the output panel: the example, the confusion matrix, the most wrong examples."""
        self._add(TrainingLoop.show_next_output)

    def show_neurons(self) -> None:
        """Show the map of each neuron in place of the graph, or the graph again; with one input the example."""
        self._add(TrainingLoop.show_neurons)

    def show_beside(self, beside: BesideRun | None) -> None:
        """Show a saved run beside this one, or none."""
        self._add(lambda loop: loop.show_beside(beside))

    async def record_update(self, step: int | None) -> Update:
        """Pause, and make or repeat update number `step` with every number; None: the last one. Raises Diverged."""
        return await self._commands.ask(lambda loop: loop.record_update(step))

    async def find_next_step(self) -> DescentStep:
        """Return the step that would be made next. Raises Diverged."""
        return await self._commands.ask(lambda loop: find_next_step(loop.trainer))

    async def read_path(self) -> list[Floats]:
        """Return the parameters (count,) of the run's past, in order."""
        return await self._commands.ask(lambda loop: loop.past.read_path())

    async def edit_parameter(self, index: ParameterIndex, value: float) -> EditEffect:
        """Pause, set a weight or a bias, and return what that changes. Raises GradstepError."""
        return await self._commands.ask(lambda loop: loop.edits.edit_parameter(index, value))

    async def read_effect_again(self, effect: EditEffect) -> EditEffect | None:
        """Return what an edit changes for the shown example; None if the parameter has changed since."""
        return await self._commands.ask(lambda loop: loop.edits.read_effect_again(effect))

    async def undo_edit(self) -> EditEffect | None:
        """Undo the last manual edit, and return what that changes; None if there is none since training went on."""
        return await self._commands.ask(lambda loop: loop.edits.undo_edit())

    async def prepare_importance(self, columns: int) -> ImportanceMeasurement:
        """Return what measures the importance of so many columns, with a copy of the network as it is now."""
        return await self._commands.ask(
            lambda loop: ImportanceMeasurement(loop.trainer, columns, loop.run.experiment.data.seed)
        )

    async def set_up_race(self, contest: Contest) -> RaceSetup:
        """Return runs that race from the start of this one."""
        return await self._commands.ask(lambda loop: loop.set_up_race(contest))

    async def set_up_luck(self, variation: Variation) -> LuckSetup:
        """Return networks that are trained from other starts than this run's."""
        return await self._commands.ask(lambda loop: loop.set_up_luck(variation))

    def save(self) -> None:
        """Save the run now, and show a note on it."""
        self._saves.save_now()

    def show_note(self, note: str, seconds: float = NOTE_SECONDS) -> None:
        """Show a brief note, for so many seconds."""
        self._notes.set_seconds(seconds)
        self._add(lambda loop: loop.show_note(note))

    def _add(self, act: Callable[[TrainingLoop], R], then: Callable[[R], object] | None = None) -> None:
        self._commands.add(Command(act, then))

    # the end

    def close(self) -> None:
        """End `supervise`, and the slice after its current update."""
        self._commands.close()

    def release(self, seconds: float = SECONDS_FOR_AN_UPDATE) -> TrainingLoop | None:
        """Return the loop after the current action, and allow no further use. May be called from any thread.

        Returns None if the current action takes longer than `seconds`.
        """
        loop = self._supervisor.release(seconds)
        if loop is not None:
            loop.finish()
        return loop

    def save_for_good(self, seconds: float = SECONDS_FOR_AN_UPDATE) -> None:
        """Release the loop and save the run, unless the release takes longer. May be called from any thread."""
        loop = self.release(seconds)
        if loop is not None and self.autosave is not None:
            self.autosave.write(loop.checkpoint())
