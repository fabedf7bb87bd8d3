"""Every key of the table does what the help describes."""

import signal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from textual._compositor import Compositor, LayoutUpdate
from textual.command import CommandPalette
from textual.drivers.headless_driver import HeadlessDriver

from gradstep.data.checkpoint import read_checkpoint
from gradstep.data.saved_runs import name_new_run
from gradstep.tui.keymap import KEYS
from gradstep.tui.screens.course.chapter_list import ChapterListScreen
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.dialogs.quit import QuitScreen
from gradstep.tui.screens.experiment.screen import ExperimentScreen
from gradstep.tui.screens.explorer.screen import ExplorerScreen
from gradstep.tui.screens.importance.screen import ImportanceScreen
from gradstep.tui.screens.luck.screen import LuckScreen
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.runs.list_panel import RunList
from gradstep.tui.screens.runs.screen import RunsScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.valley.screen import ValleyScreen
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.screens.weights.screen import WeightsScreen
from gradstep.tui.session.autosave import Autosave
from tests.tui.driving import (
    BETWEEN_STEPS,
    AppPilot,
    assembled,
    drawn,
    panel,
    panels,
    session_of,
    shown,
    text,
    until,
    wait_for_walk,
)
from tests.tui.key_checks import KeyChecks

FOUR = ["architecture", "loss", "gradients", "output"]

CHECKS = KeyChecks()


def test_every_key_of_the_table_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in KEYS}


@pytest.mark.parametrize(("key_id", "pressed"), [(key.id, name) for key in KEYS for name in key.keys.split(",")])
async def test_a_key_does_what_the_help_describes(key_id: str, pressed: str) -> None:
    autosave = Autosave(name_new_run("iris"))
    async with shown(assembled(learning_rate=0.1), pace=50.0, autosave=autosave) as pilot:
        await CHECKS[key_id](pilot, pressed)


def phase(pilot: AppPilot) -> str:
    return session_of(pilot).view.phase


def step(pilot: AppPilot) -> int:
    return session_of(pilot).view.snapshot.step


def row(pilot: AppPilot) -> int:
    return session_of(pilot).view.snapshot.example.index.row


def visible(pilot: AppPilot) -> list[str]:
    return [str(each.id) for each in panels(pilot) if each.id in FOUR]


def focused(pilot: AppPilot) -> str | None:
    return pilot.app.focused and pilot.app.focused.id


@CHECKS.register("pause")
async def pauses_and_goes_on(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: phase(pilot) == "training" and step(pilot) > 0, pilot)
    await pilot.press(pressed)
    await until(lambda: phase(pilot) == "paused", pilot)


@CHECKS.register("step")
async def makes_one_step(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: step(pilot) == 1, pilot)
    await pilot.press(pressed, pressed)
    await until(lambda: step(pilot) == 3 and phase(pilot) == "paused", pilot)


@CHECKS.register("epoch")
async def trains_an_epoch(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: phase(pilot) == "paused" and session_of(pilot).view.snapshot.epoch == 1, pilot)
    assert step(pilot) == session_of(pilot).run.trainer.steps_per_epoch


@CHECKS.register("rate_up", "rate_down")
async def changes_the_rate(pilot: AppPilot, pressed: str) -> None:
    rate = 0.05 if pressed == "minus" else 0.2
    await pilot.press(pressed)
    await until(lambda: session_of(pilot).view.snapshot.learning_rate == rate, pilot)
    await until(lambda: f"rate {rate}" in text(panel(pilot, "status")), pilot)


@CHECKS.register("slower", "faster")
async def changes_the_pace(pilot: AppPilot, pressed: str) -> None:
    pace = 20 if pressed == "less_than_sign" else 100
    await pilot.press(pressed)
    await until(lambda: session_of(pilot).view.pace == pace, pilot)
    await until(lambda: f"pace {pace}/s" in text(panel(pilot, "status")), pilot)


@CHECKS.register("back_step", "on_step", "back_epoch", "on_epoch")
async def goes_through_the_recorded_steps(pilot: AppPilot, pressed: str) -> None:
    steps = session_of(pilot).run.trainer.steps_per_epoch
    await pilot.press("S", "S", "S")
    await until(lambda: step(pilot) == 3 * steps and phase(pilot) == "paused", pilot)
    forward = pressed.startswith("right")
    if forward:
        await pilot.press("left_curly_bracket", "left_curly_bracket")
        await until(lambda: step(pilot) == steps, pilot)
    far = steps if pressed.endswith("curly_bracket") else 1
    expected = steps + far if forward else 3 * steps - far
    await pilot.press(pressed)
    await until(lambda: step(pilot) == expected, pilot)
    await until(lambda: f"step {expected} of {3 * steps}" in text(panel(pilot, "status")), pilot)


@CHECKS.register("walk")
async def walks_through_the_step_on_the_screen(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("s", "s")
    await until(lambda: step(pilot) == 2 and phase(pilot) == "paused", pilot)
    await pilot.press(pressed)
    await wait_for_walk(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, WalkthroughScreen)
    assert screen.view.walk.update.step == 2
    assert step(pilot) == 2


@CHECKS.register("experiment")
async def opens_the_experiment(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, ExperimentScreen), pilot)
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("runs")
async def lists_the_saved_runs(pilot: AppPilot, pressed: str) -> None:
    """The tests of that screen are in test_runs_screen.py."""
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, RunsScreen) and not pilot.app.screen.waits, pilot)
    assert "no run is saved" in text(pilot.app.screen.query_one(RunList))
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("explore")
async def opens_the_explorer(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, ExplorerScreen), pilot)
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("valley")
async def opens_the_valley(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, ValleyScreen), pilot)
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("sizes")
async def lets_network_sizes_race(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, RaceScreen) and not pilot.app.screen.waits, pilot)
    assert isinstance(pilot.app.screen, RaceScreen)
    assert [len(run.network.layers) for run in pilot.app.screen.view.runs] == [2, 2, 2, 2]


@CHECKS.register("paint")
async def says_what_can_be_painted(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: "painting needs data with two inputs and classes" in text(panel(pilot, "footer")), pilot)
    assert isinstance(pilot.app.screen, TrainingScreen)


@CHECKS.register("course")
async def lists_the_chapters_of_the_course(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, ChapterListScreen), pilot)
    await pilot.press("escape")
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("luck")
async def tries_other_seeds(pilot: AppPilot, pressed: str) -> None:
    """The tests of that screen are in test_luck.py."""
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, LuckScreen) and not pilot.app.screen.waits, pilot)
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("race")
async def lets_rates_race(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, RaceScreen), pilot)
    await pilot.press("escape")
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("next", "previous")
async def shows_another_example(pilot: AppPilot, pressed: str) -> None:
    before = text(panel(pilot, "output"))
    await pilot.press(pressed)
    await until(lambda: row(pilot) == (1 if pressed == "n" else 29), pilot)
    await until(lambda: text(panel(pilot, "output")) != before, pilot)


@CHECKS.register("output")
async def goes_through_what_the_output_panel_shows(pilot: AppPilot, pressed: str) -> None:
    example = text(panel(pilot, "output"))
    for words in ("test part:", "test examples"):
        await pilot.press(pressed)
        await until(lambda words=words: words in text(panel(pilot, "output")), pilot)  # type: ignore[misc]
    await pilot.press(pressed)
    await until(lambda: text(panel(pilot, "output")) == example, pilot)


@CHECKS.register("maps")
async def shows_that_maps_need_two_inputs(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: "two inputs" in text(panel(pilot, "footer")), pilot)
    assert not session_of(pilot).view.request.maps


@CHECKS.register("reset")
async def goes_back_to_the_start(pilot: AppPilot, pressed: str) -> None:
    at_start = session_of(pilot).run.network.parameters.copy()
    await pilot.press("s")
    await until(lambda: step(pilot) == 1, pilot)
    await pilot.press(pressed)
    await until(lambda: step(pilot) == 0, pilot)
    assert (session_of(pilot).run.network.parameters == at_start).all()


@CHECKS.register("by_hand")
async def opens_the_screen_for_weights(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("space", pressed)
    await until(lambda: isinstance(pilot.app.screen, WeightsScreen) and phase(pilot) == "paused", pilot)
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("undo")
async def takes_back_what_was_changed_by_hand(pilot: AppPilot, pressed: str) -> None:
    at_start = session_of(pilot).run.network.parameters.copy()
    await pilot.press("x", "7", "enter", "escape")
    await until(lambda: 7.0 in session_of(pilot).run.network.parameters, pilot)
    await pilot.press(pressed)
    await until(lambda: session_of(pilot).view.note.startswith("undone: the weight is"), pilot)
    assert (session_of(pilot).run.network.parameters == at_start).all()
    await pilot.press(pressed)
    await until(lambda: "no change" in session_of(pilot).view.note, pilot)


@CHECKS.register("best")
async def goes_to_the_best_weights(pilot: AppPilot, pressed: str) -> None:
    """The tests of b with a validation part are in test_best_weights.py."""
    await pilot.press(pressed)
    await until(lambda: "no validation part" in session_of(pilot).view.note, pilot)


@CHECKS.register("importance")
async def opens_the_importance_of_the_columns(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, ImportanceScreen), pilot)


@CHECKS.register("slower_back")
async def is_for_a_divergence_only(pilot: AppPilot, pressed: str) -> None:
    """The tests of h after a divergence are in test_go_back_slower.py."""
    await pilot.press("s")
    await until(lambda: step(pilot) == 1, pilot)
    await pilot.press(pressed)
    await until(lambda: "h is for a run that has diverged" in session_of(pilot).view.note, pilot)
    assert step(pilot) == 1
    assert session_of(pilot).view.snapshot.learning_rate == 0.1


@CHECKS.register("log_axis")
async def changes_the_axis(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("S")
    await until(lambda: phase(pilot) == "paused" and step(pilot) > 0, pilot)
    await drawn(pilot)
    logarithmic = text(panel(pilot, "loss"))
    await pilot.press(pressed)
    await until(lambda: text(panel(pilot, "loss")) != logarithmic, pilot)
    await pilot.press(pressed)
    await until(lambda: text(panel(pilot, "loss")) == logarithmic, pilot)


@CHECKS.register("panel_1", "panel_2", "panel_3", "panel_4")
async def focuses_its_panel(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("1" if pressed == "4" else "4", pressed)
    await until(lambda: focused(pilot) == FOUR[int(pressed) - 1], pilot)


@CHECKS.register("next_panel", "previous_panel")
async def goes_round_the_panels(pilot: AppPilot, pressed: str) -> None:
    order = [*FOUR[1:], FOUR[0]] if pressed == "tab" else FOUR[::-1]
    for name in order:
        await pilot.press(pressed)
        await until(lambda name=name: focused(pilot) == name, pilot)  # type: ignore[misc]


@CHECKS.register("maximize")
async def fills_the_screen_and_goes_back(pilot: AppPilot, pressed: str) -> None:
    before = panel(pilot, "gradients").size
    await pilot.press("3", pressed)
    await until(lambda: visible(pilot) == ["gradients"], pilot)
    await until(lambda: panel(pilot, "gradients").size.area > 3 * before.area, pilot)
    await pilot.press("tab")
    await until(lambda: visible(pilot) == ["output"], pilot)
    await pilot.press(pressed)
    await until(lambda: visible(pilot) == FOUR and panel(pilot, "gradients").size == before, pilot)


@CHECKS.register("back")
async def shows_all_four_again(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    assert visible(pilot) == FOUR
    await pilot.press("2", "m")
    await until(lambda: visible(pilot) == ["loss"], pilot)
    await pilot.press(pressed)
    await until(lambda: visible(pilot) == FOUR and focused(pilot) == "loss", pilot)


@CHECKS.register("help")
async def shows_the_help(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("palette")
async def opens_the_palette(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: CommandPalette.is_open(pilot.app), pilot)
    await pilot.press("escape")
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@CHECKS.register("save")
async def saves_the_run(pilot: AppPilot, pressed: str) -> None:
    autosave = session_of(pilot).autosave
    await pilot.press("s")
    await until(lambda: session_of(pilot).view.snapshot.step == 1, pilot)
    await pilot.press(pressed)
    await until(lambda: session_of(pilot).view.note == "saved at step 1", pilot)
    assert autosave is not None and autosave.path is not None
    assert read_checkpoint(autosave.path).state.values["step"] == 1


@CHECKS.register("picture", "other_picture")
async def writes_a_picture(pilot: AppPilot, pressed: str) -> None:
    """What a picture shows is tested in test_pictures.py."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        await pilot.press(pressed)
        await until(lambda: Path("gradstep-iris-step-0.svg").exists(), pilot)
        await until(lambda: all(worker.is_finished for worker in pilot.app.workers if worker.name == "picture"), pilot)


@CHECKS.register("redraw")
async def sends_the_whole_screen_again(pilot: AppPilot, pressed: str) -> None:
    whole: list[LayoutUpdate] = []
    render = Compositor.render_full_update

    def seen(compositor: Compositor, simplify: bool = False) -> LayoutUpdate:
        whole.append(render(compositor, simplify))
        return whole[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compositor, "render_full_update", seen)
        await pilot.press(pressed)
        await until(lambda: bool(whole), pilot)


@CHECKS.register("suspend")
async def stops_the_process(pilot: AppPilot, pressed: str) -> None:
    signals: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HeadlessDriver, "can_suspend", True)
        patch.setattr("textual.app.os.kill", lambda _, number: signals.append(number))
        await pilot.press(pressed)
        await until(lambda: signals == [signal.SIGTSTP], pilot)


@CHECKS.register("quit")
async def quits(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    assert pilot.app.return_value == "quit"


@pytest.mark.parametrize("again", ["q", "y", "enter", "ctrl+c", "ctrl+q"])
async def test_while_training_quit_asks_once(again: str) -> None:
    async with shown(assembled(), BETWEEN_STEPS, paused=False) as pilot:
        await pilot.press("q")
        await until(lambda: isinstance(pilot.app.screen, QuitScreen), pilot)
        assert pilot.app.return_value is None
        await pilot.press(again)
        assert pilot.app.return_value == "quit"


@pytest.mark.parametrize("stay", ["escape", "n", "space"])
async def test_declining_to_quit_lets_training_go_on(stay: str) -> None:
    async with shown(assembled(), BETWEEN_STEPS, paused=False) as pilot:
        await pilot.press("q")
        await until(lambda: isinstance(pilot.app.screen, QuitScreen), pilot)
        await pilot.press(stay)
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        assert pilot.app.return_value is None
        assert phase(pilot) == "training"


async def test_a_held_key_acts_every_time_it_repeats() -> None:
    async with shown(assembled()) as pilot:
        for _ in range(10):
            pilot.app.simulate_key("s")
        await until(lambda: step(pilot) == 10 and phase(pilot) == "paused", pilot)


async def test_keys_typed_ahead_act_in_their_order() -> None:
    async with shown(assembled()) as pilot:
        for key in ("3", "m", "tab", "tab", "tab"):
            pilot.app.simulate_key(key)
        await until(lambda: visible(pilot) == ["loss"] and focused(pilot) == "loss", pilot)
