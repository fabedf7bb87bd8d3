"""The picture of the luck screen: fans of loss curves, or the heat map of rates and seeds."""

import math

from textual.strip import Strip

from gradstep.tui.drawing.fan_plot import ABOVE, GUESS_SIGN, NamedFan, draw_fans, list_signs
from gradstep.tui.drawing.palette import DIM
from gradstep.tui.drawing.strips import Piece, flow_items
from gradstep.tui.numbers import typeset_minus
from gradstep.tui.screens.luck.heat_map import draw_heat_map
from gradstep.tui.session.luck_view import LuckView
from gradstep.tui.widgets.panel import Panel

SIGNS = {GUESS_SIGN: "constant guess", ABOVE: "goes on above"}
"""Signs that are not always there, and what they mean."""

SMOOTHED: list[Piece] = [("smoothed, over the steps", DIM)]
"""What is said of the curves where there is room."""

ROOMY = 10
"""The least height of a plot with a legend of two lines."""


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
        # the lines of the legend do not depend on what is drawn, so that the plot keeps its size
        lines = min(len(self._draw_legend(view, width, "".join(SIGNS))), 2 if height >= ROOMY else 1)
        size = width, height - lines
        guess = view.training_guess if view.has_yardstick else math.inf
        drawn = draw_fans(fans, view.end, guess, view.logarithmic, size, self.capabilities)
        legend = self._draw_legend(view, width, "".join(strip.text for strip in drawn))[:lines]
        return [*legend, *[Strip([])] * (lines - len(legend)), *drawn]

    def _draw_legend(self, view: LuckView, width: int, drawn: str) -> list[Strip]:
        """Draw what the bands and lines are, and those of the signs that are among what is `drawn`."""
        own = view.variation == "seeds" and view.own is not None
        items = list_signs(own, "yours", self.capabilities)
        items += [[(f"{sign} {words}", DIM)] for sign, words in SIGNS.items() if sign in drawn]
        needed, more = flow_items(width, items), flow_items(width, [*items, SMOOTHED])
        return more if len(more) == len(needed) else needed
