"""Scores on both parts: the data term, and the share of right answers."""

from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.training.evaluation import EVALUATION_ROWS, Score
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part, PreparedPart
from gradstep.core.training.trainer import Trainer
from tests.core.problems import problem, small_trainer, train


def score(outputs: list[list[float]], y: list[list[float]], threshold: float = 0.5) -> Score:
    """Score a network that answers exactly `outputs`: it copies its inputs."""
    units = len(y[0])
    network = Network([units, units], ["linear"])
    network.set([np.eye(units)])
    trainer = Trainer(network, Part(outputs, y), None, TrainingOptions(loss="mse"), threshold)
    return trainer.evaluate().train


def test_the_loss_is_the_data_term_alone() -> None:
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], l1=0.3, l2=0.3)
    assert trainer.evaluate().train.loss == pytest.approx(oracle.loss(trainer.network.parameters), rel=1e-12)


def test_both_parts_are_scored() -> None:
    trainer = small_trainer(held_out=5)
    train(trainer, 4)
    evaluation = trainer.evaluate()
    assert evaluation.step == 4
    assert evaluation.test is not None
    assert trainer.test_part is not None and (len(trainer.training_part), len(trainer.test_part)) == (10, 5)
    assert evaluation.train.loss != evaluation.test.loss


def test_with_nothing_held_out_there_is_no_test_score() -> None:
    assert small_trainer(held_out=0).evaluate().test is None


def test_evaluating_trains_nothing() -> None:
    watched, alone = small_trainer(held_out=5), small_trainer(held_out=5)
    for _ in range(5):
        watched.update()
        watched.evaluate()
    train(alone, 5)
    assert np.array_equal(watched.network.parameters, alone.network.parameters)


def test_more_rows_than_fit_one_chunk_are_all_scored() -> None:
    rows = 2 * EVALUATION_ROWS + 7
    trainer, oracle = problem([3, 4, 2], ["tanh", "softmax"], rows=rows)
    parameters = trainer.network.parameters
    right = oracle.outputs(parameters).argmax(axis=1) == oracle.y.argmax(axis=1)
    evaluation = trainer.evaluate().train
    assert len(trainer.training_part) == rows
    assert evaluation.loss == pytest.approx(oracle.loss(parameters), rel=1e-12)
    assert evaluation.accuracy == right.mean()


@pytest.mark.parametrize(("output", "loss"), [("linear", "mse"), ("sigmoid", "half_sse"), ("softmax", "cross_entropy")])
def test_the_spread_is_that_of_the_losses_of_single_rows(output: str, loss: str) -> None:
    trainer, _ = problem([2, 3, 2], ["tanh", output], rows=EVALUATION_ROWS + 5, loss=loss)
    part, single = trainer.training_part, []
    for row in range(len(part)):
        one = PreparedPart(Part(part.with_ones[row : row + 1, :-1], part.y[row : row + 1]), trainer.network, "training")
        single.append(trainer.evaluator.score(one).loss)
    fresh, _ = problem([2, 3, 2], ["tanh", output], rows=EVALUATION_ROWS + 5, loss=loss)
    for evaluator in (trainer.evaluator, fresh.evaluator):
        assert evaluator.measure_spread(part) == pytest.approx(np.std(single), rel=1e-12)


def test_several_outputs_are_classified_by_the_largest() -> None:
    assert score([[0.2, 0.9, 0.1], [0.8, 0.1, 0.0]], [[0, 1, 0], [0, 0, 1]]).accuracy == 0.5


@pytest.mark.parametrize(("threshold", "accuracy"), [(0.5, 0.75), (0.0, 0.5)])
def test_a_single_output_is_classified_by_the_threshold(threshold: float, accuracy: float) -> None:
    assert score([[0.9], [0.4], [-0.3], [0.7]], [[1], [0], [0], [0]], threshold).accuracy == accuracy


def test_targets_of_minus_one_and_one_need_a_threshold_of_zero() -> None:
    assert score([[0.9], [-0.4], [0.1], [-0.7]], [[1], [-1], [1], [1]], threshold=0.0).accuracy == 0.75


def test_a_regression_has_no_accuracy() -> None:
    trainer = Trainer(
        Network([1, 1], ["linear"]), Part([[1.0]], [[1.0]]), None, TrainingOptions(loss="mse"), classification=False
    )
    assert trainer.evaluate().train == Score(loss=1.0, accuracy=None)


def test_the_test_part_is_scored_from_the_start_at_each_interval() -> None:
    trainer = small_trainer(held_out=5)
    train(trainer, 3 * trainer.evaluation_interval)
    samples = trainer.history.watched_scores()
    assert samples.step.tolist() == [i * trainer.evaluation_interval for i in range(4)]
    now = trainer.evaluate().test
    assert now is not None
    assert (samples.loss[-1], samples.accuracy[-1]) == (now.loss, now.accuracy)


def test_a_score_of_the_same_network_is_the_same() -> None:
    trainer = small_trainer(held_out=5)
    assert replace(trainer.evaluate(), step=0) == replace(trainer.evaluate(), step=0)
