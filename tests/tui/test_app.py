"""The app as a whole: the screen changes no number of the training, and every command can be reached."""

import asyncio
import re
from collections.abc import Callable

import pytest
from textual import events
from textual.command import CommandPalette
from textual.widgets import OptionList

from gradstep.core.observation.snapshot import Snapshot
from gradstep.tui.keymap import KEYS, POINTER_KEYS, PROGRAM_KEYS
from gradstep.tui.screens.course.chapter_list import ChapterListScreen
from gradstep.tui.screens.dialogs.help import WORDS, WORDS_TITLE, HelpScreen, HelpText
from gradstep.tui.screens.dialogs.palette import list_commands, mark_words, score_command
from gradstep.tui.screens.experiment.screen import ExperimentScreen
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.valley.screen import ValleyScreen
from gradstep.tui.screens.valley.state import ValleyView
from gradstep.tui.screens.walkthrough.state import WalkView
from gradstep.tui.screens.weights.screen import WeightsScreen
from gradstep.tui.screens.weights.state import WeightsView
from gradstep.tui.session.race_loop import RaceView
from gradstep.tui.session.view import View
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.panel_screen import find_keys
from tests.tui.driving import (
    AppPilot,
    assembled,
    diverging,
    drawn,
    panel,
    panels,
    same,
    session_of,
    shown,
    text,
    trained_alone,
    until,
)

LOOKING = ("n", "p", "y", "3", "m", "tab", "escape", "1", "greater_than_sign", "question_mark", "escape", "ctrl+l")


def type_ahead(pilot: AppPilot, *keys: str) -> None:
    """Press keys without waiting between them."""
    for key in keys:
        pilot.app.simulate_key(key)


async def finished(pilot: AppPilot) -> None:
    await until(lambda: session_of(pilot).view.phase == "finished", pilot)
    await drawn(pilot)


@pytest.mark.parametrize(("pace", "steps"), [(None, 3000), (2000.0, 1000), (100.0, 50)])
async def test_the_same_seed_gives_the_same_numbers_with_and_without_a_screen(pace: float | None, steps: int) -> None:
    async with shown(assembled("digits", max_steps=steps), pace, paused=False) as pilot:
        type_ahead(pilot, *LOOKING)
        await finished(pilot)
        assert same(session_of(pilot).run.trainer.state(), trained_alone(assembled("digits"), steps))


async def test_pausing_and_stepping_on_the_screen_changes_no_number() -> None:
    async with shown(assembled(max_steps=10**9), 200.0, paused=False) as pilot:
        trainer = session_of(pilot).run.trainer
        type_ahead(pilot, "space", "s", "s", "m", "space")
        await until(lambda: trainer.step > 20, pilot)
        type_ahead(pilot, "y", "S", "less_than_sign", "s", "n")
        await until(lambda: session_of(pilot).view.snapshot.example.index.row == 1, pilot)
        await until(lambda: session_of(pilot).view.phase == "paused", pilot)
        assert same(trainer.state(), trained_alone(assembled(), trainer.step))


async def test_drawing_records_nothing() -> None:
    async with shown(assembled("digits")) as pilot:
        pilot.app.simulate_key("S")
        await until(lambda: session_of(pilot).view.snapshot.epoch == 1, pilot)
        before = session_of(pilot).run.trainer.state()
        for width, height in ((200, 60), (80, 24), (120, 40)):
            await pilot.resize_terminal(width, height)
            for each in panels(pilot):
                each.redraw()
            pilot.app.screen.query_one(LossPanel).toggle_axis()
        assert same(session_of(pilot).run.trainer.state(), before)


async def test_no_screen_writes_all_numbers_of_its_view_into_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    written = list[str]()
    for kind in (View, Snapshot, WalkView, RaceView, ValleyView, WeightsView):
        monkeypatch.setattr(kind, "__repr__", lambda view: written.append(type(view).__name__) or "")
    async with shown(assembled("xor")) as pilot:
        for key in ("w", "V", "x", "R"):
            await pilot.press(key)
            await until(lambda: not isinstance(pilot.app.screen, TrainingScreen), pilot)
            await until(lambda: any(panel.view is not None for panel in pilot.app.screen.query(Panel)), pilot)
            while not isinstance(pilot.app.screen, TrainingScreen):
                await pilot.press("escape")
    assert not written


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (200, 60), (40, 12)])
async def test_every_panel_is_drawn_at_every_size(size: tuple[int, int]) -> None:
    async with shown(assembled("digits", max_steps=20), paused=False, size=size) as pilot:
        for keys in ((), ("1", "m"), ("2",), ("3",), ("4",)):
            await pilot.press(*keys)
            await finished(pilot)
            for each in panels(pilot):
                lines = [each.render_line(y) for y in range(each.content_size.height)]
                assert any(line.text.strip() for line in lines), each.id
                assert {line.cell_length for line in lines} == {each.content_size.width}, each.id
        await pilot.press("question_mark")
        await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)


async def test_a_panel_fits_when_the_terminal_changes_its_size() -> None:
    async with shown(assembled(max_steps=20), paused=False) as pilot:
        await finished(pilot)
        for width, height in ((80, 24), (30, 8), (150, 50)):
            await pilot.resize_terminal(width, height)
            for each in panels(pilot):
                for y in range(each.content_size.height):
                    assert each.render_line(y).cell_length == each.content_size.width


ROWS = {"x": [[0.0, 1.0], [1.0, 0.0]], "y": [[0.5], [1.5]]}
FLOWERS = {"x": [[0.0], [1.0], [2.0]], "y": ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("data", "network"),
    [("circle", {}), ("xor", {"hidden": []}), ("iris", {"hidden": [1, 300]}), (ROWS, {"hidden": [2] * 9}),
     (FLOWERS, {"activation": "step"}), ("digits", {"activation": "tanh", "dtype": "float32", "init": "zeros"})],
)  # fmt: skip
async def test_every_kind_of_network_and_data_is_drawn(
    data: str | dict[str, object], network: dict[str, object]
) -> None:
    async with shown(assembled(data, network, max_steps=20), paused=False, size=(80, 24)) as pilot:
        await finished(pilot)
        assert all(text(each).strip() for each in panels(pilot))


async def test_the_help_lists_every_key_and_explains_the_words() -> None:
    async with shown(assembled()) as pilot:
        await pilot.press("question_mark")
        await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
        static = pilot.app.screen.query_one(HelpText)
        listed = [" ".join(strip.text.split()) for strip in static.render_lines(static.size.region)]
        for key in KEYS:
            assert f"{key.shown} {key.does}" in listed
        for word, meaning in WORDS:
            assert f"{word} {meaning}" in " ".join(listed)


async def test_a_key_of_the_help_goes_to_the_words() -> None:
    async with shown(assembled(), size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
        await pilot.press("w")
        scroll, text = pilot.app.screen.query_one("#help"), pilot.app.screen.query_one(HelpText)
        await until(lambda: scroll.scroll_y > 0, pilot)
        assert text.render_line(round(scroll.scroll_y)).text.strip() == WORDS_TITLE


async def test_a_command_of_the_palette_runs() -> None:
    async with shown(assembled()) as pilot:
        await pilot.press("colon", *"one step")
        assert isinstance(pilot.app.screen, CommandPalette)
        await until(lambda: pilot.app.screen.query_one(OptionList).option_count > 0, pilot)
        await pilot.press("enter")
        await until(lambda: session_of(pilot).view.snapshot.step == 1, pilot)
        assert isinstance(pilot.app.screen, TrainingScreen)


async def test_the_palette_finds_a_chapter_and_shows_it_in_the_list() -> None:
    async with shown(assembled()) as pilot:
        await pilot.press("colon", *"chain")
        await until(lambda: pilot.app.screen.query_one(OptionList).option_count > 0, pilot)
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, ChapterListScreen), pilot)
        assert isinstance(pilot.app.screen, ChapterListScreen)
        await pilot.press("enter")
        await until(lambda: pilot.app.course.work is not None, pilot)  # type: ignore[attr-defined]
        assert pilot.app.course.work.chapter.name == "chain"  # type: ignore[attr-defined]


async def test_the_palette_offers_what_acts_here_and_now() -> None:
    async with shown(assembled(max_epochs=10**6)) as pilot:
        app, screen = pilot.app, pilot.app.screen

        def offered() -> set[str]:
            titles = {command.title for command in app.get_system_commands(app.screen)}
            return {key.id for key in (*find_keys(app.screen), *PROGRAM_KEYS) if key.does in titles}

        # at the start of a run on four inputs there is nothing to go back to, no map, and nobody to save for
        always = {key.id for key in (*KEYS, *POINTER_KEYS)} - {"palette", "back", "maps", "paint", "save"}
        past = {"back_step", "back_epoch", "on_step", "on_epoch", "reset", "undo", "slower_back", "faster"}
        assert offered() == always - past
        await pilot.press("s", "s", "left_square_bracket", "m")
        await until(lambda: session_of(pilot).view.snapshot.step == 1, pilot)
        assert offered() == always - past | {"back_step", "back_epoch", "on_step", "on_epoch", "reset", "back"}
        await pilot.press("escape", "x")
        await until(lambda: isinstance(app.screen, WeightsScreen), pilot)
        assert "weights_undo" not in offered()
        await pilot.press("7")
        await until(lambda: "weights_set" in offered(), pilot)
        await pilot.press("enter")
        await until(lambda: "weights_undo" in offered(), pilot)
        await pilot.press("escape", "V")
        await until(lambda: isinstance(app.screen, ValleyScreen), pilot)
        assert not {"axes", "swap"} & offered()
        await pilot.press("escape", "e")
        await until(lambda: isinstance(app.screen, ExperimentScreen), pilot)
        assert not {"apply", "feature_1"} & offered()
        assert screen.can_act("undo")  # type: ignore[attr-defined]
    async with shown(assembled("circle"), pace=10.0) as pilot:
        titles = {command.title for command in pilot.app.get_system_commands(pilot.app.screen)}
        assert {key.does for key in KEYS if key.id in ("maps", "paint", "faster")} <= titles


@pytest.mark.parametrize(
    ("query", "id"),
    [
        ("screenshot", "picture"),
        ("rate raise", "rate_up"),
        ("update all", "step"),
        ("rewind", "back_step"),
        ("setup", "experiment"),
        ("valley", "valley"),
        ("by hand change", "by_hand"),
        ("ctrl+l", "redraw"),
        ("LOG", "log_axis"),
        ("confusion", "output"),
        ("help", "help"),
    ],
)
def test_the_palette_finds_a_command_by_any_of_its_words(query: str, id: str) -> None:
    commands = list(list_commands(KEYS, lambda _: None))  # type: ignore[arg-type, return-value]
    scores = {command.title: score_command(command.title, command.help, query) for command in commands}
    wanted = next(key.does for key in KEYS if key.id == id)
    assert scores[wanted] == max(scores.values()) > 0
    assert score_command(wanted, "", f"{query} zebra") == 0
    assert mark_words(wanted, query).plain == wanted


@pytest.mark.parametrize(
    ("mark", "done"),
    [("s/S step", lambda view: view.snapshot.step == 1), ("space go on", lambda view: view.snapshot.step),
     ("n/p example", lambda view: view.snapshot.example.index.row),
     ("+/- rate", lambda view: view.snapshot.learning_rate == 0.2)],
)  # fmt: skip
async def test_a_key_of_the_footer_can_be_clicked(mark: str, done: Callable[[View], object]) -> None:
    async with shown(assembled()) as pilot:
        rows = text(panel(pilot, "footer")).split("\n")
        row = next(row for row, keys in enumerate(rows) if mark in keys)
        await pilot.click("#footer", offset=(rows[row].index(mark), row))
        await until(lambda: bool(done(session_of(pilot).view)), pilot)


async def test_the_footer_keeps_help_and_quit_on_a_narrow_screen() -> None:
    async with shown(assembled(), size=(40, 12)) as pilot:
        assert re.search(r"\? help +q quit", text(panel(pilot, "footer")))


async def test_a_divergence_and_the_way_back_are_shown() -> None:
    async with shown(diverging(), paused=False) as pilot:
        await until(lambda: session_of(pilot).view.phase == "diverged", pilot)
        await drawn(pilot)
        assert "diverged" in text(panel(pilot, "status"))
        assert re.search(r"step \d+: the (loss|.+ of layer \d) blew up", text(panel(pilot, "footer")))
        await pilot.press("space")
        await until(lambda: "r: back to the start" in text(panel(pilot, "footer")), pilot)
        await pilot.press("r")
        await until(lambda: "paused" in text(panel(pilot, "status")), pilot)
        assert "help" in text(panel(pilot, "footer"))


@pytest.mark.parametrize(("phase", "ending"), [("finished", "max_steps"), ("diverged", "diverged")])
async def test_a_run_that_is_over_is_left_without_a_question(phase: str, ending: str) -> None:
    run = assembled(max_steps=5) if phase == "finished" else diverging()
    async with shown(run, paused=False) as pilot:
        await until(lambda: session_of(pilot).view.phase == phase, pilot)
        await pilot.press("q")
        assert pilot.app.return_value == ending


async def test_leaving_ends_the_training() -> None:
    async with shown(assembled(max_steps=10**9), paused=False) as pilot:
        trainer = session_of(pilot).run.trainer
        await until(lambda: trainer.step > 0, pilot)
        workers = list(pilot.app.workers)
    assert [worker.name for worker in workers if not worker.is_finished] == []
    await asyncio.get_running_loop().shutdown_default_executor()  # waits for as long as the thread computes


async def test_a_key_that_is_typed_while_the_app_ends_does_nothing() -> None:
    async with shown(assembled()) as pilot:
        stack = pilot.app._screen_stack
        screens = stack[:]
        stack.clear()
        await pilot.app.on_event(events.Key("s", "s"))
        stack.extend(screens)
        await pilot.pause()
        assert session_of(pilot).view.snapshot.step == 0
