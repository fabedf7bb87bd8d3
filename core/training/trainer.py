"""The trainer: one update at a time, evaluation, and a state that can be saved and restored."""

import math
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.network.network import Network
from gradstep.core.network.optimizer import go_on_with
from gradstep.core.network.optimizers import optimizer_named
from gradstep.core.network.passes import Pass, backpropagate
from gradstep.core.training.batches import Batches
from gradstep.core.training.divergence import Diverged, find_divergence
from gradstep.core.training.history import History, check_history
from gradstep.core.training.judge import Judge
from gradstep.core.training.measured_network import MeasuredNetwork
from gradstep.core.training.options import (
    FIXED_OPTIONS,
    TrainingOptions,
    check_learning_rate,
    check_options,
    find_batch_size,
)
from gradstep.core.training.parts import AnyPart, Parts
from gradstep.core.training.penalty import find_penalty, make_penalty
from gradstep.core.training.stopping import StoppingProgress, StopReason
from gradstep.core.training.trainer_state import BestState, TrainerState


class Trainer(MeasuredNetwork):
    """Trains a network on the training part and evaluates it on every part.

    The validation part, where there is one, decides when to stop and which weights are the best. Without one the
    training part does, and no best weights are kept. Nothing is ever decided by the test part. The history records the
    scores of the watched part.

    `step` counts the updates made and `epoch` the complete passes over the training part. `batch_loss` is the loss of
    the newest update's batch, and `last_pass` holds that update's numbers; both are None before the first update.
    `divergence` is that of the update after the newest one; None unless that was tried, and diverged.
    """

    def __init__(
        self,
        network: Network,
        training_part: AnyPart,
        test_part: AnyPart | None,
        options: TrainingOptions,
        threshold: float = 0.5,
        classification: bool = True,
        validation_part: AnyPart | None = None,
    ) -> None:
        """Prepare to train `network`; raises GradstepError for options or shapes that do not fit it.

        A prepared part of another trainer of such a network is shared, not copied. `threshold` is the class boundary
        of a single output column; of several columns the largest decides. Without `classification` there is no
        accuracy.
        """
        check_options(options, classification)
        parts = Parts(training_part, validation_part, test_part)
        super().__init__(network, parts, options, threshold, classification)
        self.optimizer = optimizer_named(options.optimizer)(network.parameters)
        self.epoch = 0
        self.batch_loss: float | None = None
        self.last_pass: Pass | None = None
        self.divergence: Diverged | None = None
        self.history = History()
        self._judge = Judge(self, self.history, lambda: replace(self.state(), best=None))
        rows = len(self.training_part)
        self._batches = Batches(rows, find_batch_size(options, rows), options.shuffle, options.shuffle_seed)
        self.evaluation_interval = self.find_evaluation_interval(self.batch_size)
        self._buffers: dict[int, tuple[Pass, Floats]] = {}
        self._penalty = make_penalty(network, options)
        self._learning_rate = options.learning_rate
        self.history.add_learning_rate(0, self._learning_rate)
        self._mark_epochs()
        self._judge_step(epoch_ends=False)

    @property
    def best(self) -> BestState | None:
        """The state with the lowest loss on the validation part; None without such a part."""
        return self._judge.best

    def change_options(self, options: TrainingOptions) -> None:
        """Train with other options from the next update on; the current epoch goes on in its order, from its row.

        An optimizer that remembers the same quantities as the one before, as nesterov after momentum, keeps them.
        The best state stays the best, since no change here alters what is measured. Raises GradstepError, with nothing
        changed, for a value that is not allowed and for a change of FIXED_OPTIONS.
        """
        check_options(options, self.classification)
        for name in FIXED_OPTIONS:
            if getattr(options, name) != getattr(self.options, name):
                raise GradstepError(f"{name} cannot change while a network is trained: that needs a new start")
        self._judge.best = self._adapt_best(options)
        if options.stop != self.options.stop:
            self.restart_stopping()
        self.optimizer = go_on_with(optimizer_named(options.optimizer), self.optimizer, self.network.parameters)
        self.options, self._penalty = options, make_penalty(self.network, options)
        if (batch_size := find_batch_size(options, len(self.training_part))) != self.batch_size:
            self._batches.size = batch_size
            self._mark_epochs()
        self.evaluation_interval = self.find_evaluation_interval(self.batch_size)
        self.learning_rate = options.learning_rate

    def _adapt_best(self, options: TrainingOptions) -> BestState | None:
        """Return the best state as one that fits these options; one that fits as it is keeps its learning rate."""
        best, before, newest, present = self.best, self.options, self.last_pass, self.state()
        batch_size = find_batch_size(options, len(self.training_part))
        if best is None or (options.optimizer, batch_size) == (before.optimizer, self.batch_size):
            return best
        # a state can be restored only with the options it was made with
        self.restore(best.state)
        self.change_options(options)
        adapted = replace(best, state=self.state())
        self.change_options(before)
        self.restore(present)
        self.last_pass = newest
        return adapted

    def _mark_epochs(self) -> None:
        """Record how many epochs the present step is, counted so that the one under way ends at a whole number."""
        left, steps = self._batches.left_in_epoch, self.steps_per_epoch
        self.history.add_epoch_mark(self.step, self.epoch + (steps - left) / steps, steps)

    def restart_stopping(self) -> None:
        """Judge the stop conditions by the epochs from now on."""
        self._judge.restart_stopping()

    @property
    def batch_size(self) -> int:
        """The number of rows in a batch, at most those of the training part."""
        return self._batches.size

    @property
    def steps_per_epoch(self) -> int:
        """The number of updates in an epoch."""
        return self._batches.per_epoch

    @property
    def learning_rate(self) -> float:
        """The learning rate α of the next update."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        check_learning_rate(value)
        if value != self._learning_rate:
            self._learning_rate = value
            self.history.add_learning_rate(self.step, value)

    def update(self) -> float:
        """Make one update; returns the mean loss of its batch, before the update and without the l1/l2 term.

        Raises Diverged, with no parameter changed, when the loss or the change is no longer finite.
        """
        with np.errstate(all="ignore"):
            return self.descend(*self.backpropagate(self.upcoming_rows()))

    def run(self, stop: Callable[[], bool], until: int | None = None) -> int:
        """Make updates until `stop()` is true or `until` updates are made in all; returns how many were made.

        `stop` is called after every update, so that a person never waits longer than one. Raises Diverged.
        """
        first = self.step
        with np.errstate(all="ignore"):
            while until is None or self.step < until:
                self.descend(*self.backpropagate(self.upcoming_rows()))
                if stop():
                    break
        return self.step - first

    def upcoming_rows(self) -> Indices:
        """Return the rows of the training part that the next update reads (batch,)."""
        return self._batches.next_rows()

    def backpropagate(self, rows: Indices) -> tuple[float, Pass]:
        """Make the first half of an update: a forward and a backward pass, which fills the network's gradient.

        Returns the mean loss of these rows and the pass, whose arrays the next pass over as many rows overwrites.

        Raises Diverged, before any gradient is computed, when the loss is no longer finite.
        """
        batch_pass, y = self._fill_batch(rows)
        loss = backpropagate(batch_pass, self.loss, y)
        if not math.isfinite(loss):
            raise self._diverge(batch_pass)
        return loss, batch_pass

    def descend(self, loss: float, batch_pass: Pass) -> float:
        """Make the second half: add the l1/l2 gradient, let the optimizer change the parameters, count the step.

        Returns `loss` as it was given. Raises Diverged, with no parameter changed, when the change is not finite.
        """
        self._penalty.add_gradient()
        try:
            self.optimizer.update(self.network.parameters, self.network.gradient, self._learning_rate)
        except FloatingPointError:
            raise self._diverge(batch_pass) from None
        self.step += 1
        self.batch_loss, self.last_pass, self.divergence = loss, batch_pass, None
        self.history.add_loss(loss)
        epoch_ends = self._batches.move_on(batch_pass.rows)
        self.epoch += epoch_ends
        self._judge_step(epoch_ends)
        return loss

    def _diverge(self, batch_pass: Pass) -> Diverged:
        self.divergence = find_divergence(self.step + 1, self.network, batch_pass, self.optimizer.change)
        return self.divergence

    def _fill_batch(self, rows: Indices) -> tuple[Pass, Floats]:
        """Copy the inputs of these rows into a pass, and their targets beside it."""
        count = len(rows)
        if count not in self._buffers:
            targets = np.empty((self.network.sizes[-1], count), self.network.dtype).T
            self._buffers[count] = Pass(self.network, count), targets
        batch_pass, y = self._buffers[count]
        # mode "clip" lets take write without a copy; the rows are in range by construction
        self.training_part.with_ones.take(rows, 0, batch_pass.inputs, "clip")
        self.training_part.y.T.take(rows, 1, y.T, "clip")
        return batch_pass, y

    def compute_penalty(self) -> float:
        """Return the l1/l2 term of the loss for the present weights."""
        return find_penalty(self.network, self.options)

    def end_of_epoch(self, epoch: int) -> int:
        """Return the step that completes this epoch, counted from 1, if the batch size stays as it is."""
        return self.step + self._batches.left_in_epoch + (epoch - self.epoch - 1) * self.steps_per_epoch

    @property
    def stop_reason(self) -> StopReason | None:
        """The stop condition that the epoch ending with this step met; training can go on all the same.

        It is "patience" also at the best step, once the run has gone back there at its end.
        """
        ends_here = self._batches.epoch_begins or (self.best is not None and self.best.step == self.step)
        return self._judge.progress.reached if ends_here else None

    def end_at_best(self) -> None:
        """Note that the training, which is at its best step, ends here because patience is over."""
        self._judge.end_by("patience")

    def _judge_step(self, epoch_ends: bool) -> None:
        self._judge.judge_step(self.step % self.evaluation_interval == 0, epoch_ends, self.options.stop)

    def record_score(self) -> None:
        """Record the score of the watched part at the present step, where the run rests or ends; keep the best state.

        No number of the training depends on it. A step that has a score already is not scored again.
        """
        self._judge.record_score()

    def state(self) -> TrainerState:
        """Return everything that is needed to go on bit for bit."""
        arrays: dict[str, NDArray[Any]] = {"parameters": self.network.parameters.copy()}
        arrays |= {f"optimizer.{name}": array.copy() for name, array in self.optimizer.memory.items()}
        arrays |= {f"history.{name}": array for name, array in self.history.state().items()}
        values = self._identity() | {
            "step": self.step,
            "epoch": self.epoch,
            "updates": self.optimizer.updates,
            "learning_rate": self._learning_rate,
            "batch_loss": self.batch_loss,
            **self._batches.state(),
            "progress": asdict(self._judge.progress),
        }
        return TrainerState(arrays, values, self.best)

    def _identity(self) -> dict[str, Any]:
        """Return what must match before a state can be restored."""
        return {"optimizer": self.optimizer.name, "rows": len(self.training_part), "batch_size": self.batch_size}

    def restore(self, state: TrainerState) -> None:
        """Take over the state of a trainer with the same data, network and options.

        Raises GradstepError, with nothing changed, for a damaged state, or one of another network or options.
        """
        own = {"parameters": self.network.parameters}
        own |= {f"optimizer.{name}": array for name, array in self.optimizer.memory.items()}
        state.check_fits(self._identity(), own)
        state.check_values(len(self.training_part))
        values, history = state.values, state.arrays_of("history")
        check_history(history)
        self._batches.restore(values)
        self.history.restore(history)
        for name, array in own.items():
            array[:] = state.arrays[name]
        self.step, self.epoch, self.batch_loss = values["step"], values["epoch"], values["batch_loss"]
        self.last_pass, self.optimizer.updates = None, values["updates"]
        if not self.history.has_epoch_marks:
            self._mark_epochs()
        self._learning_rate = values["learning_rate"]
        self._judge.progress = StoppingProgress(**values["progress"])
        self._judge.best, self.divergence = state.best, None
