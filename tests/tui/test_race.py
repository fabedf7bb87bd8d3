"""The race screen: its keys, every size, and the run after the race."""

import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from gradstep.core.network.initializers import INITIALIZERS
from gradstep.core.network.passes import predict
from gradstep.core.training.race import LaneStanding
from gradstep.core.training.race_verdict import Verdict, VerdictKind
from gradstep.data.assemble import assemble
from gradstep.data.input_grid import make_input_grid
from gradstep.data.race_setup import set_up_race
from gradstep.data.run import Run
from gradstep.tui.drawing.lane_colours import LANE_COLOURS
from gradstep.tui.screen_keys import RACE_KEYS
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.race.contest_words import describe_reversal
from gradstep.tui.screens.race.plot import RacePlot
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.race.table import RaceTable
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.valley.screen import ValleyScreen
from gradstep.tui.session.race_loop import RaceLoop, RaceView
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import (
    BETWEEN_STEPS,
    AppPilot,
    assembled,
    same,
    session_of,
    shown,
    step_of,
    text,
    trained_alone,
    until,
)
from tests.tui.key_checks import KeyChecks

CHECKS = KeyChecks()
SIZES = [(40, 12), (60, 20), (79, 24), (80, 24), (120, 40), (200, 60)]


@asynccontextmanager
async def open_race(run: Run, size: tuple[int, int] = (120, 40), to_the_end: bool = True) -> AsyncIterator[AppPilot]:
    """The app with a race, at full speed, everything drawn."""
    async with shown(run, size=size) as pilot:
        await pilot.press("R")
        await until(lambda: isinstance(pilot.app.screen, RaceScreen), pilot)
        await wait_for_lanes(pilot)
        hurry(pilot)
        if to_the_end:
            await wait_for_end(pilot)
        yield pilot


async def wait_for_lanes(pilot: AppPilot) -> None:
    """Wait until there are lanes."""
    await until(lambda: not screen(pilot).waits, pilot)


def race_view(pilot: AppPilot) -> RaceView:
    return screen(pilot).view


def hurry(pilot: AppPilot) -> None:
    for _ in range(9):
        screen(pilot).session.change_pace(1)


def screen(pilot: AppPilot) -> RaceScreen:
    assert isinstance(pilot.app.screen, RaceScreen)
    return pilot.app.screen


def panels(pilot: AppPilot) -> list[Panel]:
    return [panel for panel in screen(pilot).query(Panel) if panel.display and panel.content_size.area]


def screen_text(pilot: AppPilot) -> str:
    return "\n".join(text(panel) for panel in panels(pilot))


async def wait_for_end(pilot: AppPilot) -> None:
    """Wait until the race is over, and drawn."""
    table = screen(pilot).query_one(RaceTable)
    await until(lambda: table.view is not None and table.view.phase == "finished", pilot)


def chosen(pilot: AppPilot) -> str:
    view = race_view(pilot)
    return view.standings[view.chosen].label


def test_every_key_of_the_race_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in RACE_KEYS}


@pytest.mark.parametrize(("key_id", "pressed"), [(key.id, name) for key in RACE_KEYS for name in key.keys.split(",")])
async def test_a_key_does_what_the_help_describes(key_id: str, pressed: str) -> None:
    async with open_race(assembled(learning_rate=0.1)) as pilot:
        await CHECKS[key_id](pilot, pressed)


@CHECKS.register("race_up", "race_down")
async def chooses_a_lane(pilot: AppPilot, pressed: str) -> None:
    assert chosen(pilot) == "0.1"
    await pilot.press(pressed)
    assert chosen(pilot) == ("0.0333" if pressed == "up" else "0.3")
    assert re.search(rf"▸\d  {chosen(pilot)} ", text(screen(pilot).query_one(RaceTable)))


@CHECKS.register("race_pick")
async def goes_on_with_the_chosen_lane(pilot: AppPilot, pressed: str) -> None:
    lane = race_view(pilot).runs[3]
    alone = assemble(lane.experiment)
    alone.trainer.run(lambda: False, until=300)
    await pilot.press("down", pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
    run = session_of(pilot).run
    assert run.trainer is lane.trainer and run.seconds > 0
    await until(lambda: step_of(session_of(pilot)) >= 300, pilot)
    assert session_of(pilot).view.snapshot.learning_rate == 0.3
    assert lane.experiment.training.learning_rate == 0.3
    assert same(lane.trainer.state(), alone.trainer.state())


@CHECKS.register("race_contest")
async def changes_what_races(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await wait_for_lanes(pilot)
    assert [each.label for each in race_view(pilot).standings] == ["1", "32", "full"]
    await until(
        lambda: "Batch-size race" in screen_text(pilot) and "the same number for every lane" in screen_text(pilot),
        pilot,
    )
    await until(lambda: "1 stochastic" in screen_text(pilot) and "An epoch costs" in screen_text(pilot), pilot)
    assert chosen(pilot) == "32"
    words = screen_text(pilot)
    assert "32 mini-batch" in words and "full batch" in words
    assert "An epoch costs 4 updates of up to 32 examples." in words
    lanes = [row.replace(" · yours", "") for row in words.split("\n") if re.match(".[123]  ", row)]
    costs = [int(row.split()[4]) for row in lanes]
    assert costs == [run.trainer.steps_per_epoch for run in race_view(pilot).runs] == [120, 4, 1]
    measured = race_view(pilot).standings[1].seconds_per_epoch
    said = (
        "" if measured is None else f"The fastest epoch took {measured:.5f} seconds here, {measured / 4:.5f} an update."
    )
    assert said in " ".join(words.split())
    await pilot.press(pressed)
    await wait_for_lanes(pilot)
    assert [each.label for each in race_view(pilot).standings] == ["1", "2", "4", "16"]
    await until(lambda: "Race of network sizes" in screen_text(pilot), pilot)
    theorem = "any function without jumps as closely as one likes, over a limited range of the inputs"
    await until(lambda: theorem in " ".join(screen_text(pilot).split()), pilot)
    await pilot.press(pressed)
    await wait_for_lanes(pilot)
    assert [each.label for each in race_view(pilot).standings] == list(INITIALIZERS)
    await until(lambda: "Race of initializers" in screen_text(pilot), pilot)
    await until(lambda: "Made for relu." in screen_text(pilot), pilot)
    await pilot.press(pressed)
    await wait_for_lanes(pilot)
    assert len(race_view(pilot).standings) == 6


@CHECKS.register("race_pause")
async def pauses_and_races_on(pilot: AppPilot, pressed: str) -> None:
    assert "space races on" in screen_text(pilot)
    await pilot.press(pressed)
    await until(lambda: race_view(pilot).end == 600, pilot)
    await wait_for_end(pilot)
    await until(lambda: "step 600 of 600" in screen_text(pilot), pilot)


@CHECKS.register("race_slower", "race_faster")
async def changes_the_pace(pilot: AppPilot, pressed: str) -> None:
    session = screen(pilot).session
    await until(lambda: session.pace is None, pilot)
    if pressed == "greater_than_sign":
        await pilot.press("less_than_sign", "less_than_sign")
        await until(lambda: session.pace == 5_000, pilot)
    await pilot.press(pressed)
    await until(lambda: session.pace == 10_000, pilot)
    await until(lambda: "pace 10000/s" in screen_text(pilot), pilot)


@CHECKS.register("race_restart")
async def begins_again(pilot: AppPilot, pressed: str) -> None:
    before = race_view(pilot).standings
    for _ in range(20):
        screen(pilot).session.change_pace(-1)
    await pilot.press(pressed)
    await until(lambda: race_view(pilot).position < 300, pilot)
    hurry(pilot)
    for _ in range(4):
        screen(pilot).session.change_pace(1)
    await until(lambda: race_view(pilot).phase == "finished", pilot)
    for one, other in zip(before, race_view(pilot).standings, strict=True):
        assert np.array_equal(one.losses, other.losses)


@CHECKS.register("race_axis")
async def changes_the_axis(pilot: AppPilot, pressed: str) -> None:
    plot = screen(pilot).query_one(RacePlot)
    logarithmic = text(plot)
    await pilot.press(pressed)
    await until(lambda: text(plot) != logarithmic, pilot)
    await pilot.press(pressed)
    await until(lambda: text(plot) == logarithmic, pilot)


@CHECKS.register("valley")
async def shows_the_valley_of_the_chosen_lane(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, ValleyScreen), pilot)


@CHECKS.register("help")
async def shows_the_keys_of_the_race(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
    await pilot.press("escape")
    assert isinstance(pilot.app.screen, RaceScreen)


@CHECKS.register("race_leave")
async def goes_back_to_the_run(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


async def test_the_run_waits_during_a_race_and_is_unchanged_after_it() -> None:
    run = assembled()
    before = trained_alone(run, 7)
    async with shown(run, BETWEEN_STEPS, paused=False) as pilot:
        await pilot.press("R")
        await until(lambda: session_of(pilot).view.phase == "paused", pilot)
        hurry(pilot)
        await wait_for_end(pilot)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        assert session_of(pilot).run is run
        assert same(run.trainer.state(), before)


async def test_a_finished_run_stays_finished() -> None:
    async with shown(assembled(max_steps=3), paused=False) as pilot:
        await until(lambda: session_of(pilot).view.phase == "finished", pilot)
        await pilot.press("R", "escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        assert session_of(pilot).phase == "finished"


async def test_a_lane_that_diverged_cannot_be_picked() -> None:
    async with open_race(assembled(network={"output": "linear"}, loss="mse", learning_rate=1e3)) as pilot:
        await until(lambda: "It cannot go on" in screen_text(pilot), pilot)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, RaceScreen)
        assert "rate 1000 has diverged: choose another lane" in text(screen(pilot).query_one(KeyBar))
        assert "diverged at step" in screen_text(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_curves_of_1_2_4_and_16_neurons_stand_on_one_plot_with_their_numbers(size: tuple[int, int]) -> None:
    async with shown(assembled("sine"), size=size) as pilot:
        await pilot.press("N")
        await until(lambda: isinstance(pilot.app.screen, RaceScreen), pilot)
        await wait_for_lanes(pilot)
        hurry(pilot)
        await until(lambda: race_view(pilot).position > 30, pilot)
        plot = screen(pilot).query_one(RacePlot)
        await until(lambda: set("1234") <= set("".join(row[5:] for row in text(plot).split("\n")[2:-2])), pilot)
        for sign in ("• training", "x test", "○ target"):
            assert sign in text(plot)
        assert "sine" in screen_text(pilot) and "1→n→1" in screen_text(pilot)
        await pilot.press("space")
        await until(lambda: race_view(pilot).phase == "paused", pilot)
        view = race_view(pilot)
        assert view.fits is not None
        rows = make_input_grid(view.runs[0].split)
        assert rows is not None
        for run, fit in zip(view.runs, view.fits, strict=True):
            assert np.array_equal(fit, predict(run.network, rows.scaled))
        pilot.app.capabilities = TerminalCapabilities(colours="none")
        for lane in range(4):
            await pilot.press("down")
            plot = screen(pilot).query_one(RacePlot)
            assert text(plot).count(f"{race_view(pilot).chosen + 1}") > 40, lane
        for each in panels(pilot):
            lines = each.lines(each.view, *each.content_size)
            assert all(line.cell_length <= each.content_size.width for line in lines)
        words = " ".join(screen_text(pilot).split())
        if describe_reversal(race_view(pilot)) and size == (80, 24):
            assert "their higher loss so far comes from where they began and how they were trained." in words
        else:
            assert "any curve without jumps as closely as one likes, over a limited range of x" in words
            assert "Whether training finds the way there is another matter." in words


async def test_the_table_has_the_numbers_of_the_lanes() -> None:
    data = {"name": "iris", "validation_fraction": 0.2}
    async with open_race(assembled(data, learning_rate=0.1)) as pilot:
        view, words = race_view(pilot), text(screen(pilot).query_one(RaceTable))
        assert "validation accuracy" in words and "test" not in words
        for standing, lane in zip(view.standings, race_view(pilot).runs, strict=True):
            alone = assemble(lane.experiment)
            alone.trainer.run(lambda: False, until=300)
            right = alone.trainer.evaluate().validation.accuracy
            row = next(row for row in words.split("\n") if re.match(rf".\d  {standing.label} ", row))
            assert f"{right:.0%}" in row
            assert standing.verdict.words in row


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
async def test_nothing_is_cut_at_any_size(activation: str) -> None:
    async with open_race(assembled("digits", {"activation": activation}), SIZES[0]) as pilot:
        for key in ("", "down", "b", "b"):
            if key:
                await pilot.press(key)
                await wait_for_lanes(pilot)
            for size in SIZES:
                await resized(pilot, size)
                await pilot.pause()
                for panel in panels(pilot):
                    where = f"{panel.id} on {size} after {key!r}"
                    lines = panel.lines(panel.view, *panel.content_size)
                    assert len(lines) <= panel.content_size.height, where
                    assert all(line.cell_length <= panel.content_size.width for line in lines), where
                if not key:
                    assert all(each.verdict.kind in screen_text(pilot) for each in screen(pilot).view.standings), size
                    assert "enter goes on with rate 0.1" in screen_text(pilot), size


async def resized(pilot: AppPilot, size: tuple[int, int]) -> None:
    """Resize the terminal, and wait until the race has that size, and each of its panels something to draw."""
    await pilot.resize_terminal(*size)
    await until(lambda: screen(pilot).size == size and all(panel.view for panel in panels(pilot)), pilot)


@pytest.mark.parametrize("capabilities", [TerminalCapabilities(), TerminalCapabilities("none", "ascii")])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_race_of_initializers_has_axes_the_own_lane_and_what_enter_does(
    size: tuple[int, int], capabilities: TerminalCapabilities
) -> None:
    async with open_race(assembled("digits", {"init": "xavier"}), size) as pilot:
        pilot.app.capabilities = capabilities  # type: ignore[attr-defined]
        await pilot.press("b", "b", "b")
        await until(lambda: screen(pilot).session.contest == "initializers", pilot)
        await wait_for_lanes(pilot)
        hurry(pilot)
        await until(lambda: race_view(pilot).phase == "finished", pilot)
        for _ in INITIALIZERS:
            await pilot.press("down")
            plot, table = (text(screen(pilot).query_one(each)) for each in (RacePlot, RaceTable))
            initializer = race_view(pilot).standings[race_view(pilot).chosen].label
            assert f"enter goes on with first weights {initializer}; esc leaves your run" in " ".join(table.split())
            assert "xavier · yours" in table and table.count("yours") == 1
            assert sum("┤" in row for row in plot.split("\n")) >= 3
            assert {"0", "75", "150", "225", "300"} <= set(plot.split("\n")[-1].split())


async def test_a_lane_that_is_not_the_run_is_not_called_so() -> None:
    async with open_race(assembled(network={"hidden": [7]}, batch_size=5)) as pilot:
        for contest, own in (("rates", 1), ("batches", 0), ("sizes", 0), ("initializers", 1)):
            await until(lambda: screen(pilot).session.contest == contest, pilot)  # noqa: B023
            await wait_for_lanes(pilot)
            await pilot.pause()
            screen(pilot).query_one(RaceTable).redraw()
            assert text(screen(pilot).query_one(RaceTable)).count("· yours") == own, contest
            await pilot.press("b")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_curve_has_its_number_on_the_plot(size: tuple[int, int]) -> None:
    async with open_race(assembled("digits"), size) as pilot:
        rows = text(screen(pilot).query_one(RacePlot)).split("\n")
        assert set("123456") <= set("".join(re.split("[│┤]", row, maxsplit=1)[-1] for row in rows[2:-2]))


async def test_without_colours_a_curve_is_drawn_with_its_number() -> None:
    async with open_race(assembled("digits")) as pilot:
        pilot.app.capabilities = TerminalCapabilities(colours="none")
        plot = screen(pilot).query_one(RacePlot)
        plot.redraw()
        rows = text(plot).split("\n")[2:-2]
        assert all(sum(row.count(number) for row in rows) > 10 for number in "346")
        assert not re.search("[\u2801-\u28ff]", "".join(rows))


@pytest.mark.parametrize("logarithmic", [True, False])
@pytest.mark.parametrize("losses", [[], [0.0], [0.0, 0.0], [1e300] * 3, [1e-300, 1.0, 1e300], [2.0]])
def test_any_losses_can_be_drawn(losses: list[float], logarithmic: bool) -> None:
    view = RaceLoop(set_up_race(assembled(), "rates"), "rates", None, paused=True).view()
    curve = np.arange(1.0, len(losses) + 1), np.array(losses)
    standing = LaneStanding("0.1", *curve, losses[-1] if losses else None, None, Verdict("begun", "early", "early"))
    view = replace(view, standings=(standing, *view.standings[1:]), logarithmic=logarithmic)
    for shown_view in (view, replace(view, standings=(standing,), chosen=0)):
        RacePlot(id="race-plot").lines(shown_view, 120, 24)
        RaceTable(shown_view.runs[0]).lines(shown_view, 120, 9)


async def test_the_chosen_curve_is_drawn_on_top() -> None:
    async with open_race(assembled("digits")) as pilot:
        pilot.app.capabilities = TerminalCapabilities(colours="none")
        plot = screen(pilot).query_one(RacePlot)
        await pilot.press("down", "down", "down")
        assert chosen(pilot) == "3"
        on_top = text(plot).count("6")
        await pilot.press("up")
        assert text(plot).count("6") < on_top


async def test_a_lane_picked_during_the_race_goes_on_from_its_step() -> None:
    run = assembled("digits")
    async with open_race(run, to_the_end=False) as pilot:
        await until(lambda: race_view(pilot).position > 5, pilot)
        lane = race_view(pilot).runs[2]
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        step = lane.trainer.step
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == step + 1, pilot)
        run.trainer.run(lambda: False, until=step + 1)
        assert np.array_equal(lane.network.parameters, run.network.parameters)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_lane_above_the_plot_is_marked_and_a_regression_has_its_validation_loss(size: tuple[int, int]) -> None:
    data = {"name": "sine", "validation_fraction": 0.1}
    async with open_race(assembled(data, learning_rate=0.1, optimizer="sgd", batch_size=32), size) as pilot:
        view, table = race_view(pilot), text(screen(pilot).query_one(RaceTable))
        above = [bool((each.losses > 50 * view.start_loss).any()) for each in view.standings]
        assert any(above)
        assert ("▲" in text(screen(pilot).query_one(RacePlot))) == any(above)
        assert "validation loss" in table
        for index, standing in enumerate(view.standings):
            row = next(row for row in table.split("\n") if re.match(rf".{index + 1}  ", row))
            assert standing.loss is not None
            assert ("▲" in row) == (standing.loss > 50 * view.start_loss)
            assert "good" not in row or not above[index]


def test_more_neurons_with_a_higher_loss_are_said_to_be_able_to_do_as_well() -> None:
    view = RaceLoop(set_up_race(assembled("sine"), "sizes"), "sizes", None, paused=True).view()
    losses = (0.07, 0.08, 0.036, 0.01)
    assert describe_reversal(with_losses(view, losses)) == [
        "2 neurons can do all that 1 can; their higher loss so far comes from where they began and how they were "
        "trained."
    ]
    assert not describe_reversal(with_losses(view, tuple(sorted(losses, reverse=True))))
    # on the lines of the table at 80 × 24 it stands before what always holds
    for size in ((79, 10), (119, 16)):
        said, usual = (
            " ".join(" ".join(line.text for line in RaceTable(view.runs[0]).lines(shown, *size)).split())
            for shown in (with_losses(view, losses), with_losses(view, tuple(sorted(losses, reverse=True))))
        )
        assert "2 neurons can do all that 1 can; their higher loss" in said
        assert "can do all that" not in usual and "With enough neurons" in usual


@pytest.mark.parametrize("width", [40, 60, 79, 119, 199])
def test_the_race_of_batch_sizes_says_its_rate_and_whether_it_is_too_large_for_one_example(width: int) -> None:
    setup = set_up_race(assembled(learning_rate=0.25), "batches")
    view = RaceLoop(setup, "batches", None, paused=True).view()

    def headline(kind: VerdictKind, losses: tuple[float, ...]) -> str:
        first, *others = with_losses(view, losses).standings
        standings = (replace(first, verdict=Verdict(kind, kind, kind)), *others)
        return RacePlot(id="race-plot").lines(replace(view, standings=standings), width, 15)[0].text

    for kind in ("overshoots", "diverging", "diverged"):
        said = headline(kind, (2.0, 0.5, 1.0))
        assert "rate 0.25" in said
        assert re.search("needs a smaller rate|too large for one at a time", said)
    # it holds at this moment only
    for said in (headline("good", (0.4, 0.5, 1.0)), headline("overshoots", (0.4, 0.5, 1.0))):
        assert "rate 0.25" in said and "smaller" not in said and "too large" not in said


def with_losses(view: RaceView, losses: tuple[float, ...]) -> RaceView:
    return replace(
        view,
        standings=tuple(replace(each, loss=loss) for each, loss in zip(view.standings, losses, strict=True)),
    )


@pytest.mark.parametrize("size", [(80, 10), (120, 24)])
def test_at_the_beginning_of_a_race_equal_curves_have_their_numbers_beside_each_other(size: tuple[int, int]) -> None:
    view = RaceLoop(set_up_race(assembled(), "sizes"), "sizes", None, paused=True).view()
    equal = np.arange(1.0, 9), np.linspace(2.3, 2.2, 8)
    view = replace(view, standings=tuple(replace(each, positions=equal[0], losses=equal[1]) for each in view.standings))
    plot = [line.text for line in RacePlot(id="race-plot").lines(view, *size)]
    assert set("1234") <= set("".join(re.split("[│┤]", row, maxsplit=1)[-1] for row in plot[1:-2]))


def test_the_colours_of_two_lanes_are_far_apart() -> None:
    assert min(math.dist(one, other) for one, other in combinations(LANE_COLOURS[:4], 2)) > 100
    assert min(math.dist(one, other) for one, other in combinations(LANE_COLOURS, 2)) > 60
