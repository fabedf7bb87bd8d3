"""Assembling a run from an experiment."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.run import Run

# Mazur, "A Step by Step Backpropagation Example", see goldens.md
MAZUR: dict[str, Any] = {
    "data": {"x": [[0.05, 0.10]], "y": [[0.01, 0.99]]},
    "network": {
        "hidden": [2],
        "activation": "sigmoid",
        "output": "sigmoid",
        "weights": [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
        "biases": [[0.35, 0.35], [0.60, 0.60]],
        "train_biases": False,
    },
    "training": {"loss": "half_sse", "learning_rate": 0.5, "batch_size": "full", "max_steps": 10_000},
}


def run_of(**tables: dict[str, Any]) -> Run:
    return assemble(make_experiment(tables))


def test_mazur_starts_and_goes_on_with_the_published_numbers() -> None:
    trainer = run_of(**MAZUR).trainer
    assert trainer.update() == pytest.approx(0.298371108760, abs=1e-12)
    assert trainer.evaluate().train.loss == pytest.approx(0.291027773694, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "output", "loss", "outputs"),
    [
        ("digits", "softmax", "cross_entropy", 10),
        ("iris", "softmax", "cross_entropy", 3),
        ("xor", "sigmoid", "cross_entropy", 1),
    ],
)
def test_output_and_loss_follow_the_classes(name: str, output: str, loss: str, outputs: int) -> None:
    run = run_of(data={"name": name})
    assert (run.experiment.network.output, run.experiment.training.loss) == (output, loss)
    assert run.network.sizes[-1] == outputs
    assert run.trainer.evaluate().train.accuracy is not None


def test_a_regression_gets_a_linear_output_and_mse_and_no_accuracy() -> None:
    run = run_of(data={"x": [[1], [2]], "y": [[3.5], [4]]})
    assert (run.experiment.network.output, run.experiment.training.loss) == ("linear", "mse")
    assert run.trainer.evaluate().train.accuracy is None


def test_an_output_that_gives_no_probabilities_gets_mse() -> None:
    assert run_of(data={"name": "xor"}, network={"output": "tanh"}).experiment.training.loss == "mse"


def test_an_experiment_with_its_defaults_filled_in_gives_the_same_numbers() -> None:
    first = run_of(data={"name": "iris"})
    again = assemble(first.experiment)
    assert again.experiment == first.experiment
    assert np.array_equal(again.network.parameters, first.network.parameters)


def test_the_path_of_a_file_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flowers.csv").write_text("x,y\n1,a\n2,b\n3,a\n")
    monkeypatch.chdir(tmp_path)
    run = run_of(data={"path": "flowers.csv", "test_fraction": 0})
    assert run.experiment.data.path == str(tmp_path / "flowers.csv")
    assert run.dataset.class_names == ("a", "b")


def test_no_hidden_layer_is_logistic_regression() -> None:
    assert run_of(data={"name": "circle"}, network={"hidden": []}).network.sizes == (2, 1)


def test_each_hidden_layer_can_have_its_own_activation() -> None:
    network = run_of(network={"hidden": [4, 3], "activation": ["tanh", "relu"]}).network
    assert [layer.activation.name for layer in network.layers] == ["tanh", "relu", "softmax"]


def test_float32_can_be_chosen() -> None:
    assert run_of(network={"dtype": "float32"}).network.parameters.dtype == np.float32


def test_the_network_starts_from_its_own_seed() -> None:
    start, other_data, other_network = (
        run_of(data={"name": "iris", "seed": data}, network={"seed": network})
        for data, network in ((0, 0), (1, 0), (0, 1))
    )
    assert np.array_equal(start.network.parameters, other_data.network.parameters)
    assert not np.array_equal(start.network.parameters, other_network.network.parameters)
    assert np.array_equal(start.split.test_rows, other_network.split.test_rows)
    assert not np.array_equal(start.split.test_rows, other_data.split.test_rows)


def test_every_training_field_reaches_the_trainer() -> None:
    fields = {
        "loss": "mse",
        "optimizer": "adam",
        "learning_rate": 0.02,
        "batch_size": 9,
        "l1": 0.3,
        "l2": 0.4,
        "shuffle": False,
    }
    options = run_of(data={"seed": 6}, network={"train_biases": False}, training=fields).trainer.options
    assert {name: getattr(options, name) for name in fields} == fields
    assert (options.shuffle_seed, options.train_biases) == (6, False)


def test_words_given_as_targets_are_classes() -> None:
    run = run_of(data={"x": [[1, 2], [3, 4], [5, 6]], "y": ["no", "yes", "no"]})
    assert run.dataset.class_names == ("no", "yes") and run.split.train_y.tolist() == [[0], [1], [0]]
    assert run.dataset.feature_names == ("x1", "x2")


def test_rows_given_in_the_file_are_not_scaled() -> None:
    assert run_of(data={"x": [[100], [200]], "y": [0, 1]}).split.train_x.tolist() == [[100], [200]]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (
            {"data": {"name": "iris"}, "network": {"hidden": [], "weights": [[[1, 2], [3, 4]]]}},
            "network.weights of layer 1 are 2 × 2, but the network needs 3 × 4",
        ),
        (
            {"data": {"name": "iris"}, "network": {"hidden": [], "weights": [[[1, 2], [3]]]}},
            "network.weights of layer 1: rows of unequal length",
        ),
        ({"network": {"weights": [[[1]]]}}, "network.weights for 1 layers, but the network has 3"),
        (
            {"data": {"name": "sine"}, "network": {"output": "softmax"}},
            'network.output = "softmax": of one output it is always 1; linear suits a number',
        ),
        ({"data": {"x": [[1], [2]], "y": [1, 1]}}, "data.y: every row has the same class, 1"),
        ({"data": {"test_fraction": 0.9999}}, "data.test_fraction = 0.9999: leaves no training row"),
        ({"data": {"path": "none.csv"}}, "none.csv: no such file"),
        ({"training": {"loss": "binary_cross_entropy"}}, 'training.loss = "binary_cross_entropy": '),
        (
            {
                "data": {"x": [[1]], "y": [[2.0]]},
                "network": {"output": "sigmoid"},
                "training": {"loss": "cross_entropy"},
            },
            'training.loss = "cross_entropy": needs targets from 0 to 1',
        ),
        (
            {
                "data": {"x": [[1]], "y": [[0.5, 0.6]]},
                "network": {"output": "softmax"},
                "training": {"loss": "cross_entropy"},
            },
            'training.loss = "cross_entropy": with softmax the targets of each row must add up to 1',
        ),
    ],
)
def test_an_experiment_that_does_not_fit_together_is_an_error_in_one_line(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(GradstepError) as error:
        run_of(**tables)
    assert str(error.value).startswith(message) and "\n" not in str(error.value)


def test_a_network_that_memory_cannot_hold_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*_: object) -> None:
        raise MemoryError

    # asking for the memory in earnest could bring down a machine that promises more than it has
    monkeypatch.setattr("gradstep.data.assemble.Network", too_large)
    with pytest.raises(GradstepError, match=r"network\.hidden = \[1000000\]: too large for the memory"):
        run_of(network={"hidden": [1_000_000]})


def test_the_default_experiment_learns_the_digits() -> None:
    trainer = run_of().trainer
    trainer.run(lambda: False, until=50 * trainer.steps_per_epoch)
    test = trainer.evaluate().test
    assert test is not None and test.accuracy is not None and test.accuracy >= 0.95
