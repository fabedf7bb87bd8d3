"""The linear baseline and the errors of a regression, against their definitions and independent solutions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.network.network import Network
from gradstep.core.training.evaluation import Score
from gradstep.core.training.linear_baseline import fit_linear_baseline, is_no_better
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.regression_errors import measure_errors
from gradstep.core.training.trainer import Trainer

numbers = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=20)


def trainer_of(x: np.ndarray, y: np.ndarray, output: str, loss: str) -> Trainer:
    """The last third of the rows is the test part."""
    network = Network([x.shape[1], y.shape[1]], [output])
    cut, classification = 2 * len(x) // 3, output != "linear"
    parts = Part(x[:cut], y[:cut]), Part(x[cut:], y[cut:])
    threshold = 0.0 if output == "tanh" else 0.5
    return Trainer(network, *parts, TrainingOptions(loss=loss), threshold, classification)


def standardized(x: np.ndarray, like: np.ndarray) -> np.ndarray:
    return np.hstack([(x - like.mean(axis=0)) / like.std(axis=0), np.ones((len(x), 1))])


def test_least_squares_is_the_solution_of_the_augmented_system() -> None:
    """Ridge as plain least squares on the data with a row √1 for each weight below it."""
    rng = np.random.default_rng(0)
    x = rng.normal(3, 5, (90, 4))
    y = np.stack([x[:, 0] - x[:, 1] ** 2, x[:, 2]], axis=1) + rng.normal(size=(90, 2))
    linear = fit_linear_baseline(trainer_of(x, y, "linear", "mse"))
    train = standardized(x[:60], x[:60])
    rows = np.vstack([train, np.eye(5)[:4]])
    weights = np.linalg.lstsq(rows, np.vstack([y[:60], np.zeros((4, 2))]), rcond=None)[0]
    predicted = standardized(x[60:], x[:60]) @ weights
    assert linear is not None and linear.rows == 60
    assert linear.evaluation.test is not None
    assert linear.evaluation.test.loss == pytest.approx(((predicted - y[60:]) ** 2).mean(), rel=1e-9)
    assert linear.evaluation.test.accuracy is None


@pytest.mark.parametrize(
    ("output", "loss"), [("sigmoid", "cross_entropy"), ("tanh", "mse"), ("softmax", "cross_entropy")]
)
def test_the_logistic_regression_is_at_the_minimum_of_its_penalized_loss(output: str, loss: str) -> None:
    """Gradient descent from elsewhere, run long, comes to the same scores."""
    rng = np.random.default_rng(1)
    classes = 3 if output == "softmax" else 2
    centres = rng.normal(0, 1.5, (classes, 3))
    labels = rng.integers(0, classes, 150)
    x = centres[labels] + rng.normal(size=(150, 3))
    y = np.eye(3)[labels] if classes == 3 else np.where(labels == 1, 1.0, -1.0 if output == "tanh" else 0.0)[:, None]
    linear = fit_linear_baseline(trainer_of(x, y, output, loss))
    train, test = standardized(x[:100], x[:100]), standardized(x[100:], x[:100])
    weights, target = rng.normal(size=(4, classes)), np.eye(classes)[labels[:100]]

    def predict(rows: np.ndarray) -> np.ndarray:
        powers = np.exp(rows @ weights)
        return powers / powers.sum(axis=1, keepdims=True)

    penalized = np.diag([1.0, 1, 1, 0])
    for _ in range(20_000):
        weights = weights - 0.01 * (train.T @ (predict(train) - target) + penalized @ weights)
    probabilities = predict(test)
    assert linear is not None and linear.evaluation.test is not None
    found = linear.evaluation.test
    assert found.accuracy == (probabilities.argmax(axis=1) == labels[100:]).mean()
    if loss == "cross_entropy":
        wanted = -np.log(probabilities[np.arange(50), labels[100:]]).mean()
    else:
        wanted = ((2 * probabilities[:, 1:] - 1 - y[100:]) ** 2).mean()
    assert found.loss == pytest.approx(wanted, rel=1e-5)


def test_columns_that_are_constant_or_depend_on_each_other_are_no_trouble() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(60, 2))
    x = np.hstack([x, x.sum(axis=1, keepdims=True), np.full((60, 1), 0.1)])
    for output, loss, y in (
        ("linear", "mse", x[:, :1]),
        ("sigmoid", "cross_entropy", (x[:, :1] > 0) * 1.0),
        ("softmax", "cross_entropy", np.eye(2)[np.zeros(60, int)]),
    ):
        linear = fit_linear_baseline(trainer_of(x, y, output, loss))
        assert linear is not None and linear.evaluation.test is not None
        assert np.isfinite(linear.evaluation.test.loss)


def test_no_better_is_about_accuracy_and_then_about_loss() -> None:
    linear = Score(0.3, 0.9)
    assert is_no_better(Score(0.2, 0.89), linear) and is_no_better(Score(0.3, 0.9), linear)
    assert not is_no_better(Score(0.4, 0.91), linear) and not is_no_better(Score(0.29, 0.9), linear)
    assert is_no_better(Score(0.3, None), Score(0.3, None)) and not is_no_better(Score(0.2, None), Score(0.3, None))
    assert is_no_better(Score(float("nan"), None), Score(0.3, None))


@given(numbers)
def test_the_errors_of_a_regression_are_their_definitions(y: list[float]) -> None:
    rng = np.random.default_rng(len(y))
    targets = np.array(y)
    predicted = targets + rng.normal(0, 10, len(y))
    (errors,) = measure_errors(targets[:, None], predicted[:, None])
    off = [a - b for a, b in zip(y, predicted.tolist(), strict=True)]
    assert errors.rmse == pytest.approx((sum(each**2 for each in off) / len(y)) ** 0.5)
    assert errors.mae == pytest.approx(sum(map(abs, off)) / len(y))
    mean = sum(y) / len(y)
    spread = sum((each - mean) ** 2 for each in y)
    if len(set(y)) == 1:
        assert errors.r2 is None
    elif spread > 1e-3:
        assert errors.r2 == pytest.approx(1 - sum(each**2 for each in off) / spread, rel=1e-6, abs=1e-9)
    assert errors.rescale(3.0).rmse == pytest.approx(3 * errors.rmse) and errors.rescale(3.0).r2 == errors.r2


def test_the_mean_has_an_r2_of_0_and_equal_targets_have_none() -> None:
    y = np.array([[1.0, 7.0], [2.0, 7.0], [6.0, 7.0]])
    first, second = measure_errors(y, np.full((3, 2), 3.0))
    assert first.r2 == pytest.approx(0) and second.r2 is None
    assert (second.rmse, second.mae) == (4.0, 4.0)
