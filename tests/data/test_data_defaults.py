"""The fields that are left open follow the data, and make sense beside those that are given."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.errors import GradstepError
from gradstep.core.network.optimizers import OPTIMIZERS
from gradstep.data.assemble import assemble
from gradstep.data.command_line import write_command_line
from gradstep.data.data_defaults import FOLLOWING, fill_in_defaults, find_open_fields, leave_defaults_open
from gradstep.data.experiment import Experiment, load_experiment, make_experiment, save_experiment
from gradstep.data.explain_defaults import explain_defaults
from gradstep.data.recipe import CLASSIFICATION, LEAST_EPOCHS, REGRESSION
from gradstep.data.registry import BUILT_IN, RECIPES
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from tests.tui.driving import same

Tables = dict[str, dict[str, Any]]


def value(experiment: Experiment, dotted: str) -> object:
    table, _, field = dotted.partition(".")
    return getattr(getattr(experiment, table), field)


def run_of(**tables: dict[str, Any]) -> Run:
    return assemble(make_experiment(tables))


def heavy_tailed_file(folder: Path, rows: int = 300) -> Path:
    """A regression with a few enormous targets, as incomes have, and an input that nearly repeats another."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 4))
    x[:, 3] = x[:, 0] + rng.normal(0, 0.01, rows)
    y = np.exp(2 * x[:, 0] - x[:, 1])
    lines = ["a,b,c,d,y", *(",".join(f"{number:.6f}" for number in row) for row in np.column_stack([x, y]))]
    path = folder / "tails.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


# --- what is chosen


def test_a_classification_of_own_data_is_trained_by_plain_gradient_descent(tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text("x,y\n" + "".join(f"{number},{'ab'[number % 2]}\n" for number in range(40)))
    experiment = run_of(data={"path": str(path)}).experiment
    network, training = experiment.network, experiment.training
    assert (network.hidden, network.activation, network.init) == ((16, 16), "relu", "he")
    assert (training.optimizer, training.learning_rate, training.batch_size) == ("sgd", 0.1, 32)
    assert training.max_epochs == 50


def test_the_digits_keep_what_they_have() -> None:
    assert RECIPES["digits"] is CLASSIFICATION


def test_a_regression_of_own_data_is_trained_by_adam(tmp_path: Path) -> None:
    experiment = run_of(data={"path": str(heavy_tailed_file(tmp_path))}).experiment
    network, training = experiment.network, experiment.training
    assert (network.hidden, network.activation, network.init) == ((100,), "leaky_relu", "xavier")
    assert (training.optimizer, training.learning_rate, training.batch_size) == ("adam", 0.003, 32)


def test_every_built_in_set_has_a_recipe() -> None:
    assert list(RECIPES) == list(BUILT_IN)


def test_a_file_that_is_called_like_a_set_does_not_get_its_recipe(tmp_path: Path) -> None:
    path = heavy_tailed_file(tmp_path).rename(tmp_path / "sine.csv")
    assert run_of(data={"path": str(path)}).experiment.network.hidden == REGRESSION.hidden


def test_an_experiment_with_weights_is_trained_by_plain_gradient_descent() -> None:
    tables: Tables = {
        "data": {"x": [[1.0]], "y": [[0.5]]},
        "network": {"hidden": [], "weights": [[[1.0]]]},
        "training": {"learning_rate": 0.5},
    }
    assert run_of(**tables).experiment.training.optimizer == "sgd"


# --- beside what is given


@pytest.mark.parametrize("data", ["digits", "sine", "plane"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_learning_rate_follows_the_optimizer(data: str, optimizer: str) -> None:
    training = run_of(data={"name": data}, training={"optimizer": optimizer}).experiment.training
    assert training.learning_rate == RECIPES[data].rates[optimizer]


@pytest.mark.parametrize("data", ["sine", "step", "plane"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_learns_a_built_in_regression_at_its_rate(data: str, optimizer: str) -> None:
    trainer = run_of(data={"name": data}, training={"optimizer": optimizer}).trainer
    trainer.run(lambda: False, until=1500)
    learnt, guessed = trainer.evaluate().test, trainer.constant_guess.test
    assert learnt is not None
    assert guessed is not None
    assert learnt.loss < 0.02 * guessed.loss


def test_a_learning_rate_that_is_given_stays() -> None:
    training = run_of(data={"name": "sine"}, training={"learning_rate": 0.05}).experiment.training
    assert (training.optimizer, training.learning_rate) == ("adam", 0.05)


@pytest.mark.parametrize(
    ("batch_size", "rate"), [(1, 0.00009), (8, 0.0008), (32, 0.003), (500, 0.003), ("full", 0.003)]
)
def test_a_regression_has_a_smaller_rate_for_smaller_batches(batch_size: int | str, rate: float) -> None:
    assert REGRESSION.learning_rate("adam", batch_size) == rate


def test_a_new_optimizer_gets_the_rate_of_sgd() -> None:
    assert CLASSIFICATION.learning_rate("mine", 32) == 0.1


@pytest.mark.parametrize(
    ("rows", "batch_size", "epochs"), [(8, 32, 300), (160, 32, 60), (10_000, 32, 50), (160, "full", 300), (160, 1, 50)]
)
def test_the_epochs_make_steps_enough(rows: int, batch_size: int | str, epochs: int) -> None:
    assert REGRESSION.epochs(rows, batch_size) == epochs
    assert CLASSIFICATION.epochs(rows, batch_size) == LEAST_EPOCHS


def test_max_steps_alone_is_not_cut_short_by_the_default_epochs() -> None:
    training = run_of(data={"name": "iris"}, training={"max_steps": 10_000}).experiment.training
    assert (training.max_steps, training.max_epochs) == (10_000, None)


def test_a_list_of_activations_alone_must_fit_the_hidden_layers() -> None:
    assert run_of(data={"name": "iris"}, network={"activation": ["tanh", "relu"]}).experiment.network.hidden == (16, 16)
    with pytest.raises(GradstepError, match="one for each of the 2 hidden layers"):
        run_of(data={"name": "iris"}, network={"activation": ["tanh"]})


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"network": {"hidden": []}},
        {"network": {"hidden": [4, 2]}},
        {"network": {"hidden": [32, 32, 32]}},
        {"network": {"activation": "relu"}},
        {"network": {"activation": "tanh"}},
        {"network": {"init": "he"}},
        {"training": {"batch_size": 1}},
        {"training": {"batch_size": "full"}},
    ],
    ids=str,
)
def test_no_choice_of_one_field_makes_a_regression_die_or_diverge(
    optimizer: str, fields: Tables, tmp_path: Path
) -> None:
    data = {"path": str(heavy_tailed_file(tmp_path))}
    run = run_of(**fields | {"data": data, "training": {"optimizer": optimizer} | fields.get("training", {})})
    start = run.trainer.evaluate().train.loss
    run.trainer.run(lambda: False, until=600)
    train = run.trainer.evaluate().train.loss
    assert train < 1, "a constant guess has a loss of 1"
    assert train < start


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["sine", "step", "plane", "multi_gauss"])
def test_a_built_in_regression_begins_without_a_leap(name: str, seed: int) -> None:
    trainer = run_of(data={"name": name, "seed": seed}, network={"seed": seed}).trainer
    before = trainer.evaluate().train.loss
    losses = []
    for _ in range(30):
        trainer.update()
        losses.append(trainer.evaluate().train.loss)
    assert max(losses) <= max(1.0, 1.2 * before)
    assert losses[-1] < before


# --- filled in once

fields_of_network = st.fixed_dictionaries(
    {},
    optional={
        "hidden": st.sampled_from([[], [4, 2], [16, 16], [64]]),
        "activation": st.sampled_from(["relu", "tanh", "leaky_relu"]),
        "init": st.sampled_from(["he", "xavier"]),
        "output": st.sampled_from(["linear", "sigmoid"]),
    },
)
fields_of_training = st.fixed_dictionaries(
    {},
    optional={
        "optimizer": st.sampled_from(list(OPTIMIZERS)),
        "learning_rate": st.sampled_from([0.1, 0.01, 0.003, 0.5]),
        "batch_size": st.sampled_from([1, 16, 32, "full"]),
        "max_epochs": st.sampled_from([1, 50, 300]),
        "max_steps": st.sampled_from([1, 1000]),
        "loss": st.sampled_from(["mse", "half_sse"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["iris", "sine", "plane", "spiral"]), fields_of_network, fields_of_training)
def test_what_is_given_stays_and_what_is_left_open_is_filled_in_once(
    name: str, network: dict[str, Any], training: dict[str, Any]
) -> None:
    given_fields = make_experiment({"data": {"name": name}, "network": network, "training": training})
    run = assemble(given_fields)
    for dotted in FOLLOWING:
        asked, filled = value(given_fields, dotted), value(run.experiment, dotted)
        if dotted == "data.features":
            assert filled == (("x1", "x2") if name in ("plane", "spiral") else None)
        else:
            assert filled == asked if asked is not None else filled is not None or training.get("max_steps")
    assert fill_in_defaults(run.experiment, run.dataset) == run.experiment
    opened = leave_defaults_open(run.experiment, run.dataset)
    assert fill_in_defaults(opened, run.dataset) == run.experiment
    # what is left open again is at least what was left open
    assert all(value(opened, dotted) is None for dotted in FOLLOWING if value(given_fields, dotted) is None)


@pytest.mark.parametrize("name", ["sine", "spiral", "iris"])
def test_filled_in_resumed_and_read_from_its_file_a_run_is_the_same(name: str, tmp_path: Path) -> None:
    run = run_of(data={"name": name})
    save_experiment(tmp_path / "run.toml", run.experiment)
    runs = [run, resume_run(run.checkpoint(0.0)), assemble(load_experiment(tmp_path / "run.toml", {}))]
    for each in runs:
        assert each.experiment == run.experiment
        each.trainer.run(lambda: False, until=30)
        assert same(each.trainer.state(), run.trainer.state())


def test_the_command_line_has_only_what_was_chosen() -> None:
    run = run_of(data={"name": "sine"}, training={"optimizer": "sgd"})
    opened = leave_defaults_open(run.experiment, run.dataset)
    assert write_command_line(opened) == "gradstep train --data sine --optimizer sgd"


# --- in words


def test_the_defaults_are_explained_in_half_a_line() -> None:
    run = run_of(data={"name": "sine"}, network={"hidden": [8]})
    said = "tanh, init xavier, adam, rate 0.01, batch 32, 300 epochs: for the sine data"
    assert explain_defaults(run.experiment, run.dataset) == said


def test_a_run_whose_fields_are_all_given_has_no_defaults_to_explain() -> None:
    tables: Tables = {
        "data": {"name": "iris"},
        "network": {"hidden": [3], "activation": "tanh", "init": "xavier"},
        "training": {"optimizer": "adam", "learning_rate": 0.02, "batch_size": 8, "max_epochs": 7},
    }
    run = run_of(**tables)
    assert explain_defaults(run.experiment, run.dataset) == ""
    assert find_open_fields(run.experiment, run.dataset) == (
        "data.validation_fraction",
        "data.stratify",
        "network.output",
        "training.loss",
    )
