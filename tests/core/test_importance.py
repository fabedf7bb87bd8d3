"""Permutation importance, against shuffling by hand; a column that is not used, and one that decides."""

import numpy as np
import pytest

from gradstep.core.network.network import Network
from gradstep.core.observation.importance import LEAST_ROWS, REPEATS, ImportanceMeasurement
from gradstep.core.training.options import TrainingOptions
from gradstep.core.training.parts import Part
from gradstep.core.training.trainer import Trainer

ROWS = 40


def make_trainer(classification: bool) -> Trainer:
    """A linear network, whose third input has the weight 0; 40 rows are for validation."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3 * ROWS, 4))
    z = x @ np.array([2.0, -0.5, 0.0, 1.0])
    y = (z > 0) * 1.0 if classification else z + 0.1 * rng.normal(size=len(z))
    network = Network([4, 1], ["sigmoid" if classification else "linear"])
    network.set([[[2.0, -0.5, 0.0, 1.0]]], [[0.0]])
    parts = [Part(x[first : first + ROWS], y[first : first + ROWS, None]) for first in (0, ROWS, 2 * ROWS)]
    options = TrainingOptions(loss="cross_entropy" if classification else "mse")
    return Trainer(network, parts[0], parts[1], options, 0.5, classification, validation_part=parts[2])


@pytest.mark.parametrize("classification", [True, False])
@pytest.mark.parametrize("inputs", [[0], [1], [2], [0, 3]])
def test_the_rise_is_that_of_shuffling_by_hand(classification: bool, inputs: list[int]) -> None:
    trainer = make_trainer(classification)
    measurement = ImportanceMeasurement(trainer, 4, seed=7)
    assert (measurement.part, measurement.rows, measurement.total) == ("validation", ROWS, ROWS)
    found = measurement.measure(np.array(inputs))
    assert trainer.validation_part is not None
    x, y = trainer.validation_part.with_ones[:, :-1], trainer.validation_part.y[:, 0]

    def measure(rows: np.ndarray) -> tuple[float, float]:
        z = rows @ np.array([2.0, -0.5, 0.0, 1.0])
        if not classification:
            return float(((z - y) ** 2).mean()), 0.0
        p = 1 / (1 + np.exp(-z))
        return float(-np.where(y == 1, np.log(p), np.log(1 - p)).mean()), float(((z > 0) == y).mean())

    generator = np.random.default_rng([7, inputs[0]])
    loss, accuracy = measure(x)
    rises, falls = [], []
    for _ in range(REPEATS):
        rows = x.copy()
        rows[:, inputs] = x[generator.permutation(ROWS)][:, inputs]
        shuffled = measure(rows)
        rises.append(shuffled[0] - loss)
        falls.append(accuracy - shuffled[1])
    assert found.rise == pytest.approx(np.mean(rises))
    if classification:
        assert found.accuracy_fall == pytest.approx(np.mean(falls))
    else:
        assert found.accuracy_fall is None
    if inputs == [2]:
        assert found.rise == 0
    # each column is measured with the others as they were, and the same seed measures the same
    assert measurement.measure(np.array(inputs)) == found
    assert ImportanceMeasurement(trainer, 4, seed=7).measure(np.array(inputs)) == found


def test_the_training_is_not_changed_and_does_not_change_what_is_measured() -> None:
    trainer, alone = make_trainer(True), make_trainer(True)
    measurement = ImportanceMeasurement(trainer, 4, seed=0)
    before = measurement.measure(np.array([0]))
    trainer.update()
    alone.update()
    assert measurement.measure(np.array([0])) == before
    assert (trainer.network.parameters == alone.network.parameters).all()


def test_of_many_columns_fewer_rows_are_measured() -> None:
    rng = np.random.default_rng(0)
    network = Network([3, 1], ["linear"])
    part = Part(rng.normal(size=(400, 3)), rng.normal(size=(400, 1)))
    trainer = Trainer(network, part, None, TrainingOptions(loss="mse"), classification=False)
    measurement = ImportanceMeasurement(trainer, 10**9, seed=0)
    assert (measurement.part, measurement.rows, measurement.total) == ("training", LEAST_ROWS, 400)
