"""The weights screen: choose a parameter, set it, see the effect and undo it; and the run after an edit."""

from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.errors import GradstepError
from gradstep.core.observation.parameter_index import ParameterIndex
from gradstep.data.run import Run
from gradstep.tui.numbers import format_number
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.weights.curve import WeightsCurve
from gradstep.tui.screens.weights.screen import WeightsScreen
from gradstep.tui.screens.weights.state import WeightsView
from gradstep.tui.screens.weights.weight_editor import NO_VALUE, SAME_VALUE, TARGET, WeightEditor, describe_no_effect
from tests.tui.driving import (
    AppPilot,
    assembled,
    panel,
    same,
    session_of,
    shown,
    supervised,
    text,
    until,
    wait_for_computations,
    wait_for_walk,
    wait_until_paused_at,
)
from tests.tui.test_sizes import screen_text
from tests.tui.test_valley import wait_for_valley, why

PLACE = ParameterIndex(2, 1, 3)


async def open_weights(pilot: AppPilot) -> WeightsScreen:
    await pilot.press("x")
    await until(lambda: isinstance(pilot.app.screen, WeightsScreen), pilot)
    screen = pilot.app.screen
    assert isinstance(screen, WeightsScreen)
    return screen


def view(pilot: AppPilot) -> WeightsView:
    screen = pilot.app.screen
    assert isinstance(screen, WeightsScreen)
    return screen.view


def read_editor(pilot: AppPilot) -> str:
    return text(pilot.app.screen.query_one("#weight"))  # type: ignore[arg-type]


# the session


async def test_setting_a_weight_changes_it_and_returns_the_effect() -> None:
    async with supervised(assembled()) as session:
        effect = await session.edit_parameter(PLACE, 3.0)
        assert PLACE.value_in(session.run.trainer.network.layers) == effect.new == 3.0
        assert effect.after.score == session.run.trainer.evaluate().test
        assert effect.before.score != effect.after.score


async def test_undo_reverts_several_edits_and_restores_the_run() -> None:
    async with supervised(assembled()) as session:
        session.make_epoch()
        await until(lambda: session.view.phase == "paused" and session.view.snapshot.epoch == 1)
        before, newest_step = session.run.trainer.state(), session.view.newest_step
        session.move(-2)
        await wait_until_paused_at(session, before.values["step"] - 2)
        for value in (1.0, 2.0, 3.0):
            await session.edit_parameter(PLACE, value)
        assert (session.view.newest_step, session.view.edits) == (newest_step - 2, 3)
        for left in (2, 1, 0):
            assert await session.undo_edit() is not None
            assert session.view.edits == left
        assert await session.undo_edit() is None
        session.move(2)
        await wait_until_paused_at(session, newest_step)
        assert same(session.run.trainer.state(), before)


async def test_once_training_has_gone_on_there_is_nothing_to_undo() -> None:
    async with supervised(assembled()) as session:
        await session.edit_parameter(PLACE, 1.0)
        session.make_step()
        await wait_until_paused_at(session, 1)
        assert await session.undo_edit() is None


@pytest.mark.parametrize("step", [0, 1, 5])
async def test_an_edit_can_be_undone_after_its_update_was_looked_at(step: int) -> None:
    async with supervised(assembled()) as session:
        for _ in range(step):
            session.make_step()
        await wait_until_paused_at(session, step)
        before = session.run.trainer.state()
        await session.edit_parameter(PLACE, 1.0)
        await session.record_update(max(1, step))
        await session.record_update(max(1, step) + 1)
        assert await session.undo_edit() is not None
        await wait_until_paused_at(session, step)
        assert same(session.run.trainer.state(), before)


async def test_an_edit_can_be_undone_from_an_earlier_step() -> None:
    async with supervised(assembled()) as session:
        for _ in range(5):
            session.make_step()
        await wait_until_paused_at(session, 5)
        before = session.run.trainer.state()
        await session.edit_parameter(PLACE, 1.0)
        session.move(-3)
        await wait_until_paused_at(session, 2)
        assert await session.undo_edit() is not None
        await wait_until_paused_at(session, 5)
        assert same(session.run.trainer.state(), before)


async def test_on_the_screen_u_undoes_an_edit_after_a_walkthrough() -> None:
    async with shown(assembled()) as pilot:
        before = session_of(pilot).run.network.parameters.copy()
        await pilot.press("x", "1", "enter")
        await until(lambda: session_of(pilot).view.edits == 1, pilot)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        await pilot.press("w")
        await wait_for_walk(pilot)
        await pilot.press("escape", "u")
        await until(lambda: session_of(pilot).view.note.startswith("undone"), pilot)
        assert (session_of(pilot).run.network.parameters == before).all()


async def test_an_edit_cannot_be_undone_after_a_change_of_the_options() -> None:
    async with supervised(assembled()) as session:
        await session.edit_parameter(PLACE, 1.0)
        session.change_training(assembled(batch_size=8, learning_rate=0.02).experiment)
        assert await session.undo_edit() is None
        assert PLACE.value_in(session.run.trainer.network.layers) == 1.0


async def test_a_weight_that_let_the_next_step_diverge_can_be_undone() -> None:
    run = assembled(network={"hidden": [3], "activation": "linear", "output": "linear"}, loss="mse")
    async with supervised(run) as session:
        session.make_step()
        await wait_until_paused_at(session, 1)
        before = session.run.trainer.state()
        await session.edit_parameter(ParameterIndex(1, 0, 0), 1e200)
        session.toggle_pause()
        await until(lambda: session.view.phase == "diverged")
        assert await session.undo_edit() is not None
        await wait_until_paused_at(session, 1)
        assert same(session.run.trainer.state(), before)


async def test_the_training_goes_on_from_the_change_and_repeats_it_after_rewinding() -> None:
    async with supervised(assembled()) as session:
        for _ in range(6):
            session.make_step()
        await wait_until_paused_at(session, 6)
        await session.edit_parameter(PLACE, 1.0)
        for _ in range(6):
            session.make_step()
        await wait_until_paused_at(session, 12)
        end = session.run.trainer.state()
        for back in (12, 7, 6, 1):
            session.move(-back)
            await wait_until_paused_at(session, 12 - back)
            session.move(back)
            await wait_until_paused_at(session, 12)
            assert same(session.run.trainer.state(), end)
        session.move(-12)
        await wait_until_paused_at(session, 0)
        assert (session.run.network.parameters == assembled().network.parameters).all()


async def test_a_value_that_is_not_finite_is_refused_in_words() -> None:
    async with supervised(assembled(network={"dtype": "float32"})) as session:
        before = session.run.network.parameters.copy()
        with pytest.raises(GradstepError, match=r"1e\+99 is not a finite number that a weight can be"):
            await session.edit_parameter(PLACE, 1e99)
        assert (session.run.network.parameters == before).all()
        assert session.view.edits == 0


async def test_a_weight_that_ruins_the_network_leads_back_to_before_it() -> None:
    run = assembled(network={"hidden": [3], "activation": "linear", "output": "linear"}, loss="mse")
    async with supervised(run) as session:
        for _ in range(10):
            session.make_step()
        await wait_until_paused_at(session, 10)
        await session.edit_parameter(ParameterIndex(1, 0, 0), 1e200)
        session.toggle_pause()
        await until(lambda: session.view.phase == "diverged")
        session.go_back_slower()
        await until(lambda: session.view.phase == "paused")
        assert session.view.snapshot.step < 10
        assert np.abs(run.network.parameters).max() < 100


# the screen


async def test_the_screen_opens_at_the_heaviest_weight_into_the_largest_output_whose_input_is_not_0() -> None:
    async with shown(assembled()) as pilot:
        await open_weights(pilot)
        before, last = (layer for layer in view(pilot).snapshot.layers[-2:])
        parameter = view(pilot).parameter
        assert (parameter.layer_number, parameter.unit) == (3, last.a.argmax())
        assert abs(view(pilot).value) == np.abs(last.weights[parameter.unit][before.a > 0]).max()
        assert abs(view(pilot).value) < np.abs(last.weights[parameter.unit]).max()
        await pilot.press("3", "enter")
        await until(lambda: view(pilot).effect is not None, pilot)
        effect = view(pilot).effect
        assert effect is not None and effect.before.example.loss != effect.after.example.loss
        assert describe_no_effect(view(pilot), effect) == []


def run_with_causes() -> Run:
    """A network whose first neuron is silent for all rows, and whose second input is 0 for all but the last one."""
    weights = [[[-1, -1], [1, 1], [1, 0]], [[1, 1, 0]]]
    data = {"x": [[1, 0], [2, 0], [3, 0], [4, 1]], "y": [0, 1, 0, 1], "test_fraction": 0}
    network = {"hidden": [3], "activation": "relu", "weights": weights, "biases": [[-9, 0, 0], [0]]}
    return assembled(data | {"scale": "none"}, network, batch_size="full")


@pytest.mark.parametrize(
    ("parameter", "typed", "said"),
    [
        (ParameterIndex(1, 1, 1), "2", "Input x2 is 0 for this example, so w·x stays 0."),
        (
            ParameterIndex(1, 0, 0),
            "0.5",
            "Its neuron is silent for this example and for every training example: its z is not above 0, and relu gives"
            " 0 there.",
        ),
        (
            ParameterIndex(1, 2, 0),
            "2",
            "Its neuron changes, but the loss stays the same for this example and for every training example.",
        ),
        (
            ParameterIndex(2, 0, 0),
            "7",
            "Neuron 1 of layer 1 is 0 for this example and for every training example, so w·a stays 0.",
        ),
        (ParameterIndex(1, 1, 0), "1", SAME_VALUE),
        (ParameterIndex(1, 1, 0), "2", ""),
    ],
)
async def test_a_change_that_changes_nothing_is_explained(parameter: ParameterIndex, typed: str, said: str) -> None:
    async with shown(run_with_causes()) as pilot:
        screen = await open_weights(pilot)
        screen._choose(replace(view(pilot), parameter=parameter))
        await pilot.press(*typed, "enter")
        await until(lambda: view(pilot).effect is not None, pilot)
        await until(lambda: "loss of the example" in read_editor(pilot), pilot)
        effect = view(pilot).effect
        assert effect is not None and describe_no_effect(view(pilot), effect) == ([said] if said else [])
        assert said in " ".join(read_editor(pilot).split())


async def test_a_flat_line_is_explained_before_anything_is_typed() -> None:
    async with shown(run_with_causes()) as pilot:
        screen = await open_weights(pilot)
        screen._choose(replace(view(pilot), parameter=ParameterIndex(2, 0, 0)))
        reason = "Neuron 1 of layer 1 is 0 for every example of the batch, so w·a stays 0."
        await until(lambda: f"{NO_VALUE} {reason}" in " ".join(read_editor(pilot).split()), pilot)
        await pilot.press("V")
        await wait_for_valley(pilot)
        assert f"The loss is the same for every value of this weight on the plot. {reason}" in why(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_target_is_marked_and_stays_in_sight_and_outputs_that_are_left_out_are_counted(
    size: tuple[int, int],
) -> None:
    async with shown(assembled("digits"), size=size) as pilot:
        await open_weights(pilot)
        await pilot.press("7", "enter")
        await until(lambda: "to 7" in read_editor(pilot), pilot)
        for height in range(14, 30):
            lines = [line.text for line in WeightEditor("editor").lines(view(pilot), 39, height)]
            assert len(lines) <= height
            outputs = [line.split()[1] for line in lines if line.startswith("output")]
            left_out = [int(line.split()[1]) for line in lines if line.startswith("…")]
            assert len(outputs) + sum(left_out) == (10 if outputs else 0)
            if len(outputs) > 2:
                example = view(pilot).snapshot.example
                assert {str(example.target_class), str(example.predicted_class)} <= set(outputs)
                assert [line.split()[1] for line in lines if " ◂" in line] == [str(example.target_class)]
                assert TARGET in lines


async def test_the_target_of_outputs_that_are_no_classes_is_a_number() -> None:
    async with shown(assembled("sine")) as pilot:
        await open_weights(pilot)
        await pilot.press("7", "enter")
        await until(lambda: "to 7" in read_editor(pilot), pilot)
        number = format_number(float(view(pilot).snapshot.example.y[0]), 0)
        assert ["target", number] in [line.split() for line in read_editor(pilot).splitlines()]


async def test_the_plot_says_whose_loss_it_draws_beside_those_of_the_table() -> None:
    async with shown(assembled()) as pilot:
        await open_weights(pilot)
        assert "the loss of the next batch" in screen_text(pilot.app.screen)


async def test_arrows_choose_layer_and_neuron_and_tab_the_weight_and_the_bias() -> None:
    async with shown(assembled(network={"hidden": [3]})) as pilot:
        await open_weights(pilot)
        await pilot.press("right")
        assert view(pilot).parameter.layer_number == 1
        first = view(pilot).parameter.unit
        await pilot.press("down")
        assert view(pilot).parameter.unit == (first + 1) % 3
        await pilot.press("up")
        assert view(pilot).parameter.unit == first
        sources = []
        for _ in range(5):
            sources.append(view(pilot).parameter.source)
            await pilot.press("tab")
        assert sorted(-1 if source is None else source for source in sources) == [-1, 0, 1, 2, 3]
        await pilot.press("shift+tab")
        assert view(pilot).parameter.source == sources[-1]
        await pilot.press("left")
        assert view(pilot).parameter.layer_number == 2


async def test_a_typed_value_is_set_and_undone() -> None:
    async with shown(assembled()) as pilot:
        await open_weights(pilot)
        before, parameter = view(pilot).value, view(pilot).parameter
        await pilot.press(*"-2.59", "backspace", "enter")
        await until(lambda: view(pilot).effect is not None, pilot)
        assert parameter.value_in(session_of(pilot).run.trainer.network.layers) == view(pilot).value == -2.5
        assert "test loss" in read_editor(pilot) and "1 change can be undone" in read_editor(pilot)
        await pilot.press("u")
        await until(lambda: view(pilot).value == before, pilot)
        await pilot.press("u")
        await until(lambda: "no change by hand" in read_editor(pilot), pilot)


@pytest.mark.parametrize(
    ("typed", "words"), [("", "type a number first"), ("--e", "is not a number"), ("1e999", "1e999")]
)
async def test_text_that_is_not_a_number_is_refused(typed: str, words: str) -> None:
    async with shown(assembled()) as pilot:
        await open_weights(pilot)
        before = session_of(pilot).run.network.parameters.copy()
        await pilot.press(*typed, "enter")
        await until(lambda: words in read_editor(pilot), pilot)
        assert (session_of(pilot).run.network.parameters == before).all()


async def test_the_displayed_effect_has_the_numbers_of_the_network() -> None:
    async with shown(assembled()) as pilot:
        await open_weights(pilot)
        await pilot.press("9", "enter")
        await until(lambda: view(pilot).effect is not None, pilot)
        loss = session_of(pilot).run.trainer.evaluate().test
        assert loss is not None and f"{loss.loss:.4f}"[:5] in read_editor(pilot)


async def test_opening_the_screen_pauses_and_another_example_can_be_shown() -> None:
    async with shown(assembled(max_steps=10**9), pace=50.0, paused=False) as pilot:
        await open_weights(pilot)
        await until(lambda: session_of(pilot).view.phase == "paused", pilot)
        await pilot.press("n")
        await until(lambda: view(pilot).snapshot.example.index.row == 1, pilot)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        assert panel(pilot, "status").display


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (200, 60)])
async def test_value_and_loss_are_shown_at_every_size(size: tuple[int, int]) -> None:
    async with shown(assembled("digits"), size=size) as pilot:
        await open_weights(pilot)
        await pilot.press("7", "enter")
        await until(lambda: "test loss" in read_editor(pilot) and "to 7" in read_editor(pilot), pilot)


async def test_after_a_change_its_effect_follows_the_example_and_its_line_the_new_value() -> None:
    async with shown(assembled()) as pilot:
        await open_weights(pilot)
        await until(lambda: view(pilot).line is not None, pilot)
        await pilot.press("3", "enter")
        await until(lambda: view(pilot).effect is not None, pilot)
        await until(lambda: view(pilot).line is not None and view(pilot).line.value == 3.0, pilot)  # type: ignore[union-attr]
        first = view(pilot).effect
        assert first is not None
        parameters = session_of(pilot).run.trainer.network.parameters.copy()
        await pilot.press("n")
        await until(lambda: view(pilot).effect is not first, pilot)
        effect = view(pilot).effect
        assert effect is not None
        now = session_of(pilot).view.snapshot
        assert effect.after.example.index == effect.before.example.index == now.example.index
        assert effect.after.outputs.tolist() == now.layers[-1].a.tolist()
        assert (effect.before.score, effect.after.score) == (first.before.score, first.after.score)
        assert np.array_equal(session_of(pilot).run.trainer.network.parameters, parameters)


@pytest.mark.parametrize("value", [1e17, -3e30])
async def test_a_parameter_of_any_size_stops_no_screen(value: float) -> None:
    async with shown(assembled()) as pilot:
        await session_of(pilot).edit_parameter(ParameterIndex(1, 0, 0), value)
        screen = await open_weights(pilot)
        await until(lambda: screen.view.line is not None, pilot)
        for keys in ("V escape", "escape v v v", "1 m escape", "w escape", "V l m escape", "f escape", "R escape"):
            await pilot.press(*keys.split())
            await wait_for_computations(pilot)


async def test_a_small_change_of_the_loss_is_seen_in_its_digits() -> None:
    async with shown(assembled("iris"), size=(80, 24)) as pilot:
        await open_weights(pilot)
        await pilot.press(*f"{view(pilot).value + 2e-4:.7f}", "enter")
        await until(lambda: view(pilot).effect is not None and "test loss" in read_editor(pilot), pilot)
        effect = view(pilot).effect
        assert effect is not None and 0 < abs(effect.after.score.loss - effect.before.score.loss) < 5e-4
        row = next(line for line in read_editor(pilot).splitlines() if "test loss" in line)
        before, after = (float(number) for number in row.split()[-2:])
        assert before != after and abs(before - effect.before.score.loss) < 1e-5


async def test_with_one_input_the_curve_is_shown_while_a_weight_is_changed() -> None:
    async with shown(assembled("sine")) as pilot:
        screen = await open_weights(pilot)
        curve = screen.query_one(WeightsCurve)
        await until(lambda: "network" in text(curve), pilot)
        before = text(curve)
        await pilot.press("5", "enter")
        await until(lambda: view(pilot).effect is not None and text(curve) != before, pilot)


@pytest.mark.parametrize(("data", "size"), [("sine", (80, 24)), ("iris", (120, 40))])
async def test_without_room_or_with_more_inputs_there_is_no_curve(data: str, size: tuple[int, int]) -> None:
    async with shown(assembled(data), size=size) as pilot:
        screen = await open_weights(pilot)
        await wait_for_computations(pilot)
        assert not any(curve.display for curve in screen.query(WeightsCurve))
