"""Scores of a stack of networks on the training, validation and test part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.passes import Pass
from gradstep.core.network.stacked import STACK_NUMBERS, NetworkStack
from gradstep.core.training.evaluation import EVALUATION_ROWS
from gradstep.core.training.measured_network import MeasuredNetwork
from gradstep.core.training.parts import PreparedPart


@dataclass(frozen=True, slots=True, eq=False)
class PartScores:
    """The mean loss of each network on a part, without the l1/l2 term, and its accuracy; both (networks,).

    `accuracies` is None for a regression.
    """

    losses: Floats
    accuracies: Floats | None


def join_scores(portions: Sequence[PartScores]) -> PartScores:
    """Return the scores of all networks, of which each portion has some, in their order."""
    accuracies = [each.accuracies for each in portions if each.accuracies is not None]
    losses = np.concatenate([each.losses for each in portions])
    return PartScores(losses, np.concatenate(accuracies) if accuracies else None)


@dataclass(frozen=True, slots=True, eq=False)
class StackScores:
    """The scores on all parts; None for a part without rows."""

    train: PartScores
    test: PartScores | None
    validation: PartScores | None


class StackEvaluator:
    """Scores a stack of networks. It keeps its arrays between calls, and changes no parameter."""

    def __init__(self, stack: NetworkStack, measured: MeasuredNetwork) -> None:
        """`measured` has the parts of the data, the loss and what a class is."""
        self._stack, self._measured = stack, measured
        self._passes: dict[int, Pass] = {}
        numbers = max(1, len(stack)) * max(stack.sizes)
        self._rows_at_once = max(1, min(EVALUATION_ROWS, STACK_NUMBERS // numbers))

    def score_parts(self) -> StackScores:
        """Score the networks as they are now on every part."""
        test, validation = self._measured.test_part, self._measured.validation_part
        return StackScores(
            self.score(self._measured.training_part),
            None if test is None else self.score(test),
            None if validation is None else self.score(validation),
        )

    @np.errstate(all="ignore")
    def score(self, part: PreparedPart) -> PartScores:
        """Score the networks as they are now on a part."""
        losses, correct = np.zeros(len(self._stack)), np.zeros(len(self._stack))
        classify = self._measured.classify
        for start in range(0, len(part), self._rows_at_once):
            rows = slice(start, start + self._rows_at_once)
            inputs, y = part.with_ones[rows], part.y[rows]
            if len(y) not in self._passes:
                self._passes[len(y)] = Pass(self._stack, len(y))
            stack_pass = self._passes[len(y)]
            stack_pass.inputs[:] = inputs
            stack_pass.forward_to_logits()
            output = stack_pass.output
            losses += self._measured.loss.forward_each(output.z, output.a, y) * len(y)
            if self._measured.classification:
                correct += np.count_nonzero(classify(output.a) == classify(y), axis=-1)
        return PartScores(losses / len(part), correct / len(part) if self._measured.classification else None)
