"""The curves of networks of several sizes on one plot, with the points of the data."""

from functools import lru_cache

from textual.strip import Strip

from gradstep.data.input_grid import make_input_grid
from gradstep.data.split import Split
from gradstep.tui.drawing.fitted_curve import TEST_SIGN, TRAINING_SIGN, FittedCurve, NumberedCurve
from gradstep.tui.drawing.palette import PLAIN, make_style
from gradstep.tui.drawing.strips import longest_fitting, make_line
from gradstep.tui.screens.race.lane_colours import LANE_COLOURS
from gradstep.tui.session.race_loop import RaceView

HEADLINES = (
    "the curve of each network with one hidden layer, with the number of its lane · the same seed, as many steps",
    "the curve of each lane with its number, after as many steps",
    "the curve of each lane with its number",
)


def draw_fits(view: RaceView, bare: bool, width: int, height: int) -> list[Strip]:
    """Draw the first output of each lane over the one input; `bare` draws curves without colours, as numbers."""
    assert view.fits is not None
    split = view.runs[0].split
    data = f" · {TRAINING_SIGN} training" + (f" {TEST_SIGN} test" if len(split.test_rows) else "")
    headline = make_line((longest_fitting([form + more for form in HEADLINES for more in (data, "")], width), PLAIN))
    # the chosen lane is drawn last, on top of the others
    order = sorted(range(len(view.fits)), key=lambda index: index == view.chosen)
    curves = [
        NumberedCurve(view.fits[index][:, 0], f"{index + 1}", make_style(LANE_COLOURS[index], bold=True))
        for index in order
    ]
    return [headline, *_prepare(split).draw_numbered(curves, bare, width, height - 1)]


@lru_cache(maxsize=1)
def _prepare(split: Split) -> FittedCurve:
    grid = make_input_grid(split)
    assert grid is not None
    return FittedCurve(split, grid)
