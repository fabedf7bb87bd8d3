"""Splitting, scaling and encoding."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gradstep.core.errors import GradstepError
from gradstep.data.dataset import Dataset, Scale
from gradstep.data.registry import load_built_in
from gradstep.data.seeds import make_random_generator
from gradstep.data.split import Scaling, fit_scaling, split_dataset


def flowers(classes: int = 3, rows: int = 30) -> Dataset:
    rng = np.random.default_rng(7)
    labels = np.arange(rows) % classes
    names = tuple("abcdefghij"[:classes])
    return Dataset("flowers", "classification", rng.normal(3, 2, (rows, 2)), labels, None, ("u", "v"), names)


def numbers() -> Dataset:
    x = np.arange(10.0)[:, None]
    return Dataset("numbers", "regression", x, None, np.hstack([x, -x]), ("x",))


@given(st.integers(2, 60), st.floats(0, 0.95), st.integers(0, 2**32))
def test_every_row_is_in_exactly_one_part(rows: int, fraction: float, seed: int) -> None:
    if round(rows * fraction) == rows:
        return
    parts = split_dataset(flowers(2, rows), "softmax", fraction, "none", seed)
    assert sorted([*parts.train_rows, *parts.test_rows]) == list(range(rows))
    assert len(parts.test_rows) == round(rows * fraction)


def test_same_seed_splits_the_same_way_and_another_seed_does_not() -> None:
    first, again, other = (split_dataset(flowers(), "softmax", 0.5, "none", seed).test_rows for seed in (1, 1, 2))
    assert list(first) == list(again) != list(other)


def test_rows_keep_the_order_of_the_data_set() -> None:
    parts = split_dataset(flowers(), "softmax", 0.4, "none", 0)
    assert (np.diff(parts.train_rows) > 0).all() and (np.diff(parts.test_rows) > 0).all()
    assert np.array_equal(parts.test_x, parts.dataset.inputs[parts.test_rows])


def test_without_a_test_fraction_nothing_is_held_out() -> None:
    parts = split_dataset(flowers(), "softmax", 0, "none", 0)
    assert parts.test_x.shape == (0, 2) and parts.test_y.shape == (0, 3)
    assert np.array_equal(parts.train_x, parts.dataset.inputs)


def test_a_training_row_must_be_left() -> None:
    with pytest.raises(GradstepError, match=r"data\.test_fraction = 0\.99: leaves no training row out of 10"):
        split_dataset(numbers(), "linear", 0.99, "none", 0)


def test_standard_scaling_is_fitted_on_the_training_part_alone() -> None:
    parts = split_dataset(flowers(), "softmax", 0.3, "standard", 0)
    assert np.allclose(parts.train_x.mean(axis=0), 0) and np.allclose(parts.train_x.std(axis=0), 1)
    raw = parts.dataset.inputs[parts.train_rows]
    assert np.allclose(parts.test_x, (parts.dataset.inputs[parts.test_rows] - raw.mean(axis=0)) / raw.std(axis=0))


def test_minmax_scaling_takes_each_feature_of_the_training_part_to_0_and_1() -> None:
    parts = split_dataset(flowers(), "softmax", 0.3, "minmax", 0)
    assert np.allclose(parts.train_x.min(axis=0), 0) and np.allclose(parts.train_x.max(axis=0), 1)


@pytest.mark.parametrize("scale", ["standard", "minmax"])
def test_a_feature_that_never_changes_becomes_0(scale: str) -> None:
    constant = Dataset("c", "regression", np.full((4, 1), 9.0), None, np.zeros((4, 1)), ("x",))
    assert np.array_equal(split_dataset(constant, "linear", 0, scale, 0).train_x, np.zeros((4, 1)))


@pytest.mark.parametrize("scale", ["standard", "minmax"])
def test_rounding_is_not_blown_up(scale: str) -> None:
    nearly = np.array([[0.1 + 0.2, 1e6 / 3], [0.3, 1e6 / 3 + 1e-10], [0.3, 1e6 / 3]])
    rows = Dataset("c", "regression", nearly, None, np.zeros((3, 1)), ("x", "z"))
    assert np.abs(split_dataset(rows, "linear", 0, scale, 0).train_x).max() < 1e-9


@pytest.mark.parametrize("scale", ["none", "standard", "minmax"])
def test_undo_returns_the_raw_rows(scale: str) -> None:
    parts = split_dataset(flowers(), "softmax", 0.3, scale, 0)
    assert np.allclose(parts.scaling.undo(parts.test_x), parts.dataset.inputs[parts.test_rows])


columns = st.lists(st.integers(-(10**9), 10**9) | st.sampled_from((0, 0, 1, 2011)), min_size=3, max_size=20)


@given(columns, st.integers(0, 6), st.sampled_from(("standard", "minmax")))
@example([0, 1, 0], 0, "standard")
@example([2011, 2012, 1957], 0, "standard")
def test_undo_returns_numbers_of_a_file_digit_by_digit(column: list[int], decimals: int, scale: Scale) -> None:
    raw = np.array(column, dtype=np.float64)[:, None] / 10**decimals
    scaling = fit_scaling(raw, scale, ("x",))
    back = scaling.undo(scaling.apply(raw))
    assert back.tolist() == raw.tolist()
    assert not np.signbit(back[back == 0]).any()


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=20))
def test_undo_returns_whole_numbers_of_single_precision_whole(column: list[int]) -> None:
    raw = np.array(column, dtype=np.float64)[:, None]
    scaling = fit_scaling(raw, "standard", ("x",))
    back = scaling.undo(scaling.apply(raw).astype(np.float32))
    assert np.abs(back - raw).max() <= 0.01 * max(1.0, np.ptp(raw) / 1000)
    assert back.dtype == np.float64


def test_undo_keeps_numbers_that_no_power_of_ten_can_round() -> None:
    scaling = Scaling("standard", np.array([1e300, 5e-324, 0.0]), np.array([1e300, 1e-320, 1.0]))
    assert np.isfinite(scaling.undo(np.array([1.5, 2.0, 1e-320]))).all()
    assert np.isnan(scaling.undo(np.full(3, np.nan))).all()


def test_auto_divides_every_pixel_of_the_digits_by_16() -> None:
    parts = split_dataset(load_built_in("digits", 0), "softmax", 0.2, "auto", 0)
    assert np.array_equal(parts.train_x, parts.dataset.inputs[parts.train_rows] / 16)


@pytest.mark.parametrize(("name", "kind"), [("iris", "standard"), ("xor", "none"), ("circle", "none")])
def test_auto_follows_the_data_set(name: str, kind: str) -> None:
    assert split_dataset(load_built_in(name, 0), "softmax", 0.2, "auto", 0).scaling.kind == kind


@pytest.mark.parametrize("output", ["sigmoid", "linear", "relu", "leaky_relu", "step"])
def test_two_classes_become_one_column_of_0_and_1(output: str) -> None:
    y, threshold = flowers(2, 4).encode(output)
    assert y.tolist() == [[0], [1], [0], [1]] and threshold == 0.5


def test_two_classes_become_minus_1_and_1_for_tanh() -> None:
    y, threshold = flowers(2, 4).encode("tanh")
    assert y.tolist() == [[-1], [1], [-1], [1]] and threshold == 0


def test_two_classes_become_two_columns_for_softmax() -> None:
    assert flowers(2, 2).encode("softmax")[0].tolist() == [[1, 0], [0, 1]]


def test_three_classes_become_one_column_each() -> None:
    assert flowers(3, 3).encode("sigmoid")[0].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert flowers(3, 3).encode("tanh")[0].tolist() == [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]


def test_targets_of_a_regression_stay_as_they_are() -> None:
    data = numbers()
    assert data.targets is not None
    assert np.array_equal(data.encode("linear")[0], data.targets)


def prices() -> Dataset:
    x = np.arange(10.0)[:, None]
    return Dataset("prices", "regression", x, None, 200_000 + 5_000 * x, ("rooms",), target_names=("price",))


@pytest.mark.parametrize(("scale", "low", "high"), [("minmax", 0, 1), ("none", 200_000, 245_000)])
def test_targets_of_a_regression_are_scaled_like_the_inputs(scale: str, low: float, high: float) -> None:
    parts = split_dataset(prices(), "linear", 0, scale, 0)
    assert (parts.train_y.min(), parts.train_y.max()) == (low, high)


def test_the_scaling_of_the_targets_is_fitted_on_the_training_part_and_can_be_undone() -> None:
    parts = split_dataset(prices(), "linear", 0.3, "auto", 0)
    assert np.allclose(parts.train_y.mean(), 0) and np.allclose(parts.train_y.std(), 1)
    assert np.allclose(parts.target_scaling.undo(parts.test_y), 200_000 + 5_000 * parts.test_rows[:, None])


def test_targets_of_an_output_with_limits_stay_as_they_are() -> None:
    assert split_dataset(prices(), "sigmoid", 0, "standard", 0).train_y.max() == 245_000


def test_classes_are_never_scaled() -> None:
    parts = split_dataset(flowers(2), "linear", 0, "standard", 0)
    assert set(parts.train_y.ravel()) == {0, 1} and parts.target_scaling.kind == "none"


def test_rows_for_testing_only_are_held_out() -> None:
    parts = split_dataset(replace(prices(), test_rows=3), "linear", 0.9, "none", 5)
    assert parts.train_rows.tolist() == list(range(7)) and parts.test_rows.tolist() == [7, 8, 9]


def test_bytes_are_scaled_without_overflow() -> None:
    pixels = np.array([[10, 200], [20, 30], [0, 255]], np.uint8)
    data = Dataset("i", "regression", pixels, None, np.zeros((3, 1)), ("a", "b"), image_shape=(1, 2), test_rows=1)
    parts = split_dataset(data, "sigmoid", 0, "minmax", 0)
    assert np.allclose(parts.test_x, [[(0 - 10) / 190, (255 - 10) / 190]])


def rare(rare_rows: int, rows: int = 100) -> Dataset:
    """Three classes, of which the last has so few rows."""
    made = flowers(3, rows)
    labels = np.arange(rows) % 2
    labels[:rare_rows] = 2
    return replace(made, labels=labels)


@pytest.mark.parametrize("rows", [2, 3, 5])
@pytest.mark.parametrize("seed", range(20))
def test_a_rare_class_is_in_both_parts(rows: int, seed: int) -> None:
    parts = split_dataset(rare(rows), "softmax", 0.2, "none", seed)
    labels = parts.dataset.labels
    assert labels is not None
    assert set(labels[parts.train_rows]) == set(labels[parts.test_rows]) == {0, 1, 2}
    assert len(parts.test_rows) == 20


@pytest.mark.parametrize("seed", range(20))
def test_a_class_of_one_row_is_left_where_it_was_drawn(seed: int) -> None:
    one, none = (split_dataset(rare(rows), "softmax", 0.2, "none", seed) for rows in (1, 0))
    assert np.array_equal(one.test_rows, none.test_rows)


@pytest.mark.parametrize("name", ["digits", "iris"])
def test_a_split_with_all_classes_in_both_parts_is_the_one_that_was_drawn(name: str) -> None:
    dataset = load_built_in(name, seed=0)
    parts = split_dataset(dataset, "softmax", 0.2, "none", 0)
    order = make_random_generator(0, "split").permutation(len(dataset.inputs))
    assert np.array_equal(parts.test_rows, np.sort(order[: len(parts.test_rows)]))
