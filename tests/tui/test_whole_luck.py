"""No number of the luck screen is cut, whatever the losses, the rates, the names and the size."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.observation.loss_fan import make_fan
from gradstep.core.observation.population_verdict import judge_members
from gradstep.data.luck_groups import Variation
from gradstep.data.luck_setup import set_up_luck
from gradstep.tui.screens.luck.histogram import LuckHistogram
from gradstep.tui.screens.luck.picture import LuckPicture
from gradstep.tui.screens.luck.status_line import LuckStatusLine
from gradstep.tui.screens.luck.table import LuckTable
from gradstep.tui.session.luck_loop import LuckLoop
from gradstep.tui.session.luck_view import LuckView
from tests.tui.driving import assembled
from tests.tui.names import names
from tests.tui.wholeness import Drawn, any_values, assert_well_drawn, assert_whole, magnitudes, sizes

VARIATIONS: tuple[Variation, ...] = ("seeds", "initializers", "depths", "rates")


def make_view(data: str, variation: Variation, **network: object) -> LuckView:
    return LuckLoop(set_up_luck(assembled(data, network), variation), 0, paused=True).view()


VIEWS = [make_view(data, variation) for data in ("iris", "sine") for variation in VARIATIONS]
VIEWS.append(make_view("xor", "rates", hidden=[], weights=[[[0.1, 0.2]]]))
rates = st.floats(1e-12, 1e12) | st.sampled_from((1.23457e-05, 0.000333333, 1e-9, 0.1, 1e300))


@st.composite
def views(draw: st.DrawFn) -> Drawn:
    view, seed = draw(st.sampled_from(VIEWS)), draw(st.integers(0, 2**32 - 1))
    rng, count = np.random.default_rng(seed), len(view.members)
    few = np.array(draw(st.lists(any_values, min_size=1, max_size=6)))
    losses = np.abs(rng.choice(few, count))
    diverged, stopped = (rng.random(count) < draw(st.sampled_from((0, 0.3, 1))) for _ in range(2))
    guess, step, points = draw(magnitudes.map(abs)), draw(st.integers(0, 10**7)), draw(st.integers(0, 5))
    groups = view.groups
    if view.variation == "rates":
        groups = tuple(replace(group, label=f"{draw(rates):g}") for group in groups)
    fans = tuple(
        make_fan(
            np.arange(1, points + 1) * (step + 1),
            np.abs(rng.choice(few, (points, 4))),
            np.zeros(4, bool),
            np.abs(rng.choice(few, points)) if view.variation == "seeds" else None,
            draw(magnitudes.map(abs)),
        )
        for _ in view.fans
    )
    view = replace(
        view,
        groups=groups,
        guess=guess,
        training_guess=guess,
        step=step,
        end=3 * step + 1,
        scored_step=step,
        phase=draw(st.sampled_from(("training", "paused", "finished"))),
        fans=fans,
        losses=losses,
        accuracies=None if view.accuracies is None else rng.random(count),
        diverged=diverged,
        stopped=stopped & ~diverged,
        wanted=draw(st.sampled_from((count, 10**6))),
        verdicts=judge_members(losses, diverged, rng.random(count) < 0.5, guess),
        logarithmic=draw(st.booleans()),
    )
    return Drawn(replace(view, chosen=draw(st.integers(0, len(view.choices) - 1))))


@given(views(), names, sizes)
@settings(max_examples=300, deadline=None)
def test_no_number_of_the_luck_screen_is_cut(luck: Drawn, name: str, size: tuple[int, int]) -> None:
    view = luck.view
    assert_whole(LuckTable(id="luck-table"), view, size)
    run = view.run
    named = LuckStatusLine(replace(run, dataset=replace(run.dataset, name=name)))
    assert_whole(named, view, (size[0], 1))


@given(views(), sizes)
@settings(max_examples=100, deadline=None)
def test_its_pictures_are_well_drawn(luck: Drawn, size: tuple[int, int]) -> None:
    assert_well_drawn(LuckPicture(id="luck-picture"), luck.view, size)
    if luck.view.variation == "seeds":
        assert_well_drawn(LuckHistogram(id="luck-histogram"), luck.view, size)
    if luck.view.variation == "rates":
        rows = [line.text for line in LuckPicture(id="luck-picture").lines(luck.view, *size)]
        labels = [group.label.replace("-", "−") for group in luck.view.groups]
        assert sum(any(row.startswith(label) for label in labels) for row in rows) >= min(size[1], len(labels))
