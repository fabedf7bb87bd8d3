"""The valley screen: what it draws and says of the next step, of a recorded one, of a lane and of one weight."""

import re
from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.observation.loss_plane import LossPlane, PlaneAxes
from gradstep.core.observation.parameter_line import find_steepest_weights
from gradstep.core.training.descent_step import find_next_step
from gradstep.data.assemble import assemble
from gradstep.data.experiment import make_experiment
from gradstep.data.run import Run
from gradstep.tui.drawing.colour_fallback import adapt_to_light
from gradstep.tui.drawing.palette import PLAIN, make_style
from gradstep.tui.drawing.plane_map import COLOURS, draw_legend, draw_plane, find_arrow, find_bands
from gradstep.tui.drawing.valley_plot import ABOVE, ValleyMark, draw_valley, find_loss_limits
from gradstep.tui.screen_keys import VALLEY_KEYS
from gradstep.tui.screens.dialogs.help import WORDS, HelpScreen
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.valley.explanation import (
    AT_LOWEST,
    BRIEF_LIMIT,
    DOWN_WITH_SGD,
    FLAT,
    FROZEN,
    LIMIT,
    NEAR_LOWEST,
    OTHER_WALL,
    OVER_THE_VALLEY,
    OWN_WAY,
    PLAIN_PROMISE,
    REMEMBERS,
    RETURNS,
    STOPS_BEFORE,
    SUM_PROMISE,
    TOO_MUCH,
)
from gradstep.tui.screens.valley.losses import ABOUT_ZERO, describe_part
from gradstep.tui.screens.valley.map_words import (
    BANDS,
    BOTH_FROM_ABOVE,
    FLAT_MAP,
    FROZEN_AXIS,
    IN_THE_PLANE,
    LANDING_FROM_ABOVE,
    MAY_BE_OFF,
    MOVES_NEITHER,
    NEXT_STEP,
    OTHERS_STAY,
    OUTSIDE,
    PATH_FROM_ABOVE,
    TOO_SHORT,
    UNEVEN,
    explain_map,
)
from gradstep.tui.screens.valley.notes import (
    LANE_ONLY,
    MAP_OF_WEIGHTS_ONLY,
    MAP_ONLY,
    NO_LENGTH,
    NO_STEP_BEFORE,
    NOT_RECORDED,
    ONE_LINE,
    explain_missing_plane,
)
from gradstep.tui.screens.valley.screen import ValleyScreen
from gradstep.tui.screens.valley.state import ValleyView, choose_ends
from gradstep.tui.screens.walkthrough.gradient_check import CENTRAL
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.panel_screen import ELSEWHERE
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
    wait_for_computations,
    wait_for_walk,
    wait_until_paused_at,
)
from tests.tui.key_checks import KeyChecks
from tests.tui.test_race import open_race
from tests.tui.test_sizes import screen_text

CHECKS = KeyChecks()


def parabola(learning_rate: float) -> Run:
    """One weight w at 3, x = 1, target 0 and half the squared error: L = w²/2."""
    tables = {
        "data": {"x": [[1.0]], "y": [[0.0]], "test_fraction": 0},
        "network": {"hidden": [], "output": "linear", "weights": [[[3.0]]], "train_biases": False},
        "training": {"loss": "half_sse", "learning_rate": learning_rate, "batch_size": "full", "optimizer": "sgd"},
    }
    return assemble(make_experiment(tables))


def view(pilot: AppPilot) -> ValleyView:
    assert isinstance(pilot.app.screen, ValleyScreen)
    return pilot.app.screen.view


def why(pilot: AppPilot) -> str:
    return " ".join(text(pilot.app.screen.query_one("#valley-why", Panel)).split())


async def open_valley(pilot: AppPilot) -> None:
    await pilot.press("V")
    await wait_for_valley(pilot)


async def open_map(pilot: AppPilot) -> None:
    await open_valley(pilot)
    await pilot.press("m")
    await until(lambda: view(pilot).plane is not None, pilot)
    await wait_for_computations(pilot)


async def wait_for_valley(pilot: AppPilot) -> None:
    """Wait until the valley of the present step is measured and drawn whole."""

    def measured() -> bool:
        if not isinstance(pilot.app.screen, ValleyScreen):
            return False
        now = view(pilot)
        if now.mode == "map":
            return now.plane is not None
        if now.mode == "parameter":
            return now.parameter_line is not None and now.parameter_line.parameter == now.parameter
        return (
            now.line is not None and now.part_loss is not None and now.line.step.step == step_of(session_of(pilot)) + 1
        )

    await until(measured, pilot)
    await pilot.pause()


def test_every_key_of_the_valley_has_a_check() -> None:
    assert CHECKS.keys() == {key.id for key in VALLEY_KEYS}


@pytest.mark.parametrize("key", VALLEY_KEYS, ids=lambda key: key.id)
async def test_a_key_does_what_the_help_describes(key: object) -> None:
    for pressed in key.keys.split(","):  # type: ignore[attr-defined]
        async with shown(assembled()) as pilot:
            await open_valley(pilot)
            await CHECKS[key.id](pilot, pressed)  # type: ignore[attr-defined]


@CHECKS.register("landing_up", "landing_down")
async def moves_the_landing(pilot: AppPilot, pressed: str) -> None:
    rate, ends = view(pilot).rate, view(pilot).ends
    await pilot.press(pressed)
    await until(lambda: view(pilot).rate != rate, pilot)
    assert (view(pilot).rate > rate) == (pressed != "minus")
    assert view(pilot).ends == ends
    await until(lambda: f"at rate {view(pilot).rate:g}" in why(pilot), pilot)
    assert session_of(pilot).view.snapshot.learning_rate == view(pilot).rate


@CHECKS.register("valley_step")
async def makes_the_step_that_it_shows(pilot: AppPilot, pressed: str) -> None:
    line = view(pilot).line
    assert line is not None
    await pilot.press(pressed)
    await until(lambda: step_of(session_of(pilot)) == 1, pilot)
    assert np.array_equal(session_of(pilot).run.network.parameters, line.step.landing)
    await wait_for_valley(pilot)
    assert "Step 2" in why(pilot)


@CHECKS.register("valley_back", "valley_on")
async def goes_through_the_recorded_steps(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("s")
    await until(lambda: step_of(session_of(pilot)) == 1, pilot)
    await pilot.press("left_square_bracket")
    await until(lambda: step_of(session_of(pilot)) == 0, pilot)
    if pressed == "right_square_bracket":
        await pilot.press(pressed)
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
    await wait_for_valley(pilot)


@CHECKS.register("along")
async def shows_one_weight_and_the_step_again(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await wait_for_valley(pilot)
    assert "The weight from" in why(pilot)
    await pilot.press(pressed)
    await wait_for_valley(pilot)
    assert "Step 1" in why(pilot)


@CHECKS.register("map", "axes", "swap")
async def draws_a_map_over_two_directions_or_two_weights(pilot: AppPilot, pressed: str) -> None:
    await pilot.press("s")
    await until(lambda: step_of(session_of(pilot)) == 1, pilot)
    await wait_for_valley(pilot)
    await pilot.press("m")
    await until(lambda: NEXT_STEP in why(pilot), pilot)
    assert "• the run before" in text(pilot.app.screen.query_one("#valley-plot", Panel))
    if pressed == "m":
        await pilot.press(pressed)
        await wait_for_valley(pilot)
        return
    await pilot.press("a")
    await until(lambda: "→ The weight from" in why(pilot), pilot)
    across, up = view(pilot).parameter, view(pilot).up
    if pressed == "space":
        await pilot.press(pressed)
        assert (view(pilot).parameter, view(pilot).up) == (up, across)
        await pilot.press("down")
        assert view(pilot).up == across and view(pilot).parameter not in (up, across)


@CHECKS.register(
    "valley_layer_on",
    "valley_layer_back",
    "valley_neuron_up",
    "valley_neuron_down",
    "valley_weight_on",
    "valley_weight_back",
)
async def chooses_a_weight(pilot: AppPilot, pressed: str) -> None:
    before = view(pilot).parameter
    await pilot.press(pressed)
    await wait_for_valley(pilot)
    assert view(pilot).mode == "parameter"
    assert view(pilot).parameter != before


@CHECKS.register("help")
async def shows_the_help(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, HelpScreen), pilot)
    await pilot.pause()
    assert "A larger rate: the step lands further" in screen_text(pilot.app.screen)
    assert {"tangent", "promised", "Δw"} <= {word for word, _ in WORDS}


@CHECKS.register("valley_leave")
async def leaves(pilot: AppPilot, pressed: str) -> None:
    await pilot.press(pressed)
    await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.5, f"{STOPS_BEFORE} A rate of about 1 reaches the lowest point of this line."),
        (1.0, AT_LOWEST),
        (1.1, NEAR_LOWEST),
        (1.5, f"{OTHER_WALL} lower than it came from. A rate of about 1 reaches the lowest point of this line."),
        (2.0, f"{OTHER_WALL} as high as it came from. A rate of about 1 reaches the lowest point of this line."),
        (2.5, f"{OVER_THE_VALLEY} A rate of about 1 reaches the lowest point of this line."),
    ],
)
async def test_on_a_parabola_it_says_where_the_step_lands(rate: float, words: str) -> None:
    async with shown(parabola(rate)) as pilot:
        await open_valley(pilot)
        assert words in why(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_promise_that_leads_below_0_is_said_not_to_be_kept_and_a_lowest_loss_of_0_to_be_that(
    size: tuple[int, int],
) -> None:
    async with shown(parabola(2.5), size=size) as pilot:
        await open_valley(pilot)
        assert TOO_MUCH in why(pilot) and f"○ lowest {ABOUT_ZERO} at rate 1 " in why(pilot)
    async with shown(parabola(0.4), size=size) as pilot:
        await open_valley(pilot)
        assert TOO_MUCH not in why(pilot)


async def test_at_two_divided_by_the_second_derivative_it_jumps_from_wall_to_wall() -> None:
    async with shown(parabola(2.0)) as pilot:
        await open_valley(pilot)
        for step in range(1, 5):
            assert f"Step {step}" in why(pilot) and "as high as it came from" in why(pilot)
            assert (RETURNS in why(pilot)) == (step > 1)
            await pilot.press("s")
            await until(lambda step=step: step_of(session_of(pilot)) == step, pilot)  # type: ignore[misc]
            assert session_of(pilot).run.network.parameters[0] == 3.0 * (-1) ** step
            await wait_for_valley(pilot)


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov", "adam"])
async def test_a_step_that_begins_uphill_is_said_to_follow_earlier_slopes_and_its_landing_is_drawn(
    optimizer: str,
) -> None:
    run = assembled(optimizer=optimizer, learning_rate=0.01)
    memory = run.trainer.optimizer.memory["mean" if optimizer == "adam" else "velocity"]
    memory[:] = -10 * find_next_step(run.trainer).gradient
    async with shown(run) as pilot:
        await open_valley(pilot)
        landing = view(pilot).landing
        assert landing is not None and landing.promised > 0 and landing.real > 0
        assert f"{optimizer} {OWN_WAY} {REMEMBERS} It lands higher than it came from. {DOWN_WITH_SGD}" in why(pilot)
        assert re.search("◆ (the step )?lands", text(pilot.app.screen.query_one("#valley-plot", Panel)))
        assert SUM_PROMISE in why(pilot)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert DOWN_WITH_SGD in why(pilot) and "real change" in why(pilot)
        assert "Σ g·Δw" in why(pilot) and "−Σ" not in why(pilot)
        assert "▪ The loss of all 120 training rows:" in why(pilot)


async def test_a_frozen_bias_has_the_slope_of_its_tangent_and_is_said_to_be_frozen() -> None:
    async with shown(parabola(0.5)) as pilot:
        await open_valley(pilot)
        assert PLAIN_PROMISE in why(pilot)
        await pilot.press("tab")
        await wait_for_valley(pilot)
        line = view(pilot).parameter_line
        assert line is not None and line.slope == 3.0 and line.quotients[-1] == pytest.approx(3.0, rel=1e-3)
        assert FROZEN in why(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_along_one_weight_the_rate_is_shown_with_the_value_that_the_step_gives_the_weight(
    size: tuple[int, int],
) -> None:
    async with shown(parabola(0.5), size=size) as pilot:
        await open_valley(pilot)
        await pilot.press("l")
        await wait_for_valley(pilot)
        assert "after the step 1.5000 at rate 0.5" in why(pilot)
        await pilot.press("minus")
        await until(lambda: view(pilot).rate == 0.2, pilot)
        await until(lambda: "after the step 2.4000 at rate 0.2" in why(pilot), pilot)
        await pilot.press("tab")
        await wait_for_valley(pilot)
        assert "The bias of neuron 1" in why(pilot) and FROZEN in why(pilot)
        assert "after the step 0 at rate 0.2" in why(pilot)


@pytest.mark.parametrize(
    ("rate", "legend"),
    [
        (0.001, "● now, and after the step"),
        (0.5, "● now ◆ after the step"),
        (5.0, "● now ← after the step, off the plot"),
    ],
)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_along_one_weight_the_value_after_the_step_is_marked_where_it_is_another_cell(
    rate: float, legend: str, size: tuple[int, int]
) -> None:
    async with shown(parabola(rate), size=size) as pilot:
        await open_valley(pilot)
        await pilot.press("l")
        await wait_for_valley(pilot)
        plot = text(pilot.app.screen.query_one("#valley-plot", Panel))
        assert legend in " ".join(plot.split())
        for sign in "◆←":
            # the arrow of the way downhill is in the legend too
            drawn = sum(sign in line for line in plot.splitlines()[2:-2])
            assert drawn == (sign in legend.replace("downhill ←", "")), sign


async def test_at_80_24_the_value_of_the_weight_and_what_h_is_stand_beside_the_quotients() -> None:
    async with shown(assembled("digits"), size=(80, 24)) as pilot:
        await open_valley(pilot)
        await pilot.press("l")
        await wait_for_valley(pilot)
        lines = text(pilot.app.screen.query_one("#valley-why", Panel)).splitlines()
        now, after = (next(line for line in lines if line.strip(" ●").startswith(name)) for name in ("now", "after"))
        ends = [re.search(r"[−\d]\S*", line[len(" after the step") :]).end() for line in (now, after)]  # type: ignore[union-attr]
        assert ends[0] == ends[1]
        whole = " ".join(" ".join(line[:40] for line in lines).split())
        assert BRIEF_LIMIT in whole and "w: this weight, L: the loss." in whole


async def test_the_quotients_of_the_valley_and_of_the_gradient_check_say_on_which_side_of_w_they_are() -> None:
    async with shown(assembled("digits"), size=(120, 40)) as pilot:
        await open_valley(pilot)
        await pilot.press("l")
        await wait_for_valley(pilot)
        assert LIMIT in why(pilot)
        await pilot.press("escape", "s", "w")
        await wait_for_walk(pilot)
        await pilot.press("g")
        explanation = pilot.app.screen.query_one("#explanation", Panel)
        await until(lambda: CENTRAL.strip() in " ".join(text(explanation).split()), pilot)


async def test_a_neuron_of_the_output_is_named_by_its_class_along_its_weight() -> None:
    async with shown(assembled("digits")) as pilot:
        await open_valley(pilot)
        await pilot.press("l")
        await wait_for_valley(pilot)
        while view(pilot).parameter.layer_number < 3:
            await pilot.press("right")
            await wait_for_valley(pilot)
        unit = view(pilot).parameter.unit
        assert f"neuron {unit + 1} of layer 3 (softmax, class {unit})" in why(pilot)


async def test_keys_of_the_map_say_where_they_apply_and_the_jump_from_wall_to_wall_is_on_the_map() -> None:
    async with shown(parabola(2.0)) as pilot:
        await open_valley(pilot)
        await pilot.press("a")
        assert session_of(pilot).view.note == MAP_ONLY
        await pilot.press("space")
        await until(lambda: session_of(pilot).view.note == MAP_OF_WEIGHTS_ONLY, pilot)
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        await wait_for_valley(pilot)
        await pilot.press("m")
        await until(lambda: view(pilot).plane is not None, pilot)
        plane = view(pilot).plane
        assert plane is not None and plane.path[0][0] == plane.landing[0] == 6.0 < plane.axes.reach[0]
        await until(lambda: "(linear): −10…4" in why(pilot), pilot)


async def test_a_key_that_acts_takes_the_note_on_an_earlier_key_away() -> None:
    async with shown(assembled()) as pilot:
        await open_valley(pilot)
        for key in ("l", "tab", "m"):
            session_of(pilot).show_note(MAP_ONLY, 600.0)
            await until(lambda: session_of(pilot).view.note == MAP_ONLY, pilot)
            await pilot.press(key)
            await until(lambda: session_of(pilot).view.note == "", pilot)


async def test_a_flat_map_and_a_weight_without_effect_say_what_stays_the_same() -> None:
    async with shown(assembled("spiral", {"init": "zeros"})) as pilot:
        await open_valley(pilot)
        await pilot.press("l")
        await until(lambda: "the loss stays the same for every example of the batch." in why(pilot), pilot)
        await pilot.press("m")
        await until(lambda: FLAT_MAP in why(pilot), pilot)
        assert MOVES_NEITHER in why(pilot) and BANDS not in why(pilot) and UNEVEN not in why(pilot)


async def test_the_first_weight_and_the_axes_of_the_map_are_the_steepest_weights() -> None:
    run = assembled()
    slopes = [np.abs(layer[:, :-1]) for layer in run.network.layer_views(find_next_step(run.trainer).gradient)]
    steepest = sorted((float(slope) for layer in slopes for slope in layer.ravel()), reverse=True)[:2]
    async with shown(run) as pilot:
        await open_valley(pilot)
        await pilot.press("m")
        await until(lambda: view(pilot).plane is not None, pilot)
        chosen = view(pilot).parameter, view(pilot).up
        assert [slopes[each.layer_number - 1][each.unit, each.source] for each in chosen if each] == steepest


async def test_a_map_of_weights_says_of_the_path_and_the_landing_what_is_drawn() -> None:
    async with shown(assembled()) as pilot:
        await open_map(pilot)
        await pilot.press("a")
        seen, plane = view(pilot), view(pilot).plane
        assert plane is not None and seen.of_weights
        inside, outside, here = (0.5 * plane.axes.reach[0], 0.0), (2 * plane.axes.reach[0], 0.0), (0.0, 0.0)
        for path, landing, said in (
            ((), here, MOVES_NEITHER),
            ((), (1e-9, 0.0), TOO_SHORT),
            ((), outside, OUTSIDE),
            ((inside,), outside, f"{PATH_FROM_ABOVE} {OUTSIDE}"),
            ((), inside, LANDING_FROM_ABOVE),
            ((outside, inside), inside, BOTH_FROM_ABOVE),
        ):
            drawn = replace(plane, path=path, landing=landing)
            (words, *_) = explain_map(seen, drawn, 500)
            told = " ".join(line.text for line in words)
            assert f"{OTHERS_STAY} {said} {BANDS}" in " ".join(told.split())


async def test_a_map_of_steps_tells_of_the_run_before_only_where_it_is_drawn() -> None:
    async with shown(assembled()) as pilot:
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        await open_map(pilot)
        plane = view(pilot).plane
        assert plane is not None and f"{IN_THE_PLANE} {MAY_BE_OFF}" in why(pilot)
        (words, *_) = explain_map(view(pilot), replace(plane, path=()), 500)
        assert MAY_BE_OFF not in " ".join(line.text for line in words)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_map_says_that_its_contour_lines_are_at_unequal_heights(size: tuple[int, int]) -> None:
    async with shown(parabola(0.3), size=size) as pilot:
        await open_map(pilot)
        assert UNEVEN in why(pilot) and "1, 3, 5" in UNEVEN
    _, borders = find_bands(np.linspace(0, 2, 1000).reshape(10, 100) ** 2)
    heights = np.diff(np.append(0.0, borders))
    assert heights / heights[0] == pytest.approx([1, 3, 5, 7, 9])
    widths = np.diff(np.append(0.0, np.sqrt(borders)))
    assert widths == pytest.approx(widths[0])


async def test_along_a_frozen_bias_the_map_has_no_arrow_and_says_so() -> None:
    async with shown(parabola(0.3)) as pilot:
        await open_map(pilot)
        plane = view(pilot).plane
        assert plane is not None and plane.downhill == (-3.0, 0.0)
        assert FROZEN_AXIS.format("↑") in why(pilot)


@pytest.mark.parametrize("steps", [0, 1])
async def test_where_the_steps_span_no_plane_their_key_says_why(steps: int) -> None:
    async with shown(parabola(0.3)) as pilot:
        for step in range(steps):
            await pilot.press("s")
            await until(lambda step=step: step_of(session_of(pilot)) == step + 1, pilot)  # type: ignore[misc]
        await open_map(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ValleyScreen) and not screen.can_act("axes")
        await pilot.press("a")
        await until(lambda: session_of(pilot).view.note == (ONE_LINE if steps else NO_STEP_BEFORE), pilot)
        assert view(pilot).of_weights


async def test_a_recorded_step_is_said_to_be_alone() -> None:
    step = replace(find_next_step(assembled().trainer), step=3)
    assert explain_missing_plane(step, of_walk=True) == NOT_RECORDED
    assert explain_missing_plane(replace(step, change=0 * step.change), of_walk=False) == NO_LENGTH


async def test_along_one_weight_it_begins_with_the_steepest_of_the_step_that_is_shown() -> None:
    async with shown(assembled(learning_rate=10.0)) as pilot:
        await open_valley(pilot)
        for step in (1, 2):
            await pilot.press("s")
            await until(lambda step=step: step_of(session_of(pilot)) == step, pilot)  # type: ignore[misc]
            await wait_for_valley(pilot)
        steepest = find_steepest_weights(find_next_step(session_of(pilot).run.trainer))[0]
        await pilot.press("l")
        await wait_for_valley(pilot)
        assert view(pilot).parameter == steepest
        await pilot.press("s")  # and it stays the same weight from step to step
        await until(lambda: step_of(session_of(pilot)) == 3, pilot)
        await wait_for_computations(pilot)
        assert view(pilot).parameter == steepest
        await pilot.press("tab")
        await wait_for_valley(pilot)
        chosen = view(pilot).parameter
        await pilot.press("l", "s")
        await until(lambda: step_of(session_of(pilot)) == 4, pilot)
        await wait_for_valley(pilot)
        await pilot.press("l")
        await wait_for_valley(pilot)
        assert view(pilot).parameter == chosen != steepest


async def test_a_step_without_a_slope_is_said_to_have_no_length() -> None:
    run = assembled(network={"hidden": [3], "activation": "step", "output": "step"}, loss="mse")
    async with shown(run) as pilot:
        await open_valley(pilot)
        assert FLAT in why(pilot)


async def test_the_valley_of_a_walkthrough_is_that_of_its_update_and_moving_the_landing_changes_no_run() -> None:
    async with shown(assembled()) as pilot:
        await pilot.press("s", "s", "w")
        await wait_for_walk(pilot)
        await pilot.press("V")
        await until(lambda: isinstance(pilot.app.screen, ValleyScreen) and view(pilot).part_loss is not None, pilot)
        rate = session_of(pilot).view.snapshot.learning_rate
        assert "Step 2, made already:" in why(pilot)
        await pilot.press("plus")
        await until(lambda: view(pilot).rate > rate, pilot)
        assert session_of(pilot).view.snapshot.learning_rate == rate
        await pilot.press("s")  # the walked step is made: its valley is left for that of the next
        await wait_for_valley(pilot)
        assert "Step 3, the next one:" in why(pilot) and view(pilot).rate == rate
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == 3, pilot)


async def test_the_valley_of_a_race_is_that_of_the_chosen_lane_which_makes_no_step_there() -> None:
    async with open_race(assembled(), to_the_end=False) as pilot:
        await pilot.press("V")
        await until(lambda: isinstance(pilot.app.screen, ValleyScreen) and view(pilot).part_loss is not None, pilot)
        await pilot.press("s")
        await until(lambda: session_of(pilot).view.note == LANE_ONLY, pilot)
        assert step_of(session_of(pilot)) == 0


async def test_the_valley_of_the_weights_screen_begins_with_the_chosen_weight() -> None:
    async with shown(assembled()) as pilot:
        await pilot.press("x", "tab")
        await pilot.pause()
        chosen = pilot.app.screen.view.parameter  # type: ignore[attr-defined]
        await open_valley(pilot)
        line = view(pilot).parameter_line
        assert view(pilot).parameter == chosen and line is not None
        step = find_next_step(session_of(pilot).run.trainer)
        assert line.slope == pytest.approx(float(line.axis @ step.gradient))
        assert "from backpropagation" in why(pilot)


async def test_while_a_number_is_typed_the_weights_screen_shows_it_on_the_loss_over_the_weight() -> None:
    async with shown(assembled(), size=(80, 24)) as pilot:
        await pilot.press("x")
        valley = pilot.app.screen.query_one("#weight-valley", Panel)
        assert not valley.display
        await pilot.press("9")
        await until(lambda: valley.display and "◆ the new value" in text(valley), pilot)
        await until(lambda: valley.view.line.reaches(9.0), pilot)  # type: ignore[union-attr]
        await pilot.press("e", "9", "9")
        await until(lambda: valley.view.typed == "9e99", pilot)  # type: ignore[union-attr]
        assert "◆" not in text(valley) and "● now" in text(valley)


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (120, 40), (200, 60)])
async def test_nothing_is_cut_at_any_size(size: tuple[int, int]) -> None:
    async with shown(assembled(), size=size) as pilot:
        await open_valley(pilot)
        for key in ("l", "m", "a"):
            for panel in pilot.app.screen.query(Panel):
                width, height = panel.content_size
                if panel.display and width and height:
                    lines = panel.lines(panel.view, width, height)
                    assert len(lines) <= height, panel.id
                    assert all(line.cell_length <= width for line in lines), panel.id
            line, parameter_line = view(pilot).line, view(pilot).parameter_line
            shown_number = line.now if parameter_line is None else parameter_line.slope  # type: ignore[union-attr]
            if view(pilot).mode != "map":
                assert f"{shown_number:.4f}".replace("-", "−") in screen_text(pilot.app.screen)
            await pilot.press(key)
            await wait_for_valley(pilot)


def test_the_ends_stay_while_the_landing_is_well_inside_them() -> None:
    ends = choose_ends(0.1, None)
    assert ends == (-0.05, pytest.approx(0.3))
    assert choose_ends(0.2, ends) == choose_ends(0.05, ends) == ends
    assert choose_ends(0.5, ends) == (-0.25, 1.5)
    assert choose_ends(0.02, ends) == (-0.01, pytest.approx(0.06))


def test_a_wall_that_is_much_higher_than_the_valley_is_deep_does_not_flatten_it() -> None:
    losses = np.array([1.2, 1.0, 0.8, 1.0, 1e6])
    low, high = find_loss_limits(losses, 1.0, 0.8)
    assert low < 0.8 and 1.0 < high < 3
    assert find_loss_limits(losses, 1.0, 4.0)[1] > 4.0


def test_from_the_lowest_point_a_quarter_of_the_curve_is_seen() -> None:
    losses = np.linspace(-1, 1, 41) ** 2
    high = find_loss_limits(losses, 0.0, 0.0)[1]
    assert 0.25 <= np.mean(losses <= high) < 0.5


@pytest.mark.parametrize(("real", "of_all", "words"), [(-0.1, 0.52, "rises"), (0.1, 0.4, "falls"), (-0.1, 0.4, "")])
async def test_where_the_batch_goes_down_and_all_rows_go_up_it_is_said(real: float, of_all: float, words: str) -> None:
    async with shown(assembled(batch_size=8)) as pilot:
        await open_valley(pilot)
        part, landing = view(pilot).part_line, view(pilot).landing
        assert part is not None and landing is not None
        seen = replace(view(pilot), part_line=replace(part, now=0.5), part_loss=of_all)
        said = describe_part(seen, replace(landing, real=real))
        assert said == [] if not words else f"For all 120 training rows the loss {words}" in said[0]


def test_a_landing_above_the_plot_is_an_arrow_at_its_edge() -> None:
    mark = ValleyMark(1.0, 1e9, "◆", PLAIN)
    drawn = draw_valley([], [mark], (0.0, 2.0), (0.0, 1.0), 60, 12)
    assert ABOVE in drawn[0].text and "◆" not in "".join(line.text for line in drawn)


def test_the_bands_of_a_map_follow_the_heights_and_a_steep_wall_does_not_flatten_them() -> None:
    losses = np.append(np.linspace(1, 2, 99), np.inf).reshape(10, 10)
    bands, borders = find_bands(losses)
    assert (bands.ravel()[:-1] == np.searchsorted(borders, losses.ravel()[:-1])).all()
    assert bands.ravel()[0] == 0 and bands.ravel()[-1] == bands.max() == len(borders)
    steep = losses.copy()
    steep[-1, -5:] = 1e12
    assert len(np.unique(find_bands(steep)[0])) == len(borders) + 1
    flat, _ = find_bands(np.ones((4, 4)))
    assert (flat == flat[0, 0]).all()


@pytest.mark.parametrize(
    ("downhill", "arrow"), [((1, 0), "→"), ((-1, 0), "←"), ((0, 1), "↑"), ((0, -1), "↓"), ((2, -1), "↘"), ((0, 0), "")]
)
def test_the_arrow_points_along_the_negative_gradient_as_the_map_is_drawn(
    downhill: tuple[float, float], arrow: str
) -> None:
    axes = PlaneAxes(np.eye(2), (1.0, 1.0))
    plane = LossPlane(axes, [], np.ones((2, 2)), 1.0, (), (0.0, 0.0), downhill)
    assert find_arrow(plane, 40, 20) == arrow
    lines = [line.text for line in draw_plane(plane, 40, 20, TerminalCapabilities(colours="none"))]
    if arrow:
        row = next(row for row, line in enumerate(lines) if arrow in line)
        away = lines[row].index(arrow) - 20, 10 - row
        assert np.dot(away, downhill) > 0


@pytest.mark.parametrize("at", [0.0, 0.02, 0.06, 0.5, 0.99, 1.5])
def test_every_sign_of_the_map_is_in_its_legend_and_the_other_way_round(at: float) -> None:
    axes = PlaneAxes(np.eye(2), (1.0, 1.0))
    plane = LossPlane(axes, [], np.eye(4), 1.0, ((at, 0.0), (-at, 0.0)), (0.0, -at), (1.0, 0.0))
    capabilities = TerminalCapabilities(colours="none")
    legend = " ".join(line.text for line in draw_legend(plane, 80, capabilities))
    drawn = " ".join(line.text for line in draw_plane(plane, 60, 36, capabilities))
    assert {sign for sign in "●◆•" if sign in legend} == {sign for sign in "●◆•" if sign in drawn}
    assert "the arrow" in legend and "→" in drawn


def test_neighbouring_bands_of_the_map_differ_on_both_backgrounds() -> None:
    dark = [make_style(background=colour) for colour in COLOURS]
    for styles in (dark, [adapt_to_light(style) for style in dark]):
        greys = [style.bgcolor.triplet.green for style in styles if style.bgcolor and style.bgcolor.triplet]
        assert len(greys) == len(COLOURS) and np.abs(np.diff(greys)).min() >= 15


def test_a_flat_map_has_one_loss_and_no_scale() -> None:
    plane = LossPlane(PlaneAxes(np.eye(2), (1.0, 1.0)), [], np.ones((2, 2)), 1.0, (), (0.0, 0.0), (0.0, 0.0))
    legend = [line.text.strip() for line in draw_legend(plane, 80, TerminalCapabilities())]
    assert legend == ["● now", "loss  1 on the whole map"]
    steep = LossPlane(plane.axes, [], np.eye(2), 1.0, (), (0.0, 0.0), (0.0, 0.0))
    for background, words in (("dark", "darker is lower"), ("light", "lighter is lower")):
        assert draw_legend(steep, 20, TerminalCapabilities(background=background))[-1].text == words  # type: ignore[arg-type]


async def test_the_path_of_a_run_is_its_past_step_by_step_and_reading_it_changes_nothing() -> None:
    async with supervised(assembled()) as session:
        kept = []
        for step in range(5):
            kept.append(session.run.network.parameters.copy())
            session.make_step()
            await wait_until_paused_at(session, step + 1)
        before = session.run.trainer.state()
        path = await session.read_path()
        assert len(path) == 5
        assert all(np.array_equal(one, other) for one, other in zip(path, kept, strict=True))
        assert same(session.run.trainer.state(), before)


async def test_a_key_of_the_training_screen_says_elsewhere_that_it_acts_there() -> None:
    async with shown(assembled()) as pilot:
        await open_valley(pilot)
        bar = pilot.app.screen.query_one(KeyBar)
        for key, name in (("R", "R"), ("N", "N"), ("e", "e"), ("enter", "enter")):
            await pilot.press(key)
            await until(lambda name=name: f" {name} {ELSEWHERE}" in text(bar), pilot)  # type: ignore[misc]
        await pilot.press("l")
        await until(lambda: "esc back" in text(bar) and ELSEWHERE not in text(bar), pilot)
        assert isinstance(pilot.app.screen, ValleyScreen)


async def test_the_valley_is_that_of_the_present_step_though_the_run_has_moved_while_it_was_measured() -> None:
    async with shown(assembled()) as pilot:
        await open_valley(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ValleyScreen)
        await pilot.press("s")
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        # as if the run had been back at the start while the valley was measured
        screen._shown = screen._read_moment()
        session_of(pilot).move(-1)
        screen._measure_later()
        session_of(pilot).move(1)
        await until(lambda: step_of(session_of(pilot)) == 1, pilot)
        await wait_for_valley(pilot)


async def test_the_step_lands_where_the_rate_of_the_run_leads_though_it_changed_just_before_it_was_measured() -> None:
    async with shown(assembled()) as pilot:
        await open_valley(pilot)
        screen, session = pilot.app.screen, session_of(pilot)
        assert isinstance(screen, ValleyScreen)
        before = screen.view.rate
        # the screen has not seen the new rate when it begins to measure, but the step that it gets has it
        session.change_rate(1)
        screen._measure_later()
        await until(lambda: session.view.snapshot.learning_rate > before, pilot)
        await wait_for_valley(pilot)
        rate, landing = screen.view.rate, screen.view.landing
        assert rate == session.view.snapshot.learning_rate
        assert landing is not None
        assert landing.at == 1
