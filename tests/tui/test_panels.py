"""The panels: every number that they draw is in the view that they are given."""

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gradstep.core.network.classes import NO_CLASS, find_classes
from gradstep.core.observation.example import ExampleIndex
from gradstep.core.observation.layer_verdict import judge_layer
from gradstep.core.observation.part_report import report_part
from gradstep.core.observation.snapshot import take_snapshot
from gradstep.data.input_grid import make_input_grid
from gradstep.data.run import Run
from gradstep.tui.drawing.image import draw_image
from gradstep.tui.drawing.network_graph import LayerDrawing, draw_graph, place_columns
from gradstep.tui.drawing.palette import BAD, DIM
from gradstep.tui.keymap import KEYS
from gradstep.tui.numbers import draw_bar, format_number, format_of_data
from gradstep.tui.screens.dialogs.help import WORDS
from gradstep.tui.screens.training.architecture import ArchitecturePanel
from gradstep.tui.screens.training.gradients import GradientsPanel
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.screens.training.status_line import StatusLine
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES, TerminalCapabilities
from gradstep.tui.widgets.key_bar import KeyBar
from gradstep.tui.widgets.panel import Panel
from gradstep.tui.widgets.run_description import RunDescription
from tests.tui.driving import assembled
from tests.tui.walking import lesson_run

INK = " .:-=+*#%@"
"""Signs of ASCII, each darker on paper than the one before."""

BIG, SMALL, LOW = (58, 18), (38, 11), (38, 9)
"""Cells of any panel on a terminal of 120 × 40, and of the lower and the upper ones at 80 × 24."""


def view_of(run: Run, steps: int = 0) -> View:
    """The view after so many steps."""
    run.trainer.run(lambda: False, until=steps)
    return TrainingSession(run, pace=50.0, paused=True).view


def four(run: Run) -> list[Panel]:
    return [ArchitecturePanel(run), LossPanel(), GradientsPanel(id="gradients"), OutputPanel(run)]


def drawn(panel: Panel, view: View, size: tuple[int, int] = BIG) -> str:
    return "\n".join(strip.text.rstrip() for strip in panel.lines(view, *size))


RUNS = {
    "digits": lambda: assembled("digits"),
    "iris": lambda: assembled("iris", {"activation": "tanh"}),
    "circle": lambda: assembled("circle", {"activation": "sigmoid", "hidden": [4, 2]}),
    "wide": lambda: assembled("digits", {"hidden": [300]}),
    "deep": lambda: assembled("iris", {"hidden": [3] * 8}),
    "none hidden": lambda: assembled("iris", {"hidden": []}),
    "numbers": lambda: assembled({"x": [[0.0, 1.0], [1e6, 0.0]], "y": [[-0.5, 1e6], [1.5, -1e-9]]}, learning_rate=1e-9),
    "many numbers": lambda: assembled({"x": [[0.0]], "y": [[float(n) for n in range(7)]]}),
    "one number": lambda: assembled({"x": [[0.0], [1.0]], "y": [[0.5], [1.5]]}),
}


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest) -> Run:
    made: Run = RUNS[request.param]()
    return made


@pytest.mark.parametrize("steps", [0, 1, 40])
@pytest.mark.parametrize("size", [BIG, SMALL, LOW])
def test_no_line_is_wider_than_its_panel(run: Run, size: tuple[int, int], steps: int) -> None:
    view = view_of(run, steps)
    for panel in four(run):
        for strip in panel.lines(view, *size):
            assert strip.cell_length <= size[0], f"{panel.id}: {strip.text}"


@pytest.mark.parametrize("size", [BIG, SMALL, LOW])
def test_no_panel_needs_more_lines_than_it_has(run: Run, size: tuple[int, int]) -> None:
    view = view_of(run, 5)
    for panel in four(run):
        assert len(panel.lines(view, *size)) <= size[1], panel.id


def test_a_panel_of_any_size_is_drawn(run: Run) -> None:
    view = view_of(run, 5)
    for panel in [*four(run), StatusLine(run), KeyBar(KEYS)]:
        for width in (1, 2, 3, 5, 8, 13, 21, 34):
            for height in (1, 2, 3, 5, 8):
                panel.lines(view, width, height)


def test_every_character_takes_one_cell(run: Run) -> None:
    view = view_of(run, 5)
    for panel in [*four(run), StatusLine(run), KeyBar(KEYS)]:
        for strip in panel.lines(view, *BIG):
            assert len(strip.text) == strip.cell_length, f"{panel.id}: {strip.text}"


@pytest.mark.parametrize("size", [BIG, SMALL])
def test_output_draws_the_activation_of_each_class(size: tuple[int, int]) -> None:
    run = assembled("digits")
    view = view_of(run, 100)
    text = drawn(OutputPanel(run), view, size)
    shown = re.findall(r"(\d) [█▏▎▍▌▋▊▉]* +([−+.e\d]+)(?: ◂)?$", text, re.MULTILINE)
    assert shown == [(str(digit), format_number(float(a), 0)) for digit, a in enumerate(view.snapshot.layers[-1].a)]


@pytest.mark.parametrize("size", [BIG, SMALL])
@pytest.mark.parametrize("data", ["digits", "iris"])
def test_output_names_the_target_and_predicted_class_and_whether_they_agree(data: str, size: tuple[int, int]) -> None:
    run = assembled(data)
    view = view_of(run, 100)
    names, example = run.dataset.class_names, view.snapshot.example
    assert example.predicted_class is not None
    predicted = names[example.predicted_class]
    for target, name in enumerate(names):
        this = replace(view, snapshot=replace(view.snapshot, example=replace(example, target_class=target)))
        verdict = "✓" if name == predicted else "✗"
        assert re.search(rf"{name} +pred(icted|\.) {predicted} .*{verdict}", drawn(OutputPanel(run), this, size))


@pytest.mark.parametrize("size", [BIG, SMALL])
def test_output_draws_the_figures_of_classes_with_long_names(size: tuple[int, int]) -> None:
    run = assembled("iris")
    view = view_of(run, 10)
    text = drawn(OutputPanel(run), view, size)
    for name, a in zip(run.dataset.class_names, view.snapshot.layers[-1].a, strict=True):
        assert re.search(rf"{name[:6]}\w* [█▏▎▍▌▋▊▉ ]+{format_number(float(a), 0)}( |$)", text, re.MULTILINE)


@pytest.mark.parametrize("size", [BIG, SMALL])
def test_the_loss_of_the_only_example_is_said_to_be_the_one_before_the_step(size: tuple[int, int]) -> None:
    run, _ = lesson_run("mazur")
    assert "before" not in drawn(LossPanel(), view_of(run), size)
    view = view_of(run, 1)
    text = drawn(LossPanel(), view, size)
    assert re.search(r"training +0\.2984 .*before its step", text)
    assert "0.2910" in drawn(OutputPanel(run), view, size)
    assert "before its step" not in drawn(LossPanel(), view_of(assembled(), 1), size)


@pytest.mark.parametrize("size", [BIG, SMALL])
def test_outputs_that_are_no_numbers_have_no_bars_and_predict_nothing(size: tuple[int, int]) -> None:
    run = assembled("digits", {"activation": "leaky_relu"}, learning_rate=3.0)
    view = view_of(run, 34)
    assert np.isnan(view.snapshot.example.outputs).all() and view.snapshot.example.predicted_class is None
    text = drawn(OutputPanel(run), view, size)
    assert text.count("nan") >= 10 and not re.search("[█▏▎▍▌▋▊▉✓✗]|right|wrong", text)
    assert re.search(r"pred(icted|\.) –", text)
    report = report_part(run.trainer, "test")
    assert report.score.accuracy == 0 and report.confusion is not None and not report.confusion.any()
    for what in ("confusion", "worst"):
        reported = replace(
            view, request=replace(view.request, output=what), snapshot=replace(view.snapshot, part_report=report)
        )
        text = drawn(OutputPanel(run), reported, size)
        assert "✓" not in text and "✗" not in text
        assert "without a prediction" in text if what == "confusion" else "pred. –" in text
    assert "– 0" in drawn(ArchitecturePanel(run), view) and "● 0" not in drawn(ArchitecturePanel(run), view)


def test_nan_has_no_class_and_no_bar() -> None:
    outputs = np.array([[0.1, np.nan], [0.3, 0.2], [np.inf, np.nan], [0.1, 0.9]])
    assert find_classes(outputs, 0.5).tolist() == [NO_CLASS, 0, NO_CLASS, 1]
    assert find_classes(np.array([[0.7], [np.nan], [0.2]]), 0.5).tolist() == [1, NO_CLASS, 0]
    assert draw_bar(math.nan, 8) == ""
    snapshot = view_of(assembled("circle")).snapshot
    nothing = tuple(np.full_like(values, np.nan) for values in snapshot.grid_activations or ())
    run = assembled("circle")
    text = drawn(OutputPanel(run), replace(view_of(run), snapshot=replace(snapshot, grid_activations=nothing)))
    assert "x₁" in text and "▀" not in text


def test_output_draws_the_inputs_as_they_were_before_scaling() -> None:
    run = assembled("iris")
    view = view_of(run)
    text = drawn(OutputPanel(run), view)
    raw = run.dataset.inputs[run.split.test_rows[0]]
    for name, value in zip(run.dataset.feature_names, raw, strict=True):
        assert re.search(rf"{re.escape(name)} +{re.escape(format_number(float(value), 0))}(?= |$)", text, re.MULTILINE)


@pytest.mark.parametrize("size", [BIG, SMALL])
def test_output_shows_scaled_numbers_in_the_units_of_the_data(size: tuple[int, int]) -> None:
    rows = [[float(rooms), 1.0, 2.0] for rooms in range(1, 11)]
    prices = [[200_000.0 + 5_000 * rooms] for rooms, *_ in rows]
    run = assembled({"x": rows, "y": prices, "scale": "standard"})
    view = view_of(run)
    text = drawn(OutputPanel(run), view, size)
    predicted = run.split.target_scaling.undo(view.snapshot.layers[-1].a)[0]
    target = prices[view.snapshot.example.index.row][0]
    assert f"target {target:.0f}  predicted {format_of_data(predicted)}" in text


def test_the_curve_of_scaled_numbers_is_in_the_units_of_the_data() -> None:
    rows = [[float(rooms)] for rooms in range(1, 11)]
    run = assembled({"x": rows, "y": [[20.0 + 5 * rooms] for (rooms,) in rows], "scale": "standard"})
    plane = make_input_grid(run.split)
    assert plane is not None
    view = replace(view_of(run), snapshot=take_snapshot(run.trainer, ExampleIndex("training", 3), plane.scaled))
    text = drawn(OutputPanel(run), view, BIG)
    predicted = run.split.target_scaling.undo(view.snapshot.layers[-1].a)[0]
    assert f"y1  target 40  predicted {format_of_data(float(predicted))}" in text


def test_a_brighter_pixel_is_drawn_in_a_brighter_grey() -> None:
    image = assembled("digits").dataset.inputs[0].reshape(8, 8)
    picture = draw_image(image, 16, 8, FULL_CAPABILITIES)
    greys = [segment.style.bgcolor.triplet.red for strip in picture for segment in strip]  # type: ignore[union-attr]
    by_value = dict(zip(image.ravel().tolist(), greys, strict=True))
    assert [by_value[value] for value in sorted(by_value)] == sorted(set(greys))
    assert [by_value[value] for value in image.ravel().tolist()] == greys


@pytest.mark.parametrize(
    ("capabilities", "ink"),
    [
        (TerminalCapabilities("none"), " ░▒▓█"),
        (TerminalCapabilities("16"), " ░▒▓█"),
        (TerminalCapabilities("16", "ascii"), INK),
    ],
)
@pytest.mark.parametrize(("width", "height"), [(32, 16), (16, 8), (8, 4), (4, 2)])
def test_without_shades_a_brighter_pixel_has_more_ink(
    capabilities: TerminalCapabilities, ink: str, width: int, height: int
) -> None:
    ramp = np.repeat(np.linspace(0, 1, 8)[None], 8, axis=0)
    picture = [strip.text for strip in draw_image(ramp, width, height, capabilities)]
    inks = [ink.index(sign) for sign in picture[0]]
    assert set(picture) == {picture[0]}
    assert inks == sorted(inks)
    assert inks[0] < inks[-1]


def test_in_ascii_no_picture_is_drawn_with_half_blocks() -> None:
    picture = draw_image(np.eye(8), 8, 4, TerminalCapabilities(glyphs="ascii"))
    assert {strip.text for strip in picture} == {" " * 8}
    assert len({segment.style for segment in picture[0]}) > 1


def neurons(values: list[float], rows: int, capabilities: TerminalCapabilities) -> str:
    """A single layer of these values, drawn."""
    strips = draw_graph(
        [LayerDrawing(np.array(values), None)], place_columns([len(values)], 8, rows), 8, rows, capabilities
    )
    return "\n".join(strip.text.rstrip() for strip in strips)


@pytest.mark.parametrize("capabilities", [TerminalCapabilities("none"), TerminalCapabilities("16")])
def test_without_shades_two_neurons_on_a_line_have_two_signs(capabilities: TerminalCapabilities) -> None:
    assert neurons([0.5, -1.0, 0.0, 1.0, -0.1, 0.0], 3, capabilities) == "+−\n·+\n−·"
    assert neurons([1.0, 1.0, -1.0], 2, capabilities) == "++\n−"


def test_in_ascii_two_neurons_on_a_line_have_two_signs() -> None:
    assert neurons([0.5, -1.0, 0.0, 1.0], 2, TerminalCapabilities(glyphs="ascii")) == "+−\n.+"


def test_where_signs_are_coarse_fewer_edges_are_drawn() -> None:
    layers = [
        LayerDrawing(np.ones(30), None),
        LayerDrawing(np.ones(30), np.random.default_rng(0).normal(size=(30, 30))),
    ]
    columns = place_columns([30, 30], 60, 20)

    def inked(capabilities: TerminalCapabilities) -> int:
        picture = "".join(strip.text for strip in draw_graph(layers, columns, 60, 20, capabilities))
        return sum("⠁" <= sign <= "⣿" for sign in picture)

    assert (
        inked(FULL_CAPABILITIES)
        > inked(TerminalCapabilities(glyphs="block"))
        == inked(TerminalCapabilities(glyphs="ascii"))
        > 0
    )


def test_no_value_is_written_over_the_neurons_of_another_layer() -> None:
    run = assembled("iris", {"hidden": [8] * 7})
    lines = drawn(ArchitecturePanel(run), view_of(run), SMALL).splitlines()
    assert not any(re.search(r"\d\.\d", line) for line in lines)


def test_without_shades_a_small_value_has_a_small_sign() -> None:
    assert neurons([1.0, 0.1, 0.0, -0.1, -1.0], 5, TerminalCapabilities("none")).split() == ["●", "•", "·", "◦", "○"]
    assert neurons([1.0, 0.1, 0.0, -0.1, -1.0], 5, FULL_CAPABILITIES).split() == ["●", "●", "·", "○", "○"]


@pytest.mark.parametrize("size", [BIG, SMALL])
def test_gradients_draws_the_figures_of_each_layer(size: tuple[int, int]) -> None:
    run = assembled("digits")
    view = view_of(run, 10)
    text = drawn(GradientsPanel(id="gradients"), view, size)
    for number, layer in enumerate(view.snapshot.layers, start=1):
        assert layer.statistics is not None and layer.statistics.update_ratio is not None
        assert format_number(layer.statistics.gradient_norm, 0) in text
        assert format_number(layer.statistics.update_ratio, 0) in text
        assert judge_layer(number, layer.statistics, ()).words in text


def test_a_number_that_is_not_computed_yet_is_a_dash() -> None:
    run = assembled("digits")
    view = view_of(run)
    assert len(re.findall("–", drawn(GradientsPanel(id="gradients"), view))) == 3 * 3
    assert re.search("training +–", drawn(LossPanel(), view))


def test_gradients_shows_how_many_layers_do_not_fit() -> None:
    run = assembled("iris", {"hidden": [3] * 20})
    text = drawn(GradientsPanel(id="gradients"), view_of(run, 1), SMALL)
    hidden = re.search(r"(\d+) more layers", text)
    assert hidden
    assert len(re.findall(r"^\d+ \w+ \d+→\d+", text, re.MULTILINE)) + int(hidden[1]) == 21


def test_loss_draws_the_newest_figures() -> None:
    run = assembled("digits")
    snapshot = view_of(run, 100).snapshot
    head = drawn(LossPanel(), view_of(run, 100)).splitlines()[0]
    for value in (snapshot.batch_loss, float(snapshot.watched_scores.loss[-1])):
        assert format_number(value, 0) in head
    assert f"{snapshot.watched_scores.accuracy[-1]:.1%}" in head


@pytest.mark.parametrize("width", [120, 80])
def test_status_shows_large_numbers_whole(width: int) -> None:
    run = assembled("digits")
    view = view_of(run)
    far = replace(view.snapshot, step=12_345_678, steps_per_epoch=10, epoch=274_348, learning_rate=1e-05)
    text = drawn(StatusLine(run), replace(view, snapshot=far, pace=None, phase="training"), (width, 1))
    assert len(text) <= width
    assert re.search(r"training +epoch 274,348 +step 12,345,678 +rate 1e−05 +pace max", text)


@pytest.mark.parametrize(
    ("training", "now", "words"),
    [
        ({"max_epochs": 300}, {}, "epoch 30 of 300 "),
        ({"max_steps": 1500}, {}, "step 150 of 1,500 "),
        ({"max_steps": 1500}, {"newest_step": 400, "phase": "paused"}, "step 150 of 400 made"),
        ({"max_epochs": 20}, {}, "epoch 30 "),
        ({"max_epochs": 300}, {"limit": None}, "epoch 30 "),
    ],
)
def test_status_names_the_planned_end(training: dict[str, object], now: dict[str, Any], words: str) -> None:
    run = assembled("sine", **training)
    view = view_of(run)
    later = replace(view.snapshot, step=150, epoch=30)
    line = drawn(StatusLine(run), replace(view, **{"snapshot": later} | now), (120, 1))
    assert words in line and ("of" in line) == ("of" in words)


@pytest.mark.parametrize("size", [BIG, LOW])
def test_architecture_folds_a_large_layer_and_shows_its_size(size: tuple[int, int]) -> None:
    run = assembled("digits", {"hidden": [300, 5]})
    text = drawn(ArchitecturePanel(run), view_of(run), size)
    shown = re.search(r"(\d+) of 300\b", text)
    assert shown
    assert 1 <= int(shown[1]) < 300
    assert re.search(r"(?<!of )\b5\b", text.splitlines()[0])
    assert "of 5 " not in text


def test_architecture_says_which_neurons_of_a_large_layer_are_drawn() -> None:
    for run, large in ((assembled("digits"), True), (assembled("digits", {"hidden": []}), True), (assembled(), False)):
        view = view_of(run)
        # enlarged at 80 × 24, and at 120 × 40
        for size in ((78, 19), (118, 19)):
            text = drawn(ArchitecturePanel(run), view, size)
            assert (" of 64" in text) == ("an even choice of neurons drawn" in text) == large
            assert not (large and "every weight" in text)
    assert next(does for word, does in WORDS if word == "28 of 64").count("even choice")


def test_architecture_counts_the_parameters() -> None:
    run = assembled("digits")
    assert f"{64 * 16 + 16 + 16 * 16 + 16 + 16 * 10 + 10:,} parameters" in drawn(ArchitecturePanel(run), view_of(run))


def test_architecture_draws_a_neuron_by_its_sign() -> None:
    run = assembled("iris", {"hidden": [3], "activation": "tanh"})
    view = view_of(run, 5)
    layers = [view.snapshot.example.x, *(layer.a for layer in view.snapshot.layers)]
    positive, negative = (sum(int((a > 0).sum() if sign else (a < 0).sum()) for a in layers) for sign in (True, False))
    graph, _, legend = drawn(ArchitecturePanel(run), view).rpartition("\n")
    assert (graph.count("●"), graph.count("○")) == (positive, negative)
    assert "neurons ● + ○ − · 0" in legend


def test_architecture_draws_changed_weights_differently() -> None:
    run = assembled("iris")
    panel = ArchitecturePanel(run)
    before, after = view_of(run), view_of(run, 50)
    assert drawn(panel, before) != drawn(panel, after)


def test_a_click_on_the_footer_names_an_action_for_every_key_it_shows() -> None:
    run = assembled("iris")
    strips = KeyBar(KEYS).lines(view_of(run), 120, 2)
    clickable = [
        segment
        for strip in strips
        for segment in strip
        if segment.style is not None and segment.style.meta.get("@click")
    ]
    assert len(clickable) == len([key for key in KEYS if key.footer])


def test_status_names_a_default_optimizer_with_what_it_suits() -> None:
    run = assembled("sine", {"hidden": [8]})
    line = StatusLine(run)
    assert "adam for the sine data" in drawn(line, view_of(run), (120, 1))
    run.trainer.change_options(replace(run.trainer.options, optimizer="sgd"))
    text = drawn(line, view_of(run), (120, 1))
    assert "sgd" in text and "the set sine" not in text
    chosen = assembled("sine", {"hidden": [8]}, optimizer="momentum")
    assert "momentum for" not in drawn(StatusLine(chosen), view_of(chosen), (120, 1))


@pytest.mark.parametrize("width", [200, 80, 40])
def test_status_shows_a_problem_in_place_of_the_description_of_the_run(width: int) -> None:
    run = assembled("digits")
    view = replace(view_of(run), trouble="not saved: disk full: /home/me/state/runs")
    (strip,) = StatusLine(run).lines(view, width, 1)
    # the folder only where there is room
    assert strip.text.startswith(
        " not saved: disk full: /home/me/state/runs " if width == 200 else " not saved: disk full "
    )
    assert "digits" not in strip.text
    assert "paused" in strip.text
    assert strip.cell_length <= width
    assert next(segment.style for segment in strip if "disk" in segment.text) == BAD


@pytest.mark.parametrize("width", range(40, 130))
def test_status_leaves_out_the_least_important_numbers_and_cuts_none(width: int) -> None:
    run = assembled("digits")
    view = view_of(run, 1)
    far = replace(view.snapshot, step=12_345_678, epoch=274_348, learning_rate=1e-05)
    text = drawn(StatusLine(run), replace(view, snapshot=far), (width, 1))
    assert len(text) <= width
    assert "step 12,345,678" in text
    wholes = ["step 12,345,678", "epoch 274,348", "rate 1e−05", "pace 50/s", f"loss {far.batch_loss:.4f}"]
    names = re.findall(r"(step|epoch|rate|pace|loss) ", text)
    assert all(whole in text for whole in wholes if whole.split()[0] in names)


def test_gradients_draws_taller_histograms_where_there_is_room() -> None:
    run = assembled("digits")
    view = view_of(run, 10)
    low, tall = (drawn(GradientsPanel(id="gradients"), view, size) for size in (SMALL, (98, 40)))
    assert tall.count("█") > 10 * low.count("█")


def test_gradients_leaves_its_words_to_the_help() -> None:
    for activation, word in (("tanh", "saturated"), ("relu", "silent")):
        run = assembled("iris", {"activation": activation, "hidden": [4]})
        text = drawn(GradientsPanel(id="gradients"), view_of(run, 5))
        assert word in text and f"{word}:" not in text
        assert word in dict(WORDS)


def test_at_80_columns_the_output_of_a_digit_has_its_sum_and_its_loss() -> None:
    run = assembled("digits")
    view = view_of(run, 5)
    text = drawn(OutputPanel(run), view, (39, 11))
    assert re.search(r"sum +1\b", text)
    assert f"loss{format_number(view.snapshot.example.loss, 9)}" in text


def test_what_the_first_line_leaves_out_of_the_experiment_is_marked() -> None:
    run = assembled("digits")
    whole = RunDescription(run).forms()[0]
    for width in range(80, 150):
        line = drawn(StatusLine(run), view_of(run, 1), (width, 1))
        assert whole in line or "…" in line, line


def test_every_word_of_the_narrow_gradients_panel_is_in_the_help() -> None:
    words = {part.strip() for word, _ in WORDS for part in word.split(",")}
    for activation in ("tanh", "relu"):
        run = assembled("iris", {"activation": activation, "hidden": [4]})
        for width in (38, 80):
            text = drawn(GradientsPanel(id="gradients"), view_of(run, 5), (width, 11))
            numbers = next(line for line in text.splitlines() if "∇W" in line)
            assert {word for word in numbers.split() if not any(map(str.isdigit, word))} <= words


def test_long_steps_of_a_run_that_learns_well_do_not_look_like_a_warning() -> None:
    view = view_of(assembled("digits"), 1)
    lines = GradientsPanel(id="gradients").lines(view, *BIG)
    styles = {segment.style for line in lines for segment in line if segment.text.strip() == "long steps"}
    assert not view.findings and styles == {DIM}


@pytest.mark.parametrize("layers", [1, 4, 6, 9])
def test_gradients_of_every_layer_have_their_ratio_and_verdict_at_80_24(layers: int) -> None:
    run = assembled("iris", {"hidden": [16] * (layers - 1)})
    view = view_of(run, 3)
    lines = drawn(GradientsPanel(id="gradients"), view, SMALL).splitlines()
    for layer_number, layer in enumerate(view.snapshot.layers, start=1):
        assert layer.statistics is not None
        start = next(index for index, line in enumerate(lines) if line.startswith(f"{layer_number} {layer.activation}"))
        words = " ".join(lines[start : start + 2])
        assert format_number(layer.statistics.update_ratio, 0) in words
        assert judge_layer(layer_number, layer.statistics, ()).words[:10] in words


@pytest.mark.parametrize("width", [40, 80])
def test_a_note_in_the_footer_is_cut_before_the_keys_are_in_its_way(width: int) -> None:
    run = assembled("iris")
    view = replace(view_of(run), note="finished as planned; space goes on")
    (strip,) = KeyBar(KEYS).lines(view, width, 1)
    assert "finished as planned; space goes on" in strip.text
    assert strip.cell_length <= width
    assert ("q quit" in strip.text) == (width == 80)
