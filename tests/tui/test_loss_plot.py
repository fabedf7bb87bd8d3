"""What the loss plot draws of synthetic curves: labels, limits, spikes, gaps and marks, at every size."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gradstep.core.training.history import History, LossCurve
from gradstep.core.training.score_table import WatchedScores as Scores
from gradstep.tui.drawing.colour_fallback import SIXTEEN, adapt_to_sixteen_colours
from gradstep.tui.drawing.loss_axis import choose_axis_limits, choose_x_ticks, choose_y_ticks, write_x_labels
from gradstep.tui.drawing.loss_curves import make_training_curves, make_watched_curves, smooth
from gradstep.tui.drawing.loss_plot import COLOURS
from gradstep.tui.drawing.palette import NEGATIVE, POSITIVE, make_style
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.session.view import View
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from tests.tui.test_loss_panel import START

STEPS = 3000
DESCENT = 2.3 * np.exp(-np.arange(STEPS) / 400) + 0.01


def spiked() -> NDArray[np.float64]:
    losses = DESCENT.copy()
    losses[1500] = 1e6
    return losses


def exploded() -> NDArray[np.float64]:
    losses = DESCENT.copy()
    losses[900:960] = np.geomspace(1, 1e12, 60)
    losses[960:1020] = np.geomspace(1e12, 0.1, 60)
    return losses


LOSSES = {
    "descent": DESCENT,
    "spike": spiked(),
    "explosion": exploded(),
    "constant": np.full(500, 0.7),
    "zero": np.zeros(50),
    "zero at the end": np.append(DESCENT, np.zeros(500)),
    "one point": np.array([2.3]),
    "tiny": np.full(40, 1e-300) * 1.5,
    "huge": np.full(40, 9e299),
    "everything": np.geomspace(1e-299, 9e299, 700),
    "noise": np.random.default_rng(0).lognormal(0, 3, 4000),
    "not finite": np.array([1.0, np.inf, np.nan, 0.5]),
}
SIZES = [(20, 4), (20, 5), (24, 7), (38, 9), (58, 18), (118, 37), (200, 60)]


def view_of(losses: NDArray[np.float64], test: Scores | None = None, step: int | None = None) -> View:
    history = History()
    for loss in losses.tolist():
        history.add_loss(loss)
    if test is None:
        every = max(1, len(losses) // 50)
        test = Scores(np.arange(0, len(losses), every), losses[::every] * 1.1, np.full(len(losses[::every]), 0.5))
    count = len(losses) if step is None else step
    snapshot = replace(START.snapshot, step=count, batch_loss=float(losses[-1]), loss_curve=history.loss_curve())
    return replace(START, snapshot=replace(snapshot, watched_scores=test))


def draw(view: View, size: tuple[int, int], logarithmic: bool = True) -> list[str]:
    panel = LossPanel()
    panel.logarithmic = logarithmic
    lines = panel.lines(view, *size)
    assert len(lines) <= size[1]
    assert all(strip.cell_length <= size[0] for strip in lines)
    return [strip.text for strip in lines]


def find_y_labels(lines: list[str]) -> list[str]:
    return [found[1] for line in lines if (found := re.match(r"^ *(\S+)┤", line))]


def read_number(label: str) -> float:
    return float(label.replace("−", "-"))


@pytest.mark.parametrize("logarithmic", [True, False])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", LOSSES)
def test_both_axes_have_two_whole_labels_or_more(name: str, size: tuple[int, int], logarithmic: bool) -> None:
    lines = draw(view_of(LOSSES[name]), size, logarithmic)
    if any("y changes" in line for line in lines):
        assert name == "zero" and logarithmic
        return
    labels = find_y_labels(lines)
    assert len(set(labels)) == len(labels) >= 2
    values = [read_number(label) for label in labels]
    assert values == sorted(values, reverse=True)
    assert not any(label.startswith("−") for label in labels)
    x_labels = [int(label.replace(",", "")) for label in re.findall(r"[\d,]+", lines[-1])]
    assert len(x_labels) >= 2
    assert x_labels == sorted(set(x_labels))
    assert x_labels[0] == 0 and x_labels[-1] >= len(LOSSES[name])


@given(st.floats(-300, 300), st.floats(0, 600), st.integers(2, 60))
def test_any_logarithmic_limits_have_two_ticks_or_more(low: float, span: float, rows: int) -> None:
    limits = choose_axis_limits(low, min(300.0, low + span), True)
    check_ticks(choose_y_ticks(*limits, rows, True), rows)


@given(st.floats(0, 1e300), st.floats(0, 1e300), st.integers(2, 60))
def test_any_linear_limits_have_two_ticks_or_more(one: float, other: float, rows: int) -> None:
    limits = choose_axis_limits(*sorted((one, other)), False)
    ticks = choose_y_ticks(*limits, rows, False)
    check_ticks(ticks, rows)
    assert not any(label.startswith("−") for _, label in ticks)
    distances = np.diff(sorted(row for row, _ in ticks))
    assert np.ptp(distances) <= distances.min() // 3


def test_a_logarithmic_axis_below_one_decade_has_three_ticks_where_they_fit() -> None:
    assert [label for _, label in choose_y_ticks(0.0, 0.5, 12, True)] == ["1", "1.5", "2", "2.5", "3"]


@pytest.mark.parametrize("rows", range(8, 21))
def test_the_ticks_of_more_than_two_decades_are_spread_over_the_axis(rows: int) -> None:
    at = [row for row, _ in choose_y_ticks(-0.75, 1.5, rows, True)]
    assert len(at) >= 4 and max(at) - min(at) >= rows // 2


def test_a_long_horizontal_axis_has_its_quarters_where_they_are_whole() -> None:
    ticks = choose_x_ticks(0, 300, 70, 3)
    assert [label for _, label in ticks] == ["0", "75", "150", "225", "300"]
    assert [column + len(label) // 2 for column, label in ticks[1:4]] == pytest.approx([17, 35, 52], abs=1)
    assert [label for _, label in choose_x_ticks(0, 30, 70, 3)] == ["0", "15", "30"]
    assert [label for _, label in choose_x_ticks(0, 300, 40, 3)] == ["0", "150", "300"]


def check_ticks(ticks: list[tuple[int, str]], rows: int) -> None:
    assert len(ticks) >= 2
    assert len({label for _, label in ticks}) == len({row for row, _ in ticks}) == len(ticks)
    assert all(0 <= row < rows and len(label) <= 9 for row, label in ticks)
    by_height = sorted(ticks, reverse=True)
    assert [read_number(label) for _, label in by_height] == sorted(read_number(label) for _, label in ticks)


@given(st.integers(1, 10**9), st.integers(17, 200), st.integers(3, 9))
def test_no_step_below_the_plot_is_cut(last: int, columns: int, margin: int) -> None:
    ticks = choose_x_ticks(0, last, columns, margin)
    line = write_x_labels(ticks, columns, margin)
    assert len(line) == margin + columns
    assert line.split() == [label for _, label in ticks]
    assert line.endswith(f"{last:,}")


@pytest.mark.parametrize("logarithmic", [True, False])
@pytest.mark.parametrize("name", [name for name in LOSSES if name not in ("zero", "not finite")])
def test_the_newest_losses_are_inside_the_plot(name: str, logarithmic: bool) -> None:
    losses = LOSSES[name]
    lines = draw(view_of(losses), (58, 18), logarithmic)
    values = [read_number(label) for label in find_y_labels(lines)]
    newest = float(losses[-1]) if losses[-1] > 0 or not logarithmic else float(DESCENT[-1])
    # a tick lies within the limits, and each limit within a tick's distance
    assert min(values) / 50 <= newest <= max(values) * 50 or name == "everything"


def test_a_spike_stays_in_its_column() -> None:
    curve, without = (view_of(losses).snapshot.loss_curve for losses in (spiked(), DESCENT))
    drawn, expected = (make_training_curves(each, 100, True)["training"][1] for each in (curve, without))
    assert np.count_nonzero(np.abs(drawn - expected) > 0.05) <= 1


@given(st.lists(st.floats(-5, 5), min_size=30, max_size=200), st.integers(10, 19))
def test_a_spike_does_not_change_how_its_neighbours_are_smoothed_by_much(values: list[float], index: int) -> None:
    quiet = np.sort(np.array(values))
    loud = quiet.copy()
    loud[index] = 1e9
    changed = np.abs(smooth(loud) - smooth(quiet))
    assert np.count_nonzero(changed > 11) <= 1


def test_an_explosion_that_is_over_does_not_stretch_the_axis_and_is_marked_with_its_step() -> None:
    lines = draw(view_of(exploded()), (70, 20))
    assert max(read_number(label) for label in find_y_labels(lines)) <= 50
    assert re.search(r"▲ .*1\.1e\+12 at (step )?960", lines[1])
    assert any("▲" in line for line in lines[2:4])


def test_an_explosion_that_goes_on_is_on_the_axis() -> None:
    lines = draw(view_of(exploded()[:960]), (70, 20))
    assert max(read_number(label) for label in find_y_labels(lines)) >= 1e9
    assert not any("▲" in line for line in lines)


def test_the_lowest_test_loss_is_marked() -> None:
    steps = np.arange(0, 3001, 100)
    scores = Scores(steps, 1 + ((steps - 1200) / 1000.0) ** 2, np.full(len(steps), np.nan))
    lines = draw(view_of(np.full(3000, 0.5), scores), (70, 20))
    assert "◆ lowest test loss 1 at step 1,200" in lines[1]
    assert sum(line.count("◆") for line in lines[2:]) == 1


@pytest.mark.parametrize("gap", ["steps", "inf", "nan", "zero"])
def test_a_gap_in_the_test_loss_is_not_joined(gap: str) -> None:
    steps = np.concatenate((np.arange(0, 201, 10), np.arange(800, 1001, 10)))
    losses = np.full(len(steps), 1.0)
    if gap != "steps":
        steps = np.arange(0, 1001, 20)
        losses = np.ones(len(steps))
        losses[(steps > 200) & (steps < 800)] = {"inf": np.inf, "nan": np.nan, "zero": 0.0}[gap]
    curves = make_watched_curves(Scores(steps, losses, losses), 200, True)
    assert len(curves) == 2
    assert all(np.ptp(x) <= 200 for x, _ in curves.values())
    lines = draw(view_of(np.full(1000, 1e-3), Scores(steps, losses, losses)), (70, 20))
    row = next(line for line in lines[2:] if "⠒" in line or "⠤" in line or "⠉" in line)
    assert re.search(r"[⠁-⣿▲] {20,}[⠁-⣿]", row)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=60))
def test_evaluations_at_a_steady_distance_are_joined(distances: list[int]) -> None:
    steps = np.arange(0, 500, 10)
    assert list(make_watched_curves(Scores(steps, np.ones(50), np.ones(50)), 200, True)) == ["test"]
    steps = np.cumsum(distances)
    curves = make_watched_curves(Scores(steps, np.ones(len(steps)), np.ones(len(steps))), 200, True)
    assert np.concatenate([x for x, _ in curves.values()]).tolist() == steps.tolist()


def test_the_band_is_drawn_only_where_no_curve_is() -> None:
    rng = np.random.default_rng(1)
    curve = LossCurve(1, np.arange(1, 1001), np.full(1000, 0.01), np.full(1000, 1.0), 10 + 90 * rng.random(1000))
    view = view_of(np.ones(1000), Scores(np.array([0]), np.array([1.0]), np.array([0.5])))
    view = replace(view, snapshot=replace(view.snapshot, loss_curve=curve))
    strips = LossPanel().lines(view, 70, 20)
    colours = [
        {segment.style.color.triplet for segment in strip if segment.style and segment.style.color} for strip in strips
    ]
    row = next(index for index, found in enumerate(colours) if COLOURS["training"] in found and index > 2)
    assert any(COLOURS["band"] in found for found in colours)
    assert COLOURS["band"] not in colours[row]


def test_the_curves_have_other_colours_than_positive_and_negative() -> None:
    names = SIXTEEN["dark"]
    for colour in (COLOURS["training"], COLOURS["test"]):
        sixteen = adapt_to_sixteen_colours(make_style(colour), names).color
        for signed in (POSITIVE, NEGATIVE):
            assert colour != signed
            assert sixteen != adapt_to_sixteen_colours(make_style(signed), names).color
    assert len({str(adapt_to_sixteen_colours(make_style(COLOURS[n]), names).color) for n in ("training", "test")}) == 2
    headline = LossPanel().lines(view_of(DESCENT), 70, 20)[0]
    shown = {segment.style.color.triplet for segment in headline if segment.style and segment.style.color}
    assert {COLOURS["training"], COLOURS["test"]} <= shown


def test_the_smallest_panel_of_four_shows_both_losses_and_the_accuracy() -> None:
    head = draw(view_of(DESCENT), (38, 9))[0]
    assert re.search(r"train +0\.0113 .* test +\d\.\d{4} ✓ 50\.0%", head)


@pytest.mark.parametrize("colours", ["truecolor", "16", "none"])
def test_in_ascii_the_curves_differ_without_their_colours(colours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LossPanel, "capabilities", TerminalCapabilities(colours, "ascii"))  # type: ignore[arg-type]
    headline, _, *plot = draw(view_of(np.full(500, 1.0)), (70, 20))
    assert re.search("⠒ training.* o test ", headline)
    assert any("ooo" in line for line in plot)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", ["truecolor", "none"])
@pytest.mark.parametrize("step", [3000, 3010, 123_456_789])
def test_a_test_score_of_an_earlier_step_has_its_step_or_is_not_shown(
    size: tuple[int, int], step: int, colours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LossPanel, "capabilities", TerminalCapabilities(colours))  # type: ignore[arg-type]
    scores = Scores(np.array([0, 3000]), np.array([2.5, 0.1234]), np.array([0.5, 0.75]))
    head = "\n".join(draw(view_of(DESCENT, scores, step), size)[:2])
    dated = re.search(r"at (step )?3,000", re.sub("◆.*", "", head)) is not None
    assert "0.1234" in head or size[0] < 30
    assert dated == (step > 3000) or "0.1234" not in head


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=80), st.sampled_from(SIZES), st.booleans())
def test_any_losses_have_whole_labels(losses: list[float], size: tuple[int, int], logarithmic: bool) -> None:
    labels = find_y_labels(draw(view_of(np.array(losses)), size, logarithmic))
    assert len(set(labels)) == len(labels) >= 2
