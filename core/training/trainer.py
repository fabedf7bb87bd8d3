"""Training: batches, one update at a time, evaluation, and a state that can be saved and restored."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats
from gradstep.core.network.losses import output_loss
from gradstep.core.network.network import Network
from gradstep.core.network.optimizers import optimizer_named
from gradstep.core.network.passes import Pass
from gradstep.core.training.evaluation import Evaluation, Score
from gradstep.core.training.history import History
from gradstep.core.training.options import FIXED, TrainingOptions, check_options, check_rate
from gradstep.core.training.stopping import Progress, Reason, progress_after
from gradstep.core.training.training_rows import Part, Rows

EVALUATION_ROWS = 1024


@dataclass(frozen=True, slots=True)
class TrainerState:
    """Everything that training goes on from: numpy arrays, and values that JSON can hold."""

    arrays: dict[str, NDArray[Any]]
    values: dict[str, Any]


class Diverged(GradstepError):
    """Training stopped at `step` because `quantity` of `layer` (1 is the first after the inputs) is not finite."""

    def __init__(self, step: int, layer: int, quantity: str) -> None:
        self.step, self.layer, self.quantity = step, layer, quantity
        super().__init__(
            f"step {step}: {quantity} of layer {layer} is no longer a finite number; a smaller learning rate may help"
        )


class Trainer:
    """Trains a network on one part of the data and evaluates it on both.

    `threshold` is the class boundary of a single output column; several columns are compared by their largest.
    With `classification` False there is no accuracy. `step` counts the updates made and `epoch` the passes over the
    training part that are complete; `batch_loss` is the loss of the newest update's batch, and `last_pass` holds its
    numbers (None before the first and after `restore`).
    """

    def __init__(
        self,
        network: Network,
        train: Part | Rows,
        test: Part | Rows | None,
        options: TrainingOptions,
        threshold: float = 0.5,
        classification: bool = True,
    ) -> None:
        """Raises GradstepError for options or shapes that do not fit the network.

        Rows of another trainer of such a network are shared, not copied.
        """
        check_options(options, classification)
        self.network, self.options = network, options
        self.threshold, self.classification = threshold, classification
        self.loss = output_loss(options.loss, network.layers[-1].activation.name)
        self.optimizer = optimizer_named(options.optimizer)(network.parameters)
        self.train = train if isinstance(train, Rows) else Rows(train, network, "training")
        if isinstance(test, Part):
            test = Rows(test, network, "test") if len(np.asarray(test.y)) else None
        self.test = test
        if not len(self.train):
            raise GradstepError("the training part is empty: at least one row is needed")
        self._plan_batches()
        self.step = self.epoch = 0
        self.batch_loss: float | None = None
        self.history = History()
        self._progress = Progress()
        self._weight_mask = network.weight_mask()
        self._penalty_gradient = np.empty_like(network.parameters)
        self._learning_rate = options.learning_rate
        self._shuffle = np.random.default_rng(options.shuffle_seed)
        self.last_pass: Pass | None = None
        self._batches: dict[int, tuple[Pass, Floats]] = {}
        self._chunks: dict[int, tuple[Pass, Floats]] = {}
        self._begin_epoch()
        self.history.add_rate(0, self._learning_rate)
        self._sample()

    def change(self, options: TrainingOptions) -> None:
        """Go on with other options from the next update; the epoch under way keeps its order and goes on from its row.

        An optimizer that remembers the same quantities as the one before, as nesterov after momentum, keeps them.
        Raises GradstepError, with nothing changed, for a value that is not allowed, and for options that need a new
        start: the loss, the shuffling and its seed, and whether biases are trained.
        """
        check_options(options, self.classification)
        for name in FIXED:
            if getattr(options, name) != getattr(self.options, name):
                raise GradstepError(f"{name} cannot change while a network is trained: that needs a new start")
        before, rule = self.optimizer, optimizer_named(options.optimizer)
        if type(before) is not rule:
            self.optimizer = rule(self.network.parameters)
            # the newest step is still the one that was made with the old rule
            self.optimizer.change[:] = before.change
            if rule.remembers == before.remembers:
                self.optimizer.memory, self.optimizer.updates = before.memory, before.updates
        if options.stop != self.options.stop:
            self._progress = Progress()
        self.options = options
        self._plan_batches()
        self.learning_rate = options.learning_rate

    def _plan_batches(self) -> None:
        rows, wanted = len(self.train), self.options.batch_size
        self.batch_size = rows if wanted == "full" else min(wanted, rows)
        self.steps_per_epoch = -(-rows // self.batch_size)
        self.evaluation_interval = self._evaluation_interval()

    def end_of_epoch(self, epoch: int) -> int:
        """The step that completes this epoch, counted from 1, if the batch size stays as it is."""
        left = -(-(len(self.train) - self._cursor) // self.batch_size)
        return self.step + left + (epoch - self.epoch - 1) * self.steps_per_epoch

    @property
    def learning_rate(self) -> float:
        """The learning rate α of the next update."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        check_rate(value)
        if value != self._learning_rate:
            self._learning_rate = value
            self.history.add_rate(self.step, value)

    @property
    def reached(self) -> Reason | None:
        """The stop condition that the epoch ending with this step has met; whoever trains may go on all the same."""
        return self._progress.reached if self._cursor == 0 else None

    def set_parameter(self, layer: int, unit: int, source: int | None, value: float) -> None:
        """Set one weight of layer `layer` (from 1), from `source` to `unit` (from 0); without a source, the bias.

        Raises GradstepError, with nothing changed, when the value is not a finite number of the network's dtype.
        """
        with np.errstate(over="ignore"):
            number = self.network.dtype.type(value)
        if not np.isfinite(number):
            raise GradstepError(f"{value:g} is not a finite number that a weight can be")
        chosen = self.network.layers[layer - 1]
        if source is None:
            chosen.biases[unit] = number
        else:
            chosen.weights[unit, source] = number

    def update(self) -> float:
        """Make one update; returns the mean loss of its batch, before it and without the l1/l2 term.

        Raises Diverged, with no parameter changed, when the loss or the change is no longer finite.
        """
        with np.errstate(all="ignore"):
            return self.descend(*self.backpropagate(self.upcoming_rows()))

    def run(self, stop: Callable[[], bool], until: int | None = None) -> int:
        """Make updates until `stop()` is true or `until` updates are made in all; returns how many were made.

        `stop` is asked after every update, so that a person never waits longer than one. Raises Diverged.
        """
        first = self.step
        with np.errstate(all="ignore"):
            while until is None or self.step < until:
                self.descend(*self.backpropagate(self.upcoming_rows()))
                if stop():
                    break
        return self.step - first

    def backpropagate(self, rows: NDArray[np.intp]) -> tuple[float, Pass]:
        """The first half of an update: the mean loss of these rows, and the network's gradient of it filled.

        Raises Diverged, before any gradient, when the loss is no longer finite.
        """
        work, y = self._gather(rows)
        work.forward_to_logits()
        z, a = work.output.z, work.output.a
        loss = self.loss.forward(z, a, y)
        if not math.isfinite(loss):
            raise self._divergence(work)
        self.loss.delta(z, a, y, work.output.delta)
        work.backward()
        return loss, work

    def descend(self, loss: float, work: Pass) -> float:
        """The second half: add the l1/l2 gradient, let the optimizer move the parameters, and count the step.

        Raises Diverged, with no parameter changed, when the change is not finite.
        """
        self._add_penalty_gradient()
        try:
            self.optimizer.update(self.network.parameters, self.network.gradient, self._learning_rate)
        except FloatingPointError:
            raise self._divergence(work) from None
        self.step += 1
        self.batch_loss, self.last_pass = loss, work
        self.history.add(loss)
        self._cursor += work.rows
        if self._cursor == len(self._order):
            self.epoch += 1
            self._begin_epoch()
            self._judge_epoch()
        if self.step % self.evaluation_interval == 0:
            self._sample()
        return loss

    def _begin_epoch(self) -> None:
        # kept so that the order of the epoch under way can be drawn again instead of being saved
        self._shuffle_before_epoch = self._shuffle.bit_generator.state
        count = len(self.train)
        self._order = self._shuffle.permutation(count) if self.options.shuffle else np.arange(count)
        self._cursor = 0

    def upcoming_rows(self) -> NDArray[np.intp]:
        """Rows of the training part that the next update reads (batch,)."""
        return self._order[self._cursor : self._cursor + self.batch_size]

    def _gather(self, rows: NDArray[np.intp]) -> tuple[Pass, Floats]:
        work, y = self._buffers(self._batches, len(rows))
        # mode "clip" lets take write without a copy; the rows are in range by construction
        self.train.with_ones.take(rows, 0, work.inputs, "clip")
        self.train.y.T.take(rows, 1, y.T, "clip")
        return work, y

    def _buffers(self, kept: dict[int, tuple[Pass, Floats]], rows: int) -> tuple[Pass, Floats]:
        if rows not in kept:
            kept[rows] = Pass(self.network, rows), np.empty((self.network.sizes[-1], rows), self.network.dtype).T
        return kept[rows]

    def _add_penalty_gradient(self) -> None:
        """Add the gradient of the l1/l2 term, and keep frozen biases where they are."""
        parameters, gradient, scratch = self.network.parameters, self.network.gradient, self._penalty_gradient
        l1, l2 = self.options.l1, self.options.l2
        if l2:
            np.multiply(parameters, l2, out=scratch)
            np.multiply(scratch, self._weight_mask, out=scratch)
            np.add(gradient, scratch, out=gradient)
        if l1:
            np.sign(parameters, out=scratch)
            np.multiply(scratch, l1, out=scratch)
            np.multiply(scratch, self._weight_mask, out=scratch)
            np.add(gradient, scratch, out=gradient)
        if not self.options.train_biases:
            np.multiply(gradient, self._weight_mask, out=gradient)

    @np.errstate(all="ignore")
    def regularization(self) -> float:
        """The l1/l2 term of the loss: l1·Σ |w| + (l2 / 2)·Σ w², weights only."""
        weights = self.network.parameters * self._weight_mask
        return float(self.options.l1 * np.abs(weights).sum() + self.options.l2 / 2 * np.square(weights).sum())

    def _divergence(self, work: Pass) -> Diverged:
        changes = self.network.layer_views(self.optimizer.change)
        for layer_number, (layer, change) in enumerate(zip(work.layers, changes, strict=True), start=1):
            quantities = {
                "the pre-activation z": layer.z,
                "the activation a": layer.a,
                "the gradient": layer.layer.gradient,
                "the change": change,
            }
            for quantity, values in quantities.items():
                if not np.isfinite(values).all():
                    return Diverged(self.step + 1, layer_number, quantity)
        return Diverged(self.step + 1, len(work.layers), "the loss")

    def _evaluation_interval(self) -> int:
        """Steps between two evaluations of the test part, such that they cost a few percent of the training.

        A row costs a forward pass a third of what it costs an update, and either has a fixed cost worth about 40 rows.
        """
        if self.test is None:
            return self.steps_per_epoch
        return -(-10 * (len(self.test) + 40) // (self.batch_size + 40))

    def _sample(self) -> None:
        if self.test is not None:
            score = self._score(self.test)
            self.history.add_test_score(self.step, score.loss, score.accuracy)

    def _judge_epoch(self) -> None:
        if self.options.stop.any:
            score = self._score(self.train if self.test is None else self.test)
            self._progress = progress_after(self._progress, self.options.stop, score.loss, score.accuracy)

    def evaluate(self) -> Evaluation:
        """Score both parts now."""
        with np.errstate(all="ignore"):
            return Evaluation(self.step, self._score(self.train), None if self.test is None else self._score(self.test))

    def test_score(self) -> Score | None:
        """Score the test part now; None where nothing is held out."""
        with np.errstate(all="ignore"):
            return None if self.test is None else self._score(self.test)

    def _score(self, part: Rows) -> Score:
        loss, right = 0.0, 0
        for start in range(0, len(part), EVALUATION_ROWS):
            rows, y = (array[start : start + EVALUATION_ROWS] for array in (part.with_ones, part.y))
            work, _ = self._buffers(self._chunks, len(rows))
            work.inputs[:] = rows
            work.forward_to_logits()
            loss += self.loss.forward(work.output.z, work.output.a, y) * len(y)
            right += int(np.count_nonzero(self.classes(work.output.a) == self.classes(y)))
        accuracy = right / len(part) if self.classification else None
        return Score(loss / len(part), accuracy, len(part))

    def classes(self, outputs: Floats) -> NDArray[np.intp]:
        """The class that each row of outputs or targets (rows, outputs) stands for, (rows,)."""
        if outputs.shape[1] == 1:
            return (outputs[:, 0] > self.threshold).astype(np.intp)
        largest: NDArray[np.intp] = outputs.argmax(axis=1)
        return largest

    def state(self) -> TrainerState:
        """Everything that going on bit for bit needs."""
        arrays: dict[str, NDArray[Any]] = {"parameters": self.network.parameters.copy()}
        arrays |= {f"optimizer.{name}": array.copy() for name, array in self.optimizer.memory.items()}
        arrays |= {f"history.{name}": array for name, array in self.history.state().items()}
        values = self._identity() | {
            "step": self.step,
            "epoch": self.epoch,
            "updates": self.optimizer.updates,
            "learning_rate": self._learning_rate,
            "batch_loss": self.batch_loss,
            "cursor": self._cursor,
            "shuffle": self._shuffle_before_epoch,
            "progress": asdict(self._progress),
        }
        return TrainerState(arrays, values)

    def _identity(self) -> dict[str, Any]:
        """What a state must agree with: the cursor and the optimizer's memory mean nothing elsewhere."""
        return {"optimizer": self.optimizer.name, "rows": len(self.train), "batch_size": self.batch_size}

    def restore(self, state: TrainerState) -> None:
        """Go back, or on, to a state of a trainer with the same data, network and options.

        Raises GradstepError, with nothing changed, when the state is of another network, optimizer or batching.
        """
        for name, own in self._identity().items():
            saved = state.values.get(name)
            if saved != own:
                raise GradstepError(f"the saved state does not fit: its {name} is {saved}, here it is {own}")
        expected = {"parameters": self.network.parameters}
        expected |= {f"optimizer.{name}": array for name, array in self.optimizer.memory.items()}
        for name, array in expected.items():
            if name not in state.arrays or state.arrays[name].shape != array.shape:
                raise GradstepError(f"the saved state does not fit this network: {name} is missing or of another shape")
        for name, array in expected.items():
            array[:] = state.arrays[name]
        self.step, self.batch_loss = state.values["step"], state.values["batch_loss"]
        self.epoch = state.values["epoch"]
        self.last_pass = None
        self.optimizer.updates = state.values["updates"]
        self._learning_rate = state.values["learning_rate"]
        self._shuffle.bit_generator.state = state.values["shuffle"]
        self._begin_epoch()
        self._cursor = state.values["cursor"]
        self._progress = Progress(**state.values["progress"])
        self.history.restore(
            {name.removeprefix("history."): a for name, a in state.arrays.items() if name.startswith("history.")}
        )
