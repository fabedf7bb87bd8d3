"""The luck screen: its keys, every size, what it says, and the run that one goes on with."""

import re
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
import pytest

from gradstep.data.run import Run
from gradstep.tui.screen_keys import LUCK_KEYS
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.luck.histogram import LuckHistogram
from gradstep.tui.screens.luck.picture import LuckPicture
from gradstep.tui.screens.luck.screen import LuckScreen
from gradstep.tui.screens.luck.status_line import LuckStatusLine
from gradstep.tui.screens.luck.table import LuckTable
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.session.luck_loop import LuckLoop
from gradstep.tui.session.luck_view import LuckView
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
STEPS = 40


def mixed() -> Run:
    """A run of which other seeds diverge, learn nothing, or learn."""
    return assembled(network={"output": "linear", "hidden": [4]}, loss="mse", learning_rate=0.8, max_steps=STEPS)


@asynccontextmanager
async def open_luck(
    run: Run, size: tuple[int, int] = (120, 40), variations: int = 0, seconds: float = 0.0
) -> AsyncIterator[AppPilot]:
    """The app with the luck screen, after so many keys for the next comparison, at the end of its training.

    With `seconds` the training takes at least as long, and is under way.
    """
    async with shown(run, size=size) as pilot:
        app = pilot.app
        opened = LuckScreen(session_of(pilot), app.backlog, 60.0, seconds)  # type: ignore[attr-defined]
        session_of(pilot).pause()
        app.open_screen(opened, app._start_later)  # type: ignore[attr-defined]
        await until(lambda: app.screen is opened, pilot)
        for _ in range(variations):
            await pilot.press("b")
        await (wait_for_view(pilot) if seconds else wait_for_end(pilot))
        yield pilot


def screen(pilot: AppPilot) -> LuckScreen:
    assert isinstance(pilot.app.screen, LuckScreen)
    return pilot.app.screen


def luck_view(pilot: AppPilot) -> LuckView:
    return screen(pilot).view


async def wait_for_view(pilot: AppPilot) -> None:
    await until(lambda: not screen(pilot).waits, pilot)


async def wait_for_end(pilot: AppPilot) -> None:
    """Wait until the training is over, and drawn."""

    def is_over() -> bool:
        drawn = {line.view for line in screen(pilot).query(LuckStatusLine)}
        return not screen(pilot).waits and drawn == {luck_view(pilot)} and luck_view(pilot).phase == "finished"

    await until(is_over, pilot)
    await pilot.pause()


def panels(pilot: AppPilot) -> list[Panel]:
    return [each for each in screen(pilot).query(Panel) if each.display and each.content_size.area]


def screen_text(pilot: AppPilot) -> str:
    return "\n".join(text(panel) for panel in panels(pilot))


def words(pilot: AppPilot) -> str:
    return " ".join(screen_text(pilot).split())


def test_every_key_of_the_luck_screen_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in LUCK_KEYS}


@pytest.mark.parametrize(("key_id", "pressed"), [(key.id, name) for key in LUCK_KEYS for name in key.keys.split(",")])
async def test_a_key_does_what_the_help_describes(key_id: str, pressed: str) -> None:
    async with open_luck(mixed()) as pilot:
        await CHECKS[key_id](pilot, pressed)


@CHECKS.register("luck_up", "luck_down")
async def chooses_best_median_or_worst(pilot: AppPilot, pressed: str) -> None:
    table = screen(pilot).query_one(LuckTable)
    assert "▸ best" in text(table)
    await pilot.press(pressed)
    await until(lambda: ("▸ worst" if pressed == "up" else "▸ median") in text(table), pilot)
    named = luck_view(pilot).find_named(0)
    assert named is not None
    seed = luck_view(pilot).members[named[2 if pressed == "up" else 1]].seed
    await until(lambda: f"enter goes on with seed {seed}," in words(pilot), pilot)


@CHECKS.register("luck_left", "luck_right")
async def chooses_a_seed_of_the_heat_map(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    assert luck_view(pilot).chosen == 0
    await pilot.press("b", "b", "b")
    await wait_for_end(pilot)
    own = luck_view(pilot).chosen
    assert luck_view(pilot).members[own].is_own
    await pilot.press(pressed)
    view = luck_view(pilot)
    assert view.chosen == own + (1 if pressed == "right" else view.columns - 1)
    assert view.members[view.chosen].group == view.members[own].group
    seed = view.members[view.chosen].seed
    await until(lambda: f"rate 0.8, seed {seed}: " in words(pilot), pilot)


@CHECKS.register("luck_pick")
async def goes_on_with_the_chosen_network(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("down")
    view = luck_view(pilot)
    index = view.choices[1]
    assert index is not None
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
    await until(lambda: step_of(session_of(pilot)) == STEPS, pilot)
    run = session_of(pilot).run
    assert run.experiment.network.seed == view.members[index].seed
    assert run.experiment.data == view.run.experiment.data
    assert run.trainer.evaluate().train.loss == pytest.approx(float(view.losses[index]), rel=1e-12)


@CHECKS.register("luck_vary")
async def compares_initializers_then_depths_then_rates(pilot: AppPilot, pressed: str) -> None:
    for title, names in {
        "Initializers, 20 seeds each": ["uniform", "normal", "xavier", "he · yours", "zeros"],
        "Depths, 25 seeds each": ["no hidden", "1 × 4 · yours", "2 × 4", "3 × 4"],
        "Learning rates, 12 seeds each": ["0.03 ", "0.8◂", "30 "],
        "Luck: 100 seeds beside yours": ["best", "median", "worst", "yours"],
    }.items():
        await pilot.press(pressed)
        await wait_for_end(pilot)
        assert title in words(pilot)
        assert all(name in screen_text(pilot) for name in names), (title, screen_text(pilot))


@CHECKS.register("luck_pause")
async def trains_as_far_again(pilot: AppPilot, pressed: str) -> None:
    assert "space trains on, as far again" in words(pilot)
    await pilot.press(pressed)
    await until(lambda: luck_view(pilot).end == 2 * STEPS, pilot)
    await wait_for_end(pilot)
    assert luck_view(pilot).step == 2 * STEPS


@CHECKS.register("luck_axis")
async def changes_the_axes(pilot: AppPilot, pressed: str) -> None:
    picture, histogram = screen(pilot).query_one(LuckPicture), screen(pilot).query_one(LuckHistogram)
    logarithmic = text(picture), text(histogram)
    await pilot.press(pressed)
    await until(lambda: text(picture) != logarithmic[0] and text(histogram) != logarithmic[1], pilot)
    await pilot.press(pressed)
    await until(lambda: (text(picture), text(histogram)) == logarithmic, pilot)


@CHECKS.register("help")
async def shows_the_keys(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
    await pilot.press("escape")
    assert isinstance(pilot.app.screen, LuckScreen)


@CHECKS.register("luck_leave")
async def goes_back_to_the_run(pilot: AppPilot, pressed: str) -> None:
    left = screen(pilot)
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
    await until(lambda: left.session.is_closed, pilot)


async def test_space_pauses_and_goes_on() -> None:
    async with open_luck(mixed(), seconds=1000.0) as pilot:
        await pilot.press("space")
        await until(lambda: luck_view(pilot).phase == "paused", pilot)
        await until(lambda: "‖ paused" in words(pilot), pilot)
        await pilot.press("space")
        await until(lambda: luck_view(pilot).phase == "training", pilot)


async def test_leaving_stops_the_work_and_leaves_the_run_as_it_was() -> None:
    run = assembled()
    before = trained_alone(run, 7)
    async with shown(run, BETWEEN_STEPS, paused=False) as pilot:
        await pilot.press("M")
        await until(lambda: isinstance(pilot.app.screen, LuckScreen), pilot)
        left = screen(pilot)
        await until(lambda: not left.waits and left.view.step > 0, pilot)
        workers = [each for each in pilot.app.workers if each.name == "luck"]
        assert len(workers) == 1
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        await until(lambda: workers[0].is_finished, pilot)
        assert left.session.view is not None and left.session.view.step < left.session.view.end
        assert session_of(pilot).run is run
        assert same(run.trainer.state(), before)


async def test_leaving_stops_the_training_of_the_chosen_network(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def train_until_stopped(loop: LuckLoop, member: int, stop: Callable[[], bool]) -> Run:
        begun.set()
        while not stop():
            time.sleep(0.001)
        ended.set()
        return make_run(loop, member, stop)

    make_run = LuckLoop.make_run
    monkeypatch.setattr(LuckLoop, "make_run", train_until_stopped)
    async with open_luck(mixed()) as pilot:
        run = session_of(pilot).run
        await pilot.press("enter")
        await until(begun.is_set, pilot)
        bar = screen(pilot).query_one(KeyBar)
        await until(lambda: "is trained alone to the same step …" in text(bar), pilot)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        await until(ended.is_set, pilot)
        await pilot.pause()
        assert session_of(pilot).run is run


async def test_of_the_comparisons_only_the_one_on_the_screen_is_at_work() -> None:
    async with open_luck(mixed(), seconds=1000.0) as pilot:
        first = screen(pilot).session
        await pilot.press("b", "b")
        await wait_for_view(pilot)
        assert first.is_closed and first.variation == "seeds"
        assert screen(pilot).session.variation == luck_view(pilot).variation == "depths"


async def test_what_has_diverged_cannot_become_the_run() -> None:
    async with open_luck(assembled(network={"output": "linear"}, loss="mse", learning_rate=1e9)) as pilot:
        advice = "None of them has a finite loss, so that none can go on. A smaller learning rate may help: "
        assert f"{advice}esc goes back to your run, where − lowers it." in words(pilot)
        assert "100 diverged" in words(pilot) and "trains on" not in words(pilot)
        bar = screen(pilot).query_one(KeyBar)
        await until(lambda: "compare" in text(bar) and "space" not in text(bar) and "enter" not in text(bar), pilot)
        assert not screen(pilot).can_act("luck_pause")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, LuckScreen)
        await until(lambda: "every network has diverged" in text(bar), pilot)


async def test_the_table_has_the_numbers_of_the_view() -> None:
    async with open_luck(assembled({"name": "iris", "validation_fraction": 0.2}, max_steps=STEPS)) as pilot:
        view, rows = luck_view(pilot), text(screen(pilot).query_one(LuckTable)).split("\n")
        named = view.find_named(0)
        assert "validation loss" in rows[0] and "test" not in words(pilot).lower()
        assert named is not None and view.own is not None and view.accuracies is not None
        for name, index in zip(("best", "median", "worst", "yours"), (*named, view.own), strict=True):
            cells = next(row for row in rows if name in row).replace("▸", "").split()
            assert cells[1] == str(view.members[index].seed)
            assert float(cells[2]) == pytest.approx(float(view.losses[index]), abs=1e-3)


async def test_the_heat_map_has_the_sign_of_each_verdict() -> None:
    async with open_luck(mixed(), variations=3) as pilot:
        view = luck_view(pilot)
        signs = {"diverged": "×", "no better": "–", "flat": "░", "falling": "▒", "good": "█"}
        rows = text(screen(pilot).query_one(LuckPicture)).split("\n")
        assert len(set(view.verdicts)) >= 3
        for group, rate in enumerate(view.groups):
            row = next(row for row in rows if row.startswith(rate.label))
            cells = re.split(r"[ ◂]+", row[len(rate.label) :].strip(" ◂"))[:12]
            verdicts = [view.verdicts[index] for index in view.find_members(group)]
            assert [set(cell) - set("▸◂") for cell in cells] == [{signs[verdict]} for verdict in verdicts]


@pytest.mark.parametrize("capabilities", [TerminalCapabilities(), TerminalCapabilities("none", "ascii")])
@pytest.mark.parametrize("variations", range(4))
async def test_nothing_is_cut_at_any_size(variations: int, capabilities: TerminalCapabilities) -> None:
    async with open_luck(mixed(), SIZES[0], variations) as pilot:
        pilot.app.capabilities = capabilities  # type: ignore[attr-defined]
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await until(
                lambda size=size: screen(pilot).size == size and all(panel.view for panel in panels(pilot)),  # type: ignore[misc]
                pilot,
            )
            await pilot.pause()
            for panel in panels(pilot):
                panel.redraw()
                where = f"{panel.id} on {size}"
                lines = panel.lines(panel.view, *panel.content_size)
                assert len(lines) <= panel.content_size.height, where
                assert all(line.cell_length <= panel.content_size.width for line in lines), where
            said = words(pilot)
            assert ("0.8◂" if variations == 3 else "enter goes on with") in said, size
            if variations == 0:
                assert all(name in said for name in ("best", "median", "worst", "yours")), size


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_every_sign_is_explained(size: tuple[int, int]) -> None:
    async with open_luck(mixed(), size) as pilot:
        for variation in ("seeds", "initializers"):
            await until(lambda: screen(pilot).session.variation == variation, pilot)  # noqa: B023
            await wait_for_view(pilot)
            picture, table = text(screen(pilot).query_one(LuckPicture)), text(screen(pilot).query_one(LuckTable))
            for sign, meaning in (("┄", "constant guess"), ("▲", "goes on above")):
                legend = f"{sign} {meaning}"
                assert (legend in picture) == (sign in picture.replace(legend, "")), size
            explained = "─ all  ▒ half of them  ┃ median" in table
            assert explained == ("▒" in table.replace("▒ half", "")) and "constant guess" in words(pilot)
            await pilot.press("b")


async def test_without_colours_the_lines_of_the_fan_have_signs() -> None:
    async with open_luck(assembled(max_steps=200)) as pilot:
        pilot.app.capabilities = TerminalCapabilities(colours="none")  # type: ignore[attr-defined]
        picture = screen(pilot).query_one(LuckPicture)
        picture.redraw()
        drawn = text(picture)
        assert all(drawn.count(sign) > 10 for sign in "░▒━●")
        assert "━━ median" in drawn and "●● yours" in drawn


async def test_one_sees_what_does_not_fit_into_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.data.luck_setup.MOST_BYTES", 400_000)
    async with open_luck(mixed()) as pilot:
        number = len(luck_view(pilot).members)
        assert 2 < number < 101
        assert f"{number} networks instead of 101, because of the memory that this size needs" in words(pilot)
        assert np.isfinite(luck_view(pilot).losses).any()
