"""The loss curve in bounded memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.core.training.history import BUCKETS, WAITING, History

MILLION = 1_000_000


def history_of(losses: list[float]) -> History:
    history = History()
    for loss in losses:
        history.add_loss(loss)
    return history


@pytest.fixture(scope="module")
def long_run() -> tuple[History, np.ndarray]:
    """A million steps with one spike and one dip."""
    losses = np.random.default_rng(0).random(MILLION)
    losses[123_456], losses[654_321] = 99.0, -99.0
    return history_of(losses.tolist()), losses


def test_nothing_recorded_is_an_empty_curve() -> None:
    curve = History().loss_curve()
    assert [len(array) for array in (curve.step, curve.low, curve.mean, curve.high)] == [0, 0, 0, 0]


def test_a_short_run_keeps_every_loss() -> None:
    losses = [3.0, 1.0, 2.0]
    curve = history_of(losses).loss_curve()
    assert curve.bucket_size == 1
    assert curve.step.tolist() == [1, 2, 3]
    assert curve.low.tolist() == curve.mean.tolist() == curve.high.tolist() == losses


@pytest.mark.parametrize("steps", [WAITING - 1, WAITING, WAITING + 1, BUCKETS - 1, BUCKETS])
def test_up_to_the_number_of_buckets_every_loss_is_its_own(steps: int) -> None:
    losses = np.random.default_rng(0).random(steps)
    curve = history_of(losses.tolist()).loss_curve()
    assert np.array_equal(curve.mean, losses)


def test_memory_is_bounded(long_run: tuple[History, np.ndarray]) -> None:
    history, _ = long_run
    assert len(history.loss_curve().step) <= BUCKETS + WAITING
    assert sum(array.size for array in history.state().values()) < 5 * (BUCKETS + WAITING)


def test_a_spike_and_a_dip_stay_after_a_million_steps(long_run: tuple[History, np.ndarray]) -> None:
    curve = long_run[0].loss_curve()
    assert (curve.high.max(), curve.low.min()) == (99, -99)
    assert curve.step[curve.high.argmax()] - curve.bucket_size <= 123_457 <= curve.step[curve.high.argmax()]


def test_the_mean_of_every_bucket_is_exact(long_run: tuple[History, np.ndarray]) -> None:
    history, losses = long_run
    curve = history.loss_curve()
    groups = np.split(losses, curve.step[:-1])
    assert curve.step[-1] == MILLION
    np.testing.assert_allclose(curve.mean, [group.mean() for group in groups], rtol=1e-12)


def test_buckets_hold_equally_many_steps(long_run: tuple[History, np.ndarray]) -> None:
    curve = long_run[0].loss_curve()
    # the newest steps may still wait in buckets of their own
    assert set(np.diff(curve.step[:-2])) == {curve.bucket_size}


@given(st.integers(0, 12_000), st.integers(0, 2**32))
def test_any_length_keeps_extremes_count_and_mean(steps: int, seed: int) -> None:
    losses = np.random.default_rng(seed).random(steps)
    curve = history_of(losses.tolist()).loss_curve()
    groups = np.split(losses, curve.step[:-1]) if steps else []
    assert [group.min() for group in groups] == curve.low.tolist()
    assert [group.max() for group in groups] == curve.high.tolist()
    np.testing.assert_allclose(curve.mean, [group.mean() for group in groups], rtol=1e-12)
    assert steps == (curve.step[-1] if steps else 0)


def test_a_curve_is_not_changed_by_later_losses() -> None:
    history = history_of([1.0] * 300)
    curve = history.loss_curve()
    for _ in range(5000):
        history.add_loss(9.0)
    assert curve.high.tolist() == [1.0] * 300


def test_scores_are_kept_with_their_step() -> None:
    history = History()
    history.add_watched_score(0, 2.0, 0.5)
    history.add_watched_score(10, 1.0, None)
    samples = history.watched_scores()
    assert samples.step.tolist() == [0, 10]
    assert samples.loss.tolist() == [2, 1]
    assert samples.accuracy[0] == 0.5
    assert np.isnan(samples.accuracy[1])


def test_a_second_score_of_a_step_is_ignored() -> None:
    history = History()
    history.add_watched_score(5, 2.0, None)
    history.add_watched_score(5, 3.0, None)
    assert history.watched_scores().loss.tolist() == [2]


def test_scores_are_bounded_and_evenly_spread() -> None:
    history = History()
    for step in range(100_000):
        history.add_watched_score(step, float(step), 0.5)
    steps = history.watched_scores().step
    assert BUCKETS / 2 <= len(steps) <= BUCKETS
    assert steps[0] == 0
    assert len(set(np.diff(steps))) == 1
    assert 100_000 - steps[-1] <= 2 * np.diff(steps)[0]


def test_changes_of_the_learning_rate_are_kept_in_order() -> None:
    history = History()
    history.add_learning_rate(0, 0.1)
    history.add_learning_rate(7, 0.2)
    assert history.rate_changes == ((0, 0.1), (7, 0.2))


def test_a_state_is_not_changed_by_what_is_added_later() -> None:
    history = History()
    for step in range(BUCKETS - 1):
        history.add_watched_score(step, 0.5, None)
    state = history.state()
    history.add_watched_score(BUCKETS, 0.5, None)
    assert state["samples"][:, 0].tolist() == list(range(BUCKETS - 1))


def test_of_two_changes_at_one_step_the_last_counts() -> None:
    history = History()
    history.add_learning_rate(7, 0.2)
    history.add_learning_rate(7, 0.5)
    assert history.rate_changes == ((7, 0.5),)


def test_a_change_undone_at_the_same_step_is_not_recorded() -> None:
    history = History()
    history.add_learning_rate(0, 0.1)
    history.add_learning_rate(7, 0.2)
    history.add_learning_rate(7, 0.1)
    assert history.rate_changes == ((0, 0.1),)


def test_changes_of_the_learning_rate_are_bounded() -> None:
    history = History()
    for step in range(3 * BUCKETS):
        history.add_learning_rate(step, 0.1 + step)
    assert len(history.rate_changes) <= BUCKETS + 1
    assert history.rate_changes[-1] == (3 * BUCKETS - 1, 0.1 + 3 * BUCKETS - 1)


@pytest.mark.parametrize("steps", [0, 3, WAITING, 5000, 700_001])
def test_a_restored_history_goes_on_as_the_original(steps: int) -> None:
    losses = np.random.default_rng(0).random(steps + 5000).tolist()
    original = history_of(losses[:steps])
    original.add_learning_rate(0, 0.1)
    original.add_watched_score(steps, 1.0, None)
    restored = History()
    restored.restore(original.state())
    for history in (original, restored):
        for loss in losses[steps:]:
            history.add_loss(loss)
        history.add_watched_score(steps + 5000, 2.0, 0.5)
    for name, array in original.state().items():
        assert np.array_equal(array, restored.state()[name], equal_nan=True)
