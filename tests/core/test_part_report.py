"""Part reports and grid activations, each number against a plain computation of the same."""

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.network.passes import predict
from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.part_report import WORST, PartReport, report_part
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer
from tests.core.problems import problem, small_trainer, targets, train

FIRST = ExampleIndex("training", 0)
GRID = np.random.default_rng(3).normal(size=(40, 3))


def trainer_of(output: str, outputs: int, rows: int, loss: str, threshold: float = 0.5, low: float = 0.0) -> Trainer:
    rng = np.random.default_rng(5)
    network = Network([3, 4, outputs], ["tanh", output])
    network.initialize("xavier", rng)
    y = targets("sigmoid" if outputs == 1 else "softmax", rows, outputs, rng)
    x = rng.normal(size=(rows, 3))
    return Trainer(network, Part(x, np.where(y > 0, 1.0, low)), None, TrainingOptions(loss=loss), threshold)


TRAINERS = {
    "softmax": lambda: trainer_of("softmax", 4, 50, "cross_entropy"),
    "one column": lambda: trainer_of("sigmoid", 1, 50, "cross_entropy"),
    "tanh": lambda: trainer_of("tanh", 1, 50, "mse", threshold=0.0, low=-1.0),
    "more than one chunk": lambda: trainer_of("softmax", 3, 2500, "cross_entropy"),
}


@pytest.fixture(params=TRAINERS)
def trainer(request: pytest.FixtureRequest) -> Trainer:
    made: Trainer = TRAINERS[request.param]()
    train(made, 10)
    return made


def classes(trainer: Trainer, outputs: np.ndarray) -> list[int]:
    """Row by row: above the border, or the largest."""
    if outputs.shape[1] == 1:
        return [int(row[0] > trainer.threshold) for row in outputs]
    return [max(range(len(row)), key=lambda place: row[place]) for row in outputs.tolist()]


def test_the_grid_activations_of_the_output_are_the_networks_predictions() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"])
    surface = take_snapshot(trainer, FIRST, GRID).grid_activations
    assert surface is not None
    np.testing.assert_allclose(surface[-1], predict(trainer.network, GRID), rtol=1e-12)


def test_the_grid_activations_hold_every_layer() -> None:
    trainer, _ = problem([3, 4, 2], ["tanh", "softmax"])
    surface = take_snapshot(trainer, FIRST, GRID).grid_activations
    assert surface is not None
    first = trainer.network.layers[0]
    np.testing.assert_allclose(surface[0], np.tanh(GRID @ first.weights.T + first.biases), rtol=1e-12)
    assert [layer.shape for layer in surface] == [(40, 4), (40, 2)]


def test_grid_and_report_are_only_computed_on_request() -> None:
    snapshot = take_snapshot(small_trainer(), FIRST)
    assert snapshot.grid_activations is None
    assert snapshot.part_report is None


def test_the_confusion_matrix_counts_targets_by_predictions(trainer: Trainer) -> None:
    y = np.asarray(trainer.training_part.y)
    x = trainer.training_part.with_ones[:, :-1]
    expected = np.zeros((max(2, y.shape[1]),) * 2, int)
    for target, predicted in zip(classes(trainer, y), classes(trainer, predict(trainer.network, x)), strict=True):
        expected[target, predicted] += 1
    report = report_part(trainer, "training")
    assert report.confusion is not None
    assert report.confusion.tolist() == expected.tolist()
    assert report.rows == len(y)


def test_the_diagonal_of_the_confusion_matrix_is_the_accuracy(trainer: Trainer) -> None:
    counts = report_part(trainer, "training").confusion
    assert counts is not None
    assert np.trace(counts) / counts.sum() == trainer.evaluate().train.accuracy


def test_the_worst_examples_have_the_largest_losses(trainer: Trainer) -> None:
    rows = range(len(trainer.training_part))
    losses = {row: take_snapshot(trainer, ExampleIndex("training", row)).example.loss for row in rows}
    expected = sorted(rows, key=lambda row: -losses[row])[:WORST]
    worst = report_part(trainer, "training").worst_examples
    assert [each.index.row for each in worst] == expected
    assert [each.loss for each in worst] == pytest.approx([losses[row] for row in expected], rel=1e-9)


def test_each_worst_example_has_its_own_row_and_prediction(trainer: Trainer) -> None:
    for each in report_part(trainer, "training").worst_examples:
        row = each.index.row
        assert np.array_equal(each.x, trainer.training_part.with_ones[row, :-1])
        assert np.array_equal(each.y, trainer.training_part.y[row])
        np.testing.assert_allclose(each.outputs, predict(trainer.network, each.x[None])[0], rtol=1e-9)
        assert [each.target_class] == classes(trainer, each.y[None])
        assert [each.predicted_class] == classes(trainer, each.outputs[None])


def test_a_regression_has_worst_examples_and_no_confusion_matrix() -> None:
    trainer, oracle = problem([3, 2], ["linear"], rows=9, loss="mse")
    trainer.classification = False
    report = report_part(trainer, "training")
    errors = np.square(predict(trainer.network, oracle.x) - oracle.y).mean(axis=1)
    assert report.confusion is None
    assert [each.index.row for each in report.worst_examples] == np.argsort(-errors).tolist()
    assert [each.target_class for each in report.worst_examples] == [None] * 9


def test_the_report_is_on_the_part_of_the_example() -> None:
    trainer = small_trainer(held_out=5)

    def judged(part: str) -> PartReport:
        report = take_snapshot(trainer, ExampleIndex(part, 0), with_part_report=True).part_report  # type: ignore[arg-type]
        assert report is not None
        return report

    assert [(judged(part).part, judged(part).rows) for part in ("training", "test")] == [("training", 10), ("test", 5)]


def test_a_report_does_not_change_training() -> None:
    watched, alone = small_trainer(held_out=5), small_trainer(held_out=5)
    for _ in range(20):
        take_snapshot(watched, ExampleIndex("test", 0), GRID, with_part_report=True)
        watched.update()
    train(alone, 20)
    assert np.array_equal(watched.network.parameters, alone.network.parameters)
    assert watched.history.watched_scores().loss.tolist() == alone.history.watched_scores().loss.tolist()


def test_later_updates_do_not_change_a_report() -> None:
    trainer = small_trainer()
    snapshot, again = (take_snapshot(trainer, FIRST, GRID, with_part_report=True) for _ in range(2))
    train(trainer, 50)
    assert snapshot.grid_activations is not None and again.grid_activations is not None
    assert snapshot.part_report is not None and again.part_report is not None
    assert all(
        np.array_equal(one, other) for one, other in zip(snapshot.grid_activations, again.grid_activations, strict=True)
    )
    assert [each.loss for each in snapshot.part_report.worst_examples] == [
        each.loss for each in again.part_report.worst_examples
    ]


def test_a_report_on_parameters_that_are_nan_warns_of_nothing() -> None:
    trainer = small_trainer()
    trainer.network.parameters[:] = np.nan
    snapshot = take_snapshot(trainer, FIRST, GRID, with_part_report=True)
    assert snapshot.part_report is not None and snapshot.grid_activations is not None
    assert len(snapshot.part_report.worst_examples) == 10
