"""The decision map, the maps of neurons and the fitted curve show what the network predicts at every point."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gradstep.core.network.passes import predict
from gradstep.data.input_grid import SIDE, InputGrid, make_input_grid
from gradstep.data.run import Run
from gradstep.tui.drawing.axis import label_rows
from gradstep.tui.drawing.braille import BLANK, DOTS
from gradstep.tui.drawing.decision_map import BORDER_SIGN, EXAMPLE, DecisionMap, find_borders
from gradstep.tui.drawing.fitted_curve import LONGEST_LABEL, TARGET, FittedCurve
from gradstep.tui.drawing.glyph_fallback import make_glyph_table
from gradstep.tui.drawing.map_palette import LIGHTER, make_map_palette, signed_background, signed_tones
from gradstep.tui.drawing.neuron_maps import draw_neuron_maps
from gradstep.tui.drawing.palette import MARKED, NEGATIVE, POSITIVE, mix
from gradstep.tui.drawing.pixel_grid import resample
from gradstep.tui.numbers import format_number
from gradstep.tui.screens.training.output import OutputPanel
from gradstep.tui.session.snapshot_request import SnapshotRequest
from gradstep.tui.session.training_loop import TrainingLoop
from gradstep.tui.session.view import View
from gradstep.tui.terminal.capabilities import FULL_CAPABILITIES, TerminalCapabilities
from gradstep.tui.terminal.changed_cells import split_cells
from tests.tui.driving import assembled, drawn, panel, session_of, shown, text, until

PLAIN_TERMINALS = [
    TerminalCapabilities("none"),
    TerminalCapabilities("16"),
    TerminalCapabilities("none", "ascii"),
    TerminalCapabilities("16", "block"),
]


def three_classes() -> Run:
    """A run on three sectors of the plane."""
    points = np.random.default_rng(0).uniform(-1, 1, (90, 2))
    sectors = ((np.arctan2(*points.T) + np.pi) / (2 * np.pi) * 3).astype(int)
    data: dict[str, object] = {"x": points.tolist(), "y": [["east", "north", "west"][s] for s in sectors]}
    return assembled(data | {"test_fraction": 0.2}, {"hidden": [8], "activation": "tanh"})


def wave() -> Run:
    x = np.linspace(-3, 3, 60)
    data: dict[str, object] = {"x": x[:, None].tolist(), "y": np.sin(x)[:, None].tolist(), "test_fraction": 0.2}
    return assembled(data, {"hidden": [8], "activation": "tanh"}, learning_rate=0.05)


RUNS: dict[str, Callable[[], Run]] = {
    "circle": lambda: assembled("circle", {"hidden": [8], "activation": "tanh"}),
    "two outputs": lambda: assembled("circle", {"hidden": [8], "output": "softmax"}),
    "tanh": lambda: assembled("circle", {"hidden": [8], "output": "tanh"}),
    "three classes": three_classes,
}


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest) -> Run:
    made: Run = RUNS[request.param]()
    made.trainer.run(lambda: False, until=300)
    return made


def make_grid(run: Run) -> InputGrid:
    found = make_input_grid(run.split)
    assert found is not None
    return found


def view_of(run: Run, snapshot_request: SnapshotRequest | None = None) -> View:
    loop = TrainingLoop(run, None, paused=True)
    if snapshot_request is not None:
        loop._observer.request = snapshot_request
        loop.observe()
    return loop.view()


def read_pixels(decisions: DecisionMap, view: View, raw: np.ndarray, side: int) -> np.ndarray:
    """Return the colours of the map (side, side, 3); of a cell with a mark, its background."""
    found = []
    for strip in decisions.draw(view.snapshot, raw, side, side // 2):
        styles = [style for _, style in split_cells(strip)]
        assert all(style is not None for style in styles)
        backgrounds = [tuple(style.bgcolor.triplet) for style in styles]  # type: ignore[union-attr,arg-type]
        found += [[tuple(style.color.triplet) for style in styles], backgrounds]  # type: ignore[union-attr,arg-type]
    return np.array(found)


def test_every_pixel_has_the_colour_of_the_prediction_at_its_point(run: Run) -> None:
    view, corner = view_of(run), make_grid(run).low
    decisions = DecisionMap(run.split, make_grid(run), FULL_CAPABILITIES)
    palette = make_map_palette(run.split, FULL_CAPABILITIES)
    predicted = palette.read(predict(run.network, make_grid(run).scaled)).reshape(SIDE, SIDE)
    colours = read_pixels(decisions, view, corner, SIDE)
    full = [palette.points[tone] for tone, _ in palette.names]
    points = {*full} | {mix(colour, (255, 255, 255), LIGHTER) for colour in full}
    compared = 0
    for tones, row in zip(predicted[:-2].tolist(), colours[:-2].tolist(), strict=True):
        for tone, colour in zip(tones, map(tuple, row), strict=True):
            if colour not in points:
                assert colour == palette.backgrounds[tone]
                compared += 1
    assert compared > SIDE * SIDE * 0.6


def test_the_border_of_another_network_lies_where_its_classes_meet(run: Run) -> None:
    found = make_grid(run)
    others = (found.raw[:, 0] > found.raw[:, 0].mean()).astype(np.intp)
    decisions = DecisionMap(run.split, found, FULL_CAPABILITIES)
    plain, lined = (
        decisions.draw(view_of(run).snapshot, found.low, SIDE, SIDE // 2, given) for given in (None, others)
    )
    for y, (before, after) in enumerate(zip(plain, lined, strict=True)):
        pairs = enumerate(zip(split_cells(before), split_cells(after), strict=True))
        different = [x for x, (cell, other) in pairs if cell != other]
        # a data point may lie on it
        assert set(different) <= {SIDE // 2 - 1}, y
    assert find_borders(others.reshape(SIDE, SIDE)).sum() == SIDE
    assert "some run" in "\n".join(strip.text for strip in decisions.draw_legend(SIDE, 40, "some run"))
    marked = DecisionMap(run.split, found, TerminalCapabilities(colours="none", glyphs="ascii"))
    strips = marked.draw(view_of(run).snapshot, found.low, SIDE, SIDE // 2, others)
    assert {x for strip in strips for x, sign in enumerate(strip.text) if sign == BORDER_SIGN} == {SIDE // 2 - 1}


def test_a_pixel_has_the_colour_of_the_predicted_class(run: Run) -> None:
    palette, outputs = make_map_palette(run.split, FULL_CAPABILITIES), predict(run.network, make_grid(run).scaled)
    predicted_classes, tones = run.trainer.classify(outputs), palette.read(outputs)
    if run.dataset.class_names == ("outside", "inside"):
        assert (predicted_classes[tones > 4] == 1).all() and (predicted_classes[tones < 4] == 0).all()
    else:
        assert (tones // 4 == predicted_classes).all()


def test_every_data_point_is_drawn_at_its_position_in_the_colour_of_its_class() -> None:
    run = three_classes()
    side, found = 60, make_grid(run)
    colours = read_pixels(DecisionMap(run.split, found, FULL_CAPABILITIES), view_of(run), found.low, side)
    palette = make_map_palette(run.split, FULL_CAPABILITIES)
    labels = run.dataset.labels
    assert labels is not None
    taken: dict[tuple[int, int], list[int]] = {}
    for row in run.split.train_rows:
        x, y = ((run.dataset.inputs[row] - found.low) / (found.high - found.low) * side).astype(int)
        taken.setdefault((int(x), int(y)), []).append(int(labels[row]))
    alone = {pixel: classes[0] for pixel, classes in taken.items() if len(classes) == 1}
    right = sum(tuple(colours[side - 1 - y, x]) == palette.points[4 * label] for (x, y), label in alone.items())
    # a test point may cover the same pixel
    assert right >= len(alone) - len(run.split.test_rows)
    assert right > 40


def test_the_example_is_marked_at_its_position() -> None:
    run = assembled("circle")
    found, view = make_grid(run), view_of(run)
    raw = run.split.scaling.undo(view.snapshot.example.x.astype(np.float64))
    strips = DecisionMap(run.split, found, FULL_CAPABILITIES).draw(view.snapshot, raw, 40, 20)
    ((y, x),) = ((y, strip.text.index(EXAMPLE)) for y, strip in enumerate(strips) if EXAMPLE in strip.text)
    share = (raw - found.low) / (found.high - found.low)
    assert (x, y) == (int(share[0] * 40), (39 - int(share[1] * 40)) // 2)
    assert split_cells(strips[y])[x][1] == MARKED


@pytest.mark.parametrize("capabilities", PLAIN_TERMINALS, ids=str)
def test_without_shades_regions_and_points_are_drawn_with_characters(
    run: Run, capabilities: TerminalCapabilities
) -> None:
    view, found = view_of(run), make_grid(run)
    palette = make_map_palette(run.split, capabilities)
    predicted = resample(palette.read(predict(run.network, found.scaled)).reshape(SIDE, SIDE), 40, 40)
    signs = make_glyph_table(capabilities.glyphs)
    kinds = {tone: {palette.training[tone], palette.test[tone]} for tone, _ in palette.names}
    assert len({(palette.textures[tone], *kind) for tone, kind in kinds.items()}) == len(palette.names)
    assert not set.intersection(*kinds.values())
    marks = {*palette.training, *palette.test, EXAMPLE}
    for y, strip in enumerate(DecisionMap(run.split, found, capabilities).draw(view.snapshot, found.low, 40, 20)):
        for x, sign in enumerate(strip.text):
            assert sign in marks or sign == palette.textures[predicted[2 * y, x]]
    if signs is not None:
        written = [f"{palette.training[tone]}{palette.test[tone]}".translate(signs) for tone, _ in palette.names]
        assert len(set("".join(written))) == 2 * len(written)


def test_points_leave_the_map_visible_and_the_legend_says_if_some_are_left_out() -> None:
    run = assembled("circle")
    decisions = DecisionMap(run.split, make_grid(run), FULL_CAPABILITIES)

    def draw_legend(side: int) -> str:
        return "\n".join(strip.text for strip in decisions.draw_legend(side, 30))

    assert "some points left out" in draw_legend(20)
    assert "some points left out" not in draw_legend(120)
    for name in run.dataset.class_names:
        assert name in draw_legend(20)


def test_a_regression_is_orange_below_0_and_blue_above() -> None:
    run = assembled({"x": [[-1.0, 0.0], [1.0, 0.0]], "y": [[-2.0], [2.0]]})
    palette = make_map_palette(run.split, FULL_CAPABILITIES)
    tones = palette.read(np.array([[-2.0], [-0.1], [0.0], [2.0], [99.0], [np.nan]]))
    assert tones.tolist() == [0, 4, 4, 8, 8, 4]
    assert (palette.points[0], palette.points[8]) == (NEGATIVE, POSITIVE)


def test_targets_of_one_sign_are_orange_and_blue_below_and_above_the_middle_between_them() -> None:
    xor = {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]], "scale": "none"}
    palette = make_map_palette(assembled(xor, {"output": "sigmoid"}).split, FULL_CAPABILITIES)
    assert palette.read(np.array([[0.0], [0.49], [0.5], [0.6], [1.0]])).tolist() == [0, 4, 4, 5, 8]
    assert [name for _, name in palette.names] == ["below 0.5000", "above 0.5000"]


def test_the_border_of_scaled_targets_is_told_and_found_in_their_unit() -> None:
    run = assembled({"x": [[-1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], "y": [[100.0], [300.0], [150.0]], "test_fraction": 0})
    palette = make_map_palette(run.split, FULL_CAPABILITIES)
    assert [name for _, name in palette.names] == ["below 200", "above 200"]
    scaled = run.split.target_scaling
    assert palette.read((np.array([[100.0], [200.0], [300.0]]) - scaled.shift) / scaled.scale).tolist() == [0, 4, 8]


# each neuron's own map


def test_every_neuron_has_a_map_of_its_own_activation() -> None:
    run = assembled("circle", {"hidden": [3, 2], "activation": "tanh"})
    view = view_of(run, SnapshotRequest(maps=True))
    surface = view.snapshot.grid_activations
    assert surface is not None
    side, height = 12, 1 + 6 + 1 + 6
    strips = draw_neuron_maps(surface[:1], ["tanh"], 2 * side + 1, height, FULL_CAPABILITIES)
    first, weights = make_grid(run).scaled, run.network.layers[0]
    for neuron in range(3):
        values = np.tanh(first @ weights.weights[neuron] + weights.biases[neuron])
        tones = resample(signed_tones(values, np.abs(values).max()).reshape(SIDE, SIDE), side, side)
        top, left = 1 + neuron // 2 * (side // 2 + 1), neuron % 2 * (side + 1)
        for y in range(side // 2):
            row = split_cells(strips[top + y])[left : left + side]
            found = [tuple(style.color.triplet) for _, style in row]  # type: ignore[union-attr,arg-type]
            assert found == [signed_background(tone) for tone in tones[2 * y]]


@pytest.mark.parametrize("capabilities", PLAIN_TERMINALS, ids=str)
def test_without_shades_the_map_of_a_neuron_uses_plus_and_minus(capabilities: TerminalCapabilities) -> None:
    run = assembled("circle", {"hidden": [1], "activation": "tanh"})
    surface = view_of(run, SnapshotRequest(maps=True)).snapshot.grid_activations
    assert surface is not None
    signs = "".join(strip.text for strip in draw_neuron_maps(surface[:1], ["linear"], 20, 11, capabilities)[1:])
    tones = resample(signed_tones(surface[0][:, 0], float(np.abs(surface[0]).max())).reshape(SIDE, SIDE), 20, 20)
    assert signs == "".join("−" if tone < 4 else "+" if tone > 4 else " " for tone in tones[::2].ravel())


def test_the_number_of_maps_is_shown_if_not_all_fit() -> None:
    run = assembled("circle", {"hidden": [300]})
    surface = view_of(run, SnapshotRequest(maps=True)).snapshot.grid_activations
    assert surface is not None
    head = draw_neuron_maps(surface, ["relu", "sigmoid"], 58, 17, FULL_CAPABILITIES)[0].text
    assert "of 300" in head
    assert "sigmoid 1" in head


async def test_v_switches_between_the_maps_and_the_graph() -> None:
    async with shown(assembled("circle", {"hidden": [4]})) as pilot:
        graph = text(panel(pilot, "architecture"))
        await pilot.press("v")
        await until(lambda: "v: graph" in text(panel(pilot, "architecture")), pilot)
        assert session_of(pilot).view.snapshot.grid_activations is not None
        await pilot.press("v")
        await until(lambda: text(panel(pilot, "architecture")) == graph, pilot)


async def test_only_what_is_visible_is_computed() -> None:
    async with shown(assembled("circle")) as pilot:
        session = session_of(pilot)
        computed = []
        for keys in ((), ("c",), ("v",), ("c", "v"), ("c",)):
            before = session.view.request
            await pilot.press(*keys)
            await until(lambda keys=keys, before=before: not keys or session.view.request != before, pilot)  # type: ignore[misc]
            await drawn(pilot)
            snapshot = session.view.snapshot
            computed.append((snapshot.grid_activations is not None, snapshot.part_report is not None))
        assert computed == [(True, False), (False, True), (True, True), (False, True), (True, False)]


# the curve


def test_the_curve_goes_through_the_predictions() -> None:
    run = wave()
    run.trainer.run(lambda: False, until=400)
    view, found = view_of(run), make_grid(run)
    curve, width, height = FittedCurve(run.split, found), 60, 20
    strips = curve.draw(view.snapshot, np.array([0.0]), width, height)
    rows = height - 2
    left = max(map(len, label_rows(curve.low, curve.high, rows, LONGEST_LABEL).values())) + 1
    columns = width - left
    x = np.linspace(found.low[0], found.high[0], 2 * columns)
    values = predict(run.network, run.split.scaling.apply(x[:, None]))[:, 0]
    seen = 0
    for dot, value in enumerate(values):
        down = (curve.high - value) / (curve.high - curve.low) * 4 * rows
        sign = strips[int(down) // 4].text[left + dot // 2]
        if "⠀" <= sign <= "⣿":
            near = {int(down) + shift for shift in (-1, 0, 1)}
            bits = ord(sign) - BLANK
            assert any(bits & DOTS[y % 4][dot % 2] for y in near if y // 4 == int(down) // 4) or int(down) % 4 in (0, 3)
            seen += 1
    assert seen > columns


@pytest.mark.parametrize("steps", [0, 400])
def test_the_target_is_a_line_that_is_seen_beside_and_over_the_curve(steps: int) -> None:
    run = wave()
    run.trainer.run(lambda: False, until=steps)
    found, width, height = make_grid(run), 60, 20
    curve = FittedCurve(run.split, found)
    strips = curve.draw(view_of(run).snapshot, np.array([-9.0]), width, height)
    plot = [strip.text for strip in strips[:-2]]
    left = max(map(len, label_rows(curve.low, curve.high, len(plot), LONGEST_LABEL).values())) + 1
    signs = [(row, at - left) for row, line in enumerate(plot) for at in find_all(line, TARGET)]
    assert len(signs) > (width - left) // 4
    for row, column in signs:
        x = found.low[0] + (column + 0.5) / (width - left) * (found.high[0] - found.low[0])
        assert abs((curve.high - np.sin(x)) / (curve.high - curve.low) * len(plot) - (row + 0.5)) < 1
    assert sum("⠀" < sign <= "⣿" for sign in "".join(plot)) > (width - left) // 2
    assert f"{TARGET} target" in strips[-1].text
    in_ascii = make_glyph_table("ascii")
    assert in_ascii is not None
    assert in_ascii[ord(TARGET)] not in {in_ascii[BLANK + bits] for bits in range(256)}


def test_no_target_is_drawn_where_there_are_no_data() -> None:
    x = np.concatenate((np.linspace(-3, -1, 20), np.linspace(1, 3, 20)))
    run = assembled({"x": x[:, None].tolist(), "y": np.sin(x)[:, None].tolist(), "test_fraction": 0}, {"hidden": [2]})
    found, width = make_grid(run), 60
    curve = FittedCurve(run.split, found)
    plot = [strip.text for strip in curve.draw(view_of(run).snapshot, np.array([-9.0]), width, 20)[:-2]]
    left = max(map(len, label_rows(curve.low, curve.high, len(plot), LONGEST_LABEL).values())) + 1
    at = [column - left for line in plot for column in find_all(line, TARGET)]
    drawn_at = found.low[0] + (np.array(at) + 0.5) / (width - left) * (found.high[0] - found.low[0])
    assert min(abs(drawn_at)) > 0.7
    assert min(drawn_at) < 0 < max(drawn_at)


def find_all(line: str, sign: str) -> list[int]:
    return [index for index, each in enumerate(line) if each == sign]


@pytest.mark.parametrize("size", [(58, 18), (38, 11), (110, 50)])
def test_with_one_input_the_panel_shows_the_curve_and_the_numbers_of_the_example(size: tuple[int, int]) -> None:
    run = wave()
    view = view_of(run)
    words = "\n".join(strip.text for strip in OutputPanel(run).lines(view, *size))
    example = view.snapshot.example
    for value in (float(example.outputs[0]), float(example.y[0])):
        assert format_number(value, 0) in words
    assert any("⠀" < sign <= "⣿" for sign in words)
    assert "◉ x" in words
    for sign in ("• training", "x test", "○ target"):
        assert sign in words


@pytest.mark.parametrize("size", [(38, 9), (58, 20)])
def test_the_legend_says_that_the_network_is_outside_the_plot_or_no_number(size: tuple[int, int]) -> None:
    run = assembled("sine")
    curve, snapshot = FittedCurve(run.split, make_grid(run)), view_of(run).snapshot
    *hidden, output = snapshot.grid_activations or ()
    half = np.where(np.arange(len(output))[:, None] % 2, 1e6, 0.0)
    for values, said in ((output, ""), (half, ""), (np.full_like(output, 1e6), "outside"), (output * np.nan, "NaN")):
        drawn = curve.draw(replace(snapshot, grid_activations=(*hidden, values)), np.array([0.0]), *size)
        legend = drawn[-1].text
        assert said in legend if said else "outside" not in legend and "NaN" not in legend, legend
        assert "training" in legend and "target" in legend


def test_a_curve_off_the_plot_is_left_out_and_the_data_points_are_drawn() -> None:
    run = wave()
    run.network.parameters[:] = np.nan
    strips = FittedCurve(run.split, make_grid(run)).draw(view_of(run).snapshot, np.array([0.0]), 60, 20)
    plot = "".join(strip.text for strip in strips[:-2])
    assert "•" in plot
    assert not any("⠀" < sign <= "⣿" for sign in plot)
