"""Says in half a line which of the fields left open were filled in, and what they suit."""

from gradstep.data.data_defaults import find_open_fields
from gradstep.data.dataset import Dataset
from gradstep.data.experiment import Experiment


def explain_defaults(experiment: Experiment, dataset: Dataset) -> str:
    """Return the values of a filled-in experiment that follow the data, and what they suit; empty if there are none.

    Such as "hidden 100, leaky_relu, init xavier, adam, rate 0.003, batch 32, 50 epochs: for a regression".
    """
    network, training = experiment.network, experiment.training
    assert network.hidden is not None
    texts = {
        "network.hidden": f"hidden {','.join(map(str, network.hidden)) or 'none'}",
        "network.activation": network.activation,
        "network.init": f"init {network.init}",
        "training.optimizer": training.optimizer,
        "training.learning_rate": f"rate {training.learning_rate:g}",
        "training.batch_size": f"batch {training.batch_size}",
        "training.max_epochs": f"{training.max_epochs} epochs",
    }
    chosen = [str(text) for field, text in texts.items() if field in find_open_fields(experiment, dataset)]
    return f"{', '.join(chosen)}: for {name_what_defaults_suit(experiment, dataset)}" if chosen else ""


def name_what_defaults_suit(experiment: Experiment, dataset: Dataset) -> str:
    """Return what the defaults are chosen for: the built-in set or the task."""
    if experiment.network.weights is not None:
        return "given weights"
    name = experiment.data.name
    return f"the {name} data" if name else f"a {dataset.task}"
