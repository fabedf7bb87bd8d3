"""The explorer: the numbers of the neuron on the curves, and their description in words."""

import re
from typing import Any

import pytest

from gradstep.core.network.activations import ACTIVATIONS
from gradstep.core.observation.snapshot import ExampleIndex, take_snapshot
from gradstep.tui.app import GradstepApp
from gradstep.tui.numbers import format_number
from gradstep.tui.round_numbers import choose_axis_reach
from gradstep.tui.screen_keys import EXPLORER_KEYS
from gradstep.tui.screens.dialogs.help import HelpScreen
from gradstep.tui.screens.explorer.panels import ActivationPlot, LossPlot
from gradstep.tui.screens.explorer.screen import ExplorerScreen
from gradstep.tui.screens.explorer.state import ExplorerView, describe_delta, describe_slope
from gradstep.tui.screens.race.screen import RaceScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.terminal.capabilities import FRAMES_A_SECOND
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import BETWEEN_STEPS, AppPilot, assembled, session_of, shown, step_of, text, until
from tests.tui.key_checks import KeyChecks
from tests.tui.test_sizes import screen_text

CHECKS = KeyChecks()


def explorer(pilot: AppPilot) -> ExplorerScreen:
    assert isinstance(pilot.app.screen, ExplorerScreen)
    return pilot.app.screen


def words(pilot: AppPilot, kind: type[Panel[Any]]) -> str:
    return " ".join(text(explorer(pilot).query_one(kind)).split())


async def open_explorer(pilot: AppPilot) -> None:
    await pilot.press("f")
    await until(lambda: isinstance(pilot.app.screen, ExplorerScreen) and "layer" in words(pilot, ActivationPlot), pilot)


def explorer_view(network: dict[str, object], layer: int = 0, **training: object) -> ExplorerView:
    """The first neuron of a layer, of a run on iris."""
    run = assembled(network={"hidden": [4, 4], **network}, **training)
    snapshot = take_snapshot(run.trainer, ExampleIndex("test", 0))
    return ExplorerView(
        snapshot, run.trainer.loss, run.dataset.class_names, layer, 0, snapshot.layers[layer].activation
    )


def test_every_key_of_the_explorer_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in EXPLORER_KEYS}


@pytest.mark.parametrize(
    ("key_id", "pressed"), [(key.id, name) for key in EXPLORER_KEYS for name in key.keys.split(",")]
)
async def test_a_key_does_what_the_help_describes(key_id: str, pressed: str) -> None:
    async with shown(assembled(), pace=50.0) as pilot:
        await open_explorer(pilot)
        await CHECKS[key_id](pilot, pressed)


@CHECKS.register("layer_before", "layer_after")
async def goes_through_the_layers(pilot: AppPilot, pressed: str) -> None:
    for expected in (1, 2, 2) if pressed == "right" else (0,):
        await pilot.press(pressed)
        assert explorer(pilot).view.layer_index == expected
        assert f"layer {expected + 1} of 3" in words(pilot, ActivationPlot)


@CHECKS.register("explorer_neuron_up", "explorer_neuron_down")
async def goes_through_the_neurons(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    assert f"neuron {16 if pressed == 'up' else 2} of 16" in words(pilot, ActivationPlot)


@CHECKS.register("other_f", "f_before")
async def compares_another_activation(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    other = "leaky_relu" if pressed == "tab" else "tanh"
    assert f"{other}: tried out, the layer has relu" in words(pilot, ActivationPlot)


@CHECKS.register("loss_alone")
async def shows_the_loss_alone(pilot: AppPilot, pressed: str) -> None:
    panels = [explorer(pilot).query_one(kind) for kind in (ActivationPlot, LossPlot)]
    for expected in ([False, True], [True, True]):
        await pilot.press(pressed)
        assert [panel.display for panel in panels] == expected


@CHECKS.register("next", "previous")
async def shows_another_example(pilot: AppPilot, pressed: str) -> None:
    before = explorer(pilot).view.z
    await pilot.press(pressed)
    await until(lambda: explorer(pilot).view.z != before, pilot)


@CHECKS.register("pause", "step")
async def trains(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: step_of(session_of(pilot)) >= 1, pilot)
    await until(lambda: explorer(pilot).view.snapshot.step >= 1, pilot)


@CHECKS.register("help")
async def shows_the_help(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
    await pilot.pause()
    assert "Another activation: what if the layer had it?" in screen_text(pilot.app.screen)


@CHECKS.register("explorer_leave")
async def leaves(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


async def test_the_numbers_are_those_of_the_snapshot() -> None:
    async with shown(assembled(network={"activation": "tanh"})) as pilot:
        await open_explorer(pilot)
        layer = session_of(pilot).view.snapshot.layers[0]
        z, a = float(layer.z[0]), float(layer.a[0])
        numbers = f"z {format_number(z, 0)} ● f {format_number(a, 0)} ○ f′ {format_number(1 - a * a, 0)}"
        assert numbers in words(pilot, ActivationPlot)
        assert format_number(session_of(pilot).view.snapshot.example.loss, 0) in words(pilot, LossPlot)


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("data", ["iris", "circle"])
async def test_both_panels_are_whole_at_every_size(size: tuple[int, int], data: str) -> None:
    async with shown(assembled(data), size=size) as pilot:
        await open_explorer(pilot)
        for _ in range(2):
            for name in ACTIVATIONS:
                for panel in explorer(pilot).query(Panel):
                    width, height = panel.content_size
                    if panel.display and width:
                        lines = panel.lines(panel.view, width, height)
                        assert len(lines) <= height, (panel.id, name)
                        assert all(line.cell_length <= width for line in lines), panel.id
                await pilot.press("tab")
            await pilot.press("l")
            await pilot.pause()


def test_a_step_activation_lets_no_gradient_through() -> None:
    assert "f′ is 0, no gradient goes through" in describe_slope(explorer_view({"activation": "step"}))


def test_a_silent_relu_is_described_as_silent() -> None:
    view = explorer_view({"activation": "relu"})
    neuron = int(view.layer_view.z.argmin())
    assert view.layer_view.z[neuron] < 0
    assert "relu is silent: f′ is 0, and this neuron learns nothing" in describe_slope(view.with_neuron(0, neuron))


def test_a_saturated_sigmoid_is_described_with_its_slope() -> None:
    view = explorer_view({"activation": "sigmoid", "init": "normal"})
    view.layer_view.z[:] = 9.0
    assert "the neuron is saturated: f′ is 1.2e−04 here" in describe_slope(view)
    assert "next to nothing" in describe_slope(view)


@pytest.mark.parametrize(
    ("activation", "z", "words"),
    [
        ("tanh", 1.9, "flat end of tanh, the neuron is saturated: f′ is 0.0856 here, and this neuron learns little"),
        ("tanh", 1.8, "f′ is 0.1036: of the gradient that comes back, that share goes through."),
        ("sigmoid", -3.7, "flat end of sigmoid, the neuron is saturated: f′ is 0.0235 here"),
        ("sigmoid", -3.6, "f′ is 0.0259: of the gradient that comes back, that share goes through."),
    ],
)
def test_a_neuron_is_saturated_from_where_the_gradients_panel_counts_it(activation: str, z: float, words: str) -> None:
    view = explorer_view({"activation": activation})
    view.layer_view.z[:] = z
    assert words in describe_slope(view)


def test_a_large_slope_is_described_with_its_share() -> None:
    view = explorer_view({"activation": "sigmoid"})
    view.layer_view.z[:] = 0.0
    assert describe_slope(view).startswith("f′ is 0.2500: of the gradient that comes back, that share goes through.")


def test_at_an_output_with_its_own_loss_the_slope_does_not_matter() -> None:
    assert "δ is simply ŷ − y" in describe_slope(explorer_view({}, layer=2))
    assert "δ is simply" not in describe_slope(explorer_view({"output": "sigmoid"}, layer=2, loss="mse"))


@pytest.mark.parametrize(("delta", "words"), [(0.3, "smaller."), (-0.3, "larger."), (0.0, "nearly 0")])
def test_the_slope_of_the_loss_is_described_by_the_change_it_needs(delta: float, words: str) -> None:
    assert words in describe_delta(delta)


async def test_a_class_is_in_quotation_marks_beside_the_number_of_its_output() -> None:
    async with shown(assembled()) as pilot:
        await open_explorer(pilot)
        assert re.search(r'output \d "(setosa|versicolor|virginica)"', words(pilot, LossPlot))


def test_every_z_fits_on_the_axis() -> None:
    assert [choose_axis_reach(z) for z in (0.0, -5.9, 6.5, -20.0, float("nan"))] == [6, 6, 8, 32, 6]


async def test_numbers_that_are_not_finite_are_described() -> None:
    view = explorer_view({"activation": "tanh"})
    view.layer_view.z[:] = float("nan")
    assert "diverged" in describe_slope(view)
    assert ActivationPlot(id="activation-curve").lines(view, 60, 20)


async def test_the_explorer_and_the_race_draw_as_many_frames_a_second_as_are_asked_for() -> None:
    session = TrainingSession(assembled(), BETWEEN_STEPS)
    async with GradstepApp(session, frames=2.5).run_test() as pilot:
        for key, kind in (("f", ExplorerScreen), ("R", RaceScreen)):
            await pilot.press(key)
            await until(lambda kind=kind: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_open, pilot)
            intervals = {timer._interval for timer in pilot.app.screen._timers}
            assert 1 / 2.5 in intervals
            assert 1 / FRAMES_A_SECOND not in intervals
            await pilot.press("escape")
            await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
