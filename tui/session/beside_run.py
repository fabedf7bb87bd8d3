"""An earlier run beside the one that trains: its loss curve, and on a map the border between its classes."""

from dataclasses import dataclass

from gradstep.core.errors import GradstepError
from gradstep.core.network.arrays import Floats, Indices
from gradstep.core.network.network import Network
from gradstep.core.network.passes import predict
from gradstep.core.training.history import LossCurve
from gradstep.core.training.trainer import Trainer
from gradstep.data.compared_run import ComparedRun
from gradstep.data.input_grid import sample_grid
from gradstep.data.resume import resume_run
from gradstep.data.run import Run
from gradstep.data.saved_runs import SavedRun


@dataclass(frozen=True, slots=True, eq=False)
class BesideRun:
    """The loss curve of a saved run, and the class (points,) that it predicts at each point of the present run's map.

    `classes` are None where there is no map of classes.
    """

    name: str
    curve: LossCurve
    classes: Indices | None = None


def has_map_of_classes(run: Run) -> bool:
    """Whether the run has two inputs and learns classes."""
    return run.dataset.task == "classification" and run.dataset.points.shape[1] == 2


def classify_grid(network: Network, trainer: Trainer, scaled: Floats) -> Indices:
    """Return the class (points,) that the network predicts at each point (points, inputs) of a grid."""
    return trainer.classify(predict(network, scaled))


def read_beside_run(compared: ComparedRun, present: Run) -> tuple[BesideRun, str]:
    """Return a saved run as it stands beside the present one, and why it has no border there, empty if it has one.

    It takes long, because its data are read. Where the present run has no map of classes, no border is lacking.
    """
    alone = BesideRun(compared.name, compared.curve)
    grid = present.grid
    if grid is None or not has_map_of_classes(present):
        return alone, ""
    try:
        earlier = resume_run(SavedRun(compared.listed.folder).newest())
    except GradstepError as error:
        return alone, str(error)
    if not has_map_of_classes(earlier) or earlier.dataset.class_names != present.dataset.class_names:
        return alone, "it learnt other data"
    scaled = sample_grid(earlier.split, grid.low, grid.high).scaled
    classes = classify_grid(earlier.network, earlier.trainer, scaled)
    return BesideRun(compared.name, compared.curve, classes), ""
