"""A network with its loss and the parts of its data, and its scores on each of them."""

from collections.abc import Callable
from functools import cached_property

import numpy as np

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.network.classes import find_classes
from gradstep.core.network.loss import Loss
from gradstep.core.network.losses import output_loss
from gradstep.core.network.network import Network
from gradstep.core.network.weighted_loss import weigh_loss
from gradstep.core.training.evaluation import Evaluation, Evaluator, Score, evaluate_parts, find_evaluation_interval
from gradstep.core.training.options import TrainingOptions, find_class_weights
from gradstep.core.training.parts import AnyPart, Part, PartName, Parts, PreparedPart, prepare_part

SAMPLE_ROWS = 1024
"""Training rows that the network is scored on where all would take too long."""


class MeasuredNetwork:
    """Scores a network on the training, validation and test part; the last two are None without rows.

    The watched part, which is measured during training, is the validation part, or without one the test part. `step`
    counts the updates of the network.
    """

    def __init__(
        self,
        network: Network,
        parts: Parts[AnyPart],
        options: TrainingOptions,
        threshold: float,
        classification: bool,
    ) -> None:
        """Prepare the parts for the network; raises GradstepError for shapes that do not fit."""
        self.network, self.options, self.step = network, options, 0
        self.threshold, self.classification = threshold, classification
        prepared = prepare_part(parts.training, network, "training")
        if prepared is None or not len(prepared):
            raise GradstepError("the training part is empty: at least one row is needed")
        self.training_part = prepared
        self.validation_part = prepare_part(parts.validation, network, "validation")
        self.test_part = prepare_part(parts.test, network, "test")
        self.loss = self._pair_loss()
        self.evaluator = Evaluator(network, self.loss, threshold, classification)

    def _pair_loss(self) -> Loss:
        """Return the loss on the outputs of this network, with the class weights of the options."""
        loss = output_loss(self.options.loss, self.network.layers[-1].activation.name)
        classes = find_classes(self.training_part.y, self.threshold)
        weights = find_class_weights(self.options, classes, max(2, self.network.sizes[-1]))
        return loss if weights is None else weigh_loss(loss, weights, self.threshold)

    @property
    def parts(self) -> Parts[PreparedPart]:
        """All parts."""
        return Parts(self.training_part, self.validation_part, self.test_part)

    @property
    def watched_part(self) -> PreparedPart | None:
        """The part that is measured during training; None where nothing is held out."""
        return self.test_part if self.validation_part is None else self.validation_part

    @property
    def watched_name(self) -> PartName:
        """The name of the watched part; "training" where nothing is held out."""
        if self.validation_part is not None:
            return "validation"
        return "training" if self.test_part is None else "test"

    def find_evaluation_interval(self, batch_size: int) -> int:
        """Return the steps between two scores of the watched part; an epoch where nothing is held out."""
        if self.watched_part is None:
            return -(-len(self.training_part) // batch_size)
        return find_evaluation_interval(len(self.watched_part), batch_size)

    def evaluate(self) -> Evaluation:
        """Score the network on every part now."""
        return self._score_parts(self.evaluator.score)

    @cached_property
    def constant_guess(self) -> Evaluation:
        """The scores of always giving the mean target of the training part, which names its largest class.

        With class weights its loss is that of the weighted mean, which is the best constant then.
        """
        mean, constant = self.training_part.mean_target, self.evaluator.score_constant
        best = self.best_constant
        return self._score_parts(lambda each: Score(constant(best, each).loss, constant(mean, each).accuracy))

    @cached_property
    def best_constant(self) -> Floats:
        """The outputs (outputs,) that a constant guess with the lowest training loss gives."""
        part = self.training_part
        weights = self.loss.weigh(part.y)
        weighted: Floats = np.average(part.y, axis=0, weights=weights) if (weights != 1).any() else part.mean_target
        return weighted

    @cached_property
    def training_sample(self) -> PreparedPart:
        """At most SAMPLE_ROWS training rows, spread evenly over the part."""
        part = self.training_part
        each = slice(None, None, -(-len(part) // SAMPLE_ROWS))
        rows = part.with_ones[each]
        return PreparedPart(Part(rows[:, :-1], part.y[each], rows), self.network, "training")

    @cached_property
    def guess_of_sample(self) -> float:
        """The loss of a constant guess on the training sample."""
        return self.evaluator.score_constant(self.best_constant, self.training_sample).loss

    def _score_parts(self, score: Callable[[PreparedPart], Score]) -> Evaluation:
        return evaluate_parts(self.step, score, self.parts)

    def watched_score(self) -> Score | None:
        """Score the network on the watched part now; None where nothing is held out."""
        return None if self.watched_part is None else self.evaluator.score(self.watched_part)

    def classify(self, outputs: Floats) -> Indices:
        """Return the class (rows,) that each row of outputs or targets (rows, outputs) stands for."""
        return self.evaluator.classify(outputs)
