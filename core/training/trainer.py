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
from gradstep.core.network.optimizers import optimizer_named
from gradstep.core.network.passes import Pass
from gradstep.core.training.batches import Batches
from gradstep.core.training.divergence import Diverged, find_divergence
from gradstep.core.training.evaluation import Score, find_evaluation_interval
from gradstep.core.training.history import History
from gradstep.core.training.measured_network import MeasuredNetwork
from gradstep.core.training.options import (
    FIXED_OPTIONS,
    TrainingOptions,
    check_learning_rate,
    check_options,
)
from gradstep.core.training.parts import Part, PreparedPart
from gradstep.core.training.penalty import compute_penalty, make_penalty
from gradstep.core.training.stopping import StopConditions, StoppingProgress, StopReason, update_progress
from gradstep.core.training.trainer_state import BestState, TrainerState


class Trainer(MeasuredNetwork):
    """Trains a network on the training part and evaluates it on every part.

    The validation part, where there is one, decides when to stop and which weights are the best. Without one the
    training part does, and no best weights are kept. Nothing is ever decided by the test part. The history records the
    scores of the watched part.

    `step` counts the updates made and `epoch` the complete passes over the training part. `batch_loss` is the loss of
    the newest update's batch, and `last_pass` holds that update's numbers; both are None before the first update.
    `best` is the state with the lowest loss on the validation part since the options changed. `divergence` is that of
    the update after the newest one; None unless that was tried, and diverged.
    """

    def __init__(
        self,
        network: Network,
        training_part: Part | PreparedPart,
        test_part: Part | PreparedPart | None,
        options: TrainingOptions,
        threshold: float = 0.5,
        classification: bool = True,
        validation_part: Part | PreparedPart | None = None,
    ) -> None:
        """Prepare to train `network`; raises GradstepError for options or shapes that do not fit it.

        A prepared part of another trainer of such a network is shared, not copied. `threshold` is the class boundary
        of a single output column; of several columns the largest decides. Without `classification` there is no
        accuracy.
        """
        check_options(options, classification)
        super().__init__(network, (training_part, validation_part, test_part), options, threshold, classification)
        self.optimizer = optimizer_named(options.optimizer)(network.parameters)
        self.epoch = 0
        self.batch_loss: float | None = None
        self.last_pass: Pass | None = None
        self.best: BestState | None = None
        self.divergence: Diverged | None = None
        self.history = History()
        self._batches = Batches(len(self.training_part), self._find_batch_size(), options.shuffle, options.shuffle_seed)
        self.evaluation_interval = self._find_evaluation_interval()
        self._buffers: dict[int, tuple[Pass, Floats]] = {}
        self._stopping_progress = StoppingProgress()
        self._penalty = make_penalty(network, options)
        self._learning_rate = options.learning_rate
        self.history.add_learning_rate(0, self._learning_rate)
        self._mark_epochs()
        self._judge_step(epoch_ends=False)

    def change_options(self, options: TrainingOptions) -> None:
        """Train with other options from the next update on; the current epoch goes on in its order, from its row.

        An optimizer that remembers the same quantities as the one before, as nesterov after momentum, keeps them.
        A change of more than the stop conditions makes this step the best so far: weights that were found with other
        options are not gone back to. Raises GradstepError, with nothing changed, for a value that is not allowed and
        for a change of FIXED_OPTIONS.
        """
        check_options(options, self.classification)
        for name in FIXED_OPTIONS:
            if getattr(options, name) != getattr(self.options, name):
                raise GradstepError(f"{name} cannot change while a network is trained: that needs a new start")
        before = self._find_present_options()
        self._change_optimizer(options.optimizer)
        if options.stop != self.options.stop:
            self.restart_stopping()
        self.options, self._penalty = options, make_penalty(self.network, options)
        if self._batches.size != self._find_batch_size():
            self._batches.size = self._find_batch_size()
            self._mark_epochs()
        self.evaluation_interval = self._find_evaluation_interval()
        self.learning_rate = options.learning_rate
        if self._find_present_options() != before:
            self.restart_best()

    def _find_present_options(self) -> TrainingOptions:
        """Return the options that the next update is made with, without the stop conditions."""
        in_use = replace(self.options, batch_size=self.batch_size, learning_rate=self._learning_rate)
        return replace(in_use, stop=StopConditions())

    def restart_best(self) -> None:
        """Let the present step be the best so far, as at a start."""
        self.best = None
        if self.validation_part is not None:
            self._keep_if_best(self.watched_score())

    def _mark_epochs(self) -> None:
        """Record how many epochs the steps so far are, such that the one under way ends at a whole number."""
        left, steps = self._batches.left_in_epoch, self.steps_per_epoch
        self.history.add_epoch_mark(self.step, self.epoch + (steps - left) / steps, steps)

    def restart_stopping(self) -> None:
        """Judge the stop conditions by the epochs from now on."""
        self._stopping_progress = StoppingProgress()

    def _change_optimizer(self, name: str) -> None:
        before, rule = self.optimizer, optimizer_named(name)
        if type(before) is rule:
            return
        self.optimizer = rule(self.network.parameters)
        # the newest step was made by the old rule
        self.optimizer.change[:] = before.change
        if rule.remembers == before.remembers:
            self.optimizer.memory, self.optimizer.updates = before.memory, before.updates

    def _find_batch_size(self) -> int:
        rows, wanted = len(self.training_part), self.options.batch_size
        return rows if wanted == "full" else min(wanted, rows)

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
        batch_pass.forward_to_logits()
        z, a = batch_pass.output.z, batch_pass.output.a
        loss = self.loss.forward(z, a, y)
        if not math.isfinite(loss):
            raise self._diverge(batch_pass)
        self.loss.delta(z, a, y, batch_pass.output.delta)
        batch_pass.backward()
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
        with np.errstate(all="ignore"):
            weights = self.network.parameters * self._penalty.weight_mask
            return compute_penalty([weights], self.options.l1, self.options.l2)

    def end_of_epoch(self, epoch: int) -> int:
        """Return the step that completes this epoch, counted from 1, if the batch size stays as it is."""
        return self.step + self._batches.left_in_epoch + (epoch - self.epoch - 1) * self.steps_per_epoch

    @property
    def stop_reason(self) -> StopReason | None:
        """The stop condition that the epoch ending with this step met; training can go on all the same.

        It is "patience" also at the best step, once the run has gone back there at its end.
        """
        ends_here = self._batches.epoch_begins or (self.best is not None and self.best.step == self.step)
        return self._stopping_progress.reached if ends_here else None

    def end_at_best(self) -> None:
        """Note that the training, which is at its best step, ends here because patience is over."""
        self._stopping_progress = replace(self._stopping_progress, reached="patience")

    def _find_evaluation_interval(self) -> int:
        """Return the steps between two scores of the watched part."""
        part = self.watched_part
        return self.steps_per_epoch if part is None else find_evaluation_interval(len(part), self.batch_size)

    def _judge_step(self, epoch_ends: bool) -> None:
        """Record the score of the watched part, update the stop conditions and keep the best state, where due."""
        is_due, judges, validates = (
            self.step % self.evaluation_interval == 0,
            epoch_ends and self.options.stop.any,
            self.validation_part is not None,
        )
        score = self.watched_score() if is_due or (judges and validates) else None
        if is_due and score is not None:
            self.history.add_watched_score(self.step, score.loss, score.accuracy)
        if not judges:
            self._stopping_progress = replace(self._stopping_progress, reached=None)
        else:
            judged = score if validates and score is not None else self.evaluator.score(self.training_part)
            self._stopping_progress = update_progress(
                self._stopping_progress, self.options.stop, judged.loss, judged.accuracy
            )
        self._keep_if_best(score)

    def record_score(self) -> None:
        """Record the score of the watched part at the present step, where the run rests or ends; keep the best state.

        No number of the training depends on it. A step that has a score already is not scored again.
        """
        if self.history.newest_scored_step == self.step:
            return
        score = self.watched_score()
        if score is not None and math.isfinite(score.loss):
            self.history.add_resting_score(self.step, score.loss, score.accuracy)
            self._keep_if_best(score)

    def _keep_if_best(self, score: Score | None) -> None:
        lowest = math.inf if self.best is None else self.best.score.loss
        if self.validation_part is not None and score is not None and score.loss < lowest:
            self.best = BestState(score, replace(self.state(), best=None))

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
            "progress": asdict(self._stopping_progress),
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
        values, history = state.values, History()
        history.restore(state.arrays_of("history"))
        self._batches.restore(values)
        self.history = history
        for name, array in own.items():
            array[:] = state.arrays[name]
        self.step, self.epoch, self.batch_loss = values["step"], values["epoch"], values["batch_loss"]
        self.last_pass, self.optimizer.updates = None, values["updates"]
        if not history.has_epoch_marks:
            self._mark_epochs()
        self._learning_rate = values["learning_rate"]
        self._stopping_progress = StoppingProgress(**values["progress"])
        self.best, self.divergence = state.best, None
