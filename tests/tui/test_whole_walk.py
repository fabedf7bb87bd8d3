"""No number of the walkthrough is cut, at any micro-step, whatever the values, the names, the focus and the size."""

from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.errors import GradstepError
from gradstep.core.ledger.bugs import BUGS
from gradstep.core.ledger.micro_step import Focus
from gradstep.core.training.update import Update, record_update
from gradstep.data.run import Run
from gradstep.tui.screens.walkthrough.batch_table import BatchTable
from gradstep.tui.screens.walkthrough.computations import check_gradient, walk_with_bug
from gradstep.tui.screens.walkthrough.example import ExamplePanel
from gradstep.tui.screens.walkthrough.explanation import Explanation
from gradstep.tui.screens.walkthrough.graph import WalkthroughGraph
from gradstep.tui.screens.walkthrough.guess import Guess
from gradstep.tui.screens.walkthrough.matrix_panel import MatrixPanel
from gradstep.tui.screens.walkthrough.network_strip import NetworkStrip
from gradstep.tui.screens.walkthrough.phase_bar import PhaseBar
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.screens.walkthrough.values_so_far import ValuesSoFar
from gradstep.tui.session.walk import start_walk
from tests.tui.driving import assembled
from tests.tui.names import names
from tests.tui.test_whole_numbers import renamed
from tests.tui.wholeness import Drawn, assert_well_drawn, assert_whole, sizes

NETWORKS = {
    "classes": ("iris", {"hidden": [4, 3], "activation": ["relu", "tanh"]}),
    "one class": ("xor", {"hidden": [3], "activation": "sigmoid"}),
    "numbers": ("sine", {"hidden": [3]}),
    "pixels": ("digits", {"hidden": [3]}),
}
scales = st.sampled_from((1.0, 1e-300, 1e-120, 1e-30, 1e-3, 30.0, 1e3, 1e30, 1e100, 1e150, -1e-310, 0.0, -0.0))
rates = st.sampled_from((0.1, 1.23457e-05, 1e-300, 1e9, 1e300))


@cache
def recorded(kind: str, scale: float, rate: float, optimizer: str) -> tuple[Run, Update] | None:
    """The second update of a run with weights of this scale; None if it diverges before."""
    data, network = NETWORKS[kind]
    run = assembled(data, network, optimizer=optimizer, batch_size=5, learning_rate=rate, l2=1e-3)
    run.network.parameters *= scale
    try:
        record_update(run.trainer)
        return run, record_update(run.trainer)
    except GradstepError:
        return None


@st.composite
def walks(draw: st.DrawFn) -> Drawn | None:
    kind, optimizer = draw(st.sampled_from(sorted(NETWORKS))), draw(st.sampled_from(("sgd", "adam")))
    made = recorded(kind, draw(scales), draw(rates), optimizer)
    if made is None:
        return None
    run, update = made
    with np.errstate(all="ignore"):
        walk = start_walk(update)
        focus = Focus(
            draw(st.integers(0, update.batch - 1)),
            tuple(draw(st.integers(0, layer.z.shape[1] - 1)) for layer in update.layers),
            tuple(draw(st.integers(0, layer.inputs.shape[1])) for layer in update.layers),
        )
        walk = replace(walk, index=draw(st.integers(0, len(walk.steps) - 1))).with_focus(focus)
        bug = draw(st.sampled_from((None, *BUGS)))
        walk, wrong_from = walk_with_bug(walk, update, bug, None)
    checked = check_gradient(walk) if draw(st.booleans()) else None
    first, hint = draw(st.sampled_from((("", ""), ("7e300", "That comes out without the slope f′(z)."))))
    guess = Guess("1.2e-300", draw(st.booleans()), first, hint) if draw(st.booleans()) else None
    labels = draw(st.lists(names, min_size=3, max_size=3))
    dataset = renamed(run, labels, labels).dataset
    return Drawn(WalkView(walk, dataset, guess, checked, bug, wrong_from))


@given(walks(), sizes)
@settings(max_examples=200, deadline=None)
def test_no_number_of_the_walkthrough_is_cut(walk: Drawn | None, size: tuple[int, int]) -> None:
    if walk is None:
        return
    assert_whole(ValuesSoFar(id="walk-values"), walk.view, (size[0], max(size[1], 11)))
    assert_whole(BatchTable(id="batch-table"), walk.view, size)
    assert_whole(NetworkStrip(id="network-strip"), walk.view, size)
    assert_whole(ExamplePanel(id="walk-example"), walk.view, size)
    for panel in (
        PhaseBar(id="phases"),
        WalkthroughGraph(id="walk-graph"),
        Explanation(id="explanation"),
        MatrixPanel(id="matrices"),
    ):
        assert_well_drawn(panel, walk.view, size)
    assert_well_drawn(PhaseBar(id="phases"), walk.view, (size[0], 2))
