"""Scores of a network on the training, validation and test part."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.network.classes import find_classes
from gradstep.core.network.loss import Loss
from gradstep.core.network.network import Network
from gradstep.core.network.passes import Pass
from gradstep.core.training.parts import Parts, PreparedPart
from gradstep.core.training.regression_errors import RegressionErrors, measure_errors

EVALUATION_ROWS = 1024
"""Rows that go through the network at once; a whole part could need too much memory."""


@dataclass(frozen=True, slots=True)
class Score:
    """How the network does on one part.

    `loss` is the mean loss without the l1/l2 term, and `accuracy` the share of rows whose predicted class is the
    target's; None for a regression.
    """

    loss: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores on all parts after `step` updates; None for a part without rows."""

    step: int
    train: Score
    test: Score | None
    validation: Score | None = None


def evaluate_parts(step: int, score: Callable[[PreparedPart], Score], parts: Parts[PreparedPart]) -> Evaluation:
    """Return what `score` gives for each part there is."""
    test, validation = (None if part is None else score(part) for part in (parts.test, parts.validation))
    return Evaluation(step, score(parts.training), test, validation)


def find_evaluation_interval(rows: int, batch_size: int) -> int:
    """Return the steps between two scores of a part of so many rows, such that they cost a few percent of the training.

    A forward pass over a row costs a third of its update, and both have a fixed cost worth about 40 rows.
    """
    return math.ceil(10 * (rows + 40) / (batch_size + 40))


def fill_passes(part: PreparedPart, find_pass: Callable[[int], Pass]) -> Iterator[tuple[slice, Pass]]:
    """Yield the rows of the part in order, at most EVALUATION_ROWS at once, and a pass with their inputs filled in.

    `find_pass` gives a pass of so many rows. The caller runs it.
    """
    for start in range(0, len(part), EVALUATION_ROWS):
        rows = slice(start, start + EVALUATION_ROWS)
        inputs = part.with_ones[rows]
        batch_pass = find_pass(len(inputs))
        batch_pass.inputs[:] = inputs
        yield rows, batch_pass


class Evaluator:
    """Scores a network on a part of the data. It keeps its arrays between calls, and changes no parameter.

    `threshold` is the class boundary of a single output column. Without `classification` there is no accuracy.
    """

    def __init__(self, network: Network, loss: Loss, threshold: float, classification: bool) -> None:
        self._network, self._loss = network, loss
        self._threshold, self._classification = threshold, classification
        self._passes: dict[int, Pass] = {}

    @np.errstate(all="ignore")
    def score(self, part: PreparedPart) -> Score:
        """Score the network as it is now."""
        loss, correct = 0.0, 0
        for rows, batch_pass in fill_passes(part, self._find_pass):
            y = part.y[rows]
            batch_pass.forward_to_logits()
            loss += self._loss.forward(batch_pass.output.z, batch_pass.output.a, y) * len(y)
            correct += int(np.count_nonzero(self.classify(batch_pass.output.a) == self.classify(y)))
        return Score(loss / len(part), correct / len(part) if self._classification else None)

    @np.errstate(all="ignore")
    def measure_spread(self, part: PreparedPart) -> float:
        """Return the standard deviation of the losses of single rows, with the network as it is now."""
        losses = np.empty(len(part))
        for rows, batch_pass in fill_passes(part, self._find_pass):
            batch_pass.forward()
            losses[rows] = self._loss.per_example(batch_pass.output.z, batch_pass.output.a, part.y[rows])
        return float(losses.std())

    def score_constant(self, output: Floats, part: PreparedPart) -> Score:
        """Score the network that gives the same output (outputs,) for every row, whatever the inputs are."""
        return self.score_outputs(lambda inputs: np.broadcast_to(output, (len(inputs), len(output))), part)

    @np.errstate(all="ignore")
    def score_outputs(self, predict: Callable[[Floats], Floats], part: PreparedPart) -> Score:
        """Score another model: `predict` gives its outputs (rows, outputs) for inputs and ones (rows, inputs + 1)."""
        loss, correct = 0.0, 0
        for start in range(0, len(part), EVALUATION_ROWS):
            rows = slice(start, start + EVALUATION_ROWS)
            y, a = part.y[rows], predict(part.with_ones[rows])
            loss += float(self._loss.per_example(self._loss.find_logits(a), a, y).sum())
            correct += int(np.count_nonzero(self.classify(y) == self.classify(a)))
        return Score(loss / len(part), correct / len(part) if self._classification else None)

    @np.errstate(all="ignore")
    def measure_errors(self, part: PreparedPart) -> tuple[RegressionErrors, ...]:
        """Measure the errors of the network as it is now, one entry for each output, in the units of the targets."""
        outputs = np.empty_like(part.y)
        for rows, batch_pass in fill_passes(part, self._find_pass):
            batch_pass.forward()
            outputs[rows] = batch_pass.output.a
        return measure_errors(part.y, outputs)

    def _find_pass(self, rows: int) -> Pass:
        if rows not in self._passes:
            self._passes[rows] = Pass(self._network, rows)
        return self._passes[rows]

    def classify(self, outputs: Floats) -> Indices:
        """Return the class (rows,) that each row of outputs or targets (rows, outputs) stands for."""
        return find_classes(outputs, self._threshold)
