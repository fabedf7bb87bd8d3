"""The experiment screen: its keys, its files, and the run after a change."""

from pathlib import Path

import pytest
from textual import events
from textual.geometry import Offset
from textual.widgets import Input

from gradstep.data.checkpoint import read_checkpoint
from gradstep.data.experiment import load_experiment
from gradstep.data.features import FEATURES, INPUTS
from gradstep.data.saved_runs import SavedRun, name_new_run
from gradstep.tui.screen_keys import EXPERIMENT_KEYS
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.experiment.fields import FIELDS
from gradstep.tui.screens.experiment.panels import MORE_ABOVE, MORE_BELOW
from gradstep.tui.screens.experiment.screen import ExperimentScreen
from gradstep.tui.screens.experiment.typing_line import TypingLine
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.session.autosave import Autosave
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.question import QuestionScreen
from tests.tui.driving import (
    AppPilot,
    assembled,
    same,
    session_of,
    shown,
    step_of,
    supervised,
    text,
    until,
    wait_for_commands,
    wait_until_paused_at,
)
from tests.tui.key_checks import KeyChecks
from tests.tui.test_sizes import screen_text

CHECKS = KeyChecks()


def form(pilot: AppPilot) -> ExperimentScreen:
    screen = next(screen for screen in pilot.app.screen_stack if isinstance(screen, ExperimentScreen))
    return screen


def chosen(pilot: AppPilot) -> str:
    return form(pilot).view.field.dotted


async def open_form(pilot: AppPilot) -> None:
    await pilot.press("e")
    await until(lambda: isinstance(pilot.app.screen, ExperimentScreen) and bool(words(pilot, "fields")), pilot)


def words(pilot: AppPilot, name: str) -> str:
    return text(form(pilot).query_one(f"#{name}", Panel)).strip()


async def go_to(pilot: AppPilot, dotted: str) -> None:
    while chosen(pilot) != dotted:
        await pilot.press("down")


async def type_in(pilot: AppPilot, dotted: str, typed: str) -> None:
    """Type a value into a field."""
    await go_to(pilot, dotted)
    await pilot.press("enter")
    await pilot.press(*typed, "enter")


async def back_in_training(pilot: AppPilot) -> None:
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


def test_every_key_of_the_form_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in EXPERIMENT_KEYS}


@pytest.mark.parametrize(
    ("key_id", "pressed"), [(key.id, name) for key in EXPERIMENT_KEYS for name in key.keys.split(",")]
)
async def test_a_key_does_what_the_help_describes(
    key_id: str, pressed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with shown(assembled()) as pilot:
        await open_form(pilot)
        await CHECKS[key_id](pilot, pressed)


@CHECKS.register("field_up", "field_down")
async def goes_to_another_field(pilot: AppPilot, pressed: str) -> None:
    expected = "training.max_epochs" if pressed == "up" else "data.path"
    await pilot.press(pressed)
    assert chosen(pilot) == (FIELDS[-1].dotted if pressed == "up" else expected)


@CHECKS.register("page_up", "page_down")
async def goes_far(pilot: AppPilot, pressed: str) -> None:
    await go_to(pilot, "network.init")
    place = form(pilot).view.index
    await pilot.press(pressed)
    assert form(pilot).view.index == (place + 8 if pressed in ("pagedown", "end") else max(0, place - 8))


@CHECKS.register("value_back", "value_on")
async def changes_the_value(pilot: AppPilot, pressed: str) -> None:
    await go_to(pilot, "training.batch_size")
    await pilot.press(pressed)
    size = 20 if pressed == "left" else 50
    assert form(pilot).view.experiment.training.batch_size == size
    assert f"batch size       {size}" in words(pilot, "fields")
    assert f"Each step uses {size} examples of 120" in words(pilot, "about")


@CHECKS.register("type")
async def types_a_value(pilot: AppPilot, pressed: str) -> None:
    await go_to(pilot, "network.hidden")
    await pilot.press(pressed, "end", ",", "4", "enter")
    assert form(pilot).view.experiment.network.hidden == (16, 16, 4)
    await pilot.press(pressed, "7", "enter")
    assert form(pilot).view.experiment.network.hidden == (7,), "what is typed takes the place of what was there"
    await pilot.press(pressed, "end", ",", "4", "escape")
    assert form(pilot).view.experiment.network.hidden == (7,)
    assert isinstance(pilot.app.screen, ExperimentScreen)


@CHECKS.register("default")
async def goes_back_to_the_default(pilot: AppPilot, pressed: str) -> None:
    await type_in(pilot, "training.learning_rate", "7")
    await pilot.press(pressed)
    assert form(pilot).view.experiment.training.learning_rate is None
    assert "learning rate    0.1 (default)" in words(pilot, "fields")


@CHECKS.register(*(f"feature_{number}" for number in range(1, 8)))
async def switches_a_feature(pilot: AppPilot, pressed: str) -> None:
    name = list(FEATURES)[int(pressed) - 1]
    symbol = FEATURES[name].name("x₁", "x₂")
    await type_in(pilot, "data.name", "xor")
    await pilot.press(pressed)
    assert chosen(pilot) == "data.features"
    assert set(form(pilot).view.experiment.data.features or ()) == {*INPUTS} ^ {name}
    assert f"{pressed} {'○' if name in INPUTS else '●'} {symbol}" in words(pilot, "about")
    await pilot.press(pressed)
    assert form(pilot).view.experiment.data.features is None, "both inputs alone are the default"
    assert "features         x1,x2 (default)" in words(pilot, "fields")


@CHECKS.register("layer_on", "layer_off")
async def adds_and_removes_layers(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    assert form(pilot).view.experiment.network.hidden == ((16,) if pressed == "minus" else (16, 16, 16))
    assert chosen(pilot) == "network.hidden"


@CHECKS.register("apply")
async def applies(pilot: AppPilot, pressed: str) -> None:
    await type_in(pilot, "training.l2", "0.5")
    await pilot.press(pressed)
    await back_in_training(pilot)
    await until(lambda: session_of(pilot).run.trainer.options.l2 == 0.5, pilot)


@CHECKS.register("write")
async def writes_a_file(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed, "enter")
    await until(lambda: "written to experiment.toml" in words(pilot, "footer"), pilot)
    assert load_experiment(Path("experiment.toml"), {}) == form(pilot).view.experiment


@CHECKS.register("open")
async def opens_a_file(pilot: AppPilot, pressed: str) -> None:
    Path("experiment.toml").write_text("[network]\nhidden = [3]\n")
    await pilot.press(pressed, "enter")
    await until(lambda: "opened experiment.toml" in words(pilot, "footer"), pilot)
    assert form(pilot).view.experiment.network.hidden == (3,)


@CHECKS.register("copy")
async def copies_the_command(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    assert pilot.app.clipboard == "gradstep train --data iris"


@CHECKS.register("help")
async def shows_the_help(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
    await pilot.pause()
    assert "Copy the command line that makes this experiment" in screen_text(pilot.app.screen)


@CHECKS.register("form_leave")
async def leaves_with_nothing_changed(pilot: AppPilot, pressed: str) -> None:
    before = session_of(pilot).run
    await pilot.press("right", pressed)
    await back_in_training(pilot)
    assert session_of(pilot).run is before


async def test_a_value_that_is_not_allowed_shows_a_message_and_changes_nothing() -> None:
    async with shown(assembled(), size=(120, 40)) as pilot:
        await open_form(pilot)
        await type_in(pilot, "training.learning_rate", "-1")
        assert "must be a finite number above 0" in words(pilot, "fields")
        assert "training.learning_rate = -1" in words(pilot, "about")
        assert not form(pilot).view.changed


async def test_a_change_that_needs_a_new_start_asks_once_and_starts_another_run() -> None:
    autosave = Autosave(name_new_run("iris"))
    async with shown(assembled(), size=(80, 24), autosave=autosave) as pilot:
        before = session_of(pilot)
        await pilot.press("s")
        await until(lambda: step_of(before) == 1, pilot)
        await open_form(pilot)
        await type_in(pilot, "network.hidden", "5")
        await pilot.press("a")
        await until(lambda: isinstance(pilot.app.screen, QuestionScreen), pilot)
        await pilot.pause()
        assert "A new run starts from seed 0" in screen_text(pilot.app.screen)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, ExperimentScreen), pilot)
        assert session_of(pilot) is before
        await pilot.press("a", "y")
        await until(lambda: session_of(pilot) is not before, pilot)
        await back_in_training(pilot)
        after = session_of(pilot)
        assert (after.run.network.sizes, step_of(after), after.phase) == ((4, 5, 3), 0, "paused")
        assert autosave.path is not None and read_checkpoint(autosave.path).state.values["step"] == 1
        assert after.autosave is not None and after.autosave is not autosave
        await pilot.press("s")
        await until(lambda: step_of(after) == 1, pilot)
        assert len(pilot.app.screen_stack) == 2
        assert "4→5→3" in screen_text(pilot.app.screen)


async def test_replacing_a_running_training_starts_the_new_one() -> None:
    async with shown(assembled(max_epochs=10_000), pace=50.0, paused=False) as pilot:
        before = session_of(pilot)
        await open_form(pilot)
        await type_in(pilot, "network.seed", "7")
        await pilot.press("a", "y")
        await until(lambda: session_of(pilot) is not before, pilot)
        await until(lambda: step_of(session_of(pilot)) > 3, pilot)
        assert session_of(pilot).run.experiment.network.seed == 7


async def test_data_that_do_not_fit_show_a_message_and_keep_the_run() -> None:
    async with shown(assembled()) as pilot:
        before = session_of(pilot)
        await open_form(pilot)
        await type_in(pilot, "data.path", "/nowhere/at/all.csv")
        await pilot.press("a", "y")
        await until(lambda: "/nowhere/at/all.csv: no such file" in words(pilot, "about").replace("\n", ""), pilot)
        assert session_of(pilot) is before


async def test_a_file_is_never_written_over_without_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "experiment.toml"
    path.write_text("precious")
    async with shown(assembled()) as pilot:
        await open_form(pilot)
        await pilot.press("w", "enter")
        await until(lambda: isinstance(pilot.app.screen, QuestionScreen), pilot)
        await pilot.press("n")
        await until(lambda: isinstance(pilot.app.screen, ExperimentScreen), pilot)
        assert path.read_text() == "precious"
        await pilot.press("w", "enter", "y")
        await until(lambda: path.read_text() != "precious", pilot)


async def test_an_invalid_file_shows_a_message_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("experiment.toml").write_text("[training]\nlerning_rate = 1\n")
    async with shown(assembled()) as pilot:
        await open_form(pilot)
        await pilot.press("o", "enter")
        await until(lambda: "did you mean learning_rate?" in " ".join(words(pilot, "about").split()), pilot)
        assert not form(pilot).view.changed


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (120, 40), (200, 60)])
async def test_the_form_is_whole_at_every_size(size: tuple[int, int]) -> None:
    async with shown(assembled("digits"), size=size) as pilot:
        await open_form(pilot)
        for field in FIELDS:
            if field in form(pilot).view.fields:
                await go_to(pilot, field.dotted)
                assert f"▸ {field.label}" in words(pilot, "fields")
                for panel in form(pilot).query(Panel):
                    lines = panel.lines(panel.view, *panel.content_size)
                    assert len(lines) <= panel.content_size.height
                    assert all(line.cell_length <= panel.content_size.width for line in lines), panel.id


async def test_an_activation_is_plotted_with_its_slope() -> None:
    async with shown(assembled(network={"activation": "tanh"}), size=(80, 24)) as pilot:
        await open_form(pilot)
        await go_to(pilot, "network.activation")
        about = words(pilot, "about")
        assert "tanh  ━ f  ╍ f′" in about
        assert any(0x2800 < ord(sign) < 0x2900 for sign in about)


# --- live changes in a session


async def test_a_live_change_goes_on_from_the_same_step_and_begins_a_new_past() -> None:
    run = assembled()
    async with supervised(run) as session:
        session.make_epoch()
        await wait_until_paused_at(session, run.trainer.steps_per_epoch)
        wanted = assembled(batch_size=8, optimizer="momentum", max_epochs=3).experiment
        session.change_training(wanted)
        await wait_for_commands(session)
        assert (session.run.experiment, session.run.trainer.options.batch_size) == (wanted, 8)
        assert session.view.note == "changed; from now on [ goes back no further than step 4"
        session.move(-1)
        await wait_for_commands(session)
        assert step_of(session) == 4
        session.make_epoch()
        await wait_until_paused_at(session, 4 + 15)
        assert session.view.snapshot.epoch == 2


async def test_a_new_learning_rate_alone_leaves_the_past_as_it_is() -> None:
    async with supervised(assembled()) as session:
        session.make_epoch()
        await wait_until_paused_at(session, 4)
        session.change_training(assembled(learning_rate=0.02).experiment)
        session.move(-2)
        await wait_until_paused_at(session, 2)
        assert session.view.snapshot.learning_rate == 0.1
        session.move(2)
        await wait_until_paused_at(session, 4)
        assert session.view.snapshot.learning_rate == 0.02


@pytest.mark.parametrize(
    "changed", [{"patience": 3}, {"target_loss": 0.01}, {"max_epochs": 7}, {"batch_size": "full"}], ids=str
)
async def test_a_change_that_changes_no_number_keeps_the_past(changed: dict[str, object]) -> None:
    usual: dict[str, object] = {"batch_size": 120, "patience": 9}
    data: dict[str, object] = {"name": "iris", "validation_fraction": 0.0}
    async with supervised(assembled(data, **usual)) as session:
        for _ in range(6):
            session.make_step()
        await wait_until_paused_at(session, 6)
        assert session.run.trainer.batch_size == len(session.run.trainer.training_part) == 120
        session.change_training(assembled(data, **usual | changed).experiment)
        await wait_for_commands(session)
        assert "no further" not in session.view.note
        here = session.run.trainer.state()
        session.move(-5)
        await wait_until_paused_at(session, 1)
        session.move(5)
        await wait_until_paused_at(session, 6)
        assert same(session.run.trainer.state(), here)


async def test_reset_after_a_live_change_is_the_start_of_the_changed_experiment() -> None:
    async with supervised(assembled()) as session:
        session.make_epoch()
        await wait_until_paused_at(session, 4)
        wanted = assembled(batch_size=8, optimizer="adam")
        session.change_training(wanted.experiment)
        session.reset()
        session.make_step()
        await wait_until_paused_at(session, 1)
        wanted.trainer.update()
        assert (session.run.network.parameters == wanted.network.parameters).all()


async def test_a_later_end_lets_a_finished_run_go_on_to_it() -> None:
    async with supervised(assembled(max_epochs=1), paused=False) as session:
        await until(lambda: session.view.phase == "finished")
        session.change_training(assembled(max_epochs=2).experiment)
        await until(lambda: session.view.phase == "paused")
        session.toggle_pause()
        await until(lambda: session.view.phase == "finished" and step_of(session) == 8)


async def test_a_changed_run_is_saved_with_its_changes(tmp_path: Path) -> None:
    autosave = Autosave(SavedRun(tmp_path / "iris"))
    async with supervised(assembled(), autosave=autosave) as session:
        session.make_step()
        await wait_until_paused_at(session, 1)
        session.change_training(assembled(batch_size=8).experiment)
        session.save()
        await until(lambda: autosave.path is not None)
        assert autosave.path is not None
        assert read_checkpoint(autosave.path).experiment.training.batch_size == 8


async def test_the_status_names_the_present_optimizer() -> None:
    async with shown(assembled()) as pilot:
        session_of(pilot).change_training(assembled(optimizer="adam").experiment)
        await until(lambda: "cross-entropy · adam" in screen_text(pilot.app.screen), pilot)


@pytest.mark.parametrize(
    ("field", "pressed", "note"),
    [
        ("data.path", "right", "no other data file is in this folder: enter types one"),
        ("data.target", "right", "no other column is known"),
        ("data.features", "right", "no further value"),
        ("training.shuffle", "backspace", "this is the default"),
        ("network.hidden", "minus", "no hidden layer to remove"),
    ],
)
async def test_a_key_that_changes_nothing_says_why(
    field: str, pressed: str, note: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with shown(assembled(network={"hidden": []})) as pilot:
        await open_form(pilot)
        await go_to(pilot, field)
        await pilot.press(pressed)
        await until(lambda: note in form(pilot).view.note, pilot)


async def test_features_that_are_switched_on_are_trained_on_and_read_in_the_next_form() -> None:
    async with shown(assembled("circle", {"hidden": []}), size=(120, 40)) as pilot:
        await open_form(pilot)
        await pilot.press("3", "4", "1", "2")
        assert "--features 'x1^2,x2^2'" in " ".join(words(pilot, "about").split())
        await pilot.press("3", "4")
        assert "at least one must be on" in words(pilot, "about")
        assert form(pilot).view.experiment.data.features == ("x2^2",)
        await pilot.press("3", "a", "y")
        await back_in_training(pilot)
        assert session_of(pilot).run.dataset.feature_names == ("x₁²", "x₂²")
        assert session_of(pilot).run.network.sizes == (2, 1)
        await open_form(pilot)
        assert "features         x1^2,x2^2" in words(pilot, "fields")


async def test_data_without_two_inputs_have_no_features() -> None:
    async with shown(assembled("iris")) as pilot:
        await open_form(pilot)
        await pilot.press("3")
        assert "only data with two inputs have features" in " ".join(words(pilot, "about").split())
        assert form(pilot).view.experiment.data.features is None
        assert "features         –" in words(pilot, "fields")


async def test_a_form_that_goes_on_says_so_and_its_columns_are_straight() -> None:
    async with shown(assembled("digits"), size=(80, 24)) as pilot:
        await open_form(pilot)
        lines = words(pilot, "fields").split("\n")
        assert lines[-1].endswith(MORE_BELOW) and MORE_ABOVE not in "".join(lines)
        await go_to(pilot, "training.max_epochs")
        await until(lambda: "max epochs" in words(pilot, "fields"), pilot)
        assert words(pilot, "fields").split("\n")[0].endswith(MORE_ABOVE) and MORE_BELOW not in words(pilot, "fields")
        await pilot.resize_terminal(160, 40)
        await until(
            lambda: "softmax (default)" in words(pilot, "fields") and "a whole" in words(pilot, "fields"), pilot
        )
        lines = text(form(pilot).query_one("#fields", Panel)).split("\n")
        starts = {
            line.index(rest)
            for line in lines
            for rest in ("  step, lin", "  uniform, n", "  a whole n")
            if rest in line
        }
        assert len(starts) == 1


async def click_on(pilot: AppPilot, name: str, mark: str, within: str = "") -> None:
    """Click on a text that a panel shows, in the line that begins with `within`."""
    await pilot.pause()
    panel = form(pilot).query_one(f"#{name}", Panel)
    lines = text(panel).split("\n")
    y = next(y for y, line in enumerate(lines) if mark in line and line[2:].startswith(within))
    place = panel.content_region.offset - panel.region.offset
    await pilot.click(f"#{name}", offset=place + Offset(lines[y].index(mark), y))


async def scroll_on(pilot: AppPilot, within: str, kind: type[events.MouseScrollUp | events.MouseScrollDown]) -> None:
    """Turn the wheel on a line of the form."""
    table = form(pilot).query_one("#fields", Panel)
    y = next(y for y, line in enumerate(text(table).split("\n")) if line[2:].startswith(within))
    place = table.content_region.offset + Offset(2, y)
    scroll = kind(None, place.x, place.y, 0, 0, 0, False, False, False, place.x, place.y)
    pilot.app.screen._forward_event(scroll)
    await pilot.pause()


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_everything_can_be_done_with_the_mouse(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.csv", "notes.md"):
        (tmp_path / name).write_text("length,width,kind\n" + "1,2,x\n3,4,y\n" * 5)
    async with shown(assembled("circle", learning_rate=0.1), size=size) as pilot:
        await open_form(pilot)
        view = lambda: form(pilot).view  # noqa: E731
        # the data and the column that is learnt
        await click_on(pilot, "fields", "path", "path")
        assert chosen(pilot) == "data.path"
        for arrow, path in (("›", "a.csv"), ("›", "b.csv"), ("›", "a.csv"), ("‹", "b.csv")):
            await click_on(pilot, "fields", arrow, "path")
            await until(lambda path=path: view().experiment.data.path == path, pilot)  # type: ignore[misc]
        await click_on(pilot, "fields", "target", "target")
        for arrow, target in (("‹", "width"), ("‹", "length"), ("›", "width"), ("›", "kind")):
            await click_on(pilot, "fields", arrow, "target")
            await until(lambda target=target: view().experiment.data.target == target, pilot)  # type: ignore[misc]
        # a wheel changes the chosen field, and goes through the others elsewhere
        await scroll_on(pilot, "noise", events.MouseScrollDown)
        assert chosen(pilot) != "data.target"
        await scroll_on(pilot, "path", events.MouseScrollUp)
        assert chosen(pilot) == "data.target"
        await scroll_on(pilot, "target", events.MouseScrollUp)
        await until(lambda: view().experiment.data.target == "length", pilot)
        # every row can be clicked, and one with values to go through has marks for them
        for field in view().fields:
            form(pilot).action_choose(field.dotted) if chosen(pilot) != field.dotted else None
            await pilot.pause()
            row = next(line for line in text(form(pilot).query_one("#fields", Panel)).split("\n") if line[0] == "▸")
            assert ("‹ ›" in row) == (field.has_next and row[19:].strip() != ""), row
        # a second click types, and its keys are clicked where they are shown
        form(pilot).action_choose("training.learning_rate")
        await click_on(pilot, "fields", "learning rate", "learning rate")
        line = form(pilot).query_one(Input)
        await until(lambda: line.has_focus, pilot)
        line.value = "0.25"
        if size[0] >= 120:
            await pilot.click("#typing-keys", offset=(2, 0))
        else:
            await pilot.press("enter")
        await until(lambda: view().experiment.training.learning_rate == 0.25, pilot)
        await click_on(pilot, "fields", "learning rate", "learning rate")
        await click_on(pilot, "fields", "l1", "l1")
        assert not form(pilot).query_one(TypingLine).has_class("shown")
        assert view().experiment.training.learning_rate == 0.25
        # the question is answered with a click
        await click_on(pilot, "footer", "a apply")
        await until(lambda: isinstance(pilot.app.screen, QuestionScreen), pilot)
        question, answers = pilot.app.screen.query_one("#question"), "y start it   esc no"
        place = question.content_region.offset - question.region.offset
        left = (question.content_size.width - len(answers)) // 2 + answers.index("esc")
        await pilot.click("#question", offset=place + Offset(left + 1, question.content_size.height - 1))
        assert pilot.app.screen is form(pilot)


async def test_the_features_are_switches_for_the_mouse() -> None:
    async with shown(assembled("circle")) as pilot:
        await open_form(pilot)
        await go_to(pilot, "data.features")
        await click_on(pilot, "about", "○ x₁²")
        await until(lambda: form(pilot).view.experiment.data.features == (*INPUTS, "x1^2"), pilot)
