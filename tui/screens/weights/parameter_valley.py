"""The loss over the chosen weight or bias, with the typed value on it."""

from textual.strip import Strip

from gradstep.tui.drawing.parameter_plot import draw_parameter
from gradstep.tui.screens.weights.state import WeightsView
from gradstep.tui.widgets.panel import Panel


class ParameterValley(Panel[WeightsView], can_focus=False):
    """Draws the line of the chosen parameter once it is measured."""

    BORDER_TITLE = "its valley: the loss of the next batch"

    def lines(self, view: WeightsView, width: int, height: int) -> list[Strip]:
        if view.line is None:
            return []
        typed = view.typed_value
        on_it = typed is not None and view.line.reaches(typed)
        return draw_parameter(view.line, typed if on_it else None, width, height)
