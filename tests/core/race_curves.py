"""Loss curves of lanes, and what a verdict on a lane has to agree with."""

import math
import re

import numpy as np
from hypothesis import strategies as st

from gradstep.core.training.race_verdict import DOWN as DOWN_TO
from gradstep.core.training.race_verdict import (
    FAR,
    TWICE,
    LaneCurve,
    Verdict,
    judge_losses,
)
from gradstep.core.training.recent_loss import RecentLoss, measure_recent_loss

START = 2.0
DOWN = [2.0 * 0.95**step for step in range(100)]
FLAT = [2.0 - 0.001 * step for step in range(100)]
LEAPS = [2.0, 8.0, *[2.1] * 98]
ZIGZAG = [1.0 + step % 2 for step in range(100)]
RISES = [2.0 * 1.1**step for step in range(100)]


def judge(
    losses: list[float],
    lowest: float,
    error: float = 0.0,
    larger_rate: bool = False,
    noise: float = 0.0,
    guess: float = math.inf,
) -> Verdict:
    recent = [measure_recent_loss(losses[: point + 1]) for point in range(len(losses))]
    curve = LaneCurve(len(losses), range(1, len(losses) + 1), losses, recent, START, noise, guess)
    return judge_losses(curve, RecentLoss(lowest, error), larger_rate)


LOSSES = st.floats(-12, 280).map(lambda exponent: 10.0**exponent)


@st.composite
def curves(draw: st.DrawFn) -> list[float]:
    """A loss curve of 100 points between a few drawn losses, with noise."""
    knots = [START, *draw(st.lists(st.floats(1e-6, 10.0) | LOSSES, min_size=1, max_size=6))]
    noise = np.random.default_rng(draw(st.integers(0, 99))).normal(0, draw(st.sampled_from([0.0, 0.01, 0.3])), 100)
    heights = np.interp(np.linspace(0, len(knots) - 1, 100), np.arange(len(knots)), np.log10(knots))
    return [float(loss) for loss in 10.0 ** (heights + noise)]


def assert_agrees(verdict: Verdict, losses: np.ndarray, start: float, lowest: float, smoothed: bool = True) -> None:
    """The verdict agrees with the curve, read in another way than the verdict's own."""
    count = max(1, min(50, round(0.1 * len(losses))))
    last, before = losses[-count:].mean(), losses[-2 * count : -count]
    now = last if smoothed else losses[-1]
    left = (losses > 50 * start).any()
    if verdict.kind == "good":
        assert not left
        assert now < start
        assert now <= (FAR if "within the noise" in verdict.words else TWICE) * lowest
        assert "close behind" not in verdict.words or now <= 1.25 * lowest
    if verdict.kind == "behind":
        assert TWICE * lowest < now <= max(FAR * lowest, DOWN_TO * start)
        assert now < start
    if "rising" in verdict.words:
        assert last > before.mean()
        assert now > start
    assert ("left the plot" in verdict.words) == left or verdict.kind in ("begun", "diverged")
    assert ("came back" in verdict.brief) <= (now <= 50 * start)
    assert verdict.brief != "left the plot" or now > 50 * start
    assert not re.search(r"\d{9}", verdict.words)
