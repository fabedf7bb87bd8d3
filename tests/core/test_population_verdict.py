"""The verdicts on the members of a population."""

import numpy as np

from gradstep.core.observation.population_verdict import MEMBER_VERDICTS, find_falling, judge_members

POINTS = np.arange(100)


def test_a_curve_falls_where_it_falls_by_more_than_chance() -> None:
    noise = np.random.default_rng(0).standard_normal((100, 4))
    means = np.stack([np.exp(-POINTS / 50), np.ones(100), np.ones(100), np.exp(POINTS / 50)], axis=1)
    curves = means + noise * np.array([0.01, 0.01, 0.5, 0.01])
    assert find_falling(curves).tolist() == [True, False, False, False]
    curves[-1] = np.nan
    assert not find_falling(curves).any()


def test_too_few_points_are_no_fall() -> None:
    assert not find_falling(np.ones((0, 3))).any()
    assert not find_falling(np.array([[1.0, 2.0]])).any()


def test_each_verdict_is_that_of_its_definition() -> None:
    scores = np.array([0.1, 0.28, 0.29001, 0.5, 1.95, 1.97, 2.5, np.inf, np.nan, 0.05])
    falling = np.array([True, False, False, True, False, True, False, False, False, True])
    diverged = np.array([False] * 9 + [True])
    assert judge_members(scores, diverged, falling, 2.0) == (
        "good", "good", "flat", "falling", "flat", "no better", "no better", "no better", "no better", "diverged",
    )  # fmt: skip
    assert set(MEMBER_VERDICTS) == {"good", "flat", "falling", "no better", "diverged"}


def test_where_nothing_is_learnt_nothing_is_good() -> None:
    scores = np.array([2.0, 2.1])
    assert judge_members(scores, np.zeros(2, bool), np.zeros(2, bool), 2.0) == ("no better", "no better")
    assert judge_members(scores, np.ones(2, bool), np.zeros(2, bool), 2.0) == ("diverged", "diverged")
