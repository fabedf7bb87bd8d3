"""The features of two inputs: their values, their scaling, the grid of the maps, and what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.network.passes import predict
from gradstep.data.assemble import assemble
from gradstep.data.command_line import write_command_line
from gradstep.data.data_defaults import leave_defaults_open
from gradstep.data.experiment import load_experiment, make_experiment, save_experiment
from gradstep.data.experiment_options import make_experiment_from_options
from gradstep.data.features import FEATURES, INPUTS
from gradstep.data.input_grid import make_input_grid
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from tests.tui.driving import same

ALL = tuple(FEATURES)


def run_of(data: dict[str, Any], **tables: dict[str, Any]) -> Run:
    return assemble(make_experiment({"data": data, **tables}))


def by_hand(points: np.ndarray) -> np.ndarray:
    """All features (points, 7) of points (points, 2)."""
    x1, x2 = points[:, 0], points[:, 1]
    return np.stack([x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)], axis=1)


@pytest.mark.parametrize("scale", ["none", "standard", "minmax"])
def test_features_are_of_the_given_inputs_and_are_scaled_by_the_training_part(scale: str) -> None:
    split = run_of({"name": "moons", "features": ALL, "scale": scale}).split
    train, test = (by_hand(split.dataset.points[rows]) for rows in (split.train_rows, split.test_rows))
    shift, size = {
        "none": (0.0, 1.0),
        "standard": (train.mean(axis=0), train.std(axis=0)),
        "minmax": (train.min(axis=0), np.ptp(train, axis=0)),
    }[scale]
    np.testing.assert_allclose(split.train_x, (train - shift) / size, atol=1e-14)
    np.testing.assert_allclose(split.test_x, (test - shift) / size, atol=1e-14)
    found = make_input_grid(split)
    assert found is not None and found.raw.shape[1] == 2
    np.testing.assert_allclose(found.scaled, (by_hand(found.raw) - shift) / size, atol=1e-14)
    row = int(np.flatnonzero(split.test_rows)[3])
    assert np.array_equal(split.find_point("test", row), split.dataset.points[split.test_rows[row]])


def test_the_map_of_the_plane_shows_the_network_of_the_features() -> None:
    run = run_of({"name": "circle", "features": ["x1^2"], "scale": "standard"}, network={"hidden": [3]})
    found = make_input_grid(run.split)
    assert found is not None and run.network.sizes[0] == 1
    squares = run.split.dataset.points[run.split.train_rows][:, :1] ** 2
    x = (found.raw[:, :1] ** 2 - squares.mean()) / squares.std()
    np.testing.assert_allclose(predict(run.network, found.scaled), predict(run.network, x), atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_squares_alone_learn_the_circle_without_a_hidden_layer(seed: int) -> None:
    data = {"name": "circle", "features": ["x1^2", "x2^2"], "seed": seed}
    run = run_of(data, network={"hidden": [], "seed": seed})
    run.trainer.run(lambda: False, until=run.trainer.end_of_epoch(50))
    test = run.trainer.evaluate().test
    assert run.network.sizes == (2, 1) and test is not None and test.accuracy is not None and test.accuracy > 0.95


def test_the_names_of_the_inputs_follow() -> None:
    names = run_of({"name": "xor", "features": ALL}).dataset.feature_names
    assert names == ("x₁", "x₂", "x₁²", "x₂²", "x₁·x₂", "sin x₁", "sin x₂")


def test_both_inputs_are_the_default_and_change_no_number() -> None:
    plain, given = run_of({"name": "gauss"}), run_of({"name": "gauss", "features": INPUTS})
    assert plain.experiment == given.experiment and plain.experiment.data.features == INPUTS
    assert same(plain.trainer.state(), given.trainer.state()) and plain.fingerprint == given.fingerprint


def test_a_run_of_features_is_the_same_from_its_checkpoint_its_file_and_its_command_line(tmp_path: Path) -> None:
    run = run_of({"name": "spiral", "features": ["sin x1", "x1*x2"]})
    save_experiment(tmp_path / "run.toml", run.experiment)
    opened = leave_defaults_open(run.experiment, run.dataset)
    assert write_command_line(opened) == "gradstep train --data spiral --features 'sin x1,x1*x2'"
    typed = make_experiment_from_options(None, "spiral", {"features": "sin x1, x1*x2"})
    run.trainer.run(lambda: False, until=20)
    checkpoint = run.checkpoint(0.0)
    assert same(resume_run(checkpoint).trainer.state(), run.trainer.state())
    for each in (assemble(load_experiment(tmp_path / "run.toml", {})), assemble(typed)):
        each.trainer.run(lambda: False, until=20)
        assert same(each.trainer.state(), run.trainer.state())


def test_features_of_bytes_do_not_overflow(tmp_path: Path) -> None:
    x, y = np.array([[[200, 3]], [[16, 255]]], np.uint8), np.array([0, 1])
    np.savez(tmp_path / "pixels.npz", x=x, y=y)
    data = {"path": str(tmp_path / "pixels.npz"), "features": ["x1^2", "x1*x2"], "scale": "none", "test_fraction": 0}
    run = run_of(data)
    assert run.split.train_x.tolist() == [[40000, 600], [256, 4080]]
    assert run.dataset.image_shape is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "iris", "features": ["x1"]}, 'data.features = ["x1"]: only for data with two inputs, and iris has 4'),
        ({"name": "sine", "features": ["x1"]}, "only for data with two inputs, and sine has 1"),
        ({"name": "xor", "features": []}, "data.features = []: must be a list of x1, x2, x1^2"),
        ({"name": "xor", "features": ["x1", "x2", "x1"]}, "must name each feature once"),
        ({"name": "xor", "features": ["x1^3"]}, 'data.features[0] = "x1^3": must be "x1", "x2"'),
        ({"x": [[1, 2], [1e200, 1]], "y": [0, 1], "features": ["x1^2"]}, "x1^2 is too large to be computed in row 2"),
    ],
)  # fmt: skip
def test_what_is_no_feature_is_refused(data: dict[str, Any], said: str) -> None:
    with pytest.raises(GradstepError) as error:
        run_of(data)
    assert said in str(error.value)
