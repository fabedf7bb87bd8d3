"""Scores of a network on the training part and the test part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.network.loss import Loss
from gradstep.core.network.network import Network
from gradstep.core.network.passes import Pass
from gradstep.core.training.parts import PreparedPart

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
    """The scores on both parts after `step` updates; `test` is None where nothing is held out."""

    step: int
    train: Score
    test: Score | None


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
            batch_pass.forward_to_logits()
            losses[rows] = self._loss.per_example(batch_pass.output.z, batch_pass.output.a, part.y[rows])
        return float(losses.std())

    @np.errstate(all="ignore")
    def score_constant(self, output: Floats, part: PreparedPart) -> Score:
        """Score the network that gives the same output (outputs,) for every row, whatever the inputs are."""
        loss, correct = 0.0, 0
        guessed = int(self.classify(output[None])[0])
        for start in range(0, len(part), EVALUATION_ROWS):
            y = part.y[start : start + EVALUATION_ROWS]
            a = np.broadcast_to(output, y.shape)
            loss += float(self._loss.per_example(self._loss.find_logits(a), a, y).sum())
            correct += int(np.count_nonzero(self.classify(y) == guessed))
        return Score(loss / len(part), correct / len(part) if self._classification else None)

    def _find_pass(self, rows: int) -> Pass:
        if rows not in self._passes:
            self._passes[rows] = Pass(self._network, rows)
        return self._passes[rows]

    def classify(self, outputs: Floats) -> Indices:
        """Return the class (rows,) that each row of outputs or targets (rows, outputs) stands for."""
        return classify_outputs(outputs, self._threshold)


def classify_outputs(outputs: Floats, threshold: float) -> Indices:
    """Return the class (rows,) that each row of outputs or targets (rows, outputs) stands for.

    A single column is compared with the threshold; of several columns the largest decides.
    """
    if outputs.shape[1] == 1:
        return (outputs[:, 0] > threshold).astype(np.intp)
    largest: Indices = outputs.argmax(axis=1)
    return largest
