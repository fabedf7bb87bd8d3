"""A linear model of the same data, as a baseline: what a network must beat for its hidden layers to be of use.

Its inputs are standardized, and its weights, but not its biases, have an l2 penalty of ½ Σ w² beside the sum of the
losses, as in scikit-learn's Ridge and LogisticRegression by default.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gradstep.core.network.arrays import Floats, Indices, spread_evenly
from gradstep.core.training.evaluation import Evaluation, Score, evaluate_parts
from gradstep.core.training.trainer import Trainer

MOST_INPUTS = 2000
"""With more inputs there is no linear model: its system of equations would be too large."""

MOST_WORK = 2e7
"""Rows times inputs times outputs that it is fitted to at most, which takes seconds; of more rows an even choice."""

ITERATIONS = 150
LEAST_PROBABILITY = 1e-12
"""So that a sure but wrong prediction has a finite loss."""

Predict = Callable[[Floats], Floats]
"""Gives outputs (rows, outputs) for inputs and a column of ones (rows, inputs + 1)."""


@dataclass(frozen=True, slots=True)
class LinearBaseline:
    """The scores of a linear model on every part. It was fitted to so many `rows` of the training part."""

    evaluation: Evaluation
    rows: int


def fit_linear_baseline(trainer: Trainer) -> LinearBaseline | None:
    """Fit a linear model to the training part: a logistic regression, or for a regression least squares.

    None with more than MOST_INPUTS inputs, and for a regression whose loss takes probabilities only. The trainer is not
    changed.
    """
    part, outputs = trainer.training_part, max(2, trainer.network.sizes[-1])
    inputs = trainer.network.sizes[0]
    if inputs > MOST_INPUTS or not (trainer.classification or not trainer.loss.needs_probabilities):
        return None
    most = max(outputs, int(MOST_WORK / (inputs * outputs)))
    rows = spread_evenly(len(part), most)
    with np.errstate(all="ignore"):
        x, y = part.with_ones[rows].astype(np.float64), part.y[rows].astype(np.float64)
        if trainer.classification:
            predict = _fit_classes(x, trainer.classify(part.y[rows]), outputs, y, trainer.loss.weigh(y))
        else:
            predict = _fit_numbers(x, y)
        evaluation = evaluate_parts(
            trainer.step, lambda each: trainer.evaluator.score_outputs(predict, each), trainer.parts
        )
    return LinearBaseline(evaluation, len(rows))


def is_no_better(score: Score, linear: Score) -> bool:
    """Whether a score is no better than that of the linear model: in accuracy, or if that is the same, in loss."""
    if score.accuracy is None or linear.accuracy is None or score.accuracy == linear.accuracy:
        return not score.loss < linear.loss
    return score.accuracy < linear.accuracy


def _make_standardize(x: Floats) -> Predict:
    """Return what standardizes the columns as those of these rows, but for the ones."""
    shift, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale <= 1e-12 * np.abs(shift)] = 1.0
    shift[-1] = 0.0
    return lambda inputs: (inputs - shift) / scale


def _make_penalty(columns: int) -> Floats:
    penalty = np.eye(columns)
    penalty[-1, -1] = 0.0
    return penalty


def _fit_numbers(x: Floats, y: Floats) -> Predict:
    """Solve (XᵀX + P) W = XᵀY; the matrix P has the penalty."""
    standardize = _make_standardize(x)
    x = standardize(x)
    weights = np.linalg.solve(x.T @ x + _make_penalty(x.shape[1]), x.T @ y)
    return lambda inputs: standardize(inputs) @ weights


def _fit_classes(x: Floats, labels: Indices, classes: int, y: Floats, weights_of_rows: Floats) -> Predict:
    """Fit a softmax regression by steps against a bound of its Hessian (Böhning 1992), with Nesterov's momentum.

    The Hessian of the summed cross-entropy is at most ½ XᵀX for each class, so that no step overshoots. The rows are
    weighted as in the network's loss.
    """
    standardize = _make_standardize(x)
    x = standardize(x)
    penalty, target = _make_penalty(x.shape[1]), np.eye(classes)[labels]
    # a little more, so that the bound can be inverted where columns depend on each other
    weighted = x * weights_of_rows[:, None]
    inverse = np.linalg.inv(0.5 * (weighted.T @ x) + penalty + 1e-9 * len(x) * np.eye(x.shape[1]))
    weights = ahead = np.zeros((x.shape[1], classes))
    momentum = 1.0
    for _ in range(ITERATIONS):
        gradient = weighted.T @ (_softmax(x @ ahead) - target) + penalty @ ahead
        following = ahead - inverse @ gradient
        if ((following - weights) * gradient).sum() > 0:  # the momentum leads uphill: begin it anew
            momentum = 1.0
        before, momentum = momentum, (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        weights, ahead = following, following + (before - 1) / momentum * (following - weights)
    low, columns = float(y.min()), slice(1, None) if y.shape[1] == 1 else slice(None)

    def predict(inputs: Floats) -> Floats:
        probabilities = _softmax(standardize(inputs) @ weights)[:, columns]
        # targets of tanh begin at −1
        return low + (1 - low) * np.clip(probabilities, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)

    return predict


def _softmax(z: Floats) -> Floats:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    probabilities: Floats = powers / powers.sum(axis=1, keepdims=True)
    return probabilities
