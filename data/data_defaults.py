"""The fields that an experiment leaves open: they follow from its data, once, when a run is assembled."""

from typing import Any

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import Experiment, make_experiment, with_absolute_paths
from gradstep.data.features import choose_features
from gradstep.data.recipe import BATCH_SIZE, CLASSIFICATION, REGRESSION, Recipe
from gradstep.data.registry import RECIPES
from gradstep.data.split import count_test_rows

FOLLOWING = (
    "data.features",
    "network.output",
    "network.hidden",
    "network.activation",
    "network.init",
    "training.loss",
    "training.optimizer",
    "training.batch_size",
    "training.learning_rate",
    "training.max_epochs",
)
"""The fields that follow the data where they are left open; each may depend on those before it."""


GIVEN_BY_FILE = ("network.hidden", "network.init")
"""The fields that a file with first weights takes the place of."""


def find_recipe(experiment: Experiment, dataset: Dataset) -> Recipe:
    """Return the recipe of the built-in set, or that of the task.

    An experiment with weights of its own is a worked example, and those are trained by plain gradient descent.
    """
    if experiment.network.weights is not None:
        return CLASSIFICATION
    if experiment.data.name is not None:
        return RECIPES[experiment.data.name]
    return CLASSIFICATION if dataset.task == "classification" else REGRESSION


def fill_in_defaults(experiment: Experiment, dataset: Dataset) -> Experiment:
    """Return the experiment with every field of FOLLOWING filled in, and the path of a data file made absolute.

    With `max_steps`, `max_epochs` stays open: the steps alone end the run. Where the data set has test rows of its own,
    `test_fraction` becomes their share. Raises GradstepError for fields that do not go with the defaults of the others.
    """
    data, network, training = experiment.data, experiment.network, experiment.training
    output = network.output or {0: "linear", 2: "sigmoid"}.get(len(dataset.class_names), "softmax")
    probabilities = dataset.task == "classification" and ACTIVATIONS[output].is_probability
    tables = fill_in_recipe(
        experiment,
        find_recipe(experiment, dataset),
        len(dataset.inputs) - count_test_rows(dataset, data.test_fraction),
    ).model_dump()
    tables["data"]["features"] = choose_features(dataset, data.features)
    tables["network"]["output"] = output
    tables["training"]["loss"] = training.loss or ("cross_entropy" if probabilities else "mse")
    if dataset.test_rows:
        tables["data"]["test_fraction"] = dataset.test_rows / len(dataset.inputs)
    return with_absolute_paths(make_experiment(tables))


def fill_in_recipe(experiment: Experiment, recipe: Recipe, rows: int) -> Experiment:
    """Return the experiment with the open fields of a recipe filled in, for so many rows to train on.

    Raises GradstepError for a list of activations that does not fit the number of its hidden layers.
    """
    tables = experiment.model_dump()
    network, training = tables["network"], tables["training"]
    _set_if_open(network, "hidden", recipe.hidden)
    _set_if_open(network, "activation", recipe.activation)
    _set_if_open(network, "init", recipe.init)
    _set_if_open(training, "optimizer", recipe.optimizer)
    _set_if_open(training, "batch_size", BATCH_SIZE)
    batch_size = training["batch_size"]
    _set_if_open(training, "learning_rate", recipe.learning_rate(training["optimizer"], batch_size))
    if training["max_steps"] is None:
        _set_if_open(training, "max_epochs", recipe.epochs(rows, batch_size))
    return make_experiment(tables)


def _set_if_open(table: dict[str, Any], field: str, value: object) -> None:
    if table[field] is None:
        table[field] = value


def leave_defaults_open(experiment: Experiment, dataset: Dataset) -> Experiment:
    """Return a filled-in experiment with as many fields of FOLLOWING open as would be filled in with the same again."""
    kept: list[str] = []
    while True:
        opened = _open_fields(experiment, kept)
        filled = fill_in_defaults(opened, dataset)
        differing = [field for field in FOLLOWING if _read(filled, field) != _read(experiment, field)]
        if not differing:
            return opened
        # one at a time, because those after it may follow from it
        kept.append(differing[0])


def find_open_fields(experiment: Experiment, dataset: Dataset) -> tuple[str, ...]:
    """Return the fields of FOLLOWING that a filled-in experiment has by default."""
    opened = leave_defaults_open(experiment, dataset)
    given = GIVEN_BY_FILE if experiment.network.start is not None else ()
    return tuple(
        field
        for field in FOLLOWING
        if field not in given and _read(opened, field) is None and _read(experiment, field) is not None
    )


def _open_fields(experiment: Experiment, kept: list[str]) -> Experiment:
    """Return the experiment with all fields of FOLLOWING open except `kept`."""
    tables = experiment.model_dump()
    for dotted in FOLLOWING:
        table, _, field = dotted.partition(".")
        if dotted not in kept:
            tables[table][field] = None
    return make_experiment(tables)


def _read(experiment: Experiment, dotted: str) -> object:
    table, _, field = dotted.partition(".")
    return getattr(getattr(experiment, table), field)
