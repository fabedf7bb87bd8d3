"""A population: networks of one shape that train at once as stacked arrays, each by the same rules as a Trainer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.network.network import Network
from gradstep.core.network.optimizer import Optimizer
from gradstep.core.network.optimizers import optimizer_named
from gradstep.core.network.passes import Pass
from gradstep.core.network.stacked import NetworkStack, stack_networks
from gradstep.core.training.batches import Batches
from gradstep.core.training.divergence import Diverged, find_divergence
from gradstep.core.training.loss_table import LossTable
from gradstep.core.training.measured_network import MeasuredNetwork
from gradstep.core.training.member_options import VARYING_OPTIONS, find_column, keep_common
from gradstep.core.training.options import TrainingOptions, check_options, find_batch_size
from gradstep.core.training.parts import PreparedPart
from gradstep.core.training.penalty import Penalty
from gradstep.core.training.stack_scores import PartScores, StackEvaluator, StackScores
from gradstep.core.training.stopping import StoppingProgress, StopReason, update_progress

PORTION_NUMBERS = 2**22
"""About as many numbers are computed for a portion of the scores, which takes some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class MemberEnd:
    """Where a member stopped before the others: after `step` updates, because of a stop condition or a divergence.

    The divergence is that of the update after `step`.
    """

    step: int
    reason: StopReason | None = None
    divergence: Diverged | None = None

    @property
    def diverged(self) -> bool:
        """Whether the update after `step` had a number that is not finite."""
        return self.divergence is not None


class Population:
    """Trains several networks of one shape in step, on the same parts of the data.

    Member i begins with `networks[i]` and trains by `options[i]`. After as many updates it has the parameters that a
    Trainer with its network and options has, up to rounding. A member that diverges, or that meets a stop condition,
    stands still from then on: `ends` (members) says where and why, and is None for those that train.

    `step` and `epoch` count what the members that train have made. `losses` are the batch losses of all members, and
    `newest_losses` (members,) that of each one's newest update. `watched_scores` are the newest scores of the watched
    part, of the steps of which a Trainer records them; NaN where nothing is held out.
    `best_losses`, `best_steps` (members,) and `best_parameters` (members, count) are those with the lowest loss on the
    validation part so far; they are empty without one.
    """

    def __init__(
        self, networks: Sequence[Network], options: Sequence[TrainingOptions], measured: MeasuredNetwork
    ) -> None:
        """`measured` has the parts of the data and the loss, and a network of the same shape.

        Raises GradstepError if the networks differ in shape, or the options in more than VARYING_OPTIONS.
        """
        for each in options:
            check_options(each, measured.classification)
            if keep_common(each) != keep_common(options[0]):
                raise GradstepError(f"the options of a population can differ in {', '.join(VARYING_OPTIONS)} only")
        self._measured, self._options, self._prototype = measured, tuple(options), networks[0]
        self._stack = stack_networks(networks)
        self._training = np.arange(len(networks))
        self._optimizer = optimizer_named(options[0].optimizer)(self._stack.parameters)
        self._last_parameters = self._stack.parameters.copy()
        self.step = self.epoch = 0
        self.ends: list[MemberEnd | None] = [None] * len(networks)
        rows = len(measured.training_part)
        self.batch_size = find_batch_size(options[0], rows)
        seeds = [each.shuffle_seed for each in options] if options[0].shuffle else [0]
        shared = len(set(seeds)) == 1
        self._orders = [
            Batches(rows, self.batch_size, options[0].shuffle, seed) for seed in (seeds[:1] if shared else seeds)
        ]
        self.evaluation_interval = measured.find_evaluation_interval(self.batch_size)
        self.losses = LossTable(len(networks), self.batch_size)
        self.newest_losses, watched_losses, watched_accuracies = np.full((3, len(networks)), np.nan)
        self.watched_scores = PartScores(watched_losses, watched_accuracies if measured.classification else None)
        self._progress = [StoppingProgress()] * len(networks)
        count = 0 if measured.validation_part is None else len(networks)
        self.best_losses, self.best_steps = np.full(count, np.inf), np.zeros(count, np.int64)
        self.best_parameters = self._stack.parameters[:count].copy()
        self._prepare_stack()
        self._judge_step(epoch_ends=False)

    def __len__(self) -> int:
        """The number of members."""
        return len(self.ends)

    @property
    def steps_per_epoch(self) -> int:
        """The number of updates in an epoch."""
        return self._orders[0].per_epoch

    @property
    def training(self) -> Indices:
        """The indices of the members that still train."""
        return self._training

    @property
    def finished(self) -> bool:
        """Whether no member trains any more."""
        return not len(self._training)

    @property
    def parameters(self) -> Floats:
        """The present parameters of all members (members, count), a copy."""
        parameters = self._last_parameters.copy()
        parameters[self._training] = self._stack.parameters
        return parameters

    def score(self) -> StackScores:
        """Score all members as they are now on every part."""
        return self._evaluate(self.parameters).score_parts()

    def score_in_portions(self, part: PreparedPart) -> Iterator[PartScores]:
        """Score all members as they are at the first portion on a part, some at a time, in their order.

        Between two portions a caller can do something else.
        """
        parameters = self.parameters
        size = max(1, PORTION_NUMBERS // (len(part) * sum(self._prototype.sizes)))
        for start in range(0, len(self), size):
            yield self._evaluate(parameters[start : start + size]).score(part)

    def _evaluate(self, parameters: Floats) -> StackEvaluator:
        return StackEvaluator(NetworkStack(self._prototype, parameters), self._measured)

    def update(self) -> None:
        """Make one update of every member that still trains."""
        if self.finished:
            return
        with np.errstate(all="ignore"):
            self._descend(*self._backpropagate())

    def record_score(self) -> None:
        """Keep the present parameters of those that train if they are their best, as where a run rests or ends."""
        if self._measured.validation_part is not None and not self.finished:
            self._keep_best(self._evaluator.score(self._measured.validation_part).losses)

    # the two halves of an update

    def _backpropagate(self) -> tuple[Floats, Pass]:
        """Fill the gradients; returns the mean loss of each member's batch, and the pass."""
        stack_pass, y = self._fill_batch()
        stack_pass.forward_to_logits()
        output, loss = stack_pass.output, self._measured.loss
        losses = loss.forward_each(output.z, output.a, y)
        loss.delta(output.z, output.a, y, output.delta)
        stack_pass.backward()
        return losses, stack_pass

    def _fill_batch(self) -> tuple[Pass, Floats]:
        """Copy the inputs of the next rows into a pass, and return their targets with it.

        Members with the same order read the same rows, which are copied once.
        """
        part = self._measured.training_part
        orders = [order.next_rows() for order in self._orders]
        rows = orders[0] if len(orders) == 1 else np.stack(orders)
        count = rows.shape[-1]
        if count not in self._passes:
            self._passes[count] = Pass(self._stack, count, rows.shape[:-1])
        stack_pass = self._passes[count]
        part.with_ones.take(rows, 0, stack_pass.inputs, "clip")
        return stack_pass, part.y[rows]

    def _descend(self, losses: Floats, stack_pass: Pass) -> None:
        """Let the optimizer change the parameters, and judge the step. Members that diverge stand still from now on."""
        self._penalty.add_gradient()
        optimizer = self._optimizer
        optimizer.updates += 1
        optimizer.fill_change(self._stack.gradient, self._rates)
        finite = np.isfinite(losses + np.add.reduce(optimizer.change, axis=1))
        if not finite.all():
            diverged = np.flatnonzero(~finite)
            self._end(diverged, [self._find_divergence(int(index), losses, stack_pass) for index in diverged])
            losses, optimizer = losses[finite], self._optimizer
            if self.finished:
                return
        np.subtract(self._stack.parameters, optimizer.change, out=self._stack.parameters)
        self.step += 1
        self.losses.add(self._training, losses)
        self.newest_losses[self._training] = losses
        rows = len(self._orders[0].next_rows())
        # a list, because `all` stops at the first False, and every order has to move on
        epoch_ends = all([order.move_on(rows) for order in self._orders])
        self.epoch += epoch_ends
        self._judge_step(epoch_ends)

    def _find_divergence(self, index: int, losses: Floats, stack_pass: Pass) -> MemberEnd:
        """Return the end of one of the members that train, whose update has a number that is not finite.

        A Trainer computes no gradient from a loss that is not finite.
        """
        change = self._optimizer.change if np.isfinite(losses[index]) else None
        error = find_divergence(self.step + 1, self._stack, stack_pass, change, member=index)
        return MemberEnd(self.step, divergence=error)

    def _end(self, ended: Indices, ends: Sequence[MemberEnd]) -> None:
        """Let these of the members that train (training,) stand still."""
        for member, end in zip(self._training[ended], ends, strict=True):
            self.ends[member] = end
        self._last_parameters[self._training] = self._stack.parameters
        keep = np.setdiff1d(np.arange(len(self._training)), ended)
        self._training = self._training[keep]
        self._stack = NetworkStack(self._prototype, self._stack.parameters[keep])
        self._optimizer = _keep_rows(self._optimizer, self._stack.parameters, keep)
        if len(self._orders) > 1:
            self._orders = [self._orders[index] for index in keep]
        self._prepare_stack()

    def _prepare_stack(self) -> None:
        """Make what belongs to the present stack: its passes, and the rates and factors of its members."""
        self._passes: dict[int, Pass] = {}
        self._evaluator = StackEvaluator(self._stack, self._measured)
        options = [self._options[member] for member in self._training]
        self._rates = find_column([each.learning_rate for each in options], self._stack.dtype)
        l1, l2 = (find_column([getattr(each, name) for each in options], self._stack.dtype) for name in ("l1", "l2"))
        self._penalty = Penalty(self._stack, l1, l2, self._options[0].train_biases)

    def _judge_step(self, epoch_ends: bool) -> None:
        """Score the watched part, keep the best parameters and apply the stop conditions, where due: as a Trainer."""
        watched, validates = self._measured.watched_part, self._measured.validation_part is not None
        judges = epoch_ends and any(self._options[member].stop.any for member in self._training)
        is_due = self.step % self.evaluation_interval == 0
        scores = None
        if watched is not None and (is_due or (judges and validates)):
            scores = self._evaluator.score(watched)
            if is_due:
                self._note_watched(scores)
            if validates:
                self._keep_best(scores.losses)
        if judges:
            judged = scores if validates and scores is not None else self._evaluator.score(self._measured.training_part)
            self._apply_stop_conditions(judged)

    def _note_watched(self, scores: PartScores) -> None:
        self.watched_scores.losses[self._training] = scores.losses
        if self.watched_scores.accuracies is not None and scores.accuracies is not None:
            self.watched_scores.accuracies[self._training] = scores.accuracies

    def _keep_best(self, losses: Floats) -> None:
        better = losses < self.best_losses[self._training]
        members = self._training[better]
        self.best_losses[members], self.best_steps[members] = losses[better], self.step
        self.best_parameters[members] = self._stack.parameters[better]

    def _apply_stop_conditions(self, scores: PartScores) -> None:
        reasons = list[StopReason | None]()
        for index, member in enumerate(self._training):
            accuracy = None if scores.accuracies is None else float(scores.accuracies[index])
            progress = update_progress(
                self._progress[member], self._options[member].stop, float(scores.losses[index]), accuracy
            )
            self._progress[member] = progress
            reasons.append(progress.reached)
        met = np.flatnonzero([reason is not None for reason in reasons])
        if len(met):
            self._end(met, [MemberEnd(self.step, reasons[index]) for index in met])


def _keep_rows(optimizer: Optimizer, parameters: Floats, rows: Indices) -> Optimizer:
    """Return the optimizer of some of the members, with what it remembers of them."""
    kept = type(optimizer)(parameters)
    kept.updates, kept.change = optimizer.updates, optimizer.change[rows]
    kept.memory = {name: array[rows] for name, array in optimizer.memory.items()}
    return kept
