"""The loss panel. Whatever the losses are, plotext gets finite numbers only, because a NaN ends the process."""

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gradstep.core.training.history import LossCurve
from gradstep.core.training.score_table import WatchedScores as Scores
from gradstep.tui.drawing import loss_plot
from gradstep.tui.drawing.loss_curves import XY
from gradstep.tui.round_numbers import choose_axis_end
from gradstep.tui.screens.training import loss
from gradstep.tui.screens.training.loss import LossPanel
from gradstep.tui.session.training_session import TrainingSession
from gradstep.tui.session.view import View
from gradstep.tui.terminal.capabilities import TerminalCapabilities
from tests.tui.driving import assembled

START = TrainingSession(assembled(), pace=None, paused=True).view
NAN, INF = float("nan"), float("inf")

losses = st.lists(
    st.one_of(st.floats(0, 10), st.sampled_from((0.0, 1e-300, 1e-12, 1e12, 1e300, NAN, INF))), max_size=30
)


@pytest.fixture(scope="module", autouse=True)
def only_finite_numbers() -> Iterator[None]:
    """Fail if plotext gets a number that is not finite."""
    draw = loss.draw_loss_plot

    def checked(
        curves: dict[str, XY],
        size: tuple[int, int],
        x_limits: tuple[float, float],
        y_limits: tuple[float, float],
        marks: list[int],
        logarithmic: bool,
        markers: dict[str, str],
    ) -> str:
        for x, y in curves.values():
            assert np.isfinite(x).all()
            assert np.isfinite(y).all()
        assert np.isfinite((*x_limits, *y_limits, *marks)).all()
        assert x_limits[0] < x_limits[1]
        assert y_limits[0] < y_limits[1]
        return draw(curves, size, x_limits, y_limits, marks, logarithmic, markers)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loss, "draw_loss_plot", checked)
        yield


def make_view(training: list[float], test: list[float]) -> View:
    """Return the view of a run with these losses, one for each step."""
    y = np.array(training)
    steps = np.arange(1, len(training) + 1)
    samples = Scores(np.arange(len(test)), np.array(test), np.full(len(test), 0.5))
    snapshot = replace(
        START.snapshot, step=len(training), loss_curve=LossCurve(1, steps, y, y, y), watched_scores=samples
    )
    return replace(START, snapshot=snapshot)


def draw_text(view: View, logarithmic: bool = True, size: tuple[int, int] = (58, 18)) -> str:
    panel = LossPanel()
    panel.logarithmic = logarithmic
    lines = panel.lines(view, *size)
    assert all(strip.cell_length <= size[0] for strip in lines)
    assert len(lines) <= size[1]
    return "\n".join(strip.text for strip in lines)


def count_plotted_cells(text: str) -> int:
    """Return how many cells hold a part of a curve."""
    return sum("⠁" <= character <= "⣿" for character in text)


@given(losses, losses, st.booleans())
@example([INF, 1.0], [NAN], True)
@example([1.0, 1e300], [1e-300], False)
@example([5e-324], [], False)
@example([1.7e308], [0.0], False)
def test_any_losses_can_be_drawn(training: list[float], test: list[float], logarithmic: bool) -> None:
    draw_text(make_view(training, test), logarithmic)


@pytest.mark.parametrize("logarithmic", [True, False])
def test_one_point_is_drawn(logarithmic: bool) -> None:
    assert count_plotted_cells(draw_text(make_view([2.3], []), logarithmic)) > 0


@pytest.mark.parametrize("logarithmic", [True, False])
def test_a_constant_loss_is_a_horizontal_line(logarithmic: bool) -> None:
    rows = draw_text(make_view([0.7] * 19, []), logarithmic).splitlines()
    assert [count_plotted_cells(row) > 0 for row in rows].count(True) == 1


def test_a_logarithmic_axis_leaves_zeros_out() -> None:
    text = draw_text(make_view([1.0, 0.0, 0.0, 0.1], []))
    assert count_plotted_cells(text) > 0


def test_losses_of_0_only_are_a_message_on_a_logarithmic_axis_and_a_curve_on_a_linear_one() -> None:
    zeros = make_view([0.0] * 5, [0.0])
    assert "y changes it" in draw_text(zeros)
    assert count_plotted_cells(draw_text(zeros, logarithmic=False)) > 0


def test_before_the_first_step_there_is_no_curve() -> None:
    assert count_plotted_cells(draw_text(START)) == 0


def test_a_spike_stays_visible_among_a_million_steps() -> None:
    quiet = make_view([1.0] * 2000, [])
    high = quiet.snapshot.loss_curve.high.copy()
    high[1234] = 100.0
    spiky = replace(quiet, snapshot=replace(quiet.snapshot, loss_curve=replace(quiet.snapshot.loss_curve, high=high)))
    assert count_plotted_cells(draw_text(spiky)) > count_plotted_cells(draw_text(quiet))


def test_plotext_gets_few_points_however_long_the_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    monkeypatch.setattr(
        loss, "draw_loss_plot", lambda curves, *_: counts.extend(len(x) for x, _ in curves.values()) or ""
    )
    draw_text(make_view([1.0] * 2048, [1.0] * 2048))
    assert max(counts) <= 2 * 2 * 58


def test_a_change_of_the_learning_rate_is_marked_and_named() -> None:
    plain = make_view([1.0] * 20, [])
    changed = replace(plain, snapshot=replace(plain.snapshot, rate_changes=((0, 0.1), (7, 0.25))))
    assert "0.25 at 7" in draw_text(changed)
    assert draw_text(changed).count("┊") > 3
    assert "┊" not in draw_text(plain)


def test_without_plotext_the_figures_and_a_message_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> object:
        raise ImportError

    monkeypatch.setattr(loss_plot, "import_plotext", missing)
    text = draw_text(make_view([1.0, 0.5], [0.75]))
    assert "0.7500" in text
    assert "plotext cannot be loaded" in text


@given(st.integers(0, 10**9))
def test_the_steps_fit_on_the_axis_and_fill_at_least_half_of_it(step: int) -> None:
    assert choose_axis_end(step) >= max(step, 20)
    assert choose_axis_end(step) <= 2 * step or step < 20


def test_without_colours_training_and_test_have_their_own_markers_which_the_headline_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = make_view([1.0, 0.5, 0.25, 0.125] * 5, [4.0] * 20)
    monkeypatch.setattr(LossPanel, "capabilities", TerminalCapabilities("none"))
    headline, *plot = draw_text(view).splitlines()
    assert re.search("⠒ training .* o test ", headline)
    rows = ["".join(re.findall("[o⠁-⣿]", row)) for row in plot]
    assert any(set(row) == {"o"} for row in rows)
    assert any(count_plotted_cells(row) and "o" not in row for row in rows)


def test_with_colours_both_curves_are_braille() -> None:
    assert "o" not in re.sub("[a-z]{2,}", "", draw_text(make_view([1.0] * 20, [4.0] * 20)))


def test_without_colours_the_curve_before_a_rewind_is_dotted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LossPanel, "capabilities", TerminalCapabilities("none"))
    view = replace(make_view([1.0] * 20, []), other=make_view([4.0] * 40, []).snapshot.loss_curve)
    assert any(re.search(r"\.{5}", row) for row in draw_text(view).splitlines())


def test_while_training_the_plot_says_up_to_which_step_it_goes() -> None:
    resting = make_view([2.0, 1.0, 0.5], [2.0, 1.0, 0.6, 0.5])
    training = replace(resting, phase="training")
    assert "up to step 3  ◆" in draw_text(training)
    assert "to 3  ◆" in draw_text(training, size=(38, 10))
    assert "up to step" not in draw_text(resting)
