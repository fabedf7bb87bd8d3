"""What the units of a run's network are called on paper."""

from dataclasses import replace

from gradstep.data.run import Run
from gradstep.tui.drawing.unit_names import NetworkNames, name_network


def name_units(run: Run) -> NetworkNames:
    """Return the names of the data set; none for rows that stand in the experiment itself, x₁ and ŷ₁ name those."""
    activations = [layer.activation.name for layer in run.network.layers]
    names = name_network(run.dataset, activations, run.network.sizes[-1])
    return replace(names, inputs=(), outputs=()) if run.experiment.data.x is not None else names
