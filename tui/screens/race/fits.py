"""The curves of networks of several sizes on one plot, with the points of the data."""

from functools import lru_cache

from textual.strip import Strip

from gradstep.data.input_grid import make_input_grid
from gradstep.data.split import Split
from gradstep.tui.drawing.fitted_curve import FittedCurve, NumberedCurve
from gradstep.tui.drawing.lane_colours import LANE_COLOURS
from gradstep.tui.drawing.palette import PLAIN, make_style
from gradstep.tui.drawing.strips import make_line
from gradstep.tui.session.race_loop import RaceView

HEADLINES = (
    "a curve for each network with one hidden layer, with the number of its lane",
    "the curve of each lane with its number",
    "the curves",
)
SAME = " · the same seed and number of steps"


def draw_fits(view: RaceView, bare: bool, width: int, height: int) -> list[Strip]:
    """Draw the first output of each lane over the one input; `bare` draws curves without colours, as numbers."""
    assert view.fits is not None
    plot = _prepare(view.runs[0].split)
    # the chosen lane is drawn last, on top of the others
    order = sorted(range(len(view.fits)), key=lambda index: index == view.chosen)
    curves = [
        NumberedCurve(view.fits[index][:, 0], f"{index + 1}", make_style(LANE_COLOURS[index], bold=True))
        for index in order
    ]
    return [_draw_headline(plot, width), *plot.draw_numbered(curves, bare, width, height - 1)]


def _draw_headline(plot: FittedCurve, width: int) -> Strip:
    """Draw what the curves and signs are, in the longest form that fits."""
    signs = plot.list_data_signs("  ")
    forms = [
        make_line((HEADLINES[0] + SAME, PLAIN), *signs),
        *(make_line((headline, PLAIN), *signs) for headline in HEADLINES),
        make_line(*signs),
    ]
    return next((form for form in forms if form.cell_length <= width), forms[-1].crop(0, width))


@lru_cache(maxsize=1)
def _prepare(split: Split) -> FittedCurve:
    grid = make_input_grid(split)
    assert grid is not None
    return FittedCurve(split, grid)
