"""Scores a trained network on the rows of a file that has their targets: held-out data of a person's own."""

from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats
from gradstep.core.network.loss import Loss
from gradstep.core.network.losses import output_loss
from gradstep.core.network.weighted_loss import weigh_loss
from gradstep.core.training.evaluation import Evaluator
from gradstep.core.training.parts import Part, PreparedPart
from gradstep.core.training.regression_errors import RegressionErrors
from gradstep.data.dataset import encode_labels
from gradstep.data.new_rows import NewRows
from gradstep.data.trained_model import TrainedModel


@dataclass(frozen=True, slots=True)
class RowsScore:
    """The score on `rows` rows, and for a regression the errors, one for each target, in the units of the data.

    `accuracy` is None for a regression. It counts rows of a class that was not there in training as wrong. No output
    stands for such a class, and so `loss` is that of the other `loss_rows`. It is None without any, and with balanced
    class weights, which are those of the training part; a model does not hold its rows.
    """

    rows: int
    loss_rows: int
    loss: float | None
    accuracy: float | None
    errors: tuple[RegressionErrors, ...] = ()


def score_rows(model: TrainedModel, rows: NewRows) -> RowsScore | None:
    """Score the rows whose targets are known; None if the file has none.

    The rows go through the network as those of a part do in training: the same rows give the same bits.
    """
    preprocessing, targets = model.preprocessing, rows.targets
    if targets is None:
        return None
    known, unseen = ~np.isnan(targets.values).any(axis=1), int(np.count_nonzero(targets.unseen))
    if not known.any():
        return RowsScore(unseen, 0, None, 0.0) if unseen else None
    classes, loss = len(preprocessing.class_names), _find_loss(model)
    inputs = preprocessing.scale_inputs(rows.inputs[known])
    part = PreparedPart(Part(inputs, _encode(model, targets.values[known])), model.network, "test")
    evaluator = Evaluator(model.network, loss, preprocessing.threshold, bool(classes))
    score = evaluator.score(part)
    accuracy = score.accuracy
    if unseen and accuracy is not None:
        accuracy = accuracy * len(part) / (len(part) + unseen)
    is_balanced = model.experiment.training.class_weights == "balanced"
    errors = () if classes else _measure_errors(model, evaluator, part)
    return RowsScore(len(part) + unseen, len(part), None if is_balanced else score.loss, accuracy, errors)


def _measure_errors(model: TrainedModel, evaluator: Evaluator, part: PreparedPart) -> tuple[RegressionErrors, ...]:
    scales = model.preprocessing.target_scaling.scale.tolist()
    errors = evaluator.measure_errors(part)
    return tuple(each.rescale(scale) for each, scale in zip(errors, scales, strict=True))


def _find_loss(model: TrainedModel) -> Loss:
    """Return the loss that the network was trained with, with class weights that were given."""
    training = model.experiment.training
    assert training.loss is not None
    loss = output_loss(training.loss, model.network.layers[-1].activation.name)
    if training.class_weights is None or training.class_weights == "balanced":
        return loss
    return weigh_loss(loss, np.array(training.class_weights, np.float64), model.preprocessing.threshold)


def _encode(model: TrainedModel, values: Floats) -> Floats:
    """Return the targets as the network learnt them, of the indices of classes or the numbers, each (rows, outputs)."""
    preprocessing, output = model.preprocessing, model.experiment.network.output
    assert output is not None
    classes = len(preprocessing.class_names)
    y = encode_labels(values[:, 0].astype(np.intp), classes, output)[0] if classes else values
    return preprocessing.target_scaling.apply(y)
