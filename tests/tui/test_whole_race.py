"""No number of the race is cut, whatever the rates, the losses, the names and the size."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.network.arrays import Floats
from gradstep.core.training.divergence import Diverged
from gradstep.core.training.race import LaneStanding
from gradstep.core.training.race_verdict import TOO_EARLY, LaneCurve, Verdict, judge_divergence, judge_losses
from gradstep.core.training.recent_loss import RecentLoss, measure_recent_loss
from gradstep.data.race_setup import set_up_race
from gradstep.tui.screens.race.plot import RacePlot
from gradstep.tui.screens.race.status_line import RaceStatusLine
from gradstep.tui.screens.race.table import RaceTable
from gradstep.tui.session.race_loop import RaceLoop
from tests.tui.driving import assembled
from tests.tui.names import names
from tests.tui.wholeness import Drawn, assert_well_drawn, assert_whole, magnitudes, sizes

VIEWS = [RaceLoop(set_up_race(assembled(data), "rates"), "rates", None, True).view() for data in ("iris", "sine")]
rates = st.floats(1e-12, 1e12) | st.sampled_from((1.23457e-05, 0.000333333, 1e-9, 0.1, 1e300))
losses = st.lists(magnitudes, max_size=12).map(np.array)
few_losses = losses | st.just(np.array([0.0, 0.0]))


def judge(curve: Floats, start: float, lowest: float, step: int) -> Verdict:
    if not len(curve):
        return TOO_EARLY if step % 2 else judge_divergence(Diverged(step, 123, "the pre-activation z"))
    steps = [step * (n + 1) for n in range(len(curve))]
    losses = curve.tolist()
    recent = [measure_recent_loss(losses[: point + 1]) for point in range(len(losses))]
    return judge_losses(LaneCurve(steps[-1], steps, losses, recent, start), RecentLoss(lowest), bool(step % 2))


@st.composite
def races(draw: st.DrawFn) -> Drawn:
    view = VIEWS[draw(st.integers(0, 1))]
    start, step = draw(magnitudes), draw(st.integers(1, 10**7))
    curves = draw(st.lists(few_losses, min_size=1, max_size=6))
    lowest = min((float(curve[-1]) for curve in curves if len(curve)), default=0.0)
    standings = tuple(
        LaneStanding(
            f"{draw(rates):g}",
            np.arange(1.0, len(curve) + 1) * step,
            curve,
            float(curve[-1]) if len(curve) else None,
            draw(st.none() | st.floats(0, 1)),
            judge(curve, start, lowest, step),
            draw(st.none() | magnitudes),
        )
        for curve in curves
    )
    view = replace(
        view,
        standings=standings,
        chosen=draw(st.integers(0, len(standings) - 1)),
        start_loss=start,
        position=step,
        end=13 * step,
        pace=draw(st.sampled_from((None, 1.0, 5000.0))),
        contest=draw(st.sampled_from(("rates", "batches", "sizes", "initializers"))),
        logarithmic=draw(st.booleans()),
        phase=draw(st.sampled_from(("racing", "paused", "finished"))),
    )
    return Drawn(view)


@given(races(), names, sizes)
@settings(max_examples=300, deadline=None)
def test_no_number_of_the_race_is_cut(race: Drawn, name: str, size: tuple[int, int]) -> None:
    view, table = race.view, RaceTable(race.view.runs[race.view.own_index])
    assert_whole(table, view, size)
    rows = [line.text for line in table.lines(view, *size)][1:]
    for row, standing in zip(rows, view.standings, strict=False):
        assert row[4:].startswith(standing.label.replace("-", "−") + " ")
    run = view.runs[0]
    named = RaceStatusLine(replace(run, dataset=replace(run.dataset, name=name)))
    assert_whole(named, view, (size[0], 1))


@given(races(), sizes)
@settings(max_examples=40, deadline=None)
def test_the_plot_of_a_race_is_well_drawn(race: Drawn, size: tuple[int, int]) -> None:
    assert_well_drawn(RacePlot(id="race-plot"), race.view, size)
