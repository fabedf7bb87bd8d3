"""Keys that are typed faster than screens open do what they do when they are typed one by one."""

import pytest
from textual.events import Key, Paste
from textual.widgets import Input, OptionList

from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.dialogs.palette import Palette
from gradstep.tui.screens.experiment.screen import ExperimentScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.weights.screen import WeightsScreen
from tests.tui.driving import AppPilot, assembled, session_of, shown, step_of, until

NAMES = {" ": "space", ":": "colon", "?": "question_mark", "-": "minus", ".": "full_stop"}


def type_ahead(pilot: AppPilot, *keys: str) -> None:
    """Send all keys at once, before the app takes up any; a key is a character, or a name in Textual."""
    for key in keys:
        pilot.app.post_message(Key(NAMES.get(key, key), key if len(key) == 1 else None))


async def test_what_is_typed_behind_the_key_of_the_palette_stands_on_its_line() -> None:
    async with shown(assembled()) as pilot:
        type_ahead(pilot, ":", *"back")
        await until(lambda: isinstance(pilot.app.screen, Palette), pilot)
        await until(lambda: pilot.app.screen.query_one(Input).value == "back", pilot)


async def test_what_is_typed_there_at_once_is_found() -> None:
    async with shown(assembled()) as pilot:
        type_ahead(pilot, ":", *"the chain")
        await until(lambda: isinstance(pilot.app.screen, Palette), pilot)
        found = pilot.app.screen.query_one(OptionList)
        await until(lambda: any("The chain" in str(each.prompt) for each in found.options), pilot)


async def test_a_text_that_is_pasted_behind_it_stands_there_too() -> None:
    async with shown(assembled()) as pilot:
        type_ahead(pilot, ":")
        pilot.app.post_message(Paste("ba"))
        type_ahead(pilot, *"ck")
        await until(lambda: isinstance(pilot.app.screen, Palette), pilot)
        await until(lambda: pilot.app.screen.query_one(Input).value == "back", pilot)


async def test_a_value_is_typed_on_the_experiment_screen_in_one_go() -> None:
    async with shown(assembled()) as pilot:
        type_ahead(pilot, "e")
        await until(lambda: isinstance(pilot.app.screen, ExperimentScreen), pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ExperimentScreen)
        screen.action_choose("training.learning_rate")
        type_ahead(pilot, "enter", "ctrl+u", *"0.25", "enter", "down")
        await until(lambda: screen.view.experiment.training.learning_rate == 0.25, pilot)
        await until(lambda: screen.view.field.dotted != "training.learning_rate", pilot)


async def test_a_weight_is_typed_behind_the_key_of_its_screen() -> None:
    async with shown(assembled()) as pilot:
        type_ahead(pilot, "x", *"-1.5")
        await until(lambda: isinstance(pilot.app.screen, WeightsScreen), pilot)
        screen = pilot.app.screen
        assert isinstance(screen, WeightsScreen)
        await until(lambda: screen.view.typed.replace("−", "-") == "-1.5", pilot)


@pytest.mark.parametrize("opens", ["?", "w", "x", "V", "R", "M", "N", "e", "o", "i", "f", "P"])
async def test_a_screen_is_left_by_the_key_behind_the_one_that_opens_it(opens: str) -> None:
    async with shown(assembled("circle")) as pilot:
        # before any step the walkthrough makes one
        type_ahead(pilot, "s")
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        type_ahead(pilot, opens, "escape", "s")
        await until(lambda: step_of(session_of(pilot)) == 2, pilot)
        assert isinstance(pilot.app.screen, TrainingScreen)


async def test_keys_behind_the_one_for_the_chapters_wait_until_they_are_read() -> None:
    async with shown(assembled()) as pilot:
        type_ahead(pilot, "L", "enter")
        await until(lambda: session_of(pilot).run.dataset.name != "iris", pilot)


async def test_screens_open_one_above_the_other() -> None:
    async with shown(assembled()) as pilot:
        type_ahead(pilot, "w", "?")
        await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
        assert len(pilot.app.screen_stack) == 4
        type_ahead(pilot, "escape", "escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


async def test_a_key_behind_a_new_start_acts_on_the_new_run() -> None:
    async with shown(assembled("circle")) as pilot:
        before = session_of(pilot)
        type_ahead(pilot, "e")
        await until(lambda: isinstance(pilot.app.screen, ExperimentScreen), pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ExperimentScreen)
        run = assembled("circle")
        screen._begin(run)
        type_ahead(pilot, "s")
        await until(lambda: session_of(pilot) is not before and step_of(session_of(pilot)) == 1, pilot)
        assert before.run.trainer.step == 0


async def test_keys_wait_for_a_screen_only_as_long_as_it_is_the_one_that_is_shown() -> None:
    async with shown(assembled()) as pilot:
        type_ahead(pilot, "x")
        await until(lambda: not isinstance(pilot.app.screen, TrainingScreen), pilot)
        type_ahead(pilot, "s")
        pilot.app.pop_screen()
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
