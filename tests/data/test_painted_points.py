"""Painted points: the edits, the run that learns them, and their CSV file."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.painted_points import STEPS, PaintedPoints, make_painted_experiment, read_points, write_points
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from tests.tui.driving import same

FOUR = PaintedPoints(("no", "yes"), ((0.5, -1.25), (0.1, 2.0), (-3.0, 1 / 3), (0.0, 0.0)), (0, 1, 1, 0))


def run_of(data: dict[str, Any], **tables: dict[str, Any]) -> Run:
    return assemble(make_experiment({"data": data, **tables}))


def test_points_are_added_moved_given_another_class_and_erased() -> None:
    assert FOUR.with_point((9.0, 9.0), 1).points[-1] == (9.0, 9.0) and FOUR.with_point((9.0, 9.0), 1).labels[-1] == 1
    assert FOUR.moved((0, 2), (7.0, 8.0)).points == ((7.0, 8.0), (0.1, 2.0), (7.0, 8.0), (0.0, 0.0))
    assert FOUR.with_label((0, 1), 1).counts == (1, 3)
    left = FOUR.without((1, 2))
    assert left.points == ((0.5, -1.25), (0.0, 0.0)) and left.counts == (2, 0)
    assert FOUR.can_be_learnt and not left.can_be_learnt and not PaintedPoints(("a", "b")).can_be_learnt


def test_the_points_of_a_data_set_are_those_of_both_its_parts_with_their_classes() -> None:
    run = run_of({"name": "spiral3"})
    points = read_points(run)
    assert np.array_equal(np.array(points.points), run.dataset.inputs)
    assert run.dataset.labels is not None
    names = [run.dataset.class_names[label] for label in run.dataset.labels]
    assert [points.class_names[label] for label in points.labels] == names
    assert points.class_names == tuple(sorted(points.class_names))


@pytest.mark.parametrize("name", ["iris", "plane", "sine", "digits"])
def test_other_data_are_not_painted(name: str) -> None:
    with pytest.raises(GradstepError, match="two inputs and classes"):
        read_points(run_of({"name": name}))


def test_every_painted_point_is_trained_on_with_the_network_and_the_training_of_the_run() -> None:
    run = run_of(
        {"name": "circle", "features": ["x1^2", "x2"], "scale": "standard", "seed": 3},
        network={"hidden": [5], "activation": "tanh", "seed": 4},
        training={"optimizer": "momentum", "learning_rate": 0.5},
    )
    painted = assemble(make_painted_experiment(run, 0.02, FOUR))
    x = np.array(FOUR.points)
    features = np.column_stack([x[:, 0] ** 2, x[:, 1]])
    np.testing.assert_allclose(painted.split.train_x, (features - features.mean(axis=0)) / features.std(axis=0))
    assert painted.split.train_y[:, 0].tolist() == [0, 1, 1, 0] and len(painted.split.test_rows) == 0
    assert np.array_equal(painted.network.parameters, run.network.parameters), "the same first weights"
    assert (painted.trainer.optimizer.name, painted.trainer.learning_rate) == ("momentum", 0.02)
    assert painted.experiment.training.max_steps == STEPS and painted.experiment.training.max_epochs is None


def test_fewer_classes_get_the_output_that_suits_them() -> None:
    painted = assemble(make_painted_experiment(run_of({"name": "spiral3"}), 0.1, FOUR))
    assert painted.experiment.network.output == "sigmoid" and painted.network.sizes[-1] == 1


def test_a_painted_run_is_resumed_bit_for_bit() -> None:
    painted = assemble(make_painted_experiment(run_of({"name": "xor"}), 0.1, FOUR))
    painted.trainer.run(lambda: False, until=7)
    resumed = resume_run(painted.checkpoint(1.0))
    for run in (painted, resumed):
        run.trainer.run(lambda: False, until=20)
    assert same(painted.trainer.state(), resumed.trainer.state())


def test_the_file_is_read_again_as_the_same_points_and_no_file_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("mine")
    path = write_points(FOUR, tmp_path)
    assert path.name == "points-2.csv" and write_points(FOUR, tmp_path).name == "points-3.csv"
    assert (tmp_path / "points.csv").read_text() == "mine"
    assert read_points(run_of({"path": str(path)})) == FOUR


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(GradstepError, match=r"points\.csv cannot be written: No such file or directory"):
        write_points(FOUR, tmp_path / "gone")
