"""What a run is compared with on the training screen: the course that it left, and a saved run beside it."""

from gradstep.core.network.arrays import Indices
from gradstep.core.network.network import Network
from gradstep.data.run import Run
from gradstep.tui.session.beside_run import BesideRun, classify_grid, has_map_of_classes
from gradstep.tui.session.past import OldCourse


class Comparison:
    """Holds the saved run that is shown beside the present one, and what the old course predicted on the map."""

    def __init__(self) -> None:
        self.beside: BesideRun | None = None
        self._old: tuple[OldCourse, Indices] | None = None

    def find_old_classes(self, course: OldCourse | None, run: Run) -> Indices | None:
        """Return the class (points,) that the run predicted at each point of its map at the end of an old course.

        None without a course, or without a map of classes.
        """
        if course is None or run.grid is None or not has_map_of_classes(run):
            return None
        if self._old is None or self._old[0] is not course:
            layers = [layer.activation.name for layer in run.network.layers]
            network = Network(run.network.sizes, layers, run.network.dtype)
            network.parameters[:] = course.parameters
            self._old = course, classify_grid(network, run.trainer, run.grid.scaled)
        return self._old[1]
