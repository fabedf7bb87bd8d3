"""The output activation and the loss that follow from the data where an experiment leaves them open."""

from pathlib import Path

from gradstep.core.errors import GradstepError
from gradstep.core.network.activations import ACTIVATIONS
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import Experiment, make_experiment


def fill_in_defaults(experiment: Experiment, dataset: Dataset) -> Experiment:
    """Return the experiment with its output and loss filled in, and the path of a data file made absolute.

    Where the data set has test rows of its own, `test_fraction` becomes their share.
    """
    output = experiment.network.output or {0: "linear", 2: "sigmoid"}.get(len(dataset.class_names), "softmax")
    probabilities = dataset.task == "classification" and ACTIVATIONS[output].is_probability
    loss = experiment.training.loss or ("cross_entropy" if probabilities else "mse")
    tables = experiment.model_dump()
    tables["network"]["output"] = output
    tables["training"]["loss"] = loss
    if dataset.test_rows:
        tables["data"]["test_fraction"] = dataset.test_rows / len(dataset.inputs)
    if experiment.data.path is not None:
        tables["data"]["path"] = str(Path(experiment.data.path).absolute())
    return make_experiment(tables)


def leave_defaults_open(experiment: Experiment, dataset: Dataset) -> Experiment:
    """Return the experiment without the output and the loss, each where it would be filled in with the same again."""
    for fields in (("network", "output"), ("training", "loss")), (("training", "loss"),), (("network", "output"),):
        tables = experiment.model_dump()
        for table, field in fields:
            del tables[table][field]
        try:
            opened = make_experiment(tables)
            if fill_in_defaults(opened, dataset) == experiment:
                return opened
        except GradstepError:
            continue  # the default of one does not suit the other
    return experiment
