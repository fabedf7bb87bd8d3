"""The picture of the luck screen: fans of loss curves, or the heat map of rates and seeds."""

from textual.strip import Strip

from gradstep.tui.drawing.fan_plot import GUESS_SIGN, NamedFan, draw_fans, list_signs
from gradstep.tui.drawing.palette import DIM, PLAIN
from gradstep.tui.drawing.strips import Piece, make_line
from gradstep.tui.numbers import typeset_minus
from gradstep.tui.screens.luck.heat_map import draw_heat_map
from gradstep.tui.session.luck_view import LuckView
from gradstep.tui.widgets.panel import Panel


class LuckPicture(Panel[LuckView], can_focus=False):
    """Draws the smoothed batch losses of each group over the steps, or a cell for each rate and seed."""

    BORDER_TITLE = "Batch loss"

    def lines(self, view: LuckView, width: int, height: int) -> list[Strip]:
        if view.variation == "rates":
            return draw_heat_map(view, width, height)
        fans = [
            NamedFan(typeset_minus(group.label), fan, index == view.chosen)
            for index, (group, fan) in enumerate(zip(view.groups, view.fans, strict=True))
        ]
        size = width, height - 1
        drawn = draw_fans(fans, view.end, view.training_guess, view.logarithmic, size, self.capabilities)
        return [self._draw_headline(view, width), *drawn]

    def _draw_headline(self, view: LuckView, width: int) -> Strip:
        """Draw what the bands and lines are, in the longest form that fits."""
        own = view.variation == "seeds" and view.own is not None
        signs = list_signs(own, "yours", self.capabilities)
        guess: Piece = (f"  {GUESS_SIGN} always giving the mean", DIM)
        ends: list[list[Piece]] = [[guess, ("  smoothed, over the steps", DIM)], [guess], []]
        forms = [make_line(*signs, *end) for end in ends]
        return next((form for form in forms if form.cell_length <= width), make_line(("loss over the steps", PLAIN)))
