"""The curve of a network with one input, which shows where a weight that is changed bends it."""

from textual.strip import Strip

from gradstep.data.run import Run
from gradstep.tui.drawing.fitted_curve import FittedCurve
from gradstep.tui.screens.weights.state import WeightsView
from gradstep.tui.widgets.panel import Panel


class WeightsCurve(Panel[WeightsView], can_focus=False):
    """Draws the curve of the network against the data, as the output panel does."""

    BORDER_TITLE = "the network's curve"

    def __init__(self, run: Run) -> None:
        super().__init__(id="weights-curve")
        assert run.grid is not None
        self._curve, self._scaling = FittedCurve(run.split, run.grid), run.split.scaling

    def lines(self, view: WeightsView, width: int, height: int) -> list[Strip]:
        return self._curve.draw(view.snapshot, self._scaling.undo(view.snapshot.example.x), width, height)
