"""Every key of the walkthrough does what the help describes; the keys of the training do nothing there."""

import pytest

from gradstep.core.ledger.bugs import BUGS
from gradstep.core.ledger.micro_step import PHASES
from gradstep.tui.keymap import KEYS
from gradstep.tui.screen_keys import WALK_KEYS
from gradstep.tui.screens.dialogs.help import HelpScreen, HelpText
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.valley.screen import ValleyScreen
from gradstep.tui.screens.walkthrough.guess import Guess
from tests.tui.driving import AppPilot, assembled, session_of, shown, step_of, until, wait_for_commands, wait_for_walk
from tests.tui.key_checks import KeyChecks
from tests.tui.walking import focus, press, shown_panels, shown_text, step, view, walk, walk_to, walking

CHECKS = KeyChecks()


def test_every_key_of_the_walkthrough_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in WALK_KEYS}


@pytest.mark.parametrize(("key_id", "pressed"), [(key.id, name) for key in WALK_KEYS for name in key.keys.split(",")])
async def test_a_key_does_what_the_help_describes(key_id: str, pressed: str) -> None:
    async with walking(assembled(network={"hidden": [3]}, batch_size=4)) as pilot:
        await CHECKS[key_id](pilot, pressed)


def ids(pilot: AppPilot) -> set[str | None]:
    return {panel.id for panel in shown_panels(pilot)}


@CHECKS.register("walk_on")
async def walks_on(pilot: AppPilot, pressed: str) -> None:
    steps = walk(pilot).steps
    for place, expected in enumerate(steps):
        assert (walk(pilot).index, step(pilot)) == (place, expected)
        assert expected.title in shown_text(pilot, "explanation")
        await press(pilot, pressed)
    assert "Make update 2?" in shown_text(pilot, "explanation")
    await press(pilot, pressed)
    assert (walk(pilot).update.step, walk(pilot).index) == (2, 0)


@CHECKS.register("walk_back")
async def walks_back(pilot: AppPilot, pressed: str) -> None:
    await press(pilot, "right", "right", "right", pressed)
    assert walk(pilot).index == 2
    await press(pilot, pressed, pressed, pressed)
    assert (walk(pilot).update.step, walk(pilot).index) == (1, 0)


@CHECKS.register("phase_on")
async def goes_to_the_next_phase(pilot: AppPilot, pressed: str) -> None:
    for phase in PHASES[1:]:
        await press(pilot, pressed)
        assert step(pilot).phase == phase
        assert f" {phase} " in shown_text(pilot, "phases")


@CHECKS.register("phase_back")
async def goes_to_the_beginning_of_the_phase(pilot: AppPilot, pressed: str) -> None:
    await walk_to(pilot, "mean")
    await press(pilot, pressed)
    assert step(pilot).key == "loss"
    await press(pilot, pressed)
    assert step(pilot).key == "batch"


@CHECKS.register("neuron_up", "neuron_down")
async def chooses_another_neuron(pilot: AppPilot, pressed: str) -> None:
    await walk_to(pilot, "z 1")
    before = focus(pilot).neurons[0]
    await press(pilot, pressed)
    neuron = (before + (1 if pressed == "down" else -1)) % 3
    assert focus(pilot).neurons[0] == neuron
    assert f"neuron {neuron + 1}" in shown_text(pilot, "phases")


@CHECKS.register("weight_on", "weight_back")
async def chooses_another_weight(pilot: AppPilot, pressed: str) -> None:
    await walk_to(pilot, "z 1")
    before = focus(pilot).weights[0]
    for further in range(1, 6):
        await press(pilot, pressed)
        weight = (before + (further if pressed == "tab" else -further)) % 5
        assert focus(pilot).weights[0] == weight
        assert ("its bias b" if weight == 4 else f"weight {weight + 1} of 4") in shown_text(pilot, "phases")


@CHECKS.register("walk_next", "walk_previous")
async def chooses_another_example(pilot: AppPilot, pressed: str) -> None:
    first = focus(pilot).example
    for further in range(1, 5):
        await press(pilot, pressed)
        example = (first + (further if pressed == "n" else -further)) % 4 + 1
        assert f"example {example} of 4" in shown_text(pilot, "phases")


@CHECKS.register("batch")
async def shows_the_batch_and_the_matrices_again(pilot: AppPilot, pressed: str) -> None:
    await press(pilot, pressed)
    assert "batch-table" in ids(pilot) and "matrices" not in ids(pilot)
    await press(pilot, pressed)
    assert "batch-table" not in ids(pilot) and "matrices" in ids(pilot)


@CHECKS.register("check")
async def checks_the_gradient_and_puts_the_check_away(pilot: AppPilot, pressed: str) -> None:
    before = shown_text(pilot, "explanation")
    await press(pilot, pressed)
    assert "gradient check" in shown_text(pilot, "explanation")
    await press(pilot, pressed)
    assert shown_text(pilot, "explanation") == before


@CHECKS.register("hide")
async def asks_for_the_number_and_shows_it_again(pilot: AppPilot, pressed: str) -> None:
    await walk_to(pilot, "z 1")
    before = shown_text(pilot)
    await press(pilot, pressed)
    assert view(pilot).guess == Guess()
    assert "Which number is z" in shown_text(pilot, "explanation")
    await press(pilot, pressed)
    assert shown_text(pilot) == before


@CHECKS.register("fade")
async def asks_for_the_last_numbers_of_the_phase(pilot: AppPilot, pressed: str) -> None:
    for key in ("a 2", "sum 2", "exp 2"):
        await press(pilot, pressed)
        assert step(pilot).key == key
        assert view(pilot).guess == Guess()


@CHECKS.register("bug")
async def switches_on_one_bug_after_the_other_and_then_none(pilot: AppPilot, pressed: str) -> None:
    for bug in BUGS:
        await press(pilot, pressed)
        assert view(pilot).bug is bug
        assert f"bug: {bug.name}" in shown_text(pilot, "phases")
    await press(pilot, pressed)
    assert view(pilot).bug is None
    assert "bug" not in shown_text(pilot, "phases")


@CHECKS.register("valley")
async def shows_the_valley_of_the_update(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, ValleyScreen), pilot)


@CHECKS.register("help")
async def shows_every_key_of_the_walkthrough(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
    table = pilot.app.screen.query_one(HelpText)
    await until(lambda: table.size.area > 0, pilot)
    help_text = "\n".join(line.text for line in table.render_lines(table.region.reset_offset))
    for key in WALK_KEYS:
        assert key.does in help_text
    await pilot.press(pressed)
    await wait_for_walk(pilot)


@CHECKS.register("leave")
async def goes_back_to_the_training(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
    assert (session_of(pilot).view.phase, step_of(session_of(pilot))) == ("paused", 1)


ACTIVE = {name for key in WALK_KEYS for name in key.keys.split(",")}
ASLEEP = [name for key in KEYS if key.group == "Training" for name in key.keys.split(",") if name not in ACTIVE]


async def test_in_the_walkthrough_the_keys_of_the_training_do_nothing() -> None:
    async with walking(assembled()) as pilot:
        session = session_of(pilot)
        before = session.run.trainer.state()
        await press(pilot, *ASLEEP)
        assert (walk(pilot).index, walk(pilot).update.step) == (0, 1)
        await wait_for_commands(session)
        assert session.view.phase == "paused"
        assert (session.run.trainer.state().arrays["parameters"] == before.arrays["parameters"]).all()
        assert session.run.trainer.state().values == before.values
        assert session.view.pace is None


async def test_after_leaving_the_walkthrough_the_keys_of_the_training_work() -> None:
    async with walking(assembled()) as pilot:
        await pilot.press("escape", "s")
        await until(lambda: step_of(session_of(pilot)) == 2, pilot)


async def test_every_step_that_was_made_can_be_walked() -> None:
    async with walking(assembled()) as pilot:
        await pilot.press("escape", "S")
        await until(lambda: step_of(session_of(pilot)) == 4, pilot)
        await pilot.press("w")
        await wait_for_walk(pilot)
        assert walk(pilot).update.step == 4


async def test_in_the_walkthrough_the_palette_offers_its_commands() -> None:
    async with walking(assembled()) as pilot:
        titles = {command.title for command in pilot.app.get_system_commands(pilot.app.screen)}
        assert {key.does for key in WALK_KEYS} <= titles
        assert not titles.intersection(key.does for key in KEYS if key.group == "Training")


async def test_a_walk_that_is_opened_right_after_a_step_is_through_that_step() -> None:
    async with shown(assembled("iris")) as pilot:
        app = pilot.app
        # both keys at once: the step is made in another thread
        app.simulate_key("s")
        app.simulate_key("w")
        await wait_for_walk(pilot)
        assert walk(pilot).update.step == 1
        await pilot.press("escape")
        await until(lambda: len(app.screen_stack) == 2, pilot)
        app.simulate_key("s")
        app.simulate_key("w")
        await wait_for_walk(pilot)
        assert walk(pilot).update.step == 2
