"""The verdict on a lane: what is close, rises or overshoots is told from the noise of the batch losses."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.training.divergence import Diverged
from gradstep.core.training.race_verdict import (
    CLOSE,
    LaneCurve,
    Verdict,
    VerdictKind,
    describe_distance,
    is_rising,
    judge_distance,
    judge_divergence,
)
from gradstep.core.training.recent_loss import measure_recent_loss, smooth_losses
from gradstep.core.training.steady_verdict import SteadyVerdict
from tests.core.race_curves import DOWN, FLAT, LEAPS, RISES, START, ZIGZAG, assert_agrees, curves, judge


@pytest.mark.parametrize(
    ("losses", "lowest", "kind", "words"),
    [
        (DOWN, 0.02, "good", "good: the lowest now"),
        (DOWN, 0.01, "good", "good: 59% above the lowest"),
        (DOWN, 0.0158, "good", "good: close behind the lowest"),
        (DOWN, 0.005, "behind", "behind: 3.17 times the lowest"),
        (FLAT, 0.01, "slow", "slow: still at 1.91 after 100 steps"),
        (LEAPS, 0.01, "overshoots", "overshoots: leapt to 8 at step 2"),
        (ZIGZAG, 0.01, "overshoots", "overshoots: jumps up and down around 1.5"),
        (RISES, 0.01, "diverging", "diverging: left the plot at step 43, 1.69e+04 and rising, from 2 at the start"),
    ],
)
def test_each_shape_of_a_curve_has_its_verdict(
    losses: list[float], lowest: float, kind: VerdictKind, words: str
) -> None:
    found = judge(losses, lowest=lowest)
    assert (found.kind, found.words) == (kind, words)


@pytest.mark.parametrize(
    ("lowest", "words"),
    [
        (1.999, "less than 1% above the lowest"),
        (1.5, "33% above the lowest"),
        (0.5, "4 times the lowest"),
        (0.0016, "1250 times the lowest"),
        (2e-17, "more than a million times the lowest"),
        (0.0, "above the lowest, which is 0"),
    ],
)
def test_a_distance_is_told_in_few_digits(lowest: float, words: str) -> None:
    assert describe_distance(2.0, lowest) == words


def test_a_slow_lane_with_a_larger_rate_overshoots() -> None:
    assert judge(FLAT, lowest=0.01, larger_rate=True).words == "overshoots: steps too large, at 1.91 after 100 steps"


def test_a_lane_that_leapt_and_came_down_is_good() -> None:
    assert judge([2.0, 8.0, *DOWN[2:]], lowest=0.015).kind == "good"


@pytest.mark.parametrize(
    ("start", "guess", "words"),
    [
        (1.9, math.inf, "slow: not below the start yet, at 1.91 after 100 steps"),
        (2.0, 1.9, "slow: no better than a constant guess yet, at 1.91 after 100 steps"),
        (2.0, math.inf, "good: the lowest now"),
    ],
)
def test_of_several_networks_the_lowest_is_good_only_below_its_start_and_a_constant_guess(
    start: float, guess: float, words: str
) -> None:
    recent = measure_recent_loss(FLAT)
    curve = LaneCurve(100, range(1, 101), FLAT, [recent], start, guess=guess)
    assert judge_distance(curve, recent).words == words


def test_no_lane_is_good_if_all_losses_rose() -> None:
    assert judge(LEAPS, lowest=2.1).kind == "overshoots"
    assert judge([2.0] * 100, lowest=2.0).kind == "slow"


def test_a_high_loss_that_no_longer_rises_is_not_diverging() -> None:
    assert judge([2.0, 900.0, *[100.0] * 98], lowest=1.0).kind == "overshoots"


def test_the_verdict_on_a_divergence_names_step_layer_and_quantity() -> None:
    found = judge_divergence(Diverged(12, 2, "the activation a"))
    assert found.words == "diverged at step 12: the activation a of layer 2 is no longer a finite number"


def test_a_loss_that_stays_above_the_plot_is_not_said_to_rise() -> None:
    found = judge([2.0, *[2.93e166] * 99], lowest=0.01)
    assert found.words == "overshoots: left the plot at step 2, now at 2.93e+166"


def test_a_lane_that_left_the_plot_is_not_good_even_if_it_is_the_lowest() -> None:
    found = judge([2.0, 1e4, *DOWN[2:]], lowest=0.015)
    assert found.words == "overshoots: left the plot at step 2, back at 0.0159"
    assert found.brief == "left the plot, came back"
    assert judge([2.0, 1e4, *DOWN[2:]], lowest=0.1).words == "overshoots: left the plot at step 2, the lowest now"


@pytest.mark.parametrize(("lowest", "kind"), [(0.06, "good"), (1e-2, "slow"), (1e-4, "slow")])
def test_a_lane_far_above_the_lowest_is_not_good(lowest: float, kind: VerdictKind) -> None:
    assert judge(DOWN[:60], lowest=lowest).kind == kind


@pytest.mark.parametrize(("lowest", "words"), [(1e-3, "15.9 times the lowest"), (1e-4, "159 times the lowest")])
def test_a_lane_that_is_down_to_a_hundredth_of_its_start_is_behind_and_not_slow(lowest: float, words: str) -> None:
    assert judge(DOWN, lowest).words == f"behind: {words}"
    assert judge(DOWN, lowest, larger_rate=True).kind == "behind"


@pytest.mark.parametrize(("level", "kind"), [(2.03, "slow"), (2.15, "overshoots")])
def test_a_lane_that_a_smaller_rate_hardly_beats_does_not_overshoot(level: float, kind: VerdictKind) -> None:
    assert judge([START, *[level] * 99], START, larger_rate=True).kind == kind


@given(curves(), st.floats(0.001, 1.0))
def test_a_verdict_agrees_with_the_curve(losses: list[float], share: float) -> None:
    now = float(np.mean(losses[-10:]))
    assert_agrees(judge(losses, lowest=share * now), np.array(losses), START, share * now)


@pytest.mark.parametrize("seed", range(5))
def test_close_means_within_the_noise_of_the_batch_losses(seed: int) -> None:
    """A lane whose loss differs from the lowest by chance alone is close behind it; one well above the noise is not."""
    rng = np.random.default_rng(seed)
    lowest = [2.0, *rng.normal(1.0, 0.1, 99)]
    level = measure_recent_loss(lowest)
    assert level.error == pytest.approx(0.1 / np.sqrt(10), rel=0.7)
    alike = [2.0, *(np.array(lowest[1:]) + 0.5 * CLOSE * level.error)]
    apart = [2.0, *(np.array(lowest[1:]) + 2 * CLOSE * level.error)]
    assert judge(alike, level.mean, level.error).words == "good: close behind the lowest"
    assert "noise" not in judge(apart, level.mean, level.error).words


def test_a_noisy_lane_at_twice_the_lowest_loss_is_not_close_behind_it() -> None:
    found = judge(DOWN, lowest=0.0078, error=0.01)
    assert (found.kind, found.words) == ("good", "good: 2.03 times the lowest, within the noise")


def test_a_good_lane_that_falls_behind_is_not_called_good_a_while_longer_nor_the_lowest_behind() -> None:
    good, behind = Verdict("good", "good", "good"), Verdict("behind", "behind", "behind")
    steady = SteadyVerdict(5, START)
    assert steady.settle(good, 0, 1.0, 1.0, None).kind == "good"
    assert steady.settle(behind, 1, 2.3, 1.0, None).kind == "behind"
    assert steady.settle(good, 2, 1.9, 1.0, None).words == "behind: at 1.9 now, 90% above the lowest"
    assert steady.settle(good, 3, 1.0, 1.0, None).kind == "good"


@given(curves(), st.floats(0.001, 1.0), st.floats(0.0, 0.3))
def test_twice_the_lowest_loss_is_close_only_where_the_noise_is_as_large(
    losses: list[float], share: float, error: float
) -> None:
    now = float(np.mean(losses[-10:]))
    verdict = judge(losses, share * now, error * share * now)
    if "close behind" in verdict.words or "within the noise" in verdict.words:
        spread = np.hypot(np.abs(np.diff(losses[-10:])).max() / np.sqrt(10), error * share * now)
        assert now * (1 - share) <= CLOSE * spread


@given(curves(), st.integers(1, 100))
def test_a_smoothed_curve_is_the_recent_loss_of_the_curve_so_far(losses: list[float], count: int) -> None:
    longer = (losses * 7)[: 7 * count]
    expected = [measure_recent_loss(longer[: end + 1]).mean for end in range(len(longer))]
    assert smooth_losses(np.array(longer)) == pytest.approx(expected, rel=1e-12)
    side_by_side = smooth_losses(np.column_stack([longer, longer[::-1]]))
    assert np.array_equal(side_by_side[:, 0], smooth_losses(np.array(longer)))
    assert np.array_equal(side_by_side[:, 1], smooth_losses(np.array(longer[::-1])))


def test_noise_alone_is_neither_a_rise_nor_an_overshoot() -> None:
    """Of 200 lanes that stand still while their batch losses vary by a third, hardly any is said to rise or leap."""
    rng = np.random.default_rng(0)
    rising, overshooting = 0, 0
    for _ in range(200):
        losses = list(rng.gamma(9, START / 9, 300))
        rising += is_rising(losses)
        overshooting += judge(losses, START, noise=START / 3).kind == "overshoots"
    assert rising <= 10
    assert overshooting <= 10


def test_a_lane_that_rose_is_not_said_to_be_still_there() -> None:
    rose = [2.0 + 0.005 * step for step in range(100)]
    assert judge(rose, lowest=0.01).words == "slow: not below the start yet, at 2.47 after 100 steps"


@given(st.lists(st.sampled_from(["slow", "good", "overshoots", "diverging"]), min_size=1, max_size=60))
def test_a_verdict_stands_for_a_while_unless_it_would_be_false(found: list[VerdictKind]) -> None:
    steady, patience = SteadyVerdict(5, START), 5
    shown = [
        steady.settle(Verdict(kind, kind, kind), position, 1.0, 1.0, None).kind for position, kind in enumerate(found)
    ]
    for position, (before, after) in enumerate(pairwise(shown), start=1):
        if before != after and before not in ("begun", "diverging"):
            assert set(found[max(0, position - patience) : position + 1]) == {after}
    assert all(kind == "diverging" for kind, seen in zip(found, shown, strict=True) if seen == "diverging")


def test_a_lane_that_is_no_better_than_a_constant_guess_is_not_good() -> None:
    found = judge(DOWN, lowest=0.015, guess=0.0155)
    assert found.words == "slow: no better than a constant guess yet, at 0.0159 after 100 steps"
    assert judge(DOWN, lowest=0.015, guess=0.0165).kind == "good"


def test_a_lane_that_came_down_and_rose_again_is_not_said_to_be_slow() -> None:
    rose = [2.0 - 0.03 * step for step in range(50)] + [0.5 + 0.01 * step for step in range(50)]
    verdict = judge(rose, lowest=0.01)
    assert verdict.kind == "overshoots"
    assert (
        verdict.words == "overshoots: was down to 0.518, rose again to 0.945"
    )  # (0.53 + 0.5 + 0.51 + 0.52 + 0.53) / 5
