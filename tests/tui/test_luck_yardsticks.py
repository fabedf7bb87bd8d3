"""What the luck screen holds its networks against, and what it says differs between them."""

import pytest

from gradstep.data.luck_groups import Variation
from gradstep.data.luck_setup import set_up_luck
from gradstep.data.run import Run
from gradstep.tui.screens.luck.picture import LuckPicture
from gradstep.tui.screens.luck.table import LuckTable
from gradstep.tui.session.luck_loop import LuckLoop
from gradstep.tui.session.luck_view import LuckView
from tests.tui.driving import assembled

ONE_EXAMPLE = {"x": [[0.05, 0.1]], "y": [[0.01, 0.99]], "test_fraction": 0}


def train(run: Run, variation: Variation) -> LuckView:
    loop = LuckLoop(set_up_luck(run, variation), 0)
    while loop.view().phase != "finished":
        loop.train_slice(lambda: False)
    return loop.view()


def read(view: LuckView) -> str:
    panels = LuckPicture(id="luck-picture"), LuckTable(id="luck-table")
    return " ".join(strip.text for panel in panels for strip in panel.lines(view, 120, 30))


@pytest.mark.parametrize("variation", ["seeds", "initializers", "rates"])
def test_with_one_example_no_network_is_compared_with_a_constant_guess(variation: Variation) -> None:
    view = train(assembled(ONE_EXAMPLE, {"hidden": [2]}, max_steps=30), variation)
    assert "constant guess" not in read(view)
    assert "no better" not in view.verdicts and "good" in view.verdicts


def test_of_an_initializer_that_draws_no_numbers_nothing_is_said_to_differ() -> None:
    drawn, zeros = (train(assembled("iris", {"init": init}, max_steps=5), "seeds") for init in ("he", "zeros"))
    assert "Only the first weights differ" in read(drawn)
    assert "Nothing differs: zeros draws no numbers" in read(zeros)
    assert len(set(zeros.losses.tolist())) == 1
