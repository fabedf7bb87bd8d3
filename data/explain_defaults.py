"""Says in half a line which of the fields left open were filled in, and what they suit."""

from gradstep.data.data_defaults import find_open_fields
from gradstep.data.run import Run


def explain_defaults(run: Run) -> str:
    """Return the values that follow the data and what they suit; empty if every field was given.

    Such as "hidden 100, leaky_relu, init xavier, adam, rate 0.003, batch 32, 50 epochs: for a regression".
    """
    network, training = run.experiment.network, run.experiment.training
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
    chosen = [str(text) for field, text in texts.items() if field in find_open_fields(run.experiment, run.dataset)]
    return f"{', '.join(chosen)}: for {name_what_defaults_suit(run)}" if chosen else ""


def name_what_defaults_suit(run: Run) -> str:
    """Return what the defaults of a run are chosen for: its built-in set or its task."""
    if run.experiment.network.weights is not None:
        return "given weights"
    name = run.experiment.data.name
    return f"the set {name}" if name else f"a {run.dataset.task}"
