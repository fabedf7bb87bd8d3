"""The Playground's data sets, as goldens.md describes them."""

from collections.abc import Callable

import numpy as np
import pytest

from data.dataset import Array, Dataset
from data.generators import circle, xor

Generator = Callable[..., Dataset]


def in_circle(points: Array) -> Array:
    return np.hypot(points[:, 0], points[:, 1])


def test_half_of_the_circle_lies_within_2_5_and_half_between_3_5_and_5() -> None:
    radius = in_circle(circle(0).inputs)
    assert np.count_nonzero(radius <= 2.5) == 250
    assert np.count_nonzero((radius >= 3.5) & (radius <= 5)) == 250


def test_the_class_of_a_clean_circle_says_inside() -> None:
    data = circle(0)
    assert data.class_names == ("outside", "inside")
    assert np.array_equal(data.labels, in_circle(data.inputs) < 2.5)


def test_points_of_xor_stand_at_least_0_3_from_either_axis() -> None:
    distance = np.abs(xor(0).inputs)
    assert distance.min() >= 0.3 and distance.max() <= 5.3


def test_the_class_of_a_clean_xor_says_whether_the_signs_are_the_same() -> None:
    data = xor(0)
    assert data.class_names == ("opposite", "same")
    assert np.array_equal(data.labels, data.inputs[:, 0] * data.inputs[:, 1] > 0)


@pytest.mark.parametrize("make", [circle, xor])
def test_noise_changes_classes_and_leaves_the_points_clean(make: Generator) -> None:
    clean, noisy = make(3), make(3, noise=0.5)
    assert np.array_equal(clean.inputs, noisy.inputs)
    wrong = np.count_nonzero(clean.labels != noisy.labels)
    assert 0 < wrong < len(clean.inputs) / 2


@pytest.mark.parametrize("make", [circle, xor])
def test_the_seed_decides_the_points(make: Generator) -> None:
    assert np.array_equal(make(1).inputs, make(1).inputs)
    assert not np.array_equal(make(1).inputs, make(2).inputs)


@pytest.mark.parametrize("make", [circle, xor])
@pytest.mark.parametrize("points", [2, 11, 500])
def test_as_many_points_as_asked_for(make: Generator, points: int) -> None:
    assert make(0, points).inputs.shape == (points, 2)
